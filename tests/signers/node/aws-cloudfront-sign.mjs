// CloudFront's signed addresses and cookies by the package `aws-cloudfront-sign`.

import { getSignedCookies, getSignedUrl } from "aws-cloudfront-sign";
import { answer } from "./lines.mjs";

const of = ({ key, options }) => ({ keypairId: key.kid, privateKeyString: key.pem, ...options });

await answer({
  url: (line) => ({ url: getSignedUrl(line.url, of(line)) }),
  cookies: (line) => ({ cookies: getSignedCookies(line.url, of(line)) }),
});

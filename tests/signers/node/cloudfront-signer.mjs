// CloudFront's signed addresses and cookies by Amazon's own signer.

import { getSignedCookies, getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { answer } from "./lines.mjs";

await answer({
  url: ({ key, options }) => ({ url: getSignedUrl({ keyPairId: key.kid, privateKey: key.pem, ...options }) }),
  cookies: ({ key, options }) => ({ cookies: getSignedCookies({ keyPairId: key.kid, privateKey: key.pem, ...options }) }),
});

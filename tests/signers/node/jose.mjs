// JSON Web Tokens by the package `jose`: signs claims, and verifies tokens of ours.

import { SignJWT, importPKCS8, importSPKI, jwtVerify } from "jose";
import { answer } from "./lines.mjs";

const secretOf = ({ secret }) => Buffer.from(secret, "hex");
const signing = (key, alg) => (key.secret === undefined ? importPKCS8(key.pem, alg) : secretOf(key));
const verifying = (key, alg) => (key.secret === undefined ? importSPKI(key.pem, alg) : secretOf(key));

await answer({
  sign: async ({ key, alg, header, claims }) => ({
    token: await new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT", ...header }).sign(await signing(key, alg)),
  }),
  verify: async ({ key, alg, token, aud }) => {
    const { payload } = await jwtVerify(token, await verifying(key, alg), { algorithms: [alg], audience: aud ?? undefined });
    return { claims: payload };
  },
});

// JSON Web Tokens by the package `jsonwebtoken`: signs claims, and verifies tokens of ours.

import jwt from "jsonwebtoken";
import { answer } from "./lines.mjs";

const keyOf = ({ secret, pem }) => (secret === undefined ? pem : Buffer.from(secret, "hex"));

await answer({
  sign: ({ key, alg, header, claims }) => {
    // It takes away even an `iat` that is given.
    const noTimestamp = claims.iat === undefined;
    const options = { algorithm: alg, header: { alg, typ: "JWT", ...header }, noTimestamp };
    return { token: jwt.sign(claims, keyOf(key), options) };
  },
  verify: ({ key, alg, token, aud }) => ({
    claims: jwt.verify(token, keyOf(key), { algorithms: [alg], audience: aud ?? undefined }),
  }),
});

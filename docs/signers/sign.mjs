#!/usr/bin/env node
// Signs for one video, without packages: node sign.mjs admit|moviie|signed-url VIDEO TTL_SECONDS [VIEWER]
// The key stands in ADMIT_KEY_ID and ADMIT_KEY_SECRET, as `POST /signing-keys` answered them.

import { createHmac } from "node:crypto";

const base64url = (data) => Buffer.from(data).toString("base64url");
const hmac = (secret, message) => createHmac("sha256", secret).update(message).digest();

function jwt(key, claims) {
  const header = { alg: "HS256", typ: "JWT", kid: key.id };
  const signed = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${base64url(hmac(key.secret, signed))}`;
}

/** Our own token, for `?token=`. */
export function admit(key, video, ttl, viewer, now = Math.floor(Date.now() / 1000)) {
  return jwt(key, { ...(viewer && { sub: viewer }), aud: video, iat: now, exp: now + ttl });
}

/** Moviie's token, for `?token=` or the header `x-moviie-playback-token`. */
export function moviie(key, video, ttl, viewer, now = Math.floor(Date.now() / 1000)) {
  return jwt(key, { sub: video, iat: now, exp: now + ttl });
}

/** What is put behind the `?` of any address of the video: `/vod/VIDEO/…` or `/embed/VIDEO`. */
export function signedUrl(key, video, ttl, viewer, now = Math.floor(Date.now() / 1000)) {
  const expires = String(now + ttl);
  // Two empty fields: no address and no site that the viewer is bound to.
  const fields = ["admit signed url", "\x01", key.id, "read", `/vod/${video}/`, expires, "", ""];
  const message = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(field));
    return [length, Buffer.from(field)];
  });
  return `expires=${expires}&kid=${key.id}&sig=${base64url(hmac(key.secret, Buffer.concat(message)))}`;
}

const [kind, video, ttl, viewer] = process.argv.slice(2);
const key = { id: process.env.ADMIT_KEY_ID, secret: process.env.ADMIT_KEY_SECRET };
console.log({ admit, moviie, "signed-url": signedUrl }[kind](key, video, Number(ttl), viewer));

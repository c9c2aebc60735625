// Common Access Tokens by @eyevinn/cat. `node cat.mjs mint` prints tokens as JSON lines, and what we should say to each;
// `node cat.mjs verify` reads lines of ours and prints what the package says to each.

import { createInterface } from "node:readline";
import { createECDH, randomBytes } from "node:crypto";
import cat from "@eyevinn/cat";

const { CAT, CommonAccessToken } = cat;
const VIDEO = "vi7777777777777777777777";
const KID = "sk4444444444444444444444";
const PATH = `/vod/${VIDEO}/hls/manifest.m3u8`;
const secret = randomBytes(32);
const now = Math.floor(Date.now() / 1000);

const print = (line) => console.log(JSON.stringify(line));

/** What a token says when it should be let in. */
const entry = (more = {}) => ({ aud: VIDEO, exp: now + 600, iat: now, ...more });

/** Name, claims, and the field at which we should stop; none when the token is good. */
const ACCEPTED_AND_REFUSED = [
  ["plain", entry(), null],
  ["everything that can be evaluated", entry({
    iss: "https://issuer.example",
    sub: "ada",
    nbf: now,
    cti: "0b71",
    catv: 1,
    catreplay: 1,
    catm: ["GET", "HEAD"],
    catu: { scheme: { "exact-match": "https" }, host: { "suffix-match": "films.example" }, path: { "prefix-match": `/vod/${VIDEO}/` } },
    cath: { "User-Agent": { "prefix-match": "Films/" } },
    catnip: ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "2001:db8::1"],
    catr: { type: "header", "header-name": "cta-common-access-token", expadd: 120, deadline: 60 },
    catif: { exp: [307, { Location: "https://issuer.example/" }, KID] },
  }), null],
  ["the path names the video", { exp: now + 600, catu: { path: { "prefix-match": `/vod/${VIDEO}/` } } }, null],
  ["the name of a file", entry({ catu: { filename: { "exact-match": "manifest.m3u8" }, stem: { "exact-match": "manifest" }, extension: { "exact-match": ".m3u8" } } }), null],
  ["the parent of a file", entry({ catu: { "parent-path": { "exact-match": `/vod/${VIDEO}/hls` } } }), null],
  ["a hash of the path", entry({ catu: { path: { "sha256-match": await sha256(PATH) } } }), null],
  ["countries", entry({ catgeoiso3166: ["SE", "NO"] }), null],
  ["a part of a country", entry({ catgeoiso3166: ["US-CA"] }), "catgeoiso3166"],
  ["replay allowed", entry({ catreplay: 0 }), null],
  ["another path", entry({ catu: { path: { "prefix-match": "/live/" } } }), "catu"],
  ["no video", { exp: now + 600 }, "aud"],
  ["another video", entry({ aud: "vi8888888888888888888888" }), "aud"],
  ["a regular expression", entry({ catu: { path: { "regex-match": [".*", ""] } } }), "catu regex"],
  ["no end", { aud: VIDEO }, "exp"],
  ["over", entry({ exp: now - 1 }), "exp"],
  ["not yet", entry({ nbf: now + 600, exp: now + 900 }), "nbf"],
  ["half a second", entry({ exp: now + 600.5 }), "exp"],
  ["one method", entry({ catm: ["GET"] }), "catm"],
  ["an autonomous system", entry({ catnip: [64496] }), "catnip"],
  ["a chance of rejection", entry({ catpor: [0.5] }), "catpor"],
  ["a key of the viewer's", entry({ cattpk: "00ff" }), "cattpk"],
  ["coordinates", entry({ catgeocoord: [[59.3, 18.1, 100]] }), "catgeocoord"],
  ["protocols", entry({ catalpn: ["h2"] }), "catalpn"],
  ["replay without a name", entry({ catreplay: 1 }), "cti"],
  ["a version to come", entry({ catv: 2 }), "catv"],
];

async function sha256(text) {
  return Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(text))).toString("hex");
}

async function mint() {
  for (const expectCwtTag of [true, false]) {
    const envelope = expectCwtTag ? "tags 61 and 17" : "tag 17, hexadecimal payload";
    const issuer = new CAT({ keys: { [KID]: secret, another: secret }, expectCwtTag });
    const token = (claims, kid) => issuer.generateFromJson(structuredClone(claims), { type: "mac", alg: "HS256", kid });
    for (const [name, claims, field] of ACCEPTED_AND_REFUSED) {
      print({ name: `${envelope}: ${name}`, now, key: { secret: secret.toString("hex") }, token: await token(claims, KID), expect: field ?? "ok" });
    }
    print({ name: `${envelope}: another key`, now, key: { secret: secret.toString("hex") }, token: await token(entry(), "another"), expect: "none" });
    print({ name: `${envelope}: forged`, now, key: { secret: randomBytes(32).toString("hex") }, token: await token(entry(), KID), expect: "signature" });
  }
  await sign();
}

/** A COSE_Sign1, whose payload this package writes as hexadecimal text. */
async function sign() {
  const pair = createECDH("prime256v1");
  const point = pair.generateKeys();
  const d = Buffer.from(pair.getPrivateKey("hex").padStart(64, "0"), "hex");
  const token = new CommonAccessToken(entry());
  await token.sign({ d, kid: KID }, "ES256");
  print({ name: "tag 18, hexadecimal payload", now, key: { p256: point.toString("hex") }, token: token.raw.toString("base64url"), expect: "ok" });
}

/** Lines of ours: the token, its key, and the address for which it is shown. */
async function verify() {
  for await (const line of createInterface({ input: process.stdin })) {
    const { name, token, kid, secret: key, url } = JSON.parse(line);
    const verifier = new CAT({ keys: { [kid]: Buffer.from(key, "hex") }, expectCwtTag: true });
    let claims = null;
    let error = null;
    try {
      const result = await verifier.validate(token, "mac", { kid, issuer: "", audience: [VIDEO], url: new URL(url) });
      error = result.error ?? null;
      claims = result.cat?.claims ?? null;
    } catch (thrown) {
      error = thrown;
    }
    print({ name, ok: error === null, error: error && String(error), sub: claims?.sub ?? null });
  }
}

const commands = { mint, verify };
await commands[process.argv[2]]();

// A backend as Cloudflare Stream's documentation has it: it signs tokens by WebCrypto, which stand where the id would.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { STREAM_KEY_ID, STREAM_JWK, VIDEO_ID, PORT = "3000" } = process.env;
/** All that changes: `customer-<code>.cloudflarestream.com`, or your own server. */
const { STREAM_HOST } = process.env;
for (const name of ["STREAM_KEY_ID", "STREAM_JWK", "VIDEO_ID", "STREAM_HOST"]) {
  if (!process.env[name]) throw new Error(`${name} is missing: README.md tells where it comes from`);
}

const TOKEN_SECONDS = 3600;
const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

const jwk = JSON.parse(Buffer.from(STREAM_JWK, "base64"));
const key = await crypto.subtle.importKey("jwk", jwk, RS256, false, ["sign"]);
const hls = await readFile(createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js"));

/** A real one asks here who the visitor is, and whether that person may watch. */
async function sign(videoId) {
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + TOKEN_SECONDS;
  const signed = `${encode({ alg: "RS256", kid: STREAM_KEY_ID })}.${encode({ sub: videoId, kid: STREAM_KEY_ID, exp })}`;
  const signature = await crypto.subtle.sign(RS256, key, Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}

/** Each page is the file of its name. */
const PAGES = { "/": "frame.html", "/hls": "hls.html" };

const server = createServer(async (request, response) => {
  try {
    const file = PAGES[request.url];
    if (file !== undefined) {
      const template = await readFile(new URL(file, import.meta.url), "utf8");
      const values = { host: STREAM_HOST, token: await sign(VIDEO_ID) };
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
      response.end(template.replace(/{{(\w+)}}/g, (_, name) => values[name]));
    } else if (request.url === "/hls.js") {
      response.writeHead(200, { "content-type": "text/javascript" }).end(hls);
    } else {
      response.writeHead(404).end();
    }
  } catch (error) {
    console.error(error.message);
    response.headersSent ? response.end() : response.writeHead(502).end();
  }
});

server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`the film is shown at http://127.0.0.1:${server.address().port}`);
});

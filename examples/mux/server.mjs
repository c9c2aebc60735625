// A backend as Mux's documentation has it: it signs for whoever may watch, and the page plays with Mux's own player.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import Mux from "@mux/mux-node";

const { MUX_SIGNING_KEY, MUX_PRIVATE_KEY, PLAYBACK_ID, PORT = "3000" } = process.env;
/** All that changes. Without it the page plays from Mux. */
const { MUX_CUSTOM_DOMAIN = "mux.com" } = process.env;
for (const name of ["MUX_SIGNING_KEY", "MUX_PRIVATE_KEY", "PLAYBACK_ID"]) {
  if (!process.env[name]) throw new Error(`${name} is missing: README.md tells where it comes from`);
}

const mux = new Mux({ jwtSigningKey: MUX_SIGNING_KEY, jwtPrivateKey: MUX_PRIVATE_KEY });
const template = await readFile(new URL("page.html", import.meta.url), "utf8");
const player = await readFile(new URL("node_modules/@mux/mux-player/dist/mux-player.js", import.meta.url));

/** A real one asks here who the visitor is, and whether that person may watch. */
async function page() {
  const sign = (type) => mux.jwt.signPlaybackId(PLAYBACK_ID, { type, expiration: "1h" });
  const [playback, thumbnail, storyboard] = await Promise.all(["video", "thumbnail", "storyboard"].map(sign));
  const values = { domain: MUX_CUSTOM_DOMAIN, id: PLAYBACK_ID, playback, thumbnail, storyboard };
  return template.replace(/{{(\w+)}}/g, (_, name) => values[name]);
}

const server = createServer(async (request, response) => {
  try {
    if (request.url === "/") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
      response.end(await page());
    } else if (request.url === "/mux-player.js") {
      response.writeHead(200, { "content-type": "text/javascript" }).end(player);
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

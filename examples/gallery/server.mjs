// The customer's backend: it holds the API key, knows who may watch, and hands each visitor fresh private tokens.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import ApiVideoClient from "@api.video/nodejs-client";

const { ADMIT_API_KEY, ADMIT_URL = "http://127.0.0.1:8080", PORT = "3000" } = process.env;
if (!ADMIT_API_KEY) throw new Error("ADMIT_API_KEY is missing: `admit api-key create --name gallery` prints one");

const admit = new ApiVideoClient({ apiKey: ADMIT_API_KEY, baseUri: ADMIT_URL });
const page = await readFile(new URL("page.html", import.meta.url));

/** Every read of a private video mints a token that only one visitor can redeem: so films are listed for each visit anew. */
async function films() {
  // A real one asks here who the visitor is, and lists what that person may watch.
  const { data } = await admit.videos.list({ sortBy: "title", sortOrder: "asc", pageSize: 100 });
  const privately = data.filter((video) => !video._public);
  return privately.map(({ title, assets }) => ({ title, thumbnail: assets.thumbnail, player: assets.player }));
}

const server = createServer(async (request, response) => {
  try {
    if (request.url === "/") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
    } else if (request.url === "/films") {
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(await films()));
    } else {
      response.writeHead(404).end();
    }
  } catch (error) {
    console.error(error.message);
    response.headersSent ? response.end() : response.writeHead(502).end();
  }
});

server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`the gallery is open at http://127.0.0.1:${server.address().port}`);
});

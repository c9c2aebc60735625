// Somebody else's web site, on an origin of its own: pages with other people's players, unmodified.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { resolve } = createRequire(import.meta.url);

const FILES = {
  "/uploader.js": { file: resolve("@api.video/video-uploader/dist/index.js"), type: "text/javascript" },
  "/session.js": { file: resolve("@api.video/private-video-session/dist/index.js"), type: "text/javascript" },
  "/hls.js": { file: resolve("hls.js/dist/hls.min.js"), type: "text/javascript" },
  "/shaka.js": { file: resolve("shaka-player/dist/shaka-player.compiled.js"), type: "text/javascript" },
  "/player-sdk.js": { file: resolve("@api.video/player-sdk/dist/index.js"), type: "text/javascript" },
};

const HEAD = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>site</title>';

/** The address of the film travels in the fragment, which no server sees. */
const PAGES = {
  "/uploader": `<script src="/uploader.js"></script><input type="file">`,
  "/session": `<script src="/session.js"></script><script src="/hls.js"></script>`,
  "/hls": `<script src="/hls.js"></script><video muted></video><script>
    const video = document.querySelector("video");
    const hls = new Hls();
    window.errors = [];
    hls.on(Hls.Events.ERROR, (_, { details, fatal }) => window.errors.push({ details, fatal }));
    hls.loadSource(location.hash.slice(1));
    hls.attachMedia(video);
    hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  </script>`,
  "/dash": `<script src="/shaka.js"></script><video muted></video><script>
    const video = document.querySelector("video");
    window.errors = [];
    (async () => {
      const player = new shaka.Player();
      player.addEventListener("error", ({ detail }) => window.errors.push({ code: detail.code, fatal: true }));
      await player.attach(video);
      await player.load(location.hash.slice(1));
      window.tracks = player.getVariantTracks().length;
      await video.play();
    })().catch((error) => window.errors.push({ code: error.code ?? String(error), fatal: true }));
  </script>`,
  "/mp4": `<video muted autoplay></video><script>
    window.errors = [];
    const video = document.querySelector("video");
    video.addEventListener("error", () => window.errors.push({ code: video.error.message, fatal: true }));
    video.src = location.hash.slice(1);
  </script>`,
  "/frame": `<body></body><script>
    const frame = document.createElement("iframe");
    frame.src = location.hash.slice(1);
    frame.allow = "autoplay; fullscreen";
    document.body.append(frame);
  </script>`,
  "/sdk": `<body style="margin: 0"><div id="target" style="width: 640px; height: 360px"></div></body>
  <script src="/player-sdk.js"></script>`,
  "/prefetch": `<body></body><script>
    window.fetched = 0;
    for (const address of location.hash.slice(1).split("|")) {
      const link = document.createElement("link");
      link.rel = "prefetch";
      link.href = address;
      link.onload = link.onerror = () => (window.fetched += 1);
      document.head.append(link);
    }
  </script>`,
};

export async function startSite() {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://site").pathname;
    const { file, type } = FILES[path] ?? { type: "text/html" };
    const page = PAGES[path];
    if (file === undefined && page === undefined) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` });
    response.end(file === undefined ? HEAD + page : await readFile(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return {
    /** admit is `127.0.0.1`, so this is another origin and another site. */
    url: `http://localhost:${port}`,
    /** Another origin of the same site: its pages may send admit's cookies. */
    sibling: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

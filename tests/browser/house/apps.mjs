// The sample apps under examples/, started as their README has it.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const EXAMPLES = fileURLToPath(new URL("../../../examples/", import.meta.url));

/** Starts an app with this environment on a port of its own; its last word tells where it is. */
export async function startApp(name, environment) {
  const env = { ...process.env, ...environment, PORT: "0" };
  const child = spawn(process.execPath, [`${EXAMPLES}${name}/server.mjs`], { env, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    createInterface({ input: child.stdout }).once("line", (line) => resolve(line.split(" ").at(-1)));
  });
  return { url, stop: () => child.kill() };
}

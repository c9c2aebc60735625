// The real program, started as its users start it, with an empty data folder of its own.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = process.env.ADMIT_BIN ?? fileURLToPath(new URL("../../../target/debug/admit", import.meta.url));
const START_MS_MAX = 20_000;
const STOP_MS_MAX = 15_000;

/**
 * Starts a server; `stop` ends it and removes its data. `log` shows the last it said, for a failure's sake.
 * With `tls` it speaks TLS by a certificate that only this process and its browser's contexts take for good.
 */
export async function startServer({ tls = false } = {}) {
  const data = mkdtempSync(`${tmpdir()}/admit-stories-`);
  const argv = ["serve", "--data", data, "--listen", "127.0.0.1:0", ...(tls ? certificate(data) : [])];
  const child = spawn(PROGRAM, argv, { stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const url = await readyLine(child, said);
  const key = execFileSync(PROGRAM, ["api-key", "create", "--data", data, "--name", "stories"], { encoding: "utf8" });
  return {
    url,
    key: key.trim(),
    log: () => said.slice(-40).join("\n"),
    stop: async () => {
      await ended(child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function certificate(folder) {
  // Nothing else lets node's own fetch take a certificate that was made a moment ago.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  const [cert, key] = [`${folder}/cert.pem`, `${folder}/key.pem`];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const named = ["-subj", "/CN=admit stories", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...made, ...named, "-out", cert, "-keyout", key], { stdio: "pipe" });
  return ["--tls-cert", cert, "--tls-key", key];
}

function readyLine(child, said) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`admit ${why}:\n${said.join("\n")}`));
    const late = setTimeout(() => fail("was not ready in time"), START_MS_MAX);
    child.once("error", (error) => fail(`cannot be started (${error.message})`));
    child.once("exit", (code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const address = /https?:\/\/127\.0\.0\.1:[1-9]\d*/.exec(line)?.[0];
        if (address === undefined) return;
        clearTimeout(late);
        resolve(address);
      });
    }
  });
}

function ended(child) {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
    child.once("exit", () => {
      clearTimeout(late);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

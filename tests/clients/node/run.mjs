// Runs the suite that the published client ships, unmodified, against the real program; fails unless all of it ran and passed.

import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "../../browser/house/server.mjs";
import { startRecorder } from "./recorder.mjs";

const CASES = 39;
const require = createRequire(import.meta.url);
const here = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../../../target/clients/", import.meta.url));
const suite = `${target}nodejs-client`;
const results = `${target}nodejs-client.results.json`;

/** jest overlooks what lies in node_modules, so the package is copied out of there as it came. */
function unpack() {
  rmSync(suite, { recursive: true, force: true });
  rmSync(results, { force: true });
  cpSync(dirname(require.resolve("@api.video/nodejs-client/package.json")), suite, { recursive: true });
  symlinkSync(`${target}media`, `${suite}/test/data`);
  const config = {
    rootDir: suite,
    testMatch: ["<rootDir>/test/sandbox.spec.ts"],
    modulePaths: [`${here}node_modules`],
    moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
    transform: { "\\.ts$": [require.resolve("ts-jest"), { isolatedModules: true, diagnostics: false }] },
    cacheDirectory: `${target}jest-cache`,
    verbose: true,
  };
  writeFileSync(`${suite}/jest.config.json`, JSON.stringify(config));
}

function jest(environment) {
  const argv = [require.resolve("jest/bin/jest"), "--config", "jest.config.json", "--json", `--outputFile=${results}`];
  // The results go to the file; what remains on standard output is the same once more.
  const options = { cwd: suite, env: { ...process.env, ...environment }, stdio: ["ignore", "ignore", "inherit"] };
  return new Promise((resolve, reject) => spawn(process.execPath, argv, options).on("error", reject).on("exit", resolve));
}

unpack();
const server = await startServer();
const recorder = await startRecorder(server.url, `${target}answers/nodejs-client.jsonl`);
try {
  const code = await jest({ API_KEY: server.key, BASE_URI: recorder.url });
  const { numPassedTests: passed, numTotalTests: ran } = JSON.parse(readFileSync(results, "utf8"));
  console.log(`@api.video/nodejs-client, its own suite: ${passed} of ${ran} passed, ${CASES} expected`);
  if (code !== 0 || passed !== CASES || ran !== CASES) {
    console.error(server.log());
    process.exitCode = 1;
  }
} finally {
  await recorder.stop();
  await server.stop();
}

// A Chromium nobody looks into until its page has been shown: it prerenders nothing while a debugger is attached.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { FLAGS, giveEyes, PROGRAM } from "./browser.mjs";

/** Opens an address unobserved; `look` attaches to the page that is shown by then. */
export async function openUnobserved(address) {
  const profile = mkdtempSync(`${tmpdir()}/admit-profile-`);
  const flags = ["--headless", "--no-first-run", "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const child = spawn(PROGRAM, [...FLAGS, ...flags, address], { stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const endpoint = new Promise((resolve) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      const found = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return {
    look: async () => {
      const browser = await chromium.connectOverCDP(await endpoint);
      const [context] = browser.contexts();
      const page = context.pages().find((page) => page.url().startsWith("http"));
      await giveEyes(page);
      return page;
    },
    stop: async () => {
      child.kill();
      await gone;
      await discard(profile);
    },
  };
}

/** Chromium's helpers end a moment after it and write until they do, so the folder is read anew each time. */
async function discard(profile) {
  for (let left = 100; ; left -= 1) {
    try {
      return rmSync(profile, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== "ENOTEMPTY" || left === 0) throw error;
      await pause(100);
    }
  }
}

// Waiting for a condition that only asking again can tell, with an end and a name for when it does not come.

import { setTimeout as pause } from "node:timers/promises";

const ASK_AGAIN_MS = 50;

export async function until(what, msMax, condition) {
  const end = Date.now() + msMax;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > end) throw new Error(`not within ${msMax} ms: ${what}`);
    await pause(ASK_AGAIN_MS);
  }
}

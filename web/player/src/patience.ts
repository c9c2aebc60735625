// Asking again while the server asks for patience, and not for ever.

import type { Answer } from "./answer.js";
import type { Sentence } from "./sentences.js";

/** A film may be encoded for hours; a server that cannot tell is given up after a few minutes at most. */
const TRIES_MAX = { preparing: 3600, cannotTell: 8 };

export interface Waiting {
  say(sentence: Sentence): void;
  pause(seconds: number): Promise<void>;
}

/** Returns undefined when it is done, and otherwise what to tell the viewer at last. */
export async function patiently(attempt: () => Promise<Answer>, waiting: Waiting): Promise<Sentence | undefined> {
  const tries = { preparing: 0, cannotTell: 0 };
  for (;;) {
    const answer = await attempt();
    if (answer.kind === "done") return undefined;
    if (answer.kind === "refused") return answer.sentence;
    const why = answer.sentence === "preparing" ? "preparing" : "cannotTell";
    tries[why] += 1;
    if (tries[why] > TRIES_MAX[why]) return "gaveUp";
    waiting.say(answer.sentence);
    await waiting.pause(answer.afterSeconds);
  }
}

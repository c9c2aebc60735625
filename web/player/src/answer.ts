// How an answer of the server is read: it is done, it asks for patience, or it refuses.

import { type Sentence, sentenceFor } from "./sentences.js";

export type Answer =
  | { kind: "done" }
  | { kind: "wait"; sentence: Sentence; afterSeconds: number }
  | { kind: "refused"; sentence: Sentence };

const WAIT_SECONDS = 2;
/** A server that asks for an hour is asked again sooner: nobody keeps a page open that shows nothing for an hour. */
const WAIT_SECONDS_MAX = 30;
/** Too early, too many, and every way of saying "not now". */
const NOT_NOW = new Set([408, 425, 429, 500, 502, 503, 504]);

export function readAnswer(status: number, headers: Pick<Headers, "get">): Answer {
  if (status === 202) return { kind: "wait", sentence: "preparing", afterSeconds: waitSeconds(headers) };
  if (status >= 200 && status < 300) return { kind: "done" };
  const reason = headers.get("Admit-Reason");
  // A video that is not to be watched before its day is refused until then.
  if (NOT_NOW.has(status) && reason !== "not_yet") return { kind: "wait", sentence: "cannotTell", afterSeconds: waitSeconds(headers) };
  return { kind: "refused", sentence: sentenceFor(status, reason) };
}

/** No answer at all: the request may or may not have arrived. */
export const UNREACHABLE: Answer = { kind: "wait", sentence: "cannotTell", afterSeconds: WAIT_SECONDS };

function waitSeconds(headers: Pick<Headers, "get">): number {
  const asked = Number(headers.get("Retry-After") ?? Number.NaN);
  return asked > 0 ? Math.min(asked, WAIT_SECONDS_MAX) : WAIT_SECONDS;
}

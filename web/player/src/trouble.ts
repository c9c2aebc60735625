// Which errors of hls.js end the playing: a refusal at once, broken media after mending, the rest when it gives up.

import Hls, { type ErrorData, Events } from "hls.js/dist/hls.mjs";
import { type Sentence, sentenceFor } from "./sentences.js";

export type Trouble =
  /** The server said no. */
  | { kind: "refused"; sentence: Sentence }
  /** Something is wrong that the manifest's answer may explain. */
  | { kind: "stopped" }
  /** What came cannot be decoded. */
  | { kind: "undecodable" };

const MENDS_MAX = 3;
const REFUSALS = new Set([401, 403, 410]);

/** Calls `report` at most once; afterwards this instance of hls.js is of no more use. */
export function watchForTrouble(hls: Hls, report: (trouble: Trouble) => void): void {
  let mends = 0;
  const onError = (_event: Events.ERROR, data: ErrorData): void => {
    const trouble = readTrouble(data);
    if (trouble?.kind === "undecodable" && mends < MENDS_MAX) {
      mends += 1;
      hls.recoverMediaError();
    } else if (trouble !== undefined) {
      hls.off(Events.ERROR, onError);
      report(trouble);
    }
  };
  hls.on(Events.ERROR, onError);
}

function readTrouble(data: ErrorData): Trouble | undefined {
  const status = data.response?.code ?? 0;
  const reason = reasonOf(data.networkDetails);
  // hls.js would try other renditions first; a viewer who was refused must not be shown the rest of the buffer.
  if (REFUSALS.has(status) || (status === 404 && reason !== null)) {
    return { kind: "refused", sentence: sentenceFor(status, reason) };
  }
  if (!data.fatal) return undefined;
  return { kind: data.type === Hls.ErrorTypes.MEDIA_ERROR ? "undecodable" : "stopped" };
}

function reasonOf(details: unknown): string | null {
  return details instanceof XMLHttpRequest ? details.getResponseHeader("Admit-Reason") : null;
}

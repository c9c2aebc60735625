// The requests the page makes itself: opening a session, how a film is to be shown, and whether a manifest may be had.

import { redeemAddress } from "./addresses.js";
import { type Answer, readAnswer, UNREACHABLE } from "./answer.js";
import { PLAIN_SHOW, type Show } from "./show.js";

/** Looks are not worth more waiting than this. */
const SHOW_WAIT_MS_MAX = 5000;

export interface Redeemed {
  answer: Answer;
  handle: string | undefined;
}

/** Repeating this with the same nonce is safe: a reply that was lost is given again. */
export async function redeem(videoId: string, token: string, nonce: string): Promise<Redeemed> {
  try {
    const reply = await fetch(redeemAddress(videoId, token), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ nonce }),
      cache: "no-store",
    });
    const answer = readAnswer(reply.status, reply.headers);
    if (answer.kind !== "done") return { answer, handle: undefined };
    const { session_token: handle } = (await reply.json()) as { session_token: string };
    return { answer, handle };
  } catch {
    return { answer: UNREACHABLE, handle: undefined };
  }
}

export async function askManifest(address: string): Promise<Answer> {
  try {
    const reply = await fetch(address, { cache: "no-store" });
    return readAnswer(reply.status, reply.headers);
  } catch {
    return UNREACHABLE;
  }
}

/** Without an answer the film is shown plainly; why there was none, its manifest will tell. */
export async function askShow(address: string): Promise<Show> {
  try {
    const reply = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(SHOW_WAIT_MS_MAX) });
    return reply.status === 200 ? { ...PLAIN_SHOW, ...((await reply.json()) as Partial<Show>) } : PLAIN_SHOW;
  } catch {
    return PLAIN_SHOW;
  }
}

/** 128 bits, hexadecimal. */
export function makeNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The requests the page makes itself: opening a session, how a film is to be shown, and whether a manifest may be had.

import { renewAddress, seatAddress } from "./addresses.js";
import { type Answer, readAnswer, UNREACHABLE } from "./answer.js";
import { PLAIN_SHOW, type Show } from "./show.js";
import { framingSite } from "./site.js";

/** Looks are not worth more waiting than this. */
const SHOW_WAIT_MS_MAX = 5000;

/** A session, for as long as it lasts. */
export interface Lease {
  handle: string;
  videoId: string;
  /** From the answer on. */
  seconds: number;
}

export interface Opened {
  answer: Answer;
  lease: Lease | undefined;
}

/** Repeating this with the same nonce is safe: a reply that was lost is given again. */
export async function openSession(address: string, nonce: string): Promise<Opened> {
  try {
    const reply = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ nonce, site: framingSite() }),
      cache: "no-store",
    });
    const answer = readAnswer(reply.status, reply.headers);
    return { answer, lease: answer.kind === "done" ? readLease(await reply.json(), reply.headers) : undefined };
  } catch {
    return { answer: UNREACHABLE, lease: undefined };
  }
}

/** The session goes on under another handle; the one before stays good until its own end. */
export function renewSession({ handle, videoId }: Lease, token: string): Promise<Opened> {
  return openSession(renewAddress(handle, videoId, token), makeNonce());
}

interface SessionBody {
  session_token: string;
  videoId: string;
  expiresAt: string;
}

/** The viewer's clock may be wrong; the server's own tells how long it will be. */
export function readLease(body: SessionBody, headers: Pick<Headers, "get">): Lease {
  const now = Date.parse(headers.get("Date") ?? "") || Date.now();
  return {
    handle: body.session_token,
    videoId: body.videoId,
    seconds: Math.max((Date.parse(body.expiresAt) - now) / 1000, 0),
  };
}

/** The viewer watches here, and no longer there. */
export async function takeSeat(base: string): Promise<Answer> {
  try {
    const reply = await fetch(seatAddress(base), { method: "POST", cache: "no-store" });
    return readAnswer(reply.status, reply.headers);
  } catch {
    return UNREACHABLE;
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

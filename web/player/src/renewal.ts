// A session near its end goes on when the page around us hands over a fresh token, and the film with it.

import type { Lease, Opened } from "./requests.js";

/** Of its time, when a session is near its end. */
const LAST_PART = 0.2;
/** The end is told in whole seconds, and may be up to one later. */
const END_SECONDS = 1;

/** What it takes to go on. */
export interface Sustaining {
  pause(seconds: number): Promise<void>;
  /** The next token that the page around us hands over. */
  nextToken(): Promise<string>;
  renew(lease: Lease, token: string): Promise<Opened>;
  /** A token is wanted now. */
  ask(lease: Lease): void;
  goOn(lease: Lease): void;
}

/** Comes back when the session is over and nobody had it go on. */
export async function sustain(first: Lease, way: Sustaining): Promise<void> {
  for (let lease: Lease | undefined = first; lease !== undefined; ) {
    await way.pause(lease.seconds * (1 - LAST_PART));
    way.ask(lease);
    const over: Promise<undefined> = way.pause(lease.seconds * LAST_PART + END_SECONDS).then(() => undefined);
    lease = await Promise.race([renewed(lease, way), over]);
    if (lease !== undefined) way.goOn(lease);
  }
}

/** A token that is refused is forgotten; the next one may be better. */
async function renewed(lease: Lease, way: Sustaining): Promise<Lease> {
  for (;;) {
    const next = await shown(lease, await way.nextToken(), way);
    if (next !== undefined) return next;
  }
}

async function shown(lease: Lease, token: string, way: Sustaining): Promise<Lease | undefined> {
  for (;;) {
    const { answer, lease: next } = await way.renew(lease, token);
    if (answer.kind !== "wait") return next;
    await way.pause(answer.afterSeconds);
  }
}

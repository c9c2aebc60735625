// The sessions this tab holds, found again after a reload: by token, or by video once the address has lost the token.

import { fingerprint } from "./fingerprint.js";
import type { Place } from "./place.js";
import type { Shelf } from "./shelf.js";

export interface Session {
  handle: string;
  /** A handed-over session may play in several frames at once; one that this tab opened belongs to this tab. */
  shared: boolean;
  /** Seconds; where the film stood when the page was left. */
  at?: number;
}

type Where = Pick<Place, "token"> & { videoId: string };

export class Sessions {
  constructor(private readonly shelf: Shelf) {}

  get lasting(): boolean {
    return this.shelf.lasting;
  }

  find(where: Where): Session | undefined {
    return readSession(this.shelf.get(sessionKey(where)));
  }

  /** A later visit may come with the token (a frame whose parent reloads) or without it (this tab reloads). */
  keep(where: Where, session: Session): void {
    const text = JSON.stringify(session);
    this.shelf.set(sessionKey(where), text);
    this.shelf.set(sessionKey({ videoId: where.videoId, token: undefined }), text);
  }

  /** Seconds; where the film of a door stood when this tab left it. */
  position(door: string): number | undefined {
    const at = Number.parseFloat(this.shelf.get(positionKey(door)) ?? "");
    return Number.isNaN(at) ? undefined : at;
  }

  keepPosition(door: string, at: number): void {
    this.shelf.set(positionKey(door), String(at));
  }

  /** The nonce outlives a lost reply and a reload: the server answers the same nonce with the same session. */
  nonce(secret: string, make: () => string): string {
    const key = nonceKey(secret);
    const kept = this.shelf.get(key);
    if (kept !== undefined) return kept;
    const fresh = make();
    this.shelf.set(key, fresh);
    return fresh;
  }

  forgetNonce(secret: string): void {
    this.shelf.remove(nonceKey(secret));
  }
}

function sessionKey({ videoId, token }: Where): string {
  return token === undefined ? `admit:session:${videoId}` : `admit:session:${videoId}:${fingerprint(token)}`;
}

function nonceKey(secret: string): string {
  return `admit:nonce:${fingerprint(secret)}`;
}

function positionKey(door: string): string {
  return `admit:position:${fingerprint(door)}`;
}

function readSession(text: string | undefined): Session | undefined {
  if (text === undefined) return undefined;
  try {
    const { handle, shared, at } = JSON.parse(text) as Partial<Session>;
    if (typeof handle !== "string" || handle === "") return undefined;
    return { handle, shared: shared === true, ...(typeof at === "number" ? { at } : {}) };
  } catch {
    return undefined;
  }
}

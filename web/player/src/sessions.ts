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

type Where = Pick<Place, "videoId" | "token">;

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

  /** The nonce outlives a lost reply and a reload: the server answers the same nonce with the same session. */
  nonce(token: string, make: () => string): string {
    const key = nonceKey(token);
    const kept = this.shelf.get(key);
    if (kept !== undefined) return kept;
    const fresh = make();
    this.shelf.set(key, fresh);
    return fresh;
  }

  forgetNonce(token: string): void {
    this.shelf.remove(nonceKey(token));
  }
}

function sessionKey({ videoId, token }: Where): string {
  return token === undefined ? `admit:session:${videoId}` : `admit:session:${videoId}:${fingerprint(token)}`;
}

function nonceKey(token: string): string {
  return `admit:nonce:${fingerprint(token)}`;
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

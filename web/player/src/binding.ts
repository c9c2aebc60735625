// Who drives this page from outside: the player SDK leaves its origin and its number in the fragment.

import { valueOf, wordsOf } from "./wishes.js";

export interface Binding {
  /** The only origin that is listened to and spoken to. */
  origin: string;
  /** A page may hold several players; each has its number. */
  playerId: number;
}

export function readBinding(fragment: string): Binding | undefined {
  const words = wordsOf(fragment);
  const origin = readOrigin(valueOf(words, "sdkOrigin:") ?? "");
  const playerId = Number.parseInt(valueOf(words, "sdkPlayerId:") ?? "", 10);
  return origin === undefined || Number.isNaN(playerId) ? undefined : { origin, playerId };
}

/** An origin in base64, and nothing that merely contains one. */
function readOrigin(text: string): string | undefined {
  try {
    const address = new URL(atob(text));
    return /^https?:$/.test(address.protocol) ? address.origin : undefined;
  } catch {
    return undefined;
  }
}

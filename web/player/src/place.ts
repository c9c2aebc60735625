// Where the page stands: which video, and what the address brought along to enter with.

import { readWishes, type Wishes } from "./wishes.js";

export interface Place {
  videoId: string;
  /** A credential that can be spent once. */
  token: string | undefined;
  /** The handle of a session that somebody else opened and handed over. */
  avh: string | undefined;
  wishes: Wishes;
}

export function readPlace(address: URL): Place | undefined {
  const videoId = /^\/(?:vod|embed)\/([A-Za-z0-9_-]+)\/?$/.exec(address.pathname)?.[1];
  if (videoId === undefined) return undefined;
  return {
    videoId,
    token: address.searchParams.get("token") || undefined,
    avh: address.searchParams.get("avh") || undefined,
    wishes: readWishes(address),
  };
}

/** The same address without anything that lets its reader in, for the address bar and the history. */
export function withoutSecrets(address: URL): string {
  const bare = new URL(address);
  bare.searchParams.delete("token");
  bare.searchParams.delete("avh");
  return bare.pathname + bare.search + bare.hash;
}

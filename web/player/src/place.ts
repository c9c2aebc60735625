// Where the page stands: which video, and what the address brought along to enter with.

import { readWishes, type Wishes } from "./wishes.js";

export interface Place {
  /** Unknown where the address holds something else in its stead: the session that it opens tells. */
  videoId: string | undefined;
  token: string | undefined;
  /** The handle of a session that somebody else opened and handed over. */
  avh: string | undefined;
  /** A signature that stands in the address: there is no session to be opened. */
  signature: string | undefined;
  /** Where a session is opened with whatever the address brought along, if it brought anything. */
  door: Door | undefined;
  wishes: Wishes;
}

export interface Door {
  /** Path and query. */
  address: string;
  /** A link that people pass on is opened by a person, not by whatever looks at it. */
  knocks: boolean;
}

type Way = Pick<Place, "videoId" | "signature"> & { door: Door };

/** What a query says of the player and of nobody's right to watch. */
const WISHES = new Set([
  "autoplay",
  "chromeless",
  "hideControls",
  "hidePoster",
  "hideTitle",
  "loop",
  "muted",
  "showSubtitles",
]);

/** As the server writes them; any other spelling is none. */
const PRIVATE_TOKEN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readPlace(address: URL): Place | undefined {
  const way = readWay(address);
  if (way === undefined) return undefined;
  const { videoId, signature, door } = way;
  const token = address.searchParams.get("token") || undefined;
  const isBare = videoId !== undefined && (isSpentOnce(token) || !bringsCredential(address.searchParams, videoId));
  return {
    videoId,
    token,
    avh: address.searchParams.get("avh") || undefined,
    signature,
    door: isBare ? undefined : door,
    wishes: readWishes(address),
  };
}

/** The SDK writes all of its options, the video's id among them, and nothing but `token` opens. */
function bringsCredential(query: URLSearchParams, videoId: string): boolean {
  if (query.get("id") === videoId) return Boolean(query.get("token"));
  return [...query.keys()].some((name) => !WISHES.has(name));
}

/** Private tokens have an address of their own, and are good for one session. */
export function isSpentOnce(token: string | undefined): token is string {
  return PRIVATE_TOKEN.test(token ?? "");
}

function readWay({ pathname, search }: URL): Way | undefined {
  const way = (found: RegExpExecArray, rest: Partial<Way>, knocks = false): Way => ({
    videoId: undefined,
    signature: undefined,
    door: { address: `${found[1]}/session${search}`, knocks },
    ...rest,
  });
  const ofVideo = /^(\/(?:vod|embed)\/([\w-]+))\/?$/.exec(pathname) ?? /^(\/([\w-]+))\/iframe$/.exec(pathname);
  if (ofVideo !== null) return way(ofVideo, { videoId: ofVideo[2] });
  const signed = /^(\/u\/([^/]+)\/([\w-]+))$/.exec(pathname);
  if (signed !== null) return way(signed, { videoId: signed[3], signature: signed[2] });
  const link = /^(\/w\/\w+)$/.exec(pathname);
  if (link !== null) return way(link, {}, true);
  const token = /^(\/[\w-]+\.[\w-]+\.[\w-]+)\/iframe$/.exec(pathname);
  return token === null ? undefined : way(token, {});
}

/** The same address without anything that lets its reader in, for the address bar and the history. */
export function withoutSecrets(address: URL): string {
  const bare = new URL(address);
  bare.searchParams.delete("token");
  bare.searchParams.delete("avh");
  return bare.pathname + bare.search + bare.hash;
}

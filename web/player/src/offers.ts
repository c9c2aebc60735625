// Fresh tokens from the page around us: `{ type: "admit:token", token }`, from the site that shows us and from no other.

import type { Lease } from "./requests.js";
import { framingSite } from "./site.js";

export class Offers {
  private kept: string | undefined;
  private take: ((token: string) => void) | undefined;

  /** The latest that nobody has taken yet, or the next. Whoever asks last is the one that gets it. */
  next(): Promise<string> {
    const { kept } = this;
    this.kept = undefined;
    return kept === undefined ? new Promise((resolve) => (this.take = resolve)) : Promise.resolve(kept);
  }

  hear(message: unknown): void {
    const { type, token } = Object(message) as { type?: unknown; token?: unknown };
    if (type !== "admit:token" || typeof token !== "string" || token === "") return;
    if (this.take === undefined) this.kept = token;
    else this.take(token);
    this.take = undefined;
  }
}

/** Listens to the page around this one, if there is one that can be told by its origin. */
export function listenForOffers(): Offers {
  const offers = new Offers();
  const site = framingSite();
  if (site === undefined) return offers;
  addEventListener("message", ({ source, origin, data }) => {
    if (source === parent && origin === site) offers.hear(data);
  });
  return offers;
}

/** Tells the page around this one that a token is wanted. */
export function askForToken({ videoId }: Lease): void {
  const site = framingSite();
  if (site !== undefined) parent.postMessage({ type: "admit:token-wanted", videoId }, site);
}

// The embed page's script: find out how to get in, get in, play.

import { AdmitPlayer } from "./element.js";
import { readPlace } from "./place.js";
import { openShelf } from "./shelf.js";
import { Sessions } from "./sessions.js";
import { tell } from "./story.js";

async function main(): Promise<void> {
  customElements.define("admit-player", AdmitPlayer);
  const player = document.querySelector<AdmitPlayer>("admit-player");
  const place = readPlace(new URL(location.href));
  if (player === null) return;
  if (place === undefined) return player.say("unavailable");
  await reallyShown();
  // A page brought back from the history may have been revoked meanwhile, so it begins anew.
  addEventListener("pageshow", (event) => void (event.persisted && location.reload()));
  await tell(player, place, new Sessions(openShelf(() => sessionStorage)));
}

/** A page prepared on suspicion may never be looked at; until it is, nothing is asked of the server. */
function reallyShown(): Promise<void> {
  const page = document as Document & { prerendering?: boolean };
  if (page.prerendering !== true) return Promise.resolve();
  return new Promise((resolve) => page.addEventListener("prerenderingchange", () => resolve(), { once: true }));
}

void main();

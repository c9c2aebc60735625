// The embed page's script: find out how to get in, get in, play, and do what the page around it asks for.

import { Bridge } from "./bridge.js";
import { obey } from "./commands.js";
import { AdmitPlayer } from "./element.js";
import { listenForOffers } from "./offers.js";
import { readPlace } from "./place.js";
import { reportEvents } from "./reports.js";
import { openShelf } from "./shelf.js";
import { Sessions } from "./sessions.js";
import { Story } from "./story.js";
import { NO_WISHES } from "./wishes.js";

async function main(): Promise<void> {
  customElements.define("admit-player", AdmitPlayer);
  const player = document.querySelector<AdmitPlayer>("admit-player");
  if (player === null) return;
  await reallyShown();
  // A page brought back from the history may have been revoked meanwhile, so it begins anew.
  addEventListener("pageshow", (event) => void (event.persisted && location.reload()));
  const sessions = new Sessions(openShelf(() => sessionStorage));
  const offers = listenForOffers();
  let running = new AbortController();
  const leave = (): void => {
    running.abort();
    player.begin(NO_WISHES);
  };
  const load = (url: string): void => {
    running.abort();
    running = new AbortController();
    const place = readPlace(new URL(url, location.href));
    player.begin(place?.wishes ?? NO_WISHES);
    if (place === undefined) return player.fail("unavailable");
    void new Story(player, place, { sessions, offers }, running.signal).tell();
  };
  connect(player, load, leave);
  load(location.href);
}

/** To the page around this one, if it says that it can speak to players. */
function connect(player: AdmitPlayer, load: (url: string) => void, leave: () => void): void {
  if (parent === window) return;
  const driven = {
    get ready() {
      return player.ready;
    },
    obey: obey.bind(undefined, { player, load, leave }),
  };
  const bridge = new Bridge(driven, (message, origin) => parent.postMessage(message, origin));
  const bind = (): void => void (bridge.bind(location.hash) && player.invite());
  addEventListener("message", ({ source, data, origin }) => void (source === parent && bridge.hear(data, origin)));
  addEventListener("hashchange", bind);
  player.addEventListener("dressed", () => bridge.allow(player.show.enableApi));
  player.addEventListener("failed", () => bridge.fail());
  reportEvents(player, (type, data) => bridge.report(type, data));
  bind();
}

/** A page prepared on suspicion may never be looked at; until it is, nothing is asked of the server. */
function reallyShown(): Promise<void> {
  const page = document as Document & { prerendering?: boolean };
  if (page.prerendering !== true) return Promise.resolve();
  return new Promise((resolve) => page.addEventListener("prerenderingchange", () => resolve(), { once: true }));
}

void main();

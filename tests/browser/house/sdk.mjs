// The hosted service's player SDK, unmodified, on somebody else's page: it drives our embed page and hears from it.

import { until } from "./until.mjs";

const WAIT_MS_MAX = 30_000;

/** All that the SDK's types let a page listen to. */
export const EVENTS = [
  "airplayConnected",
  "airplayDisconnected",
  "chromecastConnected",
  "chromecastDisconnected",
  "controlsdisabled",
  "controlsenabled",
  "ended",
  "error",
  "firstplay",
  "fullscreenchange",
  "mouseenter",
  "mouseleave",
  "pause",
  "play",
  "playerresize",
  "qualitychange",
  "ratechange",
  "ready",
  "resize",
  "seeking",
  "timeupdate",
  "useractive",
  "userinactive",
  "volumechange",
];

/** A page with the SDK in it and an empty target. */
export async function openSdkPage(house) {
  const page = await house.newPage();
  await page.goto(`${house.site.url}/sdk`);
  return page;
}

/** The SDK makes the frame itself, as most pages have it. */
export async function createPlayer(page, house, options) {
  await attach(page, { iframeUrl: iframeUrl(house), ...options });
  await frameOf(page).waitForFunction(() => window.findFilm?.());
}

/** The frame is there already; the SDK finds it and changes its fragment. */
export async function bindPlayer(page, house) {
  await attach(page, { iframeUrl: iframeUrl(house) }, "iframe");
  await page.frameLocator("iframe").locator("admit-player").waitFor();
}

/** What most stories begin with: a player whose film is loaded. */
export async function readyPlayer(house, options) {
  const page = await openSdkPage(house);
  await createPlayer(page, house, options);
  await hears(page, "ready");
  return page;
}

export const frameOf = (page) => page.frames()[1];

/** Calls a method of the SDK; its questions bring their answer, its orders nothing. */
export function call(page, method, ...args) {
  return page.evaluate(([method, args]) => window.player[method](...args), [method, args]);
}

/** What the page heard under this name so far. */
export function heard(page, type) {
  return page.evaluate((type) => window.heard.filter((event) => event.type === type).map(({ data }) => data), type);
}

/** Waits until it was heard more often than `before`; returns what was said the last time. */
export async function hears(page, type, before = 0) {
  await page.waitForFunction(
    ([type, before]) => window.heard.filter((event) => event.type === type).length > before,
    [type, before],
  );
  return (await heard(page, type)).at(-1);
}

/** Does something, and waits for the page to hear of it. */
export async function hearsAfter(page, type, act) {
  const before = (await heard(page, type)).length;
  await act();
  return hears(page, type, before);
}

/** Waits for the film to be as the condition says. Asked from here: no text becomes a function in the page itself. */
export function filmIs(page, condition) {
  return until(`the film is ${condition}`, WAIT_MS_MAX, () => frameOf(page).evaluate(`(${condition})(findFilm())`));
}

function iframeUrl(house) {
  return `${house.server.url}/\${type}/\${id}`;
}

function attach(page, options, target = "#target") {
  return page.evaluate(
    ([options, target, events]) => {
      window.heard = [];
      window.player = new window.PlayerSdk(target, options);
      for (const type of events) window.player.addEventListener(type, (data) => window.heard.push({ type, data }));
    },
    [options, target, EVENTS],
  );
}

// The player SDK enters private films, binds to frames that are there, goes from film to film, and takes one home.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import test from "node:test";
import { door, filmOf, openPage, plays, says } from "../house/browser.mjs";
import { BIKES, BUNNY, pathOf } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";
import {
  bindPlayer,
  call,
  createPlayer,
  filmIs,
  frameOf,
  heard,
  hears,
  hearsAfter,
  openSdkPage,
  readyPlayer,
} from "../house/sdk.mjs";

const house = useHouse(async (house) => {
  house.bunny = await house.customer.publish(BUNNY);
  house.bikes = await house.customer.publish(BIKES, { isPublic: true });
});

/** A fresh token of the private film. */
async function token() {
  return /(?<=token=).*$/.exec((await house.customer.assets(house.bunny)).player)[0];
}

const opened = async () => (await house.customer.sessionsOf(house.bunny)).length;
/** Requests for the embed page itself. */
const pagesAsked = (page) => page.answers.filter(({ url }) => /\/vod\/[^/]+$/.test(new URL(url).pathname)).length;

async function frameOnPage(src) {
  const page = await openSdkPage(house);
  await page.evaluate((src) => {
    const frame = Object.assign(document.createElement("iframe"), { src, allow: "autoplay", width: 640, height: 360 });
    document.body.append(frame);
  }, src);
  return page;
}

test("a private film by its token: loaded unasked, played when told, one session", async () => {
  const before = await opened();
  const page = await readyPlayer(house, { id: house.bunny, token: await token() });
  assert.equal(await call(page, "getPaused"), true);
  await call(page, "play");
  await plays(frameOf(page));
  assert.equal(await opened(), before + 1);
});

test("a private film by a session that was handed over", async () => {
  const avh = await house.customer.openSession(house.bunny);
  const before = await opened();
  const page = await readyPlayer(house, { id: house.bunny, token: await token(), privateSession: avh, autoplay: true });
  await plays(frameOf(page));
  assert.equal(await opened(), before, "the token was not needed");
});

test("a frame with its door still closed is bound: no second page, no second session, and the door opens", async () => {
  const before = await opened();
  const { player } = await house.customer.assets(house.bunny);
  const page = await frameOnPage(player);
  await page.frameLocator("iframe").locator(".door").waitFor();
  assert.equal(await opened(), before, "a frame that nobody drives waits for a person");
  await bindPlayer(page, house);
  await hears(page, "ready");
  await call(page, "play");
  await plays(frameOf(page));
  assert.equal(pagesAsked(page), 1);
  assert.equal(await opened(), before + 1);
});

test("a frame whose film is playing is bound, and plays on", async () => {
  const before = await opened();
  const { player } = await house.customer.assets(house.bunny);
  const page = await frameOnPage(`${player}#hide-title;loop`);
  await page.frameLocator("iframe").locator(".door").click();
  await plays(frameOf(page));
  await bindPlayer(page, house);
  await hears(page, "ready");
  assert.equal(await call(page, "getPlaying"), true);
  assert.equal(await call(page, "getLoop"), true, "the fragment it had counts still");
  await hears(page, "timeupdate");
  assert.equal(pagesAsked(page), 1);
  assert.equal(await opened(), before + 1);
});

test("from film to film in the same frame, and back without another session", async () => {
  const before = await opened();
  const first = await token();
  const page = await readyPlayer(house, { id: house.bikes, autoplay: true, muted: true });
  await plays(frameOf(page));
  const load = (options) => hearsAfter(page, "ready", () => call(page, "loadConfig", options));

  await load({ id: house.bunny, token: first, hideControls: true });
  await filmIs(page, (film) => !film.paused && film.muted && film.duration < 6);
  await frameOf(page).locator("media-control-bar").waitFor({ state: "hidden" });
  assert.equal((await heard(page, "firstplay")).length, 2);

  await load({ id: house.bikes, autoplay: false, hideControls: false });
  assert.ok((await call(page, "getDuration")) > 9);
  assert.equal(await call(page, "getPaused"), true);
  await frameOf(page).locator("media-control-bar").waitFor();
  await call(page, "setAutoplay", true);

  await load({ id: house.bunny, token: first });
  await filmIs(page, (film) => !film.paused && film.duration < 6);
  assert.equal(await opened(), before + 1);
  assert.equal(pagesAsked(page), 1);
});

test("a film that cannot be had is an error, and another one may follow", async () => {
  const page = await openSdkPage(house);
  await createPlayer(page, house, { id: house.bunny, token: "9d3e2b1c-7a55-4f0e-8a11-0123456789ab" });
  await hears(page, "error");
  await says(frameOf(page), "This video is not available.");
  assert.deepEqual(filmOf(page), []);
  await call(page, "loadConfig", { id: house.bikes });
  await hears(page, "ready");
  assert.equal((await heard(page, "error")).length, 1);
  await hearsAfter(page, "error", () => call(page, "loadConfig", { id: "../../etc" }));
});

test("a session that is ended is an error while the film plays", async () => {
  const page = await openSdkPage(house);
  // All of so short a film would be fetched at once: what follows the first pieces waits until the session has ended.
  let release;
  const ended = new Promise((resolve) => (release = resolve));
  await page.route(/\/[1-9]\d*\.m4s$/, async (route) => {
    await ended;
    await route.continue();
  });
  await createPlayer(page, house, { id: house.bunny, token: await token() });
  await hears(page, "ready");
  for (const { sessionId } of await house.customer.sessionsOf(house.bunny)) await house.customer.endSession(sessionId);
  await hearsAfter(page, "error", async () => {
    release();
    await call(page, "play");
  });
  await filmIs(page, (film) => film.readyState === 0 && film.buffered.length === 0);
});

test("the film is taken home as a file, private or not", async () => {
  for (const options of [{ id: house.bikes }, { id: house.bunny, token: await token() }]) {
    const page = await readyPlayer(house, options);
    const download = page.waitForEvent("download");
    await call(page, "download", "film.mp4");
    const file = await download;
    assert.equal(file.suggestedFilename(), "film.mp4");
    const path = await file.path();
    assert.ok(statSync(path).size > statSync(pathOf(BIKES)).size / 4);
    assert.equal(readFileSync(path).subarray(4, 8).toString("latin1"), "ftyp");
  }
});

test("a player that is destroyed leaves the page", async () => {
  const page = await readyPlayer(house, { id: house.bikes, autoplay: true });
  await plays(frameOf(page));
  await call(page, "destroy");
  await page.locator("iframe").waitFor({ state: "detached" });
});

test("two players on one page hear each their own", async () => {
  const page = await readyPlayer(house, { id: house.bikes });
  await page.evaluate(() => {
    window.first = window.player;
    document.body.append(Object.assign(document.createElement("div"), { id: "second" }));
    document.querySelector("#target").id = "old";
    document.querySelector("#second").id = "target";
  });
  await createPlayer(page, house, { id: house.bunny, token: await token() });
  await hears(page, "ready");
  const [first, second] = await page.evaluate(() => {
    return Promise.all([window.first.getDuration(), window.player.getDuration()]);
  });
  assert.ok(first > 9 && second < 6, `${first} and ${second}`);
});

test("another site in the frame's way is not obeyed, and hears nothing", async () => {
  const page = await openPage(await house.newContext());
  await page.goto(`${house.site.sibling}/sdk`);
  const claimed = Buffer.from(house.site.url).toString("base64");
  const src = `${house.server.url}/vod/${house.bikes}#autoplay;api;sdkOrigin:${claimed};sdkPlayerId:1`;
  await page.evaluate((src) => {
    window.heard = [];
    addEventListener("message", ({ data }) => window.heard.push(data));
    document.body.append(Object.assign(document.createElement("iframe"), { src, allow: "autoplay" }));
  }, src);
  await plays(frameOf(page));
  await page.evaluate(() => {
    const order = { message: "pause", sdkPlayerId: 1, callbackId: "abcdefghijklmnop" };
    window.frames[0].postMessage(order, "*");
    window.frames[0].postMessage({ ...order, message: "getVolume" }, "*");
  });
  await plays(frameOf(page));
  assert.deepEqual(await page.evaluate("window.heard"), []);
  assert.equal(await door(frameOf(page)).isVisible(), false);
});

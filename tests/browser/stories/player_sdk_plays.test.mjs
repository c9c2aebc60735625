// The player SDK plays our film: its orders are done, its questions answered, and it hears of all that happens.

import assert from "node:assert/strict";
import test from "node:test";
import { look, plays } from "../house/browser.mjs";
import { BUNNY } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";
import { call, createPlayer, filmIs, frameOf, heard, hears, hearsAfter, openSdkPage, readyPlayer } from "../house/sdk.mjs";

const house = useHouse(async (house) => {
  house.bunny = await house.customer.publish(BUNNY, { isPublic: true });
});

const player = (options) => readyPlayer(house, { id: house.bunny, ...options });

test("play and pause, and what is heard of them", async () => {
  const page = await player();
  assert.equal(await call(page, "getPaused"), true);
  assert.equal(await call(page, "getPlaying"), false);
  assert.deepEqual(await heard(page, "play"), [], "nothing plays unasked");

  await call(page, "play");
  await hears(page, "play");
  await hears(page, "firstplay");
  await plays(frameOf(page));
  assert.equal(await call(page, "getPaused"), false);
  assert.equal(await call(page, "getPlaying"), true);
  const { currentTime } = await hears(page, "timeupdate");
  assert.ok(currentTime > 0);
  assert.ok((await call(page, "getCurrentTime")) >= currentTime);

  await hearsAfter(page, "pause", () => call(page, "pause"));
  assert.equal(await call(page, "getPaused"), true);
  await hearsAfter(page, "play", () => call(page, "play"));
  assert.equal((await heard(page, "firstplay")).length, 1, "there is one first time");
  assert.equal((await heard(page, "ready")).length, 1);
  assert.deepEqual(await heard(page, "error"), []);
  assert.deepEqual(page.complaints, []);
});

test("seeking, to a place and by a distance, and the end", async () => {
  const page = await player();
  await hearsAfter(page, "seeking", () => call(page, "setCurrentTime", 2));
  await filmIs(page, (film) => film.currentTime === 2);
  await hearsAfter(page, "seeking", () => call(page, "seek", 1.5));
  await filmIs(page, (film) => film.currentTime === 3.5);
  await hearsAfter(page, "seeking", () => call(page, "seek", -3));
  await filmIs(page, (film) => film.currentTime === 0.5);
  assert.equal(await call(page, "getCurrentTime"), 0.5);

  await call(page, "setCurrentTime", BUNNY.seconds - 0.5);
  await hearsAfter(page, "ended", () => call(page, "play"));
  assert.equal(await call(page, "getPlaying"), false);
});

test("volume, muting and speed", async () => {
  const page = await player();
  assert.equal(await call(page, "getVolume"), 1);
  assert.deepEqual(await hearsAfter(page, "volumechange", () => call(page, "setVolume", 0.25)), { volume: 0.25 });
  assert.equal(await call(page, "getVolume"), 0.25);
  await hearsAfter(page, "volumechange", () => call(page, "setVolume", 7));
  assert.equal(await call(page, "getVolume"), 1, "louder than loud is loud");

  await hearsAfter(page, "volumechange", () => call(page, "mute"));
  assert.equal(await call(page, "getMuted"), true);
  await filmIs(page, (film) => film.muted);
  await hearsAfter(page, "volumechange", () => call(page, "unmute"));
  assert.equal(await call(page, "getMuted"), false);

  assert.equal(await call(page, "getPlaybackRate"), 1);
  await hearsAfter(page, "ratechange", () => call(page, "setPlaybackRate", 2));
  assert.equal(await call(page, "getPlaybackRate"), 2);
  await filmIs(page, (film) => film.playbackRate === 2);
});

test("what the film is", async () => {
  const page = await player();
  assert.ok(Math.abs((await call(page, "getDuration")) - BUNNY.seconds) < 0.2);
  const { width, height } = await call(page, "getVideoSize");
  assert.equal(Math.round((width / height) * 9), 16);
  assert.equal((await look(frameOf(page))).width, width);
  assert.equal(await call(page, "isLiveStream"), false);
  assert.equal(await call(page, "getLoop"), false);
});

test("a film that loops begins again, and one that may not any more ends", async () => {
  const page = await player({ loop: true });
  assert.equal(await call(page, "getLoop"), true);
  await call(page, "setCurrentTime", BUNNY.seconds - 0.5);
  await call(page, "play");
  await filmIs(page, (film) => !film.paused && film.currentTime > 0.1 && film.currentTime < 2);
  assert.deepEqual(await heard(page, "ended"), []);
  await call(page, "setLoop", false);
  assert.equal(await call(page, "getLoop"), false);
  await call(page, "setCurrentTime", BUNNY.seconds - 0.5);
  await hears(page, "ended");
  await call(page, "setLoop", true);
  assert.equal(await call(page, "getLoop"), true);
});

test("what is asked before the film is there is done when it is, in order", async () => {
  const page = await openSdkPage(house);
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route("**/manifest.m3u8", async (route) => {
    await released;
    await route.continue();
  });
  await createPlayer(page, house, { id: house.bunny, playbackRate: 1.5 });
  await call(page, "setVolume", 0.5);
  await call(page, "setCurrentTime", 3);
  await call(page, "play");
  await hears(page, "volumechange");
  assert.deepEqual(await heard(page, "play"), []);
  release();
  await hears(page, "ready");
  await hears(page, "firstplay");
  await filmIs(page, (film) => film.currentTime > 3.2 && film.volume === 0.5 && film.playbackRate === 1.5);
  const types = await page.evaluate(() => window.heard.map(({ type }) => type));
  assert.ok(types.indexOf("ready") < types.indexOf("play"));
});

test("the options that say how to play: autoplay, muted, a sequence", async () => {
  const page = await player({ autoplay: true, muted: true, sequence: { start: 2, end: 3 } });
  await hears(page, "play");
  await filmIs(page, (film) => film.muted && film.paused && film.currentTime >= 3 && film.currentTime < 4);
  const times = (await heard(page, "timeupdate")).map(({ currentTime }) => currentTime);
  assert.ok(Math.min(...times) >= 2, `it began at ${Math.min(...times)}`);

  const quiet = await player({ autoplay: false, muted: false, loop: false, hideControls: false });
  assert.equal(await call(quiet, "getPaused"), true);
  assert.equal(await call(quiet, "getMuted"), false);
  assert.deepEqual(await heard(quiet, "play"), [], "false is not true");
});

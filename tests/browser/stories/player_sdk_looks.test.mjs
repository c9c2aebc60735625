// The player SDK changes how the player looks, and hears of what happens around the film.

import assert from "node:assert/strict";
import test from "node:test";
import { BUNNY } from "../house/clips.mjs";
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
  house.bunny = await house.customer.publish(BUNNY, { isPublic: true });
});

const player = (options) => readyPlayer(house, { id: house.bunny, ...options });
const piece = (page, selector) => frameOf(page).locator(selector);
const shown = (page, selector) => piece(page, selector).waitFor({ state: "visible" });
const hidden = (page, selector) => piece(page, selector).waitFor({ state: "hidden" });
const BAR = "media-control-bar";

test("controls: all of them, or some", async () => {
  const page = await player();
  await shown(page, BAR);
  await hearsAfter(page, "controlsdisabled", () => call(page, "hideControls"));
  await hidden(page, BAR);
  await call(page, "showControls", ["progressBar", "fullscreen"]);
  await shown(page, `${BAR} media-time-range`);
  await hidden(page, `${BAR} media-play-button`);
  await hidden(page, "media-settings-menu-button");

  await hearsAfter(page, "controlsenabled", () => call(page, "showControls"));
  await shown(page, `${BAR} media-play-button`);
  await call(page, "hideControls", ["play", "volume", "no such control"]);
  await hidden(page, `${BAR} media-play-button`);
  await hidden(page, `${BAR} media-mute-button`);
  await shown(page, `${BAR} media-time-range`);
  for (const type of ["controlsenabled", "controlsdisabled"]) assert.equal((await heard(page, type)).length, 1, type);
});

test("chromeless: nothing but the film, and back", async () => {
  const page = await player({ chromeless: true });
  await hidden(page, BAR);
  await hidden(page, ".film .start");
  await call(page, "setChromeless", false);
  await shown(page, BAR);
  await call(page, "setChromeless", true);
  await hidden(page, BAR);
  await call(page, "play");
  await hears(page, "play");
});

test("a film that begins muted without controls keeps the button that brings the sound back", async () => {
  const page = await player({ hideControls: true, muted: true });
  await hidden(page, BAR);
  await shown(page, ".unmute");
  await hearsAfter(page, "volumechange", () => call(page, "unmute"));
  await hidden(page, ".unmute");
});

test("the poster, until the film plays", async () => {
  const page = await player();
  await shown(page, ".poster");
  await call(page, "hidePoster");
  await hidden(page, ".poster");
  await call(page, "showPoster");
  await shown(page, ".poster");
  const picture = await piece(page, ".poster").evaluate((poster) => poster.style.backgroundImage);
  assert.match(picture, new RegExp(`/vod/${house.bunny}/thumbnail\\.jpg`));
  await call(page, "play");
  await hidden(page, ".poster");
  await hidden(await player({ hidePoster: true }), ".poster");
});

test("styles of the film and of the poster, by the names the SDK gives them", async () => {
  const page = await player();
  const styles = async () => ({
    film: await frameOf(page).evaluate(() => window.findFilm().style.cssText),
    poster: await piece(page, ".poster").evaluate(({ style }) => `${style.transform} ${style.backgroundSize}`),
  });
  await call(page, "setVideoStyleTransform", "rotateY(180deg)");
  await call(page, "setVideoStyleObjectFit", "fill");
  await filmIs(page, (film) => film.style.objectFit === "fill");
  const { film, poster } = await styles();
  assert.match(film, /transform: rotateY\(180deg\)/);
  assert.equal(poster, "rotateY(180deg) 100% 100%");
  await call(page, "setVideoStyleObjectFit", "cover");
  await filmIs(page, (film) => film.style.objectFit === "cover");
  assert.equal((await styles()).poster, "rotateY(180deg) cover");
});

test("a theme colours what it names and leaves the rest", async () => {
  const page = await player();
  const film = piece(page, ".film");
  const colour = (name) => film.evaluate((film, name) => getComputedStyle(film).getPropertyValue(name), name);
  const before = await colour("--media-range-bar-color");
  await call(page, "setTheme", { link: "rgb(1, 2, 3)", backgroundBottom: "#0000ff", madeUp: "red" });
  await frameOf(page).waitForFunction(() => document.querySelector(".film").style.length > 0);
  assert.equal(await colour("--media-icon-color"), "rgb(1, 2, 3)");
  assert.equal(await colour("--media-control-background"), "#0000ff");
  assert.equal(await colour("--media-range-bar-color"), before);
  await frameOf(page).waitForFunction((selector) => {
    return getComputedStyle(document.querySelector(selector)).backgroundColor === "rgb(0, 0, 255)";
  }, `${BAR} media-mute-button`);
});

test("fullscreen and picture in picture, which the browser allows after a click", async () => {
  const page = await player();
  await piece(page, ".film").click({ position: { x: 320, y: 80 } });
  const into = await hearsAfter(page, "fullscreenchange", () => call(page, "requestFullscreen"));
  assert.deepEqual(into, { isFullScreen: true });
  const outOf = await hearsAfter(page, "fullscreenchange", () => call(page, "exitFullscreen"));
  assert.deepEqual(outOf, { isFullScreen: false });

  await piece(page, ".film").click({ position: { x: 320, y: 80 } });
  await call(page, "requestPictureInPicture");
  await frameOf(page).waitForFunction(() => document.pictureInPictureElement !== null);
  await call(page, "exitPictureInPicture");
  await frameOf(page).waitForFunction(() => document.pictureInPictureElement === null);
});

test("a frame that may do neither says so, and stays as it is", async () => {
  const page = await openSdkPage(house);
  const answers = [];
  await page.exposeFunction("answered", (arg) => answers.push(arg));
  await page.evaluate((src) => {
    addEventListener("message", ({ data }) => data.callbackId && window.answered(data.arg));
    const frame = Object.assign(document.createElement("iframe"), { src, allow: "picture-in-picture 'none'" });
    document.body.append(frame);
  }, `${house.server.url}/vod/${house.bunny}`);
  // The SDK binds by changing the frame's address: before the page in it has come, that is a second navigation that races the first.
  await page.frameLocator("iframe").locator("admit-player").waitFor();
  await bindPlayer(page, house);
  await hears(page, "ready");
  await piece(page, ".film").click({ position: { x: 100, y: 40 } });
  await call(page, "requestFullscreen");
  await call(page, "requestPictureInPicture");
  await call(page, "exitFullscreen");
  assert.equal(await call(page, "getVolume"), 1);
  assert.deepEqual(answers, [false, false, false, 1]);
  assert.deepEqual(await heard(page, "fullscreenchange"), []);
});

test("the mouse, the viewer and the frame's size", async () => {
  const page = await player({ autoplay: true });
  await page.mouse.move(900, 500);
  await hearsAfter(page, "mouseenter", () => page.mouse.move(300, 200));
  await hears(page, "useractive");
  // A mouse that is moved by a program leaves no trace in the frame it left.
  await hearsAfter(page, "mouseleave", () => piece(page, "admit-player").dispatchEvent("mouseleave"));
  await hears(page, "userinactive");
  await hearsAfter(page, "playerresize", () => {
    return page.evaluate(() => void (document.querySelector("#target").style.width = "320px"));
  });
});

test("the picture's size, which is its quality, within bounds", async () => {
  const page = await player({ minimalQuality: 360, maximalQuality: 400 });
  await hears(page, "resize");
  assert.equal((await hears(page, "qualitychange")).resolution.height, 360);

  // What is there already is played; what is fetched from now on keeps to the bounds.
  await call(page, "setMinimalQuality", 100);
  await call(page, "setMaximalQuality", 240);
  const { resolution } = await hearsAfter(page, "qualitychange", () => call(page, "play"));
  assert.equal(resolution.height, 240);

  const better = await player({ maximalQuality: 240 });
  assert.equal((await call(better, "getVideoSize")).height, 240);
  await call(better, "setMaximalQuality", 400);
  await call(better, "setMinimalQuality", 360);
  const { resolution: after } = await hearsAfter(better, "qualitychange", () => call(better, "play"));
  assert.equal(after.height, 360);
});

for (const kind of ["chromecast", "airplay"]) {
  test(`playing on another screen by ${kind}`, async () => {
    const page = await house.newPage();
    // What tells Apple's browsers from the others.
    if (kind === "airplay") await page.addInitScript(() => (window.WebKitPlaybackTargetAvailabilityEvent = Event));
    await page.goto(`${house.site.url}/sdk`);
    await createPlayer(page, house, { id: house.bunny });
    await hears(page, "ready");
    const dispatch = (type) => window.findFilm().remote.dispatchEvent(new Event(type));
    const tell = (type) => frameOf(page).evaluate(dispatch, type);
    await hearsAfter(page, `${kind}Connected`, () => tell("connect"));
    await hearsAfter(page, `${kind}Disconnected`, () => tell("disconnect"));
  });
}

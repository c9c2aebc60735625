// A player theme as the customer made it with the unmodified client, captions and chapters, as a viewer sees them.

import assert from "node:assert/strict";
import test from "node:test";
import { look, plays } from "../house/browser.mjs";
import { BUNNY } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";
import { bindPlayer, call, createPlayer, filmIs, frameOf, heard, hears, openSdkPage, readyPlayer } from "../house/sdk.mjs";

const TITLE = "A bunny & <i>a butterfly</i>";
const LINK = "https://customer.example/about";
/** One transparent pixel. */
const LOGO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const cues = (...texts) =>
  Buffer.from(`WEBVTT\n\n${texts.map((text, at) => `00:0${at * 2}.000 --> 00:0${at * 2 + 2}.000\n${text}\n`).join("\n")}`);

const house = useHouse(async (house) => {
  const { client } = house.customer;
  house.open = await house.customer.publish(BUNNY, { isPublic: true, title: TITLE });
  house.secret = await house.customer.publish(BUNNY, { title: TITLE });
  for (const videoId of [house.open, house.secret]) {
    await client.captions.upload(videoId, "en", cues("Hello.", "Goodbye."));
    await client.chapters.upload(videoId, "en", cues("Morning", "Evening"));
  }
});

async function wears(videoId, look) {
  const { playerId } = await house.customer.client.playerThemes.create(look);
  await house.customer.client.videos.update(videoId, { playerId });
  return playerId;
}

async function visit(address) {
  const page = await house.newPage();
  await page.goto(address);
  await page.locator(".film, .door").first().waitFor({ state: "attached" });
  return page;
}

const publicPage = (fragment = "") => visit(`${house.server.url}/vod/${house.open}${fragment}`);
const colourOf = (page, selector, property) =>
  page.locator(selector).first().evaluate((element, name) => getComputedStyle(element)[name], property);

for (const kind of ["open", "secret"]) {
  test(`colours, title and logo of an ${kind} film`, async () => {
    const look = { link: "rgb(10, 20, 30)", backgroundText: "rgb(40, 50, 60)", text: "rgb(70, 80, 90)" };
    const playerId = await wears(house[kind], look);
    await house.customer.client.playerThemes.uploadLogo(playerId, LOGO, LINK);
    const page = await visit((await house.customer.assets(house[kind])).player + "#hotkeys:false");
    if (kind === "secret") {
      assert.equal(await page.locator(".title").textContent(), "", "the title is for those who may watch");
      await page.locator(".door").click();
    }
    await page.locator(".title").getByText(TITLE, { exact: true }).waitFor();
    assert.equal(await colourOf(page, ".title", "color"), look.backgroundText);
    assert.equal(await colourOf(page, "media-time-display", "color"), look.text);
    const icons = await page.locator(".film").evaluate((film) => getComputedStyle(film).getPropertyValue("--media-icon-color"));
    assert.equal(icons.replace(/\s/g, ""), look.link.replace(/\s/g, ""));
    const logo = page.locator("a.logo");
    assert.equal(await logo.getAttribute("href"), LINK);
    await page.waitForFunction(() => document.querySelector(".logo img").naturalWidth > 0);
    assert.deepEqual(page.complaints, []);
  });
}

test("what a theme forces happens unasked, and a page may wish for it without a theme", async () => {
  await wears(house.open, { forceAutoplay: true, forceLoop: true, hideTitle: true, enableControls: false });
  const forced = await publicPage();
  await plays(forced);
  await forced.locator("media-control-bar").waitFor({ state: "hidden" });
  await forced.locator(".title").waitFor({ state: "hidden" });
  assert.ok(await forced.evaluate(() => window.findFilm().loop));

  await wears(house.open, {});
  const plain = await publicPage();
  await plain.locator("media-control-bar").waitFor();
  await plain.locator(".title").getByText(TITLE, { exact: true }).waitFor();
  const wishing = await publicPage("#hide-title;hide-controls;adTagUrl:https://ads.example/vast?a=1;loop");
  await wishing.locator("media-control-bar").waitFor({ state: "hidden" });
  await wishing.locator(".title").waitFor({ state: "hidden" });
  assert.equal((await look(wishing)).time, 0);
  assert.ok(wishing.answers.every(({ url }) => url.startsWith(house.server.url)), "no advertisement is fetched");
});

test("a theme without API: the SDK is neither heard nor answered, and the viewer watches undisturbed", async () => {
  await wears(house.open, { enableApi: false, forceAutoplay: true });
  const page = await openSdkPage(house);
  await createPlayer(page, house, { id: house.open });
  await bindPlayer(page, house);
  await plays(frameOf(page));
  await page.evaluate((origin) => {
    const order = { message: "pause", sdkPlayerId: 2, callbackId: "abcdefghijklmnop" };
    window.frames[0].postMessage(order, origin);
  }, house.server.url);
  await plays(frameOf(page));
  for (const type of ["ready", "play", "timeupdate"]) assert.deepEqual(await heard(page, type), [], type);
  await wears(house.open, {});
});

test("the SDK shows and hides the title", async () => {
  const page = await readyPlayer(house, { id: house.open, hideTitle: true });
  const title = frameOf(page).locator(".title");
  await title.waitFor({ state: "hidden" });
  await call(page, "showTitle");
  await title.getByText(TITLE, { exact: true }).waitFor();
  await call(page, "hideTitle");
  await title.waitFor({ state: "hidden" });
});

test("captions are there once, shown and hidden by the SDK or from the start", async () => {
  const page = await readyPlayer(house, { id: house.open });
  const showing = (film) => [...film.textTracks].some(({ mode, cues }) => mode === "showing" && cues?.[0]?.text === "Hello.");
  await frameOf(page).locator("media-captions-button").waitFor();
  const listed = (film) => [...film.textTracks].filter(({ kind }) => kind === "subtitles" || kind === "captions").length === 1;
  await filmIs(page, listed);
  await call(page, "showSubtitles");
  await filmIs(page, showing);
  await call(page, "hideSubtitles");
  await filmIs(page, (film) => [...film.textTracks].every(({ kind, mode }) => kind !== "subtitles" || mode === "disabled"));

  await filmIs(await readyPlayer(house, { id: house.open, showSubtitles: true }), showing);
  const secret = await house.customer.assets(house.secret);
  const token = secret.player.split("=")[1];
  await filmIs(await readyPlayer(house, { id: house.secret, token, showSubtitles: true }), showing);
});

test("chapters divide the time line", async () => {
  const page = await publicPage();
  const range = page.locator("media-time-range");
  await page.waitForFunction(() => document.querySelector("media-time-range").mediaChaptersCues?.length === 2);
  const texts = await range.evaluate(({ mediaChaptersCues }) => mediaChaptersCues.map(({ text }) => text));
  assert.deepEqual(texts, ["Morning", "Evening"]);
  const token = (await house.customer.assets(house.secret)).player.split("=")[1];
  const framed = await readyPlayer(house, { id: house.secret, token });
  await hears(framed, "ready");
  await frameOf(framed).waitForFunction(() => document.querySelector("media-time-range").mediaChaptersCues?.length === 2);
});

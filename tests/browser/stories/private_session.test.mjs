// The vendor's session client, unmodified, on a page of another origin: one token, one session, every address of a film.

import assert from "node:assert/strict";
import test from "node:test";
import { filmOf, plays } from "../house/browser.mjs";
import { BUNNY } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const USED = "Can't retrieve a session token. The private token has probably already been used.";

const house = useHouse(
  async (house) => {
    house.bunny = await house.customer.publish(BUNNY);
  },
  { tls: true },
);

async function openPage() {
  const page = await house.newPage();
  await page.goto(`${house.site.url}/session`);
  return page;
}

const opened = async () => (await house.customer.sessionsOf(house.bunny)).length;

/** Calls one method of a session client that is made from these options. */
function ask(page, options, method) {
  const { host } = new URL(house.server.url);
  return page.evaluate(
    async ([options, method]) => {
      try {
        return { value: await new window.PrivateVideoSession(options)[method]() };
      } catch (error) {
        return { error: error.message };
      }
    },
    [{ domains: { vod: host, embed: host, live: host }, ...options }, method],
  );
}

/** Shows an address in the page, as an element of that kind. */
function show(page, tag, src) {
  return page.evaluate(
    ([tag, src]) => {
      document.body.replaceChildren();
      const element = document.createElement(tag);
      element.muted = true;
      element.allow = "autoplay";
      document.body.append(element);
      element.src = src;
      if (tag === "video") void element.play();
    },
    [tag, src],
  );
}

test("thumbnail, mp4, hls and player of one token are one session", async () => {
  const page = await openPage();
  const before = await opened();
  const { player } = await house.customer.assets(house.bunny);
  const options = { assetUrl: player };
  const address = async (method) => (await ask(page, options, method)).value;

  await show(page, "img", await address("getThumbnailUrl"));
  await page.waitForFunction("document.querySelector('img').naturalWidth > 0");
  await show(page, "video", await address("getMp4Url"));
  await plays(page);
  await page.evaluate((src) => {
    document.body.replaceChildren(Object.assign(document.createElement("video"), { muted: true }));
    const hls = new window.Hls();
    hls.loadSource(src);
    hls.attachMedia(document.querySelector("video"));
    hls.on(window.Hls.Events.MANIFEST_PARSED, () => document.querySelector("video").play());
  }, await address("getHlsUrl"));
  await plays(page);
  await show(page, "iframe", `${await address("getPlayerUrl")}#autoplay`);
  await page.frameLocator("iframe").locator("admit-player").waitFor();
  await plays(page.frames()[1]);

  assert.equal(await opened(), before + 1);
  assert.deepEqual(page.answers.filter(({ status }) => status >= 400), []);
});

for (const asset of ["hls", "mp4", "thumbnail", "player"]) {
  test(`the ${asset} address alone opens a session, and no second browser does`, async () => {
    const page = await openPage();
    const before = await opened();
    const assetUrl = (await house.customer.assets(house.bunny))[asset];
    const { value } = await ask(page, { assetUrl }, "getSessionToken");
    assert.ok(value);
    await page.reload();
    assert.equal((await ask(page, { assetUrl }, "getSessionToken")).value, value, "a reload keeps it");

    const other = await openPage();
    assert.equal((await ask(other, { assetUrl }, "getSessionToken")).error, USED);
    assert.equal((await ask(other, { assetUrl }, "getMp4Url")).error, USED);
    assert.deepEqual(filmOf(other), []);
    assert.equal(await opened(), before + 1);
  });
}

test("a token and an id do as well as an address", async () => {
  const page = await openPage();
  const { player } = await house.customer.assets(house.bunny);
  const token = player.split("=")[1];
  const { value } = await ask(page, { token, videoId: house.bunny }, "getThumbnailUrl");
  await show(page, "img", value);
  await page.waitForFunction("document.querySelector('img').naturalWidth > 0");
  assert.equal((await ask(await openPage(), { token, videoId: house.bunny }, "getThumbnailUrl")).error, USED);
});

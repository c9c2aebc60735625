// Sessions as api.video's clients hand them on: `avh` in the query, or a bare address that a browser asks for again.

import assert from "node:assert/strict";
import test from "node:test";
import { door, filmOf, plays, seek } from "../house/browser.mjs";
import { BUNNY } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const house = useHouse(async (house) => {
  house.bunny = await house.customer.publish(BUNNY);
});

async function fresh() {
  const before = (await house.customer.sessionsOf(house.bunny)).length;
  const assets = await house.customer.assets(house.bunny);
  return { ...assets, opened: async () => (await house.customer.sessionsOf(house.bunny)).length - before };
}

async function isRefused(address) {
  const reply = await fetch(address);
  assert.equal(reply.status, 404, address);
  assert.ok(reply.headers.get("admit-reason"), address);
  assert.doesNotMatch(reply.headers.get("content-type") ?? "", /video|image|mpegurl/);
}

test("one session carries thumbnail, embed page and mp4", async () => {
  const { session, thumbnail, player, mp4, opened } = await fresh();
  const { session_token: avh } = await (await fetch(session)).json();

  const picture = await fetch(`${thumbnail}?avh=${avh}`);
  assert.equal(picture.status, 200);
  assert.equal(picture.headers.get("content-type"), "image/jpeg");
  assert.deepEqual([...new Uint8Array(await picture.arrayBuffer()).slice(0, 2)], [0xff, 0xd8]);

  const page = await house.newPage();
  await page.goto(`${player}&avh=${avh}#autoplay`);
  await plays(page);
  assert.equal(await door(page).isVisible(), false);
  assert.ok(!page.url().includes(avh), "the address bar keeps no session");
  await page.reload();
  await plays(page);

  const other = await house.newPage();
  await other.goto(`${house.site.url}/mp4#${mp4}?avh=${avh}`);
  await plays(other);
  await seek(other, 3);
  assert.equal(await opened(), 1, "one session for all of it");

  await isRefused(mp4);
  await isRefused(`${mp4}?avh=${avh.slice(0, -1)}${avh.endsWith("A") ? "B" : "A"}`);
  const foreign = await fresh();
  await isRefused(`${foreign.mp4}?avh=${avh}`);
  assert.equal(await opened(), 1);
});

test("a thumbnail spends the token, so the mp4 without its session is not found", async () => {
  const { thumbnail, mp4, hls, opened } = await fresh();
  const picture = await fetch(thumbnail);
  assert.equal(picture.status, 200);
  const avh = picture.headers.get("x-token-session");
  assert.ok(avh);
  for (const address of [mp4, hls, thumbnail]) await isRefused(address);
  assert.equal((await fetch(mp4, { headers: { "X-Token-Session": avh, Range: "bytes=0-99" } })).status, 206);
  assert.equal(await opened(), 1);
});

test("a bare video element plays, seeks and asks again, and another browser may not", async () => {
  const { mp4, opened } = await fresh();
  const page = await house.newPage();
  await page.goto(`${house.site.sibling}/mp4#${mp4}`);
  await plays(page);
  await seek(page, 3);
  await page.evaluate(() => document.querySelector("video").load());
  await plays(page, { by: 0.5 });
  await page.goto(mp4);
  await plays(page, { by: 0.5 });
  assert.ok(filmOf(page).length >= 2, "it asked more than once");
  assert.deepEqual(page.answers.filter(({ status }) => status >= 400), []);
  assert.equal(await opened(), 1);

  const cookies = await page.context().cookies(mp4);
  assert.equal(cookies.length, 1);
  assert.equal(cookies[0].path, new URL(mp4).pathname, "the cookie opens this address and no other");
  assert.equal(cookies[0].httpOnly, true);

  const other = await house.newPage();
  await other.goto(`${house.site.sibling}/mp4#${mp4}`);
  await other.waitForFunction("window.errors.length > 0");
  assert.deepEqual(filmOf(other), []);
  await isRefused(mp4);
  assert.equal(await opened(), 1);
});

// An encrypted film plays in a browser, whose player fetches the keys by the session's own address.

import assert from "node:assert/strict";
import test from "node:test";
import { look, plays, seek } from "../house/browser.mjs";
import { BUNNY } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const house = useHouse(async (house) => {
  house.bunny = await house.customer.publish(BUNNY);
  await house.customer.make(`/videos/${house.bunny}/encryption`, { method: "AES-128", segmentsPerKey: 1 }, "PUT");
});

test("hls.js on another origin plays an encrypted film, and seeks in it", async () => {
  const handle = await house.customer.openSession(house.bunny);
  const page = await house.newPage();
  await page.goto(`${house.site.url}/hls#${house.server.url}/s/${handle}/${house.bunny}/hls/master.m3u8`);
  await plays(page);
  const there = await seek(page, BUNNY.seconds - 1.5);
  assert.ok(there.time > BUNNY.seconds - 1.5 && there.width > 0);
  assert.equal((await look(page)).error, undefined);
  const keys = page.answers.filter(({ url }) => url.includes("/keys/"));
  assert.ok(keys.length >= 2, `${keys.length} keys`);
  assert.ok(keys.every(({ status }) => status === 200));
});

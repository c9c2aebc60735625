// What was given can be taken back, and the player says so; what cannot be had yet is waited for.

import assert from "node:assert/strict";
import test from "node:test";
import { enter, filmOf, look, plays, says } from "../house/browser.mjs";
import { BIKES } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const ENDED = "Your session has ended.";

const house = useHouse(async (house) => {
  house.bikes = await house.customer.publish(BIKES);
});

async function link() {
  return (await house.customer.assets(house.bikes)).player;
}

async function endAll() {
  for (const { sessionId } of await house.customer.sessionsOf(house.bikes)) await house.customer.endSession(sessionId);
}

test("a session that is ended ends the film, its reload and its way back", async () => {
  const page = await house.newPage();
  // All of so short a film would be fetched at once: what follows the first piece waits until the session has ended.
  let release;
  const ended = new Promise((resolve) => (release = resolve));
  let pieces = 0;
  await page.route("**/*.m4s", async (route) => {
    pieces += 1;
    if (pieces > 1) await ended;
    await route.continue();
  });
  await enter(page, await link());
  await plays(page);
  await endAll();
  const delivered = filmOf(page).length;
  release();
  await says(page, ENDED);
  assert.equal(await page.locator(".film").isVisible(), false);
  assert.equal((await look(page)).time, 0, "what was buffered is gone too");

  await page.reload();
  await says(page, ENDED);
  await page.goto(`${house.site.url}/frame#about:blank`);
  await page.goBack();
  await says(page, ENDED);
  assert.equal(filmOf(page).length, delivered, "not a byte after the end");
});

test("what is not yet playable is waited for, and starts by itself", async () => {
  const page = await house.newPage();
  let early = 0;
  await page.route("**/master.m3u8", (route) => {
    early += 1;
    return early > 2 ? route.continue() : route.fulfill({ status: 202, body: "" });
  });
  await enter(page, await link());
  await says(page, "The video is still being prepared — it will start by itself.");
  await plays(page);
  assert.equal(await page.getByRole("status").textContent(), "");
});

test("a server that cannot tell is asked again", async () => {
  const page = await house.newPage();
  let asked = 0;
  await page.route("**/session", (route) => {
    asked += 1;
    const headers = { "Retry-After": "1", "Admit-Reason": "cannot_know" };
    return asked > 1 ? route.continue() : route.fulfill({ status: 503, headers, body: "{}" });
  });
  await enter(page, await link());
  await says(page, "The server cannot check your access right now; trying again.");
  await plays(page);
  assert.equal(asked, 2);
});

test("a link to nothing says so, and a public film asks for nothing", async () => {
  const page = await house.newPage();
  await page.goto(`${house.server.url}/vod/${house.bikes}`);
  await says(page, "This video is not available.");
  assert.deepEqual(filmOf(page), []);

  const open = await house.customer.publish(BIKES, { isPublic: true });
  await page.goto(`${house.server.url}/vod/${open}#autoplay;t=2,4`);
  await page.waitForFunction(() => {
    const film = window.findFilm();
    return film?.paused && film.currentTime >= 4;
  });
  assert.ok((await look(page)).time < 6, "it stopped where it was told to");
  assert.deepEqual(await house.customer.sessionsOf(open), []);
  assert.deepEqual(page.complaints, []);
});

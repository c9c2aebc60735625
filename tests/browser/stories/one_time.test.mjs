// A one-time link in the embed page: it plays for the first who presses Play, and for nobody else.

import assert from "node:assert/strict";
import test from "node:test";
import { door, enter, filmOf, listen, look, openPage, plays, says, seek } from "../house/browser.mjs";
import { BIKES } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const TITLE = "Secret title of bikes";
const USED = "This link has already been used.";

const house = useHouse(async (house) => {
  house.bikes = await house.customer.publish(BIKES, { title: TITLE });
});

const sessions = () => house.customer.sessionsOf(house.bikes);

/** A fresh one-time link, and the sessions that were open before it. */
async function link() {
  const { player } = await house.customer.assets(house.bikes);
  const before = (await sessions()).length;
  return { player, opened: async () => (await sessions()).length - before };
}

test("the page gives nothing away and spends nothing until a person presses Play", async () => {
  const { player, opened } = await link();
  const page = await house.newPage();
  await page.goto(player);
  await door(page).waitFor();
  await page.evaluate(() => document.querySelector(".door").click());
  assert.equal(await opened(), 0, "a script's click is nobody's");
  const content = await page.content();
  assert.ok(!content.includes(TITLE) && !content.includes(house.bikes));
  assert.deepEqual(filmOf(page), []);
  const origins = new Set(page.answers.map(({ url }) => new URL(url).origin));
  assert.deepEqual([...origins], [house.server.url], "nothing is fetched from elsewhere");

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await plays(page);
  assert.equal(await opened(), 1);
  assert.deepEqual(page.complaints, []);
});

test("it plays on after a reload, and is refused in words to a second tab and a second browser", async () => {
  const { player, opened } = await link();
  const page = await house.newPage();
  await enter(page, player);
  await plays(page);
  assert.ok(!page.url().includes("token"), "the address bar keeps no credential");

  const { time } = await look(page);
  await page.reload();
  await door(page).waitFor({ state: "hidden" });
  const { time: after } = await plays(page);
  assert.ok(after > time, `it went on from ${time} and stands at ${after}`);
  await page.goto(player);
  await plays(page);

  for (const context of [page.context(), await house.newContext()]) {
    const other = await openPage(context);
    await enter(other, player);
    await says(other, USED);
    assert.deepEqual(filmOf(other), [], "not a byte for the second viewer");
    await other.reload();
    await enter(other, player);
    await says(other, USED);
    await other.close();
  }
  await seek(page, 0.5);
  assert.equal(await opened(), 1, "one viewer, one session");
});

test("a duplicated tab waits until the first one is closed", async () => {
  const { player, opened } = await link();
  const page = await house.newPage();
  await enter(page, player);
  await plays(page);

  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    page.evaluate(() => void window.open(location.href)),
  ]);
  const copy = listen(popup);
  await says(copy, "This video is already playing in another tab.");
  assert.deepEqual(filmOf(copy), []);
  await page.close();
  await plays(copy);
  assert.equal(await opened(), 1);
});

test("a reply that was lost is given again, and opens no second session", async () => {
  const { player, opened } = await link();
  const page = await house.newPage();
  let lost = 0;
  await page.route("**/session", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort("connectionreset");
  });
  await enter(page, player);
  await plays(page);
  assert.equal(lost, 1);
  assert.equal(await opened(), 1);
});

test("where the page may store nothing it plays until it is left", async () => {
  const { player, opened } = await link();
  const page = await house.newPage();
  await page.addInitScript(() => {
    Object.defineProperty(window, "sessionStorage", {
      get: () => {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  await enter(page, player);
  await plays(page);
  await page.reload();
  const delivered = filmOf(page).length;
  await door(page).click();
  await says(page, USED);
  assert.equal(filmOf(page).length, delivered);
  assert.equal(await opened(), 1);
});

test("it plays in a frame of a foreign site, without cookies", async () => {
  const { player, opened } = await link();
  const page = await house.newPage();
  await page.goto(`${house.site.url}/frame#${player}`);
  await page.frameLocator("iframe").locator(".door").click();
  await plays(page.frames()[1]);
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal(await opened(), 1);
});

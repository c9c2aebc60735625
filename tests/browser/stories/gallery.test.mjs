// The sample app: a page of private thumbnails, each with a session of its own, where a click plays.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { filmOf, plays } from "../house/browser.mjs";
import { BIKES, BUNNY } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const GALLERY = fileURLToPath(new URL("../../../examples/gallery/server.mjs", import.meta.url));

const house = useHouse(async (house) => {
  house.films = [
    await house.customer.publish(BIKES, { title: "Bikes" }),
    await house.customer.publish(BUNNY, { title: "Bunny" }),
  ];
  await house.customer.publish(BIKES, { title: "For everybody", isPublic: true });
  await openGallery();
});
test.after(() => house.gallery?.kill());

async function openGallery() {
  const env = { ...process.env, ADMIT_URL: house.server.url, ADMIT_API_KEY: house.server.key, PORT: "0" };
  house.gallery = spawn(process.execPath, [GALLERY], { env, stdio: ["ignore", "pipe", "inherit"] });
  house.address = await new Promise((resolve, reject) => {
    house.gallery.once("exit", (code) => reject(new Error(`the gallery ended with ${code}`)));
    createInterface({ input: house.gallery.stdout }).once("line", (line) => resolve(line.split(" ").at(-1)));
  });
}

const opened = async () => Promise.all(house.films.map(async (id) => (await house.customer.sessionsOf(id)).length));

async function visit() {
  const page = await house.newPage();
  await page.goto(house.address);
  await page.waitForFunction(
    "document.images.length === 2 && [...document.images].every(({ naturalWidth }) => naturalWidth > 0)",
  );
  return page;
}

test("a visitor sees every private film and plays one of them by a click", async () => {
  const before = await opened();
  const page = await visit();
  assert.deepEqual(await page.getByRole("button").allTextContents(), ["Bikes", "Bunny"]);
  await page.getByRole("button", { name: "Bunny" }).click();
  await page.frameLocator("iframe").locator("admit-player").waitFor();
  await plays(page.frames()[1]);
  assert.deepEqual(await opened(), before.map((count) => count + 1), "one session a film, for the picture and the play");
  assert.deepEqual(page.answers.filter(({ status }) => status >= 400), []);
  assert.ok(page.answers.every(({ url }) => !url.includes(house.server.key)));
});

test("a second visitor has sessions of their own, and the first one's addresses open nothing", async () => {
  const first = await visit();
  const before = await opened();
  const second = await visit();
  assert.deepEqual(await opened(), before.map((count) => count + 1));
  const sessions = ({ answers }) => answers.filter(({ url }) => url.endsWith("/session")).map(({ url }) => url);
  assert.equal(new Set([...sessions(first), ...sessions(second)]).size, 4);

  const copied = filmOf(first).find(({ url }) => url.includes("/thumbnail.jpg"));
  const bare = copied.url.split("?")[0];
  const thief = await house.newPage();
  await thief.goto(bare);
  assert.deepEqual(filmOf(thief), []);
  assert.equal((await fetch(bare)).status, 404);
});

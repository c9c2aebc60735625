// A film that the unmodified api.video client uploaded plays in the players people use, and stops when it should.

import assert from "node:assert/strict";
import test from "node:test";
import { look, plays, seek } from "../house/browser.mjs";
import { BIKES, BUNNY } from "../house/clips.mjs";
import { decodedFrames } from "../house/frames.mjs";
import { useHouse } from "../house/house.mjs";

const house = useHouse(async (house) => {
  house.bunny = await house.customer.publish(BUNNY);
  house.bikes = await house.customer.publish(BIKES);
});

/** The address of a part within a fresh session. */
async function inSession(videoId, part) {
  return `${house.server.url}/s/${await house.customer.openSession(videoId)}/${videoId}/${part}`;
}

async function onSite(player, address) {
  const page = await house.newPage();
  await page.goto(`${house.site.url}/${player}#${address}`);
  return page;
}

async function noErrors(page) {
  assert.deepEqual(await page.evaluate("window.errors"), []);
  assert.equal((await look(page)).error, undefined);
  assert.deepEqual(page.answers.filter(({ status }) => status >= 400), []);
}

async function playsAndSeeks(page, clip) {
  await plays(page);
  const later = clip.seconds - 1.5;
  const there = await seek(page, later);
  assert.ok(there.time > later && there.time <= clip.seconds + 0.1, `at ${there.time}`);
  assert.ok(there.width > 0);
  const back = await seek(page, 0.5);
  assert.ok(back.time < later, `back at ${back.time}`);
  await noErrors(page);
}

for (const clip of [BUNNY, BIKES]) {
  const name = clip.file.replace(".mp4", "");
  const video = () => (clip === BUNNY ? house.bunny : house.bikes);

  test(`hls.js on another origin plays and seeks ${name}`, async () => {
    await playsAndSeeks(await onSite("hls", await inSession(video(), "hls/master.m3u8")), clip);
  });

  test(`Shaka on another origin plays and seeks ${name} as DASH`, async () => {
    const page = await onSite("dash", await inSession(video(), "dash/manifest.mpd"));
    await playsAndSeeks(page, clip);
    assert.ok((await page.evaluate("window.tracks")) >= 1);
  });

  test(`a bare video element on another origin plays and seeks ${name} as MP4`, async () => {
    await playsAndSeeks(await onSite("mp4", await inSession(video(), "mp4/source.mp4")), clip);
  });

  test(`ffmpeg decodes every frame of ${name} from HLS`, async () => {
    assert.equal(await decodedFrames(await inSession(video(), "hls/master.m3u8")), clip.frames);
  });
}

test("hls.js plays the address of the api.video answer, whose children lie in the session it opened", async () => {
  const { hls } = await house.customer.assets(house.bunny);
  const before = (await house.customer.sessionsOf(house.bunny)).length;
  const page = await onSite("hls", hls);
  await playsAndSeeks(page, BUNNY);
  assert.equal(page.answers.filter(({ url }) => url.includes("/token/")).length, 1, "the token was shown once");
  assert.equal((await house.customer.sessionsOf(house.bunny)).length, before + 1, "one viewer, one session");
});

test("a session of one film opens no other", async () => {
  const handle = await house.customer.openSession(house.bunny);
  const parts = ["hls/master.m3u8", "dash/manifest.mpd", "mp4/source.mp4", "thumbnail.jpg", "storyboard.vtt"];
  for (const part of parts) {
    const reply = await fetch(`${house.server.url}/s/${handle}/${house.bikes}/${part}`);
    assert.ok([401, 403].includes(reply.status), `${part}: ${reply.status}`);
    assert.ok(reply.headers.get("admit-reason"), part);
    assert.match(reply.headers.get("content-type"), /^application\/json/, "a refusal carries no media");
  }
});

test("an ended session ends the film of a foreign player", async () => {
  const page = await onSite("hls", await inSession(house.bikes, "hls/master.m3u8"));
  await plays(page, { by: 0.2, frames: 1 });
  for (const { sessionId } of await house.customer.sessionsOf(house.bikes)) await house.customer.endSession(sessionId);
  const until = page.answers.length;
  await page.evaluate("hls.loadSource(location.hash.slice(1))");
  await page.waitForFunction("window.errors.some(({ fatal }) => fatal)");
  const since = page.answers.slice(until);
  assert.ok(since.length > 0);
  assert.deepEqual(since.filter(({ status }) => status < 400), [], "nothing was delivered any more");
});

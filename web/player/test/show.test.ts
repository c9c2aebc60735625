// How a film is to be shown: what player.json says, what holds without it, and what is picked from it.

import assert from "node:assert/strict";
import test from "node:test";
import { boundsOf } from "../src/quality.js";
import { askShow } from "../src/requests.js";
import { PLAIN_SHOW, withShow } from "../src/show.js";
import { pickLanguage } from "../src/tracks.js";
import { NO_WISHES } from "../src/wishes.js";

/** A server that knows one answer. */
async function answering(answer: () => Response | Promise<Response>): Promise<unknown> {
  const real = globalThis.fetch;
  globalThis.fetch = async () => answer();
  try {
    return await askShow("/vod/viABC/player.json");
  } finally {
    globalThis.fetch = real;
  }
}

test("what the server says counts, and what it leaves out is plain", async () => {
  const said = { title: "Bikes", mp4: false, theme: { link: "red" }, forceLoop: true };
  assert.deepEqual(await answering(() => Response.json(said)), { ...PLAIN_SHOW, ...said });
  const nothing = [
    () => new Response("{}", { status: 404 }),
    () => new Response("", { status: 202 }),
    () => new Response("<html>"),
    () => Promise.reject(new TypeError("no network")),
  ];
  for (const answer of nothing) assert.deepEqual(await answering(answer), PLAIN_SHOW);
});

test("a theme forces on top of wishes and takes none back", () => {
  const forcing = { ...PLAIN_SHOW, forceAutoplay: true, forceLoop: true, hideTitle: true, enableControls: false };
  const all = { autoplay: true, loop: true, hideTitle: true, hideControls: true };
  assert.deepEqual(withShow(NO_WISHES, forcing), all);
  assert.deepEqual(withShow({ ...NO_WISHES, ...all }, PLAIN_SHOW), all);
  assert.deepEqual(Object.values(withShow(NO_WISHES, PLAIN_SHOW)), [false, false, false, false]);
});

test("bounds of quality pick by the short side, and the nearest where none fits", () => {
  const ladder = [240, 360, 720].map((height) => ({ height, width: (height * 16) / 9 }));
  const portrait = ladder.map(({ width, height }) => ({ width: height, height: width }));
  const bounds = (minQuality?: number, maxQuality?: number): number[] => {
    const found = boundsOf(ladder, { minQuality, maxQuality });
    assert.deepEqual(boundsOf(portrait, { minQuality, maxQuality }), found);
    return found;
  };
  assert.deepEqual(bounds(), [0, 2]);
  assert.deepEqual(bounds(360), [1, 2]);
  assert.deepEqual(bounds(undefined, 700), [0, 1]);
  assert.deepEqual(bounds(300, 400), [1, 1]);
  assert.deepEqual(bounds(2160), [2, 2]);
  assert.deepEqual(bounds(undefined, 100), [0, 0]);
  assert.deepEqual(bounds(720, 360), [1, 1]);
});

test("chapters come in the viewer's language, or in whichever there is", () => {
  const offered = ["fr", "en-GB", "en", "pt-BR"].map((language) => ({ language }));
  const pick = (...wanted: string[]): string | undefined => pickLanguage(offered, wanted)?.language;
  assert.equal(pick("en"), "en");
  assert.equal(pick("EN-gb"), "en-GB");
  assert.equal(pick("en-US", "fr"), "en-GB");
  assert.equal(pick("pt"), "pt-BR");
  assert.equal(pick("xx", "pt-PT"), "pt-BR");
  assert.equal(pick("xx"), "fr");
  assert.equal(pickLanguage([], ["en"]), undefined);
});

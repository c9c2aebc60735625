// What the page reads from its address.

import assert from "node:assert/strict";
import test from "node:test";
import { readPlace, withoutSecrets } from "../src/place.js";
import { readWishes } from "../src/wishes.js";

const NOTHING = {
  autoplay: false,
  loop: false,
  hideControls: false,
  showSubtitles: false,
  start: undefined,
  end: undefined,
};

test("wishes are read word by word, and foreign words are skipped", () => {
  const all = "#autoplay;loop;t=10,20;api;hide-title;hide-controls;show-subtitles;adTagUrl:https://ads.example/?a=1;b";
  assert.deepEqual(readWishes(all), {
    autoplay: true,
    loop: true,
    hideControls: true,
    showSubtitles: true,
    start: 10,
    end: 20,
  });
  for (const fragment of ["", "#", "#;;", "#Autoplay", "#autoplay=1", "#__proto__;constructor"]) {
    assert.deepEqual(readWishes(fragment), NOTHING, fragment);
  }
});

test("a span has either end, both, or is nonsense and ignored", () => {
  const span = (text: string): unknown[] => [readWishes(text).start, readWishes(text).end];
  assert.deepEqual(span("#t=10"), [10, undefined]);
  assert.deepEqual(span("#t=,20"), [undefined, 20]);
  assert.deepEqual(span("#t=1.5,2.25"), [1.5, 2.25]);
  assert.deepEqual(span("#t=20,10"), [20, undefined]);
  assert.deepEqual(span("#t=0,0"), [0, undefined]);
  for (const text of ["#t=", "#t=-1", "#t=1e3", "#t=Infinity", "#t=NaN", "#t=abc,def", "#t=0x10"]) {
    assert.deepEqual(span(text), [undefined, undefined], text);
  }
});

test("the page knows its video and what to enter with", () => {
  const place = readPlace(new URL("https://tv.example/vod/viABC?token=T&avh=S#loop"));
  assert.equal(place?.videoId, "viABC");
  assert.equal(place?.token, "T");
  assert.equal(place?.avh, "S");
  assert.equal(place?.wishes.loop, true);
  const bare = readPlace(new URL("https://tv.example/embed/viABC?token="));
  assert.deepEqual([bare?.videoId, bare?.token, bare?.avh], ["viABC", undefined, undefined]);
});

test("an address that names no video is no place", () => {
  for (const path of ["/", "/vod/", "/vod/a/b", "/vod/a%2Fb", "/vod/..%2f", "/live/a", "/x/vod/a"]) {
    assert.equal(readPlace(new URL(`https://tv.example${path}`)), undefined, path);
  }
});

test("the bare address keeps everything but secrets", () => {
  const address = new URL("https://tv.example/vod/a?token=T&lang=de&avh=S&token=U#t=3");
  assert.equal(withoutSecrets(address), "/vod/a?lang=de#t=3");
});

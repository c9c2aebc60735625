// What the page reads from its address.

import assert from "node:assert/strict";
import test from "node:test";
import { readPlace, withoutSecrets } from "../src/place.js";
import { NO_WISHES, readWishes, type Wishes } from "../src/wishes.js";

const wishes = (rest: string): Wishes => readWishes(new URL(`https://tv.example/vod/viABC${rest}`));

const ALL_SWITCHES = {
  ...NO_WISHES,
  autoplay: true,
  muted: true,
  loop: true,
  chromeless: true,
  hideControls: true,
  hidePoster: true,
  hideTitle: true,
  showSubtitles: true,
};

test("wishes are read word by word, and foreign words are skipped", () => {
  const words =
    "#autoplay;muted;loop;t=10,20;api;hide-title;hide-controls;hide-poster;chromeless;show-subtitles;hotkeys:false;" +
    "min-quality:360;max-quality:720;adTagUrl:https://ads.example/?a=1;b";
  const numbers = { hotkeys: false, minQuality: 360, maxQuality: 720, start: 10, end: 20 };
  assert.deepEqual(wishes(words), { ...ALL_SWITCHES, ...numbers });
  for (const fragment of ["", "#", "#;;", "#Autoplay", "#autoplay=1", "#__proto__;constructor", "#min-quality:hd"]) {
    assert.deepEqual(wishes(fragment), NO_WISHES, fragment);
  }
});

test("the query wishes as the SDK writes it: false means false, and what is odd is overlooked", () => {
  const names = "autoplay muted loop chromeless hideControls hidePoster hideTitle showSubtitles".split(" ");
  const query = (value: string): string => `?id=viABC&&${names.join(`=${value}&`)}=${value}`;
  const odd = "&iframeUrl=http://x/${type}/${id}&metadata[a]=b&ts=1&loop=true&=";
  assert.deepEqual(wishes(query("true") + odd), ALL_SWITCHES);
  for (const value of ["false", "undefined", "", "1"]) assert.deepEqual(wishes(query(value)), NO_WISHES, value);
  assert.equal(wishes("?autoplay=false#autoplay").autoplay, true);
});

test("a span has either end, both, or is nonsense and ignored", () => {
  const span = (text: string): unknown[] => [wishes(text).start, wishes(text).end];
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

test("what the address brought along is shown beside it, unless it is spent by being shown", () => {
  const jws = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ2aUFCQyJ9.c2ln-_";
  const once = "9d3e2b1c-7a55-4f0e-8a11-0123456789ab";
  const cases: [string, string | undefined, string | undefined, boolean?][] = [
    ["/vod/viABC", "viABC", undefined],
    [`/vod/viABC?token=${once}`, "viABC", undefined],
    [`/embed/viABC?token=${once.toUpperCase()}`, "viABC", `/embed/viABC/session?token=${once.toUpperCase()}`],
    [`/embed/viABC/?token=${jws}#loop`, "viABC", `/embed/viABC/session?token=${jws}`],
    ["/vod/viABC?expires=1&sig=a%2Bb", "viABC", "/vod/viABC/session?expires=1&sig=a%2Bb"],
    ["/viABC/iframe", "viABC", undefined],
    ["/viABC/iframe?a=b", "viABC", "/viABC/session?a=b"],
    [`/${jws}/iframe`, undefined, `/${jws}/session`],
    ["/w/aB3", undefined, "/w/aB3/session", true],
    ["/w/aB3?muted=true", undefined, "/w/aB3/session?muted=true", true],
  ];
  for (const [path, videoId, address, knocks = false] of cases) {
    const place = readPlace(new URL(`https://tv.example${path}`));
    assert.equal(place?.videoId, videoId, path);
    assert.deepEqual(place?.door, address === undefined ? undefined : { address, knocks }, path);
    assert.equal(place?.signature, undefined, path);
  }
  const signed = readPlace(new URL("https://tv.example/u/1.k.sig/viABC"));
  assert.deepEqual([signed?.videoId, signed?.signature, signed?.door], ["viABC", "1.k.sig", undefined]);
});

test("an address that names no video is no place", () => {
  for (const path of ["/", "/vod/", "/vod/a/b", "/vod/a%2Fb", "/vod/..%2f", "/live/a", "/x/vod/a", "/w/", "/w/a/b", "/u/a", "/iframe", "/a.b/iframe"]) {
    assert.equal(readPlace(new URL(`https://tv.example${path}`)), undefined, path);
  }
});

test("the bare address keeps everything but secrets", () => {
  const address = new URL("https://tv.example/vod/a?token=T&lang=de&avh=S&token=U#t=3");
  assert.equal(withoutSecrets(address), "/vod/a?lang=de#t=3");
});

test("what a query only wishes for opens nothing, and is not tried", () => {
  const door = (path: string) => readPlace(new URL(`https://tv.example${path}`))?.door;
  for (const path of [
    "/vod/viABC",
    "/vod/viABC?autoplay=true&hideControls=true",
    "/vod/viABC?id=viABC&playbackRate=1.5&iframeUrl=x",
    "/vod/viABC?id=viABC&token=",
  ]) {
    assert.equal(door(path), undefined, path);
  }
  for (const path of ["/vod/viABC?id=viABC&token=a.b.c", "/vod/viABC?expires=1&kid=sk&sig=x", "/vod/viABC?id=viXYZ"]) {
    assert.notEqual(door(path), undefined, path);
  }
});

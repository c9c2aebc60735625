// Who may drive the player, and what is said to whom.

import assert from "node:assert/strict";
import test from "node:test";
import { readBinding } from "../src/binding.js";
import { Bridge, type Message } from "../src/bridge.js";

const SITE = "https://site.example";
const HASH = `#hide-title;api;sdkOrigin:${btoa(SITE)};sdkPlayerId:7`;

function stage({ ready = false } = {}) {
  const said: unknown[] = [];
  const heard: unknown[] = [];
  const driven = {
    ready,
    obey: (message: Message): unknown => {
      heard.push(message.message);
      if (message.message === "setVolume") throw new TypeError("a volume is a number");
      return message.message === "getPaused" ? false : undefined;
    },
  };
  return { said, heard, bridge: new Bridge(driven, (message, origin) => void said.push([message, origin])) };
}

const say = (type: string, data: Message = {}): unknown => [{ type, ...data, sdkPlayerId: 7 }, SITE];
const order = (message: string): Message => ({ message, sdkPlayerId: 7, callbackId: "abcdefghijklmnop" });

test("the fragment names who drives; without a whole name nobody does", () => {
  assert.deepEqual(readBinding(HASH), { origin: SITE, playerId: 7 });
  assert.deepEqual(readBinding(`#sdkOrigin:${btoa(`${SITE}:8443/page`)};sdkPlayerId:1`)?.origin, `${SITE}:8443`);
  const origins = ["", "%%%", btoa("*"), btoa("null"), btoa("javascript:alert(1)"), btoa("file:///etc")];
  for (const origin of origins) assert.equal(readBinding(`#sdkOrigin:${origin};sdkPlayerId:1`), undefined, origin);
  for (const hash of ["", "#api", `#sdkOrigin:${btoa(SITE)}`, `#sdkOrigin:${btoa(SITE)};sdkPlayerId:x`]) {
    assert.equal(readBinding(hash), undefined, hash);
  }
});

test("it is in sync once somebody is there and the theme allows it, in either order, and says so once", () => {
  const first = stage();
  assert.equal(first.bridge.bind(HASH), true);
  assert.deepEqual(first.said, []);
  first.bridge.allow(true);
  first.bridge.allow(true);
  assert.deepEqual(first.said, [say("sdkSync")]);

  const late = stage({ ready: true });
  late.bridge.allow(true);
  assert.equal(late.bridge.bind("#autoplay"), false);
  assert.deepEqual(late.said, []);
  late.bridge.bind(HASH);
  assert.deepEqual(late.said, [say("sdkSync"), say("ready")]);
});

test("orders are obeyed, questions are answered, nonsense is neither", async () => {
  const { bridge, said, heard } = stage();
  bridge.bind(HASH);
  bridge.allow(true);
  said.length = 0;
  for (const message of ["play", "getPaused", "setVolume"]) await bridge.hear(order(message), SITE);
  assert.deepEqual(heard, ["play", "getPaused", "setVolume"]);
  assert.deepEqual(said, [[{ callbackId: "abcdefghijklmnop", arg: false, sdkPlayerId: 7 }, SITE]]);
});

test("another origin, another player's number and no message at all are not heard", async () => {
  const { bridge, said, heard } = stage();
  bridge.bind(HASH);
  await bridge.hear(order("play"), SITE);
  bridge.allow(true);
  said.length = 0;
  for (const origin of ["http://site.example", `${SITE}:8443`, "https://evil.example", "null", ""]) {
    await bridge.hear(order("getPaused"), origin);
  }
  await bridge.hear({ ...order("getPaused"), sdkPlayerId: 8 }, SITE);
  for (const nothing of [undefined, null, "getPaused", 7]) await bridge.hear(nothing, SITE);
  bridge.bind("");
  await bridge.hear(order("getPaused"), SITE);
  bridge.report("play");
  assert.deepEqual(heard, []);
  assert.deepEqual(said, []);
});

test("a theme that does not let itself be driven neither hears nor speaks", async () => {
  const { bridge, said, heard } = stage({ ready: true });
  bridge.bind(HASH);
  bridge.allow(false);
  await bridge.hear(order("getPaused"), SITE);
  bridge.report("play");
  bridge.fail();
  assert.deepEqual([...heard, ...said], []);
});

test("a player that fails before it saw a theme can still be sent to another video", async () => {
  const { bridge, said, heard } = stage();
  bridge.bind(HASH);
  bridge.fail();
  await bridge.hear(order("loadConfig"), SITE);
  assert.deepEqual(said, [say("sdkSync"), say("error")]);
  assert.deepEqual(heard, ["loadConfig"]);
});

// What the player makes of the server's answers, and how long it asks.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { type Answer, readAnswer } from "../src/answer.js";
import { patiently } from "../src/patience.js";
import { REASONS, SENTENCES, type Sentence } from "../src/sentences.js";

const read = (status: number, headers: Record<string, string> = {}): Answer => readAnswer(status, new Headers(headers));

test("every code of the server has a sentence, and there is no sentence for a code it does not have", async () => {
  const verdict = await readFile("../../crates/admit-domain/src/verdict.rs", "utf8");
  const codes = [...verdict.matchAll(/=> "([a-z_]+)"/g)].map((match) => match[1]);
  assert.ok(codes.length > 0);
  assert.deepEqual([...REASONS.keys()].sort(), codes.sort());
});

test("the code decides, then the status, and what is unknown is not available", () => {
  const refused = (sentence: Sentence): Answer => ({ kind: "refused", sentence });
  assert.deepEqual(read(410, { "Admit-Reason": "credential_spent" }), refused("spent"));
  assert.deepEqual(read(410, { "Admit-Reason": "session_ended" }), refused("ended"));
  assert.deepEqual(read(410), refused("ended"));
  assert.deepEqual(read(403), refused("forbidden"));
  assert.deepEqual(read(404), refused("unavailable"));
  assert.deepEqual(read(410, { "Admit-Reason": "made_up" }), refused("ended"));
  assert.deepEqual(read(418, { "Admit-Reason": "__proto__" }), refused("unavailable"));
});

test("what is too early for the server may be late enough in a moment, but a day that has not come is not", () => {
  assert.equal(read(425, { "Admit-Reason": "early_data" }).kind, "wait");
  assert.deepEqual(read(425, { "Admit-Reason": "not_yet" }), { kind: "refused", sentence: "notYet" });
});

test("a server that asks for patience gets it, within reason", () => {
  assert.deepEqual(read(200), { kind: "done" });
  assert.deepEqual(read(202), { kind: "wait", sentence: "preparing", afterSeconds: 2 });
  assert.deepEqual(read(503, { "Retry-After": "7" }), { kind: "wait", sentence: "cannotTell", afterSeconds: 7 });
  assert.deepEqual(read(429, { "Retry-After": "86400" }), { kind: "wait", sentence: "cannotTell", afterSeconds: 30 });
  for (const nonsense of ["-1", "0", "soon", "Fri, 31 Dec 1999 23:59:59 GMT"]) {
    assert.deepEqual(read(503, { "Retry-After": nonsense }), { kind: "wait", sentence: "cannotTell", afterSeconds: 2 });
  }
});

test("waiting says why, keeps to the pauses, and ends", async () => {
  const said: string[] = [];
  const pauses: number[] = [];
  const waiting = {
    say: (sentence: Sentence) => void said.push(SENTENCES[sentence]),
    pause: async (seconds: number) => void pauses.push(seconds),
  };
  const answers = [read(503, { "Retry-After": "3" }), read(202), read(200)];
  assert.equal(await patiently(async () => answers.shift() ?? read(500), waiting), undefined);
  assert.deepEqual(said, [SENTENCES.cannotTell, SENTENCES.preparing]);
  assert.deepEqual(pauses, [3, 2]);

  assert.equal(await patiently(async () => read(404), waiting), "unavailable");
  pauses.length = 0;
  assert.equal(await patiently(async () => read(503), waiting), "gaveUp");
  assert.ok(pauses.length > 0 && pauses.length < 20, `${pauses.length} tries`);
});

// How a session goes on, and how it ends when nobody hands over a token.

import assert from "node:assert/strict";
import test from "node:test";
import { movedTo } from "../src/addresses.js";
import type { Answer } from "../src/answer.js";
import { Offers } from "../src/offers.js";
import { type Sustaining, sustain } from "../src/renewal.js";
import { type Lease, readLease } from "../src/requests.js";

const lease = (handle: string, seconds = 100): Lease => ({ handle, videoId: "vi1", seconds });

/** A clock that moves when every one has asked for what it waits for: the nearest pause ends first. */
function clock(): { now: () => number; pause: (seconds: number) => Promise<void> } {
  let now = 0;
  let pauses: { at: number; end: () => void }[] = [];
  const tick = (): void => {
    pauses.sort((one, other) => one.at - other.at);
    const next = pauses.shift();
    if (next === undefined) return;
    now = next.at;
    next.end();
    setImmediate(tick);
  };
  return {
    now: () => now,
    pause: (seconds) =>
      new Promise((end) => {
        if (pauses.length === 0) setImmediate(tick);
        pauses = [...pauses, { at: now + seconds, end }];
      }),
  };
}

interface Told {
  asked: number[];
  went: string[];
  shown: string[];
}

/** What becomes of a lease of 100 seconds when these answers are given to these tokens. */
async function told(tokens: string[], answers: Record<string, (Answer | Lease)[]>): Promise<Told & { over: number }> {
  const { now, pause } = clock();
  const told: Told = { asked: [], went: [], shown: [] };
  const offers = new Offers();
  const [first, ...rest] = tokens;
  if (first !== undefined) offers.hear({ type: "admit:token", token: first });
  const way: Sustaining = {
    pause,
    nextToken: () => {
      const next = offers.next();
      const token = rest.shift();
      if (token !== undefined) offers.hear({ type: "admit:token", token });
      return next;
    },
    renew: async ({ handle }, token) => {
      told.shown.push(`${token} for ${handle}`);
      const said = answers[token]?.shift();
      if (said === undefined) return { answer: { kind: "refused", sentence: "needsToken" }, lease: undefined };
      return "kind" in said ? { answer: said, lease: undefined } : { answer: { kind: "done" }, lease: said };
    },
    ask: () => void told.asked.push(now()),
    goOn: ({ handle }) => void told.went.push(`${handle} at ${now()}`),
  };
  await sustain(lease("H"), way);
  return { ...told, over: now() };
}

test("without a token it is over at its end, and the page around was asked in time", async () => {
  assert.deepEqual(await told([], {}), { asked: [80], went: [], shown: [], over: 101 });
});

test("a token that came early is shown when a fifth of the time is left, and the next session has its own time", async () => {
  const answers = { T: [lease("I", 50)] };
  const expected = { asked: [80, 120], went: ["I at 80"], shown: ["T for H"], over: 131 };
  assert.deepEqual(await told(["T"], answers), expected);
});

test("a token that is refused is forgotten, and one that could not be judged is shown again", async () => {
  const answers: Record<string, (Answer | Lease)[]> = {
    T: [{ kind: "wait", sentence: "cannotTell", afterSeconds: 2 }, lease("I", 10)],
  };
  const { went, shown } = await told(["bad", "T"], answers);
  assert.deepEqual(shown, ["bad for H", "T for H", "T for H"]);
  assert.deepEqual(went, ["I at 82"]);
});

test("what is no offer is overlooked, and the last one who asks is served", async () => {
  const offers = new Offers();
  for (const nonsense of [null, 7, "admit:token", {}, { type: "admit:token" }, { type: "admit:token", token: "" }]) {
    offers.hear(nonsense);
  }
  offers.hear({ type: "admit:token", token: 7 });
  offers.hear({ type: "token", token: "T" });
  let left = "";
  void offers.next().then((token) => (left = token));
  const next = offers.next();
  offers.hear({ type: "admit:token", token: "U" });
  assert.equal(await next, "U");
  assert.equal(left, "");
});

test("how long a session lasts is told by the server's clock, whatever the viewer's says", () => {
  const body = { session_token: "H", videoId: "vi1", expiresAt: "2000-01-01T00:01:40Z" };
  const headers = new Headers({ Date: "Sat, 01 Jan 2000 00:00:00 GMT" });
  assert.deepEqual(readLease(body, headers), lease("H", 100));
  assert.equal(readLease(body, new Headers()).seconds, 0, "without one it is the viewer's after all");
});

test("parts of a session are fetched by its latest handle, and nothing else is touched", () => {
  const base = "/s/NEW/vi1/";
  assert.equal(movedTo(base, "https://tv.example/s/OLD/vi1/media/v1/3.m4s"), "https://tv.example/s/NEW/vi1/media/v1/3.m4s");
  assert.equal(movedTo(base, "/s/NEW/vi1/hls/master.m3u8"), "/s/NEW/vi1/hls/master.m3u8");
  const open = "https://tv.example/vod/vi1/hls/v1.m3u8";
  assert.equal(movedTo("/vod/vi1/", open), open);
});

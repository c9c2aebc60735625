// Looking is not entering: whatever previews, probes and prepares a link leaves it whole.

import assert from "node:assert/strict";
import test from "node:test";
import { door, plays } from "../house/browser.mjs";
import { BIKES } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";
import { startLedger } from "../house/ledger.mjs";
import { openUnobserved } from "../house/prerender.mjs";
import { until } from "../house/until.mjs";

const LOOK_MS_MAX = 15_000;

const house = useHouse(async (house) => {
  house.bikes = await house.customer.publish(BIKES);
  house.ledger = await startLedger(house.server.url, stage.paths);
});
test.after(() => house.ledger?.stop());

/** A page that has the browser prepare the film's page, and goes there when it is told to. */
const stage = {
  film: "",
  left: false,
  paths: {
    "/stage": (response) => {
      const rules = JSON.stringify({ prerender: [{ urls: [stage.film], eagerness: "immediate" }] });
      const leave = `fetch("/go").then(() => (location.href = ${JSON.stringify(stage.film)}))`;
      const bye = `addEventListener("pagehide", () => navigator.sendBeacon("/left"))`;
      response.setHeader("content-type", "text/html");
      response.end(`<script type="speculationrules">${rules}</script><script>${leave};${bye}</script>`);
    },
    "/go": (response) => (stage.go = () => response.end()),
    "/left": (response) => response.end(void (stage.left = true)),
  },
};

const sessions = () => house.customer.sessionsOf(house.bikes);

/** A fresh one-time link, by way of the ledger where that is asked for. */
async function link({ url } = house.server) {
  const assets = Object.entries(await house.customer.assets(house.bikes));
  return Object.fromEntries(assets.map(([name, address]) => [name, address.replace(house.server.url, url)]));
}

async function isWhole({ session }, before) {
  assert.deepEqual(await sessions(), before, "no session was opened");
  assert.equal((await fetch(session)).status, 200, "the link can still be used");
  assert.equal((await sessions()).length, before.length + 1);
}

/** No answer to a mere look may carry a byte of film. */
async function carriesNothing(address, options) {
  const reply = await fetch(address, { ...options, redirect: "manual" });
  const what = `${options.method ?? "GET"} ${address} ${JSON.stringify(options.headers ?? {})}: ${reply.status}`;
  const body = await reply.arrayBuffer();
  const type = reply.headers.get("content-type") ?? "";
  assert.ok(body.byteLength === 0 || /json|html/.test(type), `${what} brought ${body.byteLength} bytes of ${type}`);
  assert.equal(reply.headers.get("x-token-session"), null, what);
  assert.equal(reply.headers.get("set-cookie"), null, what);
  return reply.status;
}

test("neither GET of the page nor HEAD and OPTIONS of anything spend a token", async () => {
  const before = await sessions();
  const assets = await link();
  const { player, hls, mp4, thumbnail, session } = assets;
  const agents = ["WhatsApp/2.23", "Slackbot-LinkExpanding 1.0", "Mozilla/5.0 (Macintosh) Safari/605.1.15", ""];
  for (const agent of agents) {
    assert.equal(await carriesNothing(player, { headers: { "user-agent": agent, accept: "*/*" } }), 200);
  }
  for (const address of [player, hls, mp4, thumbnail, session]) {
    assert.ok((await carriesNothing(address, { method: "HEAD" })) < 500);
    assert.ok((await carriesNothing(address, { method: "OPTIONS" })) < 500);
  }
  await isWhole(assets, before);
});

test("prefetches, early data and a reach into the middle do not spend a token", async () => {
  const before = await sessions();
  const assets = await link();
  const { hls, mp4, thumbnail, session } = assets;
  const looks = [
    { "sec-purpose": "prefetch" },
    { "sec-purpose": "prefetch;prerender" },
    { purpose: "prefetch" },
    { "x-moz": "prefetch" },
    { "early-data": "1" },
  ];
  for (const headers of looks) {
    for (const address of [hls, mp4, thumbnail, session]) {
      assert.ok((await carriesNothing(address, { headers })) >= 400, address);
    }
  }
  assert.ok((await carriesNothing(mp4, { headers: { range: "bytes=1000-2000" } })) >= 400);
  await isWhole(assets, before);
});

test("a POST without a well-formed nonce spends nothing", async () => {
  const before = await sessions();
  const assets = await link();
  const headers = { "content-type": "application/json" };
  for (const body of ["", "{}", '{"nonce":""}', '{"nonce":"short"}', '{"nonce":7}', `{"nonce":"${"!".repeat(32)}"}`]) {
    assert.ok((await carriesNothing(assets.session, { method: "POST", headers, body })) >= 400, body);
  }
  await isWhole(assets, before);
});

test("a browser's own prefetch does not spend a token", async () => {
  const before = await sessions();
  const assets = await link(house.ledger);
  const { player, hls, mp4, thumbnail } = assets;
  const addresses = [player, hls, mp4, thumbnail];
  const page = await house.newPage();
  await page.goto(`${house.site.sibling}/prefetch#${addresses.join("|")}`);
  await page.waitForFunction(`window.fetched === ${addresses.length}`);
  const seen = house.ledger.requests.filter(({ purpose }) => purpose?.includes("prefetch"));
  assert.equal(seen.length, addresses.length, "the browser said what it was doing");
  await isWhole(assets, before);
});

test("a prerendered page spends nothing, not even when it is looked at", async () => {
  const before = await sessions();
  const { player } = await link(house.ledger);
  const asked = house.ledger.requests.length;
  stage.film = player;
  const chromium = await openUnobserved(`${house.ledger.url}/stage`);
  try {
    const since = () => house.ledger.requests.slice(asked);
    await until("the browser prerenders the page and runs its script", LOOK_MS_MAX, () => {
      const prepared = since().filter(({ purpose }) => purpose?.includes("prerender"));
      return prepared.some(({ url }) => url.startsWith("/vod/")) && prepared.some(({ url }) => url.endsWith(".js"));
    });
    const loaded = since().filter(({ url }) => url.startsWith("/vod/")).length;
    stage.go();
    await until("the prepared page is shown", LOOK_MS_MAX, () => stage.left);
    const page = await chromium.look();
    await door(page).waitFor();
    assert.ok(await page.evaluate(() => performance.getEntriesByType("navigation")[0].activationStart > 0));
    assert.equal(since().filter(({ url }) => url.startsWith("/vod/")).length, loaded, "it was the prepared one");
    assert.deepEqual(since().filter(({ method, url }) => method === "POST" || url.startsWith("/s/")), []);
    assert.deepEqual(await sessions(), before);

    await door(page).click();
    await plays(page);
    assert.equal((await sessions()).length, before.length + 1);
  } finally {
    await chromium.stop();
  }
});

// Moviie's customers come over: their backends sign as before, and each row of Moviie's table holds in a browser.

import assert from "node:assert/strict";
import test from "node:test";
import { SignJWT } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { failure, filmOf, holdBack, look, plays, says } from "../house/browser.mjs";
import { BIKES, BUNNY } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const NEEDS_TOKEN = "This video needs a valid access token; yours is missing, wrong or no longer good.";
const OTHER_VIDEO = "This access token is for another video.";
const ENDED = "Your session has ended.";
const SECONDS = 300;

const house = useHouse(
  async (house) => {
    house.bikes = await house.customer.publish(BIKES);
    house.bunny = await house.customer.publish(BUNNY);
    house.key = await newKey();
  },
  { tls: true },
);

function newKey() {
  return house.customer.make("/signing-keys", { name: "stories", dialect: "moviie" });
}

const now = () => Math.floor(Date.now() / 1000);

/** What backends sign with, unmodified. */
const MINTERS = {
  jsonwebtoken: ({ signingKeyId, secret }, sub, exp) =>
    jsonwebtoken.sign({ sub, exp }, secret, { algorithm: "HS256", keyid: signingKeyId }),
  jose: ({ signingKeyId, secret }, sub, exp) =>
    new SignJWT()
      .setProtectedHeader({ alg: "HS256", typ: "JWT", kid: signingKeyId })
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(new TextEncoder().encode(secret)),
};

const mint = (video, { key = house.key, seconds = SECONDS, minter = "jsonwebtoken" } = {}) =>
  MINTERS[minter](key, video, now() + seconds);

const pageOf = (video, token) => `${house.server.url}/embed/${video}?token=${token}#autoplay;muted`;

/** Opens the embed page, which is to refuse the token with this status, reason and sentence. */
async function isRefused(address, [status, reason], sentence) {
  const page = await house.newPage();
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.goto(address);
  await says(page, sentence);
  const answer = await answered;
  assert.deepEqual([answer.status(), answer.headers()["admit-reason"]], [status, reason]);
  assert.ok(await failure(page), "programs can tell, too");
  assert.equal(await page.locator(".film").isVisible(), false);
  assert.deepEqual(filmOf(page), [], "not a byte of the film");
  return page;
}

for (const minter of Object.keys(MINTERS)) {
  test(`a token that ${minter} signed plays, and plays on after a reload in the same session`, async () => {
    const page = await house.newPage();
    const before = (await house.customer.sessionsOf(house.bikes)).length;
    await page.goto(pageOf(house.bikes, await mint(house.bikes, { minter })));
    const { time } = await plays(page);
    assert.equal(await failure(page), null);
    await page.reload();
    assert.ok((await plays(page)).time > time, "it goes on where it was");
    const sessions = await house.customer.sessionsOf(house.bikes);
    assert.equal(sessions.length, before + 1);
    assert.equal(sessions[0].signingKeyId, house.key.signingKeyId);
    assert.deepEqual(page.complaints, []);
  });
}

test("it plays in a frame of the customer's site, which is another origin", async () => {
  const page = await house.newPage();
  await page.goto(`${house.site.url}/frame#${pageOf(house.bikes, await mint(house.bikes))}`);
  await page.frameLocator("iframe").locator("admit-player").waitFor();
  await plays(page.frames()[1]);
});

test("without a token there is no film, and the server says 401 to whoever asks for a session", async () => {
  const page = await house.newPage();
  await page.goto(`${house.server.url}/embed/${house.bikes}`);
  await says(page, "This video is not available.");
  assert.equal(await failure(page), "unavailable");
  assert.deepEqual(filmOf(page), []);
  const body = JSON.stringify({ nonce: "0123456789abcdef0123456789abcdef" });
  const reply = await fetch(`${house.server.url}/embed/${house.bikes}/session`, { method: "POST", body });
  assert.equal(reply.status, 401);
});

test("a token that proves nothing is 401", async () => {
  const good = await mint(house.bikes);
  const [header, payload, signature] = good.split(".");
  const proveNothing = {
    "no token at all": "nonsense",
    "a signature that was tampered with": [header, payload, signature.replace(/^./, (c) => (c === "A" ? "B" : "A"))],
    "another secret": await mint(house.bikes, { key: { ...house.key, secret: "x".repeat(50) } }),
    "a key that is not there": await mint(house.bikes, { key: { ...house.key, signingKeyId: "sk0" } }),
    "no signature": jsonwebtoken.sign({ sub: house.bikes, exp: now() + SECONDS }, "", { algorithm: "none" }),
    expired: await mint(house.bikes, { seconds: -60 }),
  };
  for (const [name, token] of Object.entries(proveNothing)) {
    await test(name, () =>
      isRefused(pageOf(house.bikes, [token].flat().join(".")), [401, "invalid_token"], NEEDS_TOKEN),
    );
  }
});

test("a token for another video is 403", async () => {
  const token = await mint(house.bunny);
  await isRefused(pageOf(house.bikes, token), [403, "token_for_other_video"], OTHER_VIDEO);
  const page = await house.newPage();
  await page.goto(pageOf(house.bunny, token));
  await plays(page);
});

test("a film for everybody plays whatever the token", async () => {
  const open = await house.customer.publish(BUNNY, { isPublic: true });
  const page = await house.newPage();
  await page.goto(pageOf(open, "nonsense"));
  await plays(page);
  assert.deepEqual(await house.customer.sessionsOf(open), []);
});

test("a key that is revoked ends the film that runs, and its tokens open nothing more", async () => {
  const key = await newKey();
  const token = await mint(house.bikes, { key });
  const page = await house.newPage();
  const release = await holdBack(page);
  await page.goto(pageOf(house.bikes, token));
  await plays(page);
  await house.customer.remove(`/signing-keys/${key.signingKeyId}`);
  const delivered = filmOf(page).length;
  release();
  await says(page, ENDED);
  assert.equal(await failure(page), "ended");
  assert.equal((await look(page)).time, 0, "what was buffered is gone too");
  await page.reload();
  await says(page, NEEDS_TOKEN);
  assert.equal(filmOf(page).length, delivered, "not a byte after the end");
  await isRefused(pageOf(house.bikes, token), [401, "invalid_token"], NEEDS_TOKEN);
});

test("keys rotate without a pause: both sign for a while, and the old one's end is not the new one's", async () => {
  const [old, fresh] = [await newKey(), await newKey()];
  const address = { old: pageOf(house.bikes, await mint(house.bikes, { key: old })) };
  const page = { old: await house.newPage(), fresh: await house.newPage() };
  address.fresh = pageOf(house.bikes, await mint(house.bikes, { key: fresh, minter: "jose" }));
  const release = await holdBack(page.fresh);
  for (const which of ["old", "fresh"]) {
    await page[which].goto(address[which]);
    await plays(page[which]);
  }
  await house.customer.remove(`/signing-keys/${old.signingKeyId}`);
  release();
  await plays(page.fresh);
  assert.equal(await failure(page.fresh), null);
  await isRefused(address.old, [401, "invalid_token"], NEEDS_TOKEN);
  const another = await house.newPage();
  await another.goto(address.fresh);
  await plays(another);
});

/** What a page does with Moviie's playback API: ask with its publishable key, and give the address to hls.js. */
function playByApi(page, video, key, token) {
  return page.evaluate(
    async ([address, key, token]) => {
      const headers = { Authorization: `Bearer ${key}` };
      if (token !== undefined) headers["x-moviie-playback-token"] = token;
      const reply = await fetch(address, { headers });
      const body = await reply.json();
      if (!reply.ok) return { status: reply.status, code: body.code };
      document.body.replaceChildren(Object.assign(document.createElement("video"), { muted: true }));
      const hls = new window.Hls();
      hls.loadSource(body.playback.uri);
      hls.attachMedia(document.querySelector("video"));
      hls.on(window.Hls.Events.MANIFEST_PARSED, () => document.querySelector("video").play());
      return { status: reply.status, ...body.playback };
    },
    [`${house.server.url}/api/v1/embeds/${video}/playback`, key, token],
  );
}

test("the playback API feeds hls.js on the customer's own page", async () => {
  const { key } = await house.customer.make("/publishable-keys", { name: "stories" });
  const page = await house.newPage();
  await page.goto(`${house.site.url}/session`);
  const { uri, status, ...playback } = await playByApi(page, house.bikes, key, await mint(house.bikes));
  assert.equal(status, 200);
  assert.equal(new URL(uri).origin, house.server.url);
  assert.equal(playback.contentType, "hls");
  assert.deepEqual(playback.requestHeaders, {});
  const [refresh, end] = [Date.parse(playback.refreshAfter), Date.parse(playback.expiresAt)];
  assert.ok(Date.now() < refresh && refresh < end, `${playback.refreshAfter} and ${playback.expiresAt}`);
  await plays(page);
  assert.deepEqual(page.answers.filter(({ status }) => status >= 400), []);

  const asked = async (...with_) => (await playByApi(page, house.bikes, ...with_)).status;
  assert.equal(await asked(key, undefined), 401, "no token");
  assert.equal(await asked(key, "nonsense"), 401);
  assert.equal(await asked(key, await mint(house.bikes, { seconds: -60 })), 401, "expired");
  assert.equal(await asked(key, await mint(house.bunny)), 403, "for another video");
  assert.equal(await asked(`${key}x`, await mint(house.bikes)), 401, "no key of ours");
});

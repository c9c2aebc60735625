// Share links, embed tokens, signed addresses and rules: what a page with one of them does, and what it refuses.

import assert from "node:assert/strict";
import test from "node:test";
import { door, enter, failure, filmOf, holdBack, look, plays, says } from "../house/browser.mjs";
import { BIKES, BUNNY, LONG } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const ENDED = "Your session has ended.";
const OTHER_VIDEO = "This access token is for another video.";
const NOT_ON_THIS_SITE = "This video cannot be shown on this site.";
const WATCH_HERE = "You are already watching elsewhere. Press play to watch here instead; it stops there.";
const NO_SEAT = "As many are watching as may at the same time.";
const NO_PLAYS_LEFT = "This link has been used as often as it may be.";
const FORBIDDEN = "You do not have access to this video.";

const house = useHouse(
  async (house) => {
    house.bikes = await house.customer.publish(BIKES);
    house.bunny = await house.customer.publish(BUNNY);
  },
  { tls: true },
);

const makeLink = (body) => house.customer.make("/links", { videoId: house.bikes, ...body });
const makeToken = (body) => house.customer.make("/embed-tokens", { videoId: house.bikes, ...body });
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

async function sessionsOf({ linkId, embedTokenId = linkId }) {
  const { data } = await (await house.customer.ask(`/sessions?embedTokenId=${embedTokenId}`)).json();
  return data;
}

/** Shows an address in a frame of a page on that site; returns the page and the frame. */
async function frameOn(site, address) {
  const page = await house.newPage();
  await page.goto(`${site}/frame#${address}`);
  const element = await page.locator("iframe").elementHandle();
  return { page, frame: await element.contentFrame() };
}

async function saysInFrame(site, address, sentence) {
  const { page, frame } = await frameOn(site, address);
  await says(frame, sentence);
  assert.deepEqual(filmOf(page), []);
  return frame;
}

test("a share link waits for a person, opens one session however often its page is loaded, and ends with its deletion", async () => {
  const link = await makeLink({ name: "for the board" });
  const reply = await fetch(link.url);
  assert.equal(reply.status, 200);
  assert.ok(!(await reply.text()).includes(house.bikes));
  const page = await house.newPage();
  const release = await holdBack(page);
  await page.goto(link.url);
  await door(page).waitFor();
  await page.evaluate(() => document.querySelector(".door").click());
  assert.deepEqual(await sessionsOf(link), [], "neither a look nor a script's click opens anything");
  assert.deepEqual(filmOf(page), []);

  await door(page).click();
  await plays(page);
  assert.equal((await sessionsOf(link)).length, 1);
  assert.equal(page.url(), link.url, "the address can be passed on");

  const other = await house.newPage();
  await enter(other, link.url);
  await plays(other);
  assert.equal((await sessionsOf(link)).length, 2, "somebody else's is another");
  await other.reload();
  await plays(other);
  assert.equal((await sessionsOf(link)).length, 2, "and the same after a reload");

  await house.customer.remove(`/links/${link.linkId}`);
  release();
  await says(page, ENDED);
  assert.equal((await look(page)).time, 0, "what was buffered is gone too");
  const late = await house.newPage();
  await enter(late, link.url);
  await says(late, "This link has expired.");
  assert.equal(await failure(late), "linkExpired");
  assert.deepEqual(filmOf(late), []);
});

test("a reply to a share link that was lost is given again, and opens no second session", async () => {
  const link = await makeLink({ rules: { maxPlays: 1 } });
  const page = await house.newPage();
  let lost = 0;
  await page.route("**/session", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort("connectionreset");
  });
  await enter(page, link.url);
  await plays(page);
  assert.equal(lost, 1);
  assert.equal((await sessionsOf(link)).length, 1);
});

test("a link that may be used once says so to the second viewer", async () => {
  const link = await makeLink({ rules: { maxPlays: 1 } });
  const page = await house.newPage();
  await enter(page, link.url);
  await plays(page);
  const second = await house.newPage();
  await enter(second, link.url);
  await says(second, NO_PLAYS_LEFT);
  assert.equal(await failure(second), "noPlaysLeft");
  assert.deepEqual(filmOf(second), []);
  await page.reload();
  await plays(page);
});

test("an embed token plays at its page and in a frame, for its own video and until it is deleted", async () => {
  const token = await makeToken();
  const page = await house.newPage();
  await page.goto(`${token.url}#autoplay;muted`);
  await plays(page);
  const { frame } = await frameOn(house.site.url, `${token.url}#autoplay;muted`);
  await plays(frame);
  assert.equal((await sessionsOf(token)).length, 2);

  const another = await house.newPage();
  await another.goto(token.url.replace(house.bikes, house.bunny));
  await says(another, OTHER_VIDEO);
  assert.deepEqual(filmOf(another), []);
  await house.customer.remove(`/embed-tokens/${token.embedTokenId}`);
  await page.reload();
  await says(page, "This link has expired.");
});

test("a signed address plays without a session, and only as it was signed", async () => {
  const before = (await house.customer.sessionsOf(house.bikes)).length;
  const { urls } = await house.customer.make("/signed-urls", { videoId: house.bikes, expiresAt: inSeconds(300) });
  const page = await house.newPage();
  await page.goto(`${urls.player}#autoplay;muted`);
  await plays(page);
  await page.reload();
  await plays(page);
  assert.ok(filmOf(page).every(({ url }) => url.startsWith(`${urls.player}/`)));
  assert.equal((await house.customer.sessionsOf(house.bikes)).length, before);

  for (const address of [
    urls.player.replace(house.bikes, house.bunny),
    urls.player.replace(/.(?=\/vi)/, (c) => (c === "A" ? "Q" : "A")),
  ]) {
    const forged = await house.newPage();
    await forged.goto(`${address}#autoplay`);
    await says(forged, FORBIDDEN);
    assert.deepEqual(filmOf(forged), []);
  }
});

test("a video with sites of its own plays there, and a foreign site's frame stays blank", async () => {
  const video = await house.customer.publish(BUNNY);
  await house.customer.make(`/videos/${video}/access-rules`, { domains: ["localhost"] }, "PUT");
  const { url } = await makeToken({ videoId: video });
  assert.equal(new URL(house.site.url).hostname, "localhost");
  const allowed = await frameOn(house.site.url, `${url}#autoplay;muted`);
  await plays(allowed.frame);
  assert.deepEqual(allowed.page.complaints, []);

  const foreign = await frameOn(house.site.sibling, url);
  await foreign.frame.waitForURL((url) => url.protocol === "chrome-error:");
  assert.equal(await foreign.frame.locator("admit-player").count(), 0);
  assert.deepEqual(filmOf(foreign.page), []);

  const top = await house.newPage();
  await top.goto(url);
  await says(top, NOT_ON_THIS_SITE);
});

test("a token with sites of its own is refused elsewhere in words", async () => {
  const { url } = await makeToken({ rules: { domains: ["localhost"] } });
  await plays((await frameOn(house.site.url, `${url}#autoplay;muted`)).frame);
  const frame = await saysInFrame(house.site.sibling, url, NOT_ON_THIS_SITE);
  assert.equal(await failure(frame), "elsewhereOnly");
});

/** A page that answers the player's wish for a token, or does not. */
async function renewing(address, fresh) {
  const shown = await frameOn(house.site.url, "about:blank");
  await shown.page.evaluate(
    ([address, fresh]) => {
      window.wishes = [];
      addEventListener("message", ({ data, origin, source }) => {
        if (data?.type !== "admit:token-wanted") return;
        window.wishes.push({ ...data, origin });
        if (fresh !== undefined) source.postMessage({ type: "admit:token", token: fresh }, origin);
      });
      document.querySelector("iframe").src = address;
    },
    [address, fresh],
  );
  await shown.frame.waitForURL(address);
  return { ...shown, wishes: () => shown.page.evaluate("window.wishes") };
}

test("a session near its end goes on with a token of the page around it, and the film does not notice", async () => {
  const video = await house.customer.publish(LONG);
  await house.customer.make(`/videos/${video}/access-rules`, { domains: ["localhost"] }, "PUT");
  const fresh = await makeToken({ videoId: video });
  const seconds = 12;
  const short = await makeToken({ videoId: video, expiresAt: inSeconds(seconds) });
  const { page, frame, wishes } = await renewing(`${short.url}#autoplay;muted`, fresh.token);
  await frame.waitForFunction(() => document.querySelector("hls-video")?.api);
  // A film of this length would be fetched at once.
  await frame.evaluate(() => Object.assign(document.querySelector("hls-video").api.config, {
    maxBufferLength: 8,
    maxMaxBufferLength: 8,
  }));
  const begun = await plays(frame);
  await frame.evaluate(() => {
    window.breaks = [];
    for (const type of ["pause", "emptied", "seeking", "loadstart", "error"]) {
      window.findFilm().addEventListener(type, () => window.breaks.push(type));
    }
  });
  const renewed = await page.waitForResponse((response) => response.url().includes("/renew?"));
  assert.equal(renewed.status(), 200);
  const { session_token: handle } = await renewed.json();
  await page.waitForResponse((response) => response.url().includes(`/s/${handle}/`) && response.url().endsWith(".m4s"));
  await frame.waitForFunction((end) => window.lookAtFilm().time > end, begun.time + seconds + 4);
  await plays(frame);
  assert.deepEqual(await frame.evaluate("window.breaks"), [], "the film was never taken up anew");
  assert.deepEqual(await wishes(), [{ type: "admit:token-wanted", videoId: video, origin: house.server.url }]);
  assert.deepEqual(page.answers.filter(({ status }) => status >= 400 && status !== 404), []);
  assert.equal((await house.customer.sessionsOf(video)).length, 1, "the same session");
});

test("without a token the film ends with its session, buffered or not", async () => {
  const short = await makeToken({ expiresAt: inSeconds(6) });
  const { frame, wishes } = await renewing(`${short.url}#autoplay;muted;loop`, undefined);
  await plays(frame);
  await says(frame, ENDED);
  assert.equal(await failure(frame), "ended");
  assert.equal((await look(frame)).time, 0, "what was buffered is gone too");
  assert.equal((await wishes()).length, 1);
});

test("only the site that shows the player is listened to", async () => {
  const video = await house.customer.publish(BUNNY);
  const short = await makeToken({ videoId: video, expiresAt: inSeconds(6) });
  const fresh = await makeToken({ videoId: video });
  const { page, frame } = await renewing(`${short.url}#autoplay;muted;loop`, undefined);
  await plays(frame);
  // A frame beside the player's speaks to it, from the same origin even, and is not the page around it.
  await page.evaluate(async (token) => {
    const beside = document.createElement("iframe");
    beside.srcdoc = `<script>parent.frames[0].postMessage({ type: "admit:token", token: "${token}" }, "*")</script>`;
    document.body.append(beside);
    await new Promise((resolve) => (beside.onload = resolve));
  }, fresh.token);
  await says(frame, ENDED);
  assert.ok(!page.answers.some(({ url }) => url.includes("/renew")));
});

test("one seat and two tabs: the second is refused, or asks and takes the first one's place", async () => {
  const tab = async (url) => {
    const page = await house.newPage();
    await page.goto(`${url}#autoplay;muted`);
    return page;
  };
  const strict = (await makeToken({ videoId: house.bunny, rules: { seats: { max: 1 } } })).url;
  await plays(await tab(strict));
  await says(await tab(strict), NO_SEAT);

  const asking = (await makeToken({ videoId: house.bunny, rules: { seats: { max: 1, whenFull: "ask" } } })).url;
  const first = await tab(asking);
  await plays(first);
  const second = await tab(asking);
  await says(second, WATCH_HERE);
  assert.equal(await failure(first), null, "a question ends nothing");
  await door(second).click();
  await plays(second);
  await first.reload();
  await says(first, ENDED);
});

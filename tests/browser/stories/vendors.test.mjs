// Pages written for other services play after nothing but the host name has changed: their signers, their addresses.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import test from "node:test";
import { startApp } from "../house/apps.mjs";
import { filmOf, look, plays, says } from "../house/browser.mjs";
import { BUNNY } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";

const apps = [];
const house = useHouse(
  async (house) => {
    house.bunny = await house.customer.publish(BUNNY);
  },
  { tls: true },
);
test.after(() => apps.forEach(({ stop }) => stop()));

/** A key pair whose public half is a signing key of the project. */
async function newKey(dialect) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { signingKeyId } = await house.customer.make("/signing-keys", {
    name: dialect,
    dialect,
    publicKey: publicKey.export({ type: "spki", format: "pem" }),
  });
  return { signingKeyId, privateKey };
}

async function start(name, environment) {
  const app = await startApp(name, environment);
  apps.push(app);
  return app.url;
}

const isPictured = (page) => page.waitForFunction("document.images[0]?.naturalWidth > 0");
const refusalsOf = ({ answers }) => answers.filter(({ status }) => status >= 400);

/** The sessions of one key, which end with it. */
async function sessionsOf({ signingKeyId }) {
  return (await house.customer.sessionsOf(house.bunny)).filter((session) => session.signingKeyId === signingKeyId);
}

test("Mux's player plays what Mux's signer signed, with its picture and its storyboard", async () => {
  const key = await newKey("mux");
  const pem = key.privateKey.export({ type: "pkcs8", format: "pem" });
  // Every name below localhost is this machine.
  const domain = `localhost:${new URL(house.server.url).port}`;
  const url = await start("mux", {
    MUX_SIGNING_KEY: key.signingKeyId,
    MUX_PRIVATE_KEY: Buffer.from(pem).toString("base64"),
    MUX_CUSTOM_DOMAIN: domain,
    PLAYBACK_ID: house.bunny,
  });
  const page = await house.newPage();
  await page.addInitScript(() => {
    // Inside the player's shadow, and that of the video within it.
    window.lookAtFilm = () => {
      const film = document.querySelector("mux-player")?.media?.nativeEl;
      if (!film) return { time: 0, frames: 0 };
      return { time: film.currentTime, frames: film.getVideoPlaybackQuality().totalVideoFrames };
    };
  });
  await page.goto(url);
  await isPictured(page);
  await page.evaluate(() => document.querySelector("mux-player").play());
  await plays(page);
  const asked = page.answers.map(({ url }) => new URL(url)).filter(({ protocol }) => protocol === "https:");
  const hosts = new Set(asked.map(({ host }) => host));
  assert.deepEqual([...hosts].sort(), [`image.${domain}`, `stream.${domain}`], "nothing else is asked");
  const paths = asked.map(({ pathname }) => pathname);
  for (const path of [`/${house.bunny}.m3u8`, `/${house.bunny}/thumbnail.jpg`, `/${house.bunny}/storyboard.vtt`]) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(refusalsOf(page), []);
  assert.ok((await sessionsOf(key)).length > 0);

  await house.customer.remove(`/signing-keys/${key.signingKeyId}`);
  const late = await house.newPage();
  const refused = late.waitForResponse((response) => response.url().includes(".m3u8"));
  await late.goto(url);
  await late.evaluate(() => void document.querySelector("mux-player").play().catch(() => undefined));
  assert.equal((await refused).status(), 401);
  assert.deepEqual(filmOf(late), []);
});

test("Cloudflare Stream's frame and manifest play by a token that WebCrypto signed", async () => {
  const key = await newKey("cloudflare-stream");
  const jwk = JSON.stringify(key.privateKey.export({ format: "jwk" }));
  const url = await start("cloudflare-stream", {
    STREAM_KEY_ID: key.signingKeyId,
    STREAM_JWK: Buffer.from(jwk).toString("base64"),
    STREAM_HOST: new URL(house.server.url).host,
    VIDEO_ID: house.bunny,
  });
  const framed = await house.newPage();
  await framed.goto(url);
  await framed.frameLocator("iframe").locator("admit-player").waitFor();
  await plays(framed.frames()[1]);
  assert.equal((await sessionsOf(key)).length, 1);
  const { time } = await look(framed.frames()[1]);
  assert.ok(time > 0);

  const page = await house.newPage();
  await page.goto(`${url}/hls`);
  await isPictured(page);
  await plays(page);
  assert.deepEqual([...refusalsOf(framed).filter(({ url }) => !url.includes("manifest")), ...refusalsOf(page)], []);

  await house.customer.remove(`/signing-keys/${key.signingKeyId}`);
  const late = await house.newPage();
  await late.goto(url);
  await says(late.frames()[1], "This video needs a valid access token; yours is missing, wrong or no longer good.");
  assert.deepEqual(filmOf(late), []);
});

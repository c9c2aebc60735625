// The vendor's browser uploader, unmodified, on a page of another origin: over TLS, with each of its three credentials.

import assert from "node:assert/strict";
import test from "node:test";
import { largeFilm } from "../house/clips.mjs";
import { useHouse } from "../house/house.mjs";
import { until } from "../house/until.mjs";

const PLAYABLE_MS_MAX = 60_000;
const PART_BYTES = 5 * 1024 * 1024;

const house = useHouse(async () => undefined, { tls: true });

const host = () => new URL(house.server.url).host;
const client = () => house.customer.client;

/** A page on another site with a film in its file field. */
async function openPage() {
  const page = await house.newPage();
  await page.goto(`${house.site.url}/uploader`);
  await page.locator("input").setInputFiles(largeFilm());
  return page;
}

/** Uploads as the uploader's own users do; answers what its promise brought and what its callbacks heard. */
function upload(page, options) {
  return page.evaluate(
    async (options) => {
      const [file] = document.querySelector("input").files;
      const uploader = new window.VideoUploader({ file, ...options });
      const heard = [];
      uploader.onProgress((event) => heard.push(event));
      uploader.onPlayable((video) => (window.playable = video));
      try {
        return { video: await uploader.upload(), heard };
      } catch (error) {
        return { error, heard };
      }
    },
    { apiHost: host(), chunkSize: PART_BYTES, retries: 1, ...options },
  );
}

/** An upload that must succeed. */
async function uploaded(page, options) {
  const { video, heard, error } = await upload(page, options);
  assert.equal(error, undefined, JSON.stringify(error));
  return { video, heard };
}

function answersTo(page, method, path) {
  const seen = [];
  page.on("response", (response) => {
    if (response.request().method() === method && new URL(response.url()).pathname === path) seen.push(response.status());
  });
  return seen;
}

async function isWhole(videoId) {
  const { ingest } = await client().videos.getStatus(videoId);
  assert.equal(ingest.status, "uploaded");
  assert.equal(ingest.filesize, 10_546_620);
}

async function countVideos() {
  return (await client().videos.list()).pagination.itemsTotal;
}

test("an upload token: three chunks, one video, its name, its progress, and word when it can be watched", async () => {
  const page = await openPage();
  const before = await countVideos();
  const { token } = await client().uploadTokens.createToken();
  const origin = { application: { name: "stories", version: "1.0.0" }, sdk: { name: "stories-sdk", version: "2" } };
  const { video, heard } = await uploaded(page, { uploadToken: token, videoName: "from a browser", origin });
  assert.equal(video.title, "from a browser");
  assert.equal(await countVideos(), before + 1);
  await isWhole(video.videoId);
  const last = heard.at(-1);
  assert.deepEqual([last.currentChunk, last.chunksCount, last.totalBytes], [3, 3, 10_546_620]);
  assert.ok(last.uploadedBytes >= last.totalBytes, `${last.uploadedBytes} bytes were heard of`);
  const playable = await page.waitForFunction("window.playable", undefined, { timeout: PLAYABLE_MS_MAX });
  assert.equal((await playable.jsonValue()).videoId, video.videoId);
  assert.equal((await client().videos.getStatus(video.videoId)).encoding.playable, true);
});

test("an API key fills a video that exists", async () => {
  const page = await openPage();
  const { videoId } = await client().videos.create({ title: "by a key" });
  const { video } = await uploaded(page, { apiKey: house.server.key, videoId });
  assert.deepEqual([video.videoId, video.title, video._public], [videoId, "by a key", true]);
  await isWhole(videoId);
});

test("an access token that has expired is refreshed, and the upload goes on", async () => {
  const page = await openPage();
  const { videoId } = await client().videos.create({ title: "by a token" });
  const { refreshToken } = await client().getAccessToken();
  const uploads = answersTo(page, "POST", `/videos/${videoId}/source`);
  const refreshes = answersTo(page, "POST", "/auth/refresh");
  const { video } = await uploaded(page, { accessToken: "expired", refreshToken, videoId });
  assert.equal(video.videoId, videoId);
  assert.deepEqual(uploads, [401, 201, 201, 201]);
  assert.deepEqual(refreshes, [200]);
  await isWhole(videoId);
});

test("progressive parts of unknown number become one film", async () => {
  const page = await openPage();
  const before = await countVideos();
  const { token } = await client().uploadTokens.createToken();
  const video = await page.evaluate(
    async ({ part, ...options }) => {
      const [file] = document.querySelector("input").files;
      const uploader = new window.ProgressiveUploader(options);
      uploader.onPlayable((video) => (window.playable = video));
      uploader.uploadPart(file.slice(0, part));
      uploader.uploadPart(file.slice(part, 2 * part));
      return uploader.uploadLastPart(file.slice(2 * part));
    },
    { apiHost: host(), retries: 1, uploadToken: token, videoName: "live from a camera", part: PART_BYTES },
  );
  assert.equal(video.title, "live from a camera");
  assert.equal(await countVideos(), before + 1);
  await isWhole(video.videoId);
  await page.waitForFunction("window.playable", undefined, { timeout: PLAYABLE_MS_MAX });
});

test("the wait for a private film does not spend its token", async () => {
  const page = await openPage();
  const { videoId } = await client().videos.create({ title: "private", _public: false });
  const { video } = await uploaded(page, { apiKey: house.server.key, videoId });
  const path = new URL(video.assets.hls).pathname;
  const waiting = answersTo(page, "GET", path);
  await page.waitForFunction("window.playable", undefined, { timeout: PLAYABLE_MS_MAX });
  await until("the last look is seen", PLAYABLE_MS_MAX, () => waiting.at(-1) === 200);
  assert.deepEqual(waiting.filter((status) => status !== 202), [200], "never refused while it waited");
  assert.equal((await house.customer.sessionsOf(videoId)).length, 1);
});

test("a refusal can be read on another origin, and makes no video", async () => {
  const page = await openPage();
  const before = await countVideos();
  const { error } = await upload(page, { uploadToken: "toNobody" });
  assert.equal(error.status, 401);
  assert.equal(error.title, "The upload token is invalid or expired.");
  const { videoId } = await client().videos.create({ title: "refused" });
  const refused = await upload(page, { apiKey: "adm_wrong", videoId });
  assert.equal(refused.error.status, 401);
  assert.equal(await countVideos(), before + 1);
  assert.equal((await client().videos.getStatus(videoId)).ingest, undefined);
});

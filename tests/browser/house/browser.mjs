// A headless Chromium, and what a viewer in front of it can see.

import { chromium } from "playwright-core";

const WAIT_MS_MAX = 30_000;

export const PROGRAM = process.env.ADMIT_CHROMIUM ?? "/usr/bin/chromium";
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-component-update",
  "--autoplay-policy=no-user-gesture-required",
];

export function launch() {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}

/** A page that writes down every answer it gets, and what it complains about. */
export async function openPage(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS_MAX);
  return listen(page);
}

export function listen(page) {
  const answers = [];
  const complaints = [];
  page.on("response", (response) => answers.push({ url: response.url(), status: response.status() }));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
  });
  return Object.assign(page, { answers, complaints });
}

/** Answers that carried anything of a film: a part of a session or of a video, as far as it was not refused. */
export function filmOf({ answers }) {
  const part = /^\/s\/|^\/vod\/.*\.(m3u8|mpd|mp4|m4s|jpg|vtt)$/;
  return answers.filter(({ url, status }) => status < 300 && part.test(new URL(url).pathname));
}

/** A context whose pages can be looked at, whatever their policy: `lookAtFilm` finds the film wherever it stands. */
export async function openContext(browser) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  await context.addInitScript(putEyes);
  return context;
}

/** Gives eyes to a page that was opened without. */
export function giveEyes(page) {
  return page.evaluate(putEyes);
}

function putEyes() {
  window.findFilm = () => document.querySelector("hls-video")?.nativeEl ?? document.querySelector("video");
  window.lookAtFilm = () => {
    const film = window.findFilm();
    if (!film) return { time: 0, frames: 0 };
    const frames = film.getVideoPlaybackQuality().totalVideoFrames;
    return { time: film.currentTime, frames, width: film.videoWidth, error: film.error?.message };
  };
}

export function look(page) {
  return page.evaluate(() => window.lookAtFilm());
}

/** Waits until the clock is past `time` and more than `frames` were decoded; returns the look at that moment. */
async function until(page, time, frames) {
  const there = await page.waitForFunction(
    ([time, frames]) => {
      const now = window.lookAtFilm();
      return now.time > time && now.frames > frames && now;
    },
    [time, frames],
  );
  return there.jsonValue();
}

/** The clock advances and frames are decoded. */
export async function plays(page, { by = 1, frames = 10 } = {}) {
  const before = await look(page);
  return until(page, before.time + by, before.frames + frames);
}

/** Jumps, and waits until frames of the new place were decoded. */
export async function seek(page, seconds) {
  const { frames } = await look(page);
  await page.evaluate((to) => {
    window.findFilm().currentTime = to;
    void window.findFilm().play();
  }, seconds);
  return until(page, seconds, frames);
}

export const door = (page) => page.locator(".door");

/** What a person does at the door of a private film. */
export async function enter(page, address) {
  await page.goto(address);
  await door(page).click();
}

/** Holds back everything after the first piece of a film: all of so short a one would be fetched at once. */
export async function holdBack(page) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  let pieces = 0;
  await page.route("**/*.m4s", async (route) => {
    pieces += 1;
    if (pieces > 1) await released;
    await route.continue();
  });
  return release;
}

/** What the player of a page or a frame failed with, for programs. */
export function failure(page) {
  return page.locator("admit-player").getAttribute("data-failed");
}

/** Waits for the player to say exactly this. */
export async function says(page, sentence) {
  await page.getByRole("status").getByText(sentence, { exact: true }).waitFor();
}

// <admit-player>: the only thing the page knows of players, so that another one can take its place.

import "./controls.js";
import Hls from "hls.js/dist/hls.mjs";
import type HlsVideoElement from "hls-video-element";
import "hls-video-element";
import { type Addresses, movedTo } from "./addresses.js";
import { dress, showControls } from "./dressing.js";
import { areBounded, boundQuality, pickAnew } from "./quality.js";
import { screen } from "./screen.js";
import { SENTENCES, type Sentence } from "./sentences.js";
import { PLAIN_SHOW, type Show, withShow } from "./show.js";
import { captionTracks, chapterTracks, hasCaptions, storyboardTrack } from "./tracks.js";
import { type Trouble, watchForTrouble } from "./trouble.js";
import { NO_WISHES, type Wishes } from "./wishes.js";

export interface Playing {
  addresses: Addresses;
  /** Play without being asked again, as far as the browser lets us. */
  now: boolean;
  /** Seconds. */
  from: number;
}

/** Says `dressed` and `ready` once per film, `failed` in the end, `controlsenabled` and `controlsdisabled`. */
export class AdmitPlayer extends HTMLElement {
  wishes: Wishes = NO_WISHES;
  show: Show = PLAIN_SHOW;
  /** Where the film can be had as one file, if at all. */
  mp4: string | undefined;
  /** Whether the page around us drives the player. */
  invited = false;
  /** Whether there is a film with a length and a size; `loaded` waits for it. */
  ready = false;
  loaded = new Promise<void>(() => undefined);
  private becomeLoaded = (): void => undefined;
  private openDoor = (): void => undefined;
  private pressed = false;
  /** Where the parts of the film are fetched: below the handle that holds now. */
  private base = "";

  connectedCallback(): void {
    // What the page around a frame does to the sound is no choice of the viewer's.
    this.innerHTML = screen({ remembers: parent === window && mayStore() });
    this.video.addEventListener("timeupdate", () => this.keepToEnd());
    this.video.addEventListener("loadedmetadata", () => this.becomeReady());
  }

  get film(): HTMLElement {
    return this.piece("film");
  }

  get video(): HlsVideoElement & HTMLVideoElement {
    return this.querySelector("hls-video") as HlsVideoElement & HTMLVideoElement;
  }

  /** Seconds; where the film stands. One that is over stands at its beginning. */
  get position(): number {
    return this.video.ended ? 0 : this.video.currentTime;
  }

  say(sentence: Sentence | undefined): void {
    this.piece("words").textContent = sentence === undefined ? "" : SENTENCES[sentence];
  }

  /** The last word: nothing will be played. Which it was, `data-failed` tells programs. */
  fail(sentence: Sentence): void {
    this.say(sentence);
    this.dataset.failed = sentence;
    this.dispatchEvent(new Event("failed"));
  }

  /** Shows the big Play button and waits for a person to press it; scripts and scanners do not count. */
  knock(): Promise<void> {
    if (this.invited) return Promise.resolve();
    const door = this.piece("door");
    door.hidden = false;
    return new Promise((resolve) => {
      this.openDoor = (): void => {
        door.hidden = true;
        door.removeEventListener("click", press);
        resolve();
      };
      const press = (event: Event): void => {
        if (!event.isTrusted) return;
        this.pressed = true;
        this.wish({ autoplay: true });
        this.openDoor();
      };
      door.addEventListener("click", press);
    });
  }

  /** The page around us drives the player by script: it stands for the person, and its page is what a scanner sees. */
  invite(): void {
    this.invited = true;
    this.openDoor();
  }

  /** Another film is to come; what was asked of the one before and not yet done is forgotten. */
  begin(wishes: Wishes): void {
    this.stop();
    delete this.dataset.failed;
    this.pressed = false;
    this.ready = false;
    this.loaded = new Promise((resolve) => (this.becomeLoaded = resolve));
    this.wish(wishes);
  }

  dress(show: Show, { mp4 }: Addresses): void {
    this.show = show;
    this.offer(mp4);
    dress(this.film, show);
    this.wish(withShow(this.wishes, show));
    this.dispatchEvent(new Event("dressed"));
  }

  wish(wishes: Partial<Wishes>): void {
    this.wishes = { ...this.wishes, ...wishes };
    const { film, video } = this;
    const { chromeless, hidePoster, hideTitle, hotkeys, muted, showSubtitles, loop, end } = this.wishes;
    for (const [name, on] of Object.entries({ chromeless, hidePoster, hideTitle, muted })) {
      film.toggleAttribute(`data-${name}`, on);
    }
    film.toggleAttribute("nohotkeys", !hotkeys);
    film.toggleAttribute("defaultsubtitles", showSubtitles);
    video.toggleAttribute("loop", loop && end === undefined);
    // What a viewer or the SDK changed since then stays, unless it is wished for now.
    if (wishes.muted === true) video.muted = true;
    if (wishes.hideControls !== undefined) this.showControls(!wishes.hideControls);
    if (wishes.showSubtitles !== undefined) this.showSubtitles(showSubtitles);
    if (areBounded(wishes) && video.api) {
      boundQuality(video.api, this.wishes);
      pickAnew(video.api);
    }
  }

  /** Those of these names, or all of them. */
  showControls(shown: boolean, names?: unknown): void {
    showControls(this.film, shown, names);
    if (Array.isArray(names) || this.film.hasAttribute("data-bare") !== shown) return;
    this.film.toggleAttribute("data-bare", !shown);
    this.dispatchEvent(new Event(shown ? "controlsenabled" : "controlsdisabled"));
  }

  /** Plays until trouble comes, which is what the promise brings. */
  async play({ addresses, now, from }: Playing): Promise<Trouble> {
    const { film, video } = this;
    film.hidden = false;
    this.base = addresses.base;
    this.piece("poster").style.backgroundImage = `url("${addresses.poster}")`;
    video.replaceChildren(storyboardTrack(addresses.storyboard), ...chapterTracks(this.show, addresses.base));
    video.preload = now ? "auto" : "metadata";
    // A small frame needs no large picture; who picks a quality still gets it.
    video.config = {
      startPosition: from > 0 ? from : -1,
      capLevelToPlayerSize: !areBounded(this.wishes),
      xhrSetup: (request: XMLHttpRequest, address: string) => {
        const moved = movedTo(this.base, address);
        if (moved !== address) request.open("GET", moved, true);
      },
    };
    video.src = addresses.manifest;
    video.onloadedmetadata = (): void => {
      if (now) void this.start();
      const { showSubtitles } = this.wishes;
      if (!hasCaptions(video)) video.append(...captionTracks(this.show, addresses.base, showSubtitles));
      // hls.js has just turned off what media-chrome turned on.
      else if (showSubtitles) this.showSubtitles(true);
    };
    // The button that had the keyboard is gone, so the film takes it. Unasked, a frame must not take the focus.
    if (this.pressed) film.focus({ preventScroll: true });
    // hls-video-element makes its hls.js one microtask after it learns the address.
    await Promise.resolve();
    const { api } = video;
    return new Promise((resolve) => {
      // Not null but missing, whatever its type says, where the browser plays HLS by itself.
      if (!api) return (video.onerror = () => resolve({ kind: "stopped" }));
      watchForTrouble(api, resolve);
      api.once(Hls.Events.MANIFEST_PARSED, () => boundQuality(api, this.wishes));
    });
  }

  /** What is still to be fetched of the film that plays is fetched from there. */
  move({ base, mp4, storyboard }: Addresses): void {
    this.base = base;
    this.offer(mp4);
    this.video.querySelector("track[kind=metadata]")?.setAttribute("src", storyboard);
  }

  async start(): Promise<void> {
    try {
      await this.video.play();
    } catch {
      // The browser wants a gesture first: the controls are there to make it.
    }
  }

  /** Takes the film away, with what was buffered of it. */
  stop(): void {
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.replaceChildren();
    this.piece("poster").style.backgroundImage = "";
    this.film.hidden = true;
  }

  private offer(mp4: string): void {
    this.mp4 = this.show.mp4 ? new URL(mp4, location.href).href : undefined;
  }

  private becomeReady(): void {
    if (this.ready) return;
    this.ready = true;
    this.dispatchEvent(new Event("ready"));
    this.becomeLoaded();
  }

  private showSubtitles(shown: boolean): void {
    this.film.dispatchEvent(new CustomEvent("mediatogglesubtitlesrequest", { detail: shown }));
  }

  private keepToEnd(): void {
    const { video } = this;
    const { start, end, loop } = this.wishes;
    if (end === undefined || video.paused || video.currentTime < end) return;
    if (loop) video.currentTime = start ?? 0;
    else video.pause();
  }

  private piece(name: "film" | "poster" | "door" | "words"): HTMLElement {
    return this.querySelector(`.${name}`) as HTMLElement;
  }
}

function mayStore(): boolean {
  try {
    return localStorage !== null;
  } catch {
    return false;
  }
}

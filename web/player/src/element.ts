// <admit-player>: the only thing the page knows of players, so that another one can take its place.

import "./controls.js";
import type HlsVideoElement from "hls-video-element";
import "hls-video-element";
import type { Addresses } from "./addresses.js";
import { SCREEN } from "./screen.js";
import { SENTENCES, type Sentence } from "./sentences.js";
import { type Trouble, watchForTrouble } from "./trouble.js";
import type { Wishes } from "./wishes.js";

export interface Playing {
  addresses: Addresses;
  wishes: Wishes;
  /** Play without being asked again, as far as the browser lets us. */
  now: boolean;
  /** Seconds. */
  from: number;
}

export class AdmitPlayer extends HTMLElement {
  private pressed = false;

  connectedCallback(): void {
    this.innerHTML = SCREEN;
  }

  /** Seconds; where the film stands. One that is over stands at its beginning. */
  get position(): number {
    return this.video.ended ? 0 : this.video.currentTime;
  }

  say(sentence: Sentence | undefined): void {
    this.piece("words").textContent = sentence === undefined ? "" : SENTENCES[sentence];
  }

  /** Shows the big Play button and waits for a person to press it; scripts and scanners do not count. */
  knock(): Promise<void> {
    const door = this.piece("door");
    door.hidden = false;
    return new Promise((resolve) => {
      const pressed = (event: Event): void => {
        if (!event.isTrusted) return;
        door.removeEventListener("click", pressed);
        door.hidden = true;
        this.pressed = true;
        resolve();
      };
      door.addEventListener("click", pressed);
    });
  }

  /** Plays until trouble comes, which is what the promise brings. */
  async play({ addresses, wishes, now, from }: Playing): Promise<Trouble> {
    const { video } = this;
    this.piece("film").hidden = false;
    this.piece("film").classList.toggle("bare", wishes.hideControls);
    this.piece("film").toggleAttribute("defaultsubtitles", wishes.showSubtitles);
    video.setAttribute("poster", addresses.poster);
    video.replaceChildren(storyboardTrack(addresses.storyboard));
    video.toggleAttribute("loop", wishes.loop && wishes.end === undefined);
    video.preload = now ? "auto" : "metadata";
    video.ontimeupdate = () => this.keepToEnd(wishes);
    // A small frame needs no large picture; who picks a quality by hand still gets it.
    video.config = { startPosition: from > 0 ? from : -1, capLevelToPlayerSize: true };
    video.src = addresses.manifest;
    if (now) video.addEventListener("loadedmetadata", () => void this.tryToPlay(), { once: true });
    // The button that had the keyboard is gone, so the film takes it. Unasked, a frame must not take the focus.
    if (this.pressed) this.piece("film").focus({ preventScroll: true });
    // hls-video-element makes its hls.js one microtask after it learns the address.
    await Promise.resolve();
    const { api } = video;
    return new Promise((resolve) => {
      if (api !== null) watchForTrouble(api, resolve);
      else video.onerror = () => resolve({ kind: "stopped" });
    });
  }

  /** Takes the film away, with what was buffered of it. */
  stop(): void {
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.removeAttribute("poster");
    this.video.replaceChildren();
    this.piece("film").hidden = true;
  }

  private keepToEnd({ start, end, loop }: Wishes): void {
    const { video } = this;
    if (end === undefined || video.paused || video.currentTime < end) return;
    if (loop) video.currentTime = start ?? 0;
    else video.pause();
  }

  private async tryToPlay(): Promise<void> {
    try {
      await this.video.play();
    } catch {
      // The browser wants a gesture first: the controls are there to make it.
    }
  }

  private get video(): HlsVideoElement & HTMLVideoElement {
    return this.querySelector("hls-video") as HlsVideoElement & HTMLVideoElement;
  }

  private piece(name: "film" | "door" | "words"): HTMLElement {
    return this.querySelector(`.${name}`) as HTMLElement;
  }
}

function storyboardTrack(address: string): HTMLTrackElement {
  const track = document.createElement("track");
  // The names media-chrome looks for when it shows a preview above the time line.
  track.kind = "metadata";
  track.label = "thumbnails";
  track.default = true;
  track.src = address;
  return track;
}

// How the customer wants the film to be shown: player.json beside the manifest, and what holds without one.

import type { Wishes } from "./wishes.js";

export const COLOURS = [
  "text",
  "link",
  "linkHover",
  "linkActive",
  "trackPlayed",
  "trackUnplayed",
  "trackBackground",
  "backgroundTop",
  "backgroundBottom",
  "backgroundText",
] as const;

export type Theme = Partial<Record<(typeof COLOURS)[number], string>>;

export interface Show {
  title: string;
  mp4: boolean;
  theme: Theme;
  enableApi: boolean;
  enableControls: boolean;
  forceAutoplay: boolean;
  hideTitle: boolean;
  forceLoop: boolean;
  logo?: { src: string; link: string };
  /** Addresses here and below are relative to that of player.json. */
  captions: { srclang: string; src: string; default: boolean }[];
  chapters: { language: string; src: string }[];
}

export const PLAIN_SHOW: Show = {
  title: "",
  mp4: true,
  theme: {},
  enableApi: true,
  enableControls: true,
  forceAutoplay: false,
  hideTitle: false,
  forceLoop: false,
  captions: [],
  chapters: [],
};

/** What the theme forces comes on top of what the page wishes for. */
export function withShow(wishes: Wishes, show: Show): Partial<Wishes> {
  return {
    autoplay: wishes.autoplay || show.forceAutoplay,
    loop: wishes.loop || show.forceLoop,
    hideControls: wishes.hideControls || !show.enableControls,
    hideTitle: wishes.hideTitle || show.hideTitle,
  };
}

// How the film looks: colours, title and logo, and which controls are there. The style sheet knows the rest.

import type { Message } from "./bridge.js";
import type { AdmitPlayer } from "./element.js";
import { COLOURS, type Show, type Theme } from "./show.js";

/** Colours that are not named stay as they are. */
export function paint(film: HTMLElement, theme: Theme): void {
  for (const name of COLOURS) {
    if (theme[name] !== undefined) film.style.setProperty(`--theme-${name}`, theme[name]);
  }
}

export function dress(film: HTMLElement, { theme, title, logo }: Show): void {
  for (const name of COLOURS) film.style.removeProperty(`--theme-${name}`);
  paint(film, theme);
  (film.querySelector(".title") as HTMLElement).textContent = title;
  const link = film.querySelector(".logo") as HTMLAnchorElement;
  link.hidden = logo === undefined;
  if (logo === undefined) return;
  link.toggleAttribute("href", false);
  if (/^https?:\/\//i.test(logo.link)) link.href = logo.link;
  (link.firstElementChild as HTMLImageElement).src = logo.src;
}

/** Shows or hides the controls of these names, or all of them. */
export function showControls(film: HTMLElement, shown: boolean, names: unknown): void {
  for (const control of film.querySelectorAll<HTMLElement>("[data-control]")) {
    if (!Array.isArray(names) || names.includes(control.dataset.control)) control.toggleAttribute("data-off", !shown);
  }
}

/** The SDK names the poster as the hosted player does. */
export function restyle({ film, video }: AdmitPlayer, { query, property, value }: Message): void {
  const pieces = new Map<unknown, HTMLElement | null>([
    ["video", video.nativeEl],
    [".vjs-poster", film.querySelector(".poster")],
  ]);
  pieces.get(query)?.style.setProperty(String(property), String(value));
}

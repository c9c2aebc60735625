// The film's companions as text tracks: pictures above the time line, chapters on it, captions.

import type { Show } from "./show.js";

export function storyboardTrack(address: string): HTMLTrackElement {
  // The names media-chrome looks for when it shows a preview above the time line.
  return track({ kind: "metadata", label: "thumbnails", src: address, default: true });
}

/** One language at most: the time line can be divided only once. */
export function chapterTracks({ chapters }: Show, base: string): HTMLTrackElement[] {
  const chosen = pickLanguage(chapters, navigator.languages);
  if (chosen === undefined) return [];
  return [track({ kind: "chapters", srclang: chosen.language, src: base + chosen.src, default: true })];
}

export function hasCaptions({ textTracks }: HTMLVideoElement): boolean {
  return Array.from(textTracks).some(({ kind }) => kind === "subtitles" || kind === "captions");
}

/** For a film whose manifest names no subtitles; otherwise each language would be listed twice. */
export function captionTracks({ captions }: Show, base: string, shown: boolean): HTMLTrackElement[] {
  const languages = captions.map(({ srclang }) => ({ language: srclang }));
  const chosen = shown ? pickLanguage(languages, navigator.languages)?.language : undefined;
  return captions.map(({ srclang, src, default: always }) => {
    const label = languageName(srclang);
    return track({ kind: "subtitles", srclang, label, src: base + src, default: always || srclang === chosen });
  });
}

/** The viewer's first language that is there, exactly or by its first part; else whichever comes first. */
export function pickLanguage<T extends { language: string }>(
  offered: readonly T[],
  wanted: readonly string[],
): T | undefined {
  const first = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";
  for (const tag of wanted) {
    const exact = offered.find(({ language }) => language.toLowerCase() === tag.toLowerCase());
    const found = exact ?? offered.find(({ language }) => first(language) === first(tag));
    if (found !== undefined) return found;
  }
  return offered[0];
}

function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

type TrackFacts = Partial<Pick<HTMLTrackElement, "kind" | "label" | "src" | "srclang" | "default">>;

function track(facts: TrackFacts): HTMLTrackElement {
  return Object.assign(document.createElement("track"), facts);
}

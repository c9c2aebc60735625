// What the embedding page wishes for: `#autoplay;loop;t=10,20;hide-controls`, or `?autoplay=true` as the SDK writes it.

export interface Wishes {
  autoplay: boolean;
  muted: boolean;
  loop: boolean;
  /** Nothing but the film, not even the button that brings the sound back. */
  chromeless: boolean;
  hideControls: boolean;
  hidePoster: boolean;
  hideTitle: boolean;
  showSubtitles: boolean;
  hotkeys: boolean;
  /** Pixels of the picture's short side, as in "720p". */
  minQuality: number | undefined;
  maxQuality: number | undefined;
  /** Seconds; the film starts here. */
  start: number | undefined;
  /** Seconds; the film pauses here, or goes back to the start when it loops. */
  end: number | undefined;
}

export const NO_WISHES = readWishes(new URL("about:blank"));

/** Unknown words are skipped: pages written for other hosts carry words that mean nothing here. */
export function readWishes(address: URL): Wishes {
  const words = wordsOf(address.hash);
  const asked = (word: string, name: string): boolean =>
    words.includes(word) || address.searchParams.get(name) === "true";
  const [start, end] = readSpan(valueOf(words, "t=") ?? "");
  return {
    autoplay: asked("autoplay", "autoplay"),
    muted: asked("muted", "muted"),
    loop: asked("loop", "loop"),
    chromeless: asked("chromeless", "chromeless"),
    hideControls: asked("hide-controls", "hideControls"),
    hidePoster: asked("hide-poster", "hidePoster"),
    hideTitle: asked("hide-title", "hideTitle"),
    showSubtitles: asked("show-subtitles", "showSubtitles"),
    hotkeys: !words.includes("hotkeys:false"),
    minQuality: readNumber(valueOf(words, "min-quality:")),
    maxQuality: readNumber(valueOf(words, "max-quality:")),
    start,
    end,
  };
}

export function wordsOf(fragment: string): string[] {
  return fragment.replace(/^#/, "").split(";").map((word) => word.trim());
}

/** What follows the prefix in the first word that has it. */
export function valueOf(words: string[], prefix: string): string | undefined {
  return words.find((word) => word.startsWith(prefix))?.slice(prefix.length);
}

function readSpan(text: string): [number | undefined, number | undefined] {
  const [from, to] = text.split(",");
  const start = readNumber(from);
  const end = readNumber(to);
  const backwards = end !== undefined && end <= (start ?? 0);
  return [start, backwards ? undefined : end];
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

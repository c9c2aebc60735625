// What the embedding page wishes for, read from the address fragment: `#autoplay;loop;t=10,20;hide-controls`.

export interface Wishes {
  autoplay: boolean;
  loop: boolean;
  hideControls: boolean;
  showSubtitles: boolean;
  /** Seconds; the film starts here. */
  start: number | undefined;
  /** Seconds; the film pauses here, or goes back to the start when it loops. */
  end: number | undefined;
}

/** Unknown words are skipped: pages written for other hosts carry words that mean nothing here. */
export function readWishes(fragment: string): Wishes {
  const words = fragment.replace(/^#/, "").split(";").map((word) => word.trim());
  const [start, end] = readSpan(words.find((word) => word.startsWith("t="))?.slice(2) ?? "");
  return {
    autoplay: words.includes("autoplay"),
    loop: words.includes("loop"),
    hideControls: words.includes("hide-controls"),
    showSubtitles: words.includes("show-subtitles"),
    start,
    end,
  };
}

function readSpan(text: string): [number | undefined, number | undefined] {
  const [from, to] = text.split(",");
  const start = readSeconds(from);
  const end = readSeconds(to);
  const backwards = end !== undefined && end <= (start ?? 0);
  return [start, backwards ? undefined : end];
}

function readSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

// Which renditions may be picked by themselves, when the embedding page draws bounds.

import type Hls from "hls.js/dist/hls.mjs";
import type { Wishes } from "./wishes.js";

type Size = Pick<Hls["levels"][number], "width" | "height">;

/** The least and the most rendition of an ascending list; where none fits, the nearest. */
export function boundsOf(sizes: readonly Size[], { minQuality = 0, maxQuality = Infinity }: Bounds): [number, number] {
  const shortSides = sizes.map(({ width, height }) => Math.min(width, height));
  const most = Math.max(shortSides.filter((side) => side <= maxQuality).length - 1, 0);
  const least = shortSides.findIndex((side) => side >= minQuality);
  return [least === -1 ? most : Math.min(least, most), most];
}

type Bounds = Pick<Wishes, "minQuality" | "maxQuality">;

/** Without bounds a small frame gets no larger picture than it can show; with them that would overrule them. */
export function areBounded({ minQuality, maxQuality }: Partial<Bounds>): boolean {
  return minQuality !== undefined || maxQuality !== undefined;
}

export function boundQuality(hls: Hls, bounds: Bounds): void {
  if (!areBounded(bounds)) return;
  hls.capLevelToPlayerSize = false;
  const [least, most] = boundsOf(hls.levels, bounds);
  hls.config.minAutoBitrate = hls.levels[least]?.maxBitrate ?? 0;
  hls.autoLevelCapping = most;
}

/** What is buffered ahead was picked before; a rendition picked by hand stays picked. */
export function pickAnew(hls: Hls): void {
  if (hls.autoLevelEnabled) hls.nextLevel = -1;
}

// What happens to the film and around it, in the words of the player SDK's events.

import type { Message } from "./bridge.js";
import type { AdmitPlayer } from "./element.js";

export type Report = (type: string, data?: Message) => void;

/** Events that say all there is to say with their name. */
const PLAIN = ["play", "pause", "ended", "seeking", "ratechange", "resize"];

export function reportEvents(player: AdmitPlayer, report: Report): void {
  const { film, video } = player;
  for (const type of PLAIN) video.addEventListener(type, () => report(type));
  video.addEventListener("timeupdate", () => report("timeupdate", { currentTime: video.currentTime }));
  video.addEventListener("volumechange", () => report("volumechange", { volume: video.volume }));
  // Every rung of the ladder has a size of its own, so another size of the picture is another quality.
  video.addEventListener("resize", () => {
    report("qualitychange", { resolution: { height: video.videoHeight, width: video.videoWidth } });
  });
  reportFirst(player, report);
  for (const type of ["mouseenter", "mouseleave"]) player.addEventListener(type, () => report(type));
  for (const type of ["controlsenabled", "controlsdisabled"]) player.addEventListener(type, () => report(type));
  film.addEventListener("userinactivechange", () => {
    report(film.hasAttribute("userinactive") ? "userinactive" : "useractive");
  });
  document.addEventListener("fullscreenchange", () => {
    report("fullscreenchange", { isFullScreen: document.fullscreenElement !== null });
  });
  new ResizeObserver(() => report("playerresize")).observe(player);
  reportScreens(video.nativeEl, report);
}

/** Once per film, however often it is taken up again. */
function reportFirst(player: AdmitPlayer, report: Report): void {
  let played = false;
  player.addEventListener("ready", () => {
    played = false;
    report("ready");
  });
  player.video.addEventListener("play", () => {
    if (!played) report("firstplay");
    played = true;
  });
}

/** Other screens: AirPlay where Apple made the browser, Cast elsewhere. */
function reportScreens(video: HTMLVideoElement, report: Report): void {
  const kind = "WebKitPlaybackTargetAvailabilityEvent" in window ? "airplay" : "chromecast";
  const { remote } = video as Partial<HTMLVideoElement>;
  remote?.addEventListener("connect", () => report(`${kind}Connected`));
  remote?.addEventListener("disconnect", () => report(`${kind}Disconnected`));
}

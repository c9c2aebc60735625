// Everything the player SDK may ask for, one line a message: orders return nothing, questions return their answer.

import type { Message } from "./bridge.js";
import { paint, restyle } from "./dressing.js";
import type { AdmitPlayer } from "./element.js";
import { enterFullscreen, enterPictureInPicture, leaveFullscreen, leavePictureInPicture } from "./modes.js";

export interface Stage {
  player: AdmitPlayer;
  /** Leaves the present film for the one of another page address. */
  load(url: string): void;
  /** Leaves the present film for good. */
  leave(): void;
}

type Command = (stage: Stage, message: Message) => unknown;

export function obey(stage: Stage, message: Message): unknown {
  return COMMANDS.get(String(message.message))?.(stage, message);
}

/** What needs a film waits for it, in the order it came. */
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["loadConfig", ({ load }, { url }) => load(String(url))],
  ["destroy", ({ leave }) => leave()],

  ["play", ({ player }) => player.loaded.then(() => player.start())],
  ["pause", ({ player }) => player.loaded.then(() => player.video.pause())],
  ["seek", ({ player }, { seek }) => player.loaded.then(() => void (player.video.currentTime += Number(seek)))],
  [
    "setCurrentTime",
    ({ player }, { currentTime }) => player.loaded.then(() => void (player.video.currentTime = Number(currentTime))),
  ],
  ["setPlaybackRate", ({ player }, { rate }) => void (player.video.playbackRate = Number(rate))],
  ["mute", ({ player }) => void (player.video.muted = true)],
  ["unmute", ({ player }) => void (player.video.muted = false)],
  ["setVolume", ({ player }, { volume }) => void (player.video.volume = Math.min(Math.max(Number(volume), 0), 1))],
  ["setAutoplay", ({ player }, { autoplay }) => player.wish({ autoplay: autoplay === true })],
  ["setLoop", ({ player }, { loop }) => player.wish({ loop: loop === true })],
  ["setMinimalQuality", ({ player }, { quality }) => player.wish({ minQuality: Number(quality) || 0 })],
  ["setMaximalQuality", ({ player }, { quality }) => player.wish({ maxQuality: Number(quality) || Infinity })],

  ["setChromeless", ({ player }, { chromeless }) => player.wish({ chromeless: chromeless === true })],
  ["showControls", ({ player }, { controls }) => player.showControls(true, controls)],
  ["hideControls", ({ player }, { controls }) => player.showControls(false, controls)],
  ["showTitle", ({ player }) => player.wish({ hideTitle: false })],
  ["hideTitle", ({ player }) => player.wish({ hideTitle: true })],
  ["showPoster", ({ player }) => player.wish({ hidePoster: false })],
  ["hidePoster", ({ player }) => player.wish({ hidePoster: true })],
  ["showSubtitles", ({ player }) => player.wish({ showSubtitles: true })],
  ["hideSubtitles", ({ player }) => player.wish({ showSubtitles: false })],
  ["setTheme", ({ player }, { theme }) => paint(player.film, Object(theme))],
  ["setStyleProperty", ({ player }, message) => restyle(player, message)],
  ["requestFullscreen", ({ player }) => enterFullscreen(player)],
  ["exitFullscreen", leaveFullscreen],
  ["requestPictureInPicture", ({ player }) => enterPictureInPicture(player)],
  ["exitPictureInPicture", leavePictureInPicture],

  ["getPaused", ({ player }) => player.video.paused],
  ["getPlaying", ({ player }) => !player.video.paused && !player.video.ended],
  ["getMuted", ({ player }) => player.video.muted],
  ["getLoop", ({ player }) => player.wishes.loop],
  ["isLiveStream", ({ player }) => player.video.duration === Infinity],
  ["getDuration", ({ player }) => player.video.duration],
  ["getCurrentTime", ({ player }) => player.video.currentTime],
  ["getPlaybackRate", ({ player }) => player.video.playbackRate],
  ["getVolume", ({ player }) => player.video.volume],
  ["getVideoSize", ({ player }) => ({ width: player.video.videoWidth, height: player.video.videoHeight })],
  ["getMp4Url", ({ player }) => player.mp4 ?? false],
]);

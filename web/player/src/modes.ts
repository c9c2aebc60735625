// Fullscreen and picture-in-picture for a caller who wants to know whether the browser agreed.

import type { AdmitPlayer } from "./element.js";

/** iPhones know fullscreen for the bare video only. */
type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?(): void };

export async function enterFullscreen({ film, video }: AdmitPlayer): Promise<boolean> {
  const phone = video.nativeEl as PhoneVideo;
  return agreed(async () => {
    if ("requestFullscreen" in film) await film.requestFullscreen();
    else phone.webkitEnterFullscreen?.();
  });
}

export function leaveFullscreen(): Promise<boolean> {
  return agreed(() => document.exitFullscreen());
}

export function enterPictureInPicture({ video }: AdmitPlayer): Promise<boolean> {
  return agreed(() => video.nativeEl.requestPictureInPicture());
}

export function leavePictureInPicture(): Promise<boolean> {
  return agreed(() => document.exitPictureInPicture());
}

/** Browsers refuse what no person asked for, and what a frame has no permission for. */
async function agreed(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch {
    return false;
  }
}

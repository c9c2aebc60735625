// The addresses of a video's parts; within a session the handle is the first component, and children inherit it.

export interface Addresses {
  manifest: string;
  poster: string;
  storyboard: string;
  mp4: string;
  /** How the film is to be shown; its relative addresses begin at `base`. */
  show: string;
  base: string;
}

export function sessionAddresses(handle: string, videoId: string): Addresses {
  return addressesBelow(`/s/${encodeURIComponent(handle)}/${videoId}`, "master.m3u8");
}

export function signedAddresses(signature: string, videoId: string): Addresses {
  return addressesBelow(`/u/${signature}/${videoId}`, "master.m3u8");
}

export function publicAddresses(videoId: string): Addresses {
  return addressesBelow(`/vod/${videoId}`, "manifest.m3u8");
}

export function redeemAddress(videoId: string, token: string): string {
  return `/vod/${videoId}/token/${encodeURIComponent(token)}/session`;
}

export function renewAddress(handle: string, videoId: string, token: string): string {
  return `/s/${encodeURIComponent(handle)}/${videoId}/renew?token=${encodeURIComponent(token)}`;
}

/** Where a session takes the place of another of its viewer. */
export function seatAddress(base: string): string {
  return `${base}seat`;
}

/** The same part of the film in the session that goes on: its playlists were read when the handle was another. */
export function movedTo(base: string, address: string): string {
  return address.replace(/\/s\/[^/]+\/[^/]+\//, base);
}

function addressesBelow(root: string, manifest: string): Addresses {
  const base = `${root}/`;
  return {
    manifest: `${base}hls/${manifest}`,
    poster: `${base}thumbnail.jpg`,
    storyboard: `${base}storyboard.vtt`,
    mp4: `${base}mp4/source.mp4`,
    show: `${base}player.json`,
    base,
  };
}

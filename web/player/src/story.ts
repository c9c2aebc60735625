// A viewing from the first look to the last word: enter, hold the session alone, play, and say why it ends.

import { type Addresses, publicAddresses, sessionAddresses } from "./addresses.js";
import type { AdmitPlayer } from "./element.js";
import { onlyHere } from "./only-here.js";
import { patiently, type Waiting } from "./patience.js";
import { type Place, withoutSecrets } from "./place.js";
import { askManifest, makeNonce, redeem } from "./requests.js";
import type { Session, Sessions } from "./sessions.js";

/** A film that breaks off for no reason the server knows is taken up again this often. */
const RESUMES_MAX = 5;

interface Entry {
  addresses: Addresses;
  session: Session | undefined;
  /** A viewer who pressed Play, or was watching before a reload, is not asked to press it again. */
  now: boolean;
}

export async function tell(player: AdmitPlayer, place: Place, sessions: Sessions): Promise<void> {
  const waiting: Waiting = { say: (sentence) => player.say(sentence), pause };
  const entry = await enter(player, place, sessions, waiting);
  if (entry === undefined) return;
  const { session } = entry;
  if (session !== undefined) {
    if (!session.shared) await onlyHere(session.handle, () => player.say("elsewhere"));
    hideSecrets(sessions);
    rememberPosition(player, place, sessions, session);
  }
  player.say(undefined);
  await watch(player, place, entry, waiting);
}

/** What this tab holds, unless another session is handed over; then the credential; without any, the open door. */
async function enter(
  player: AdmitPlayer,
  place: Place,
  sessions: Sessions,
  waiting: Waiting,
): Promise<Entry | undefined> {
  const kept = sessions.find(place);
  if (kept !== undefined && kept.handle === (place.avh ?? kept.handle)) return inSession(place, kept, true);
  if (place.avh !== undefined) return inSession(place, { handle: place.avh, shared: true }, place.wishes.autoplay);
  if (place.token === undefined) {
    return { addresses: publicAddresses(place.videoId), session: undefined, now: place.wishes.autoplay };
  }
  await player.knock();
  player.say("opening");
  const handle = await spend(player, place.videoId, place.token, sessions, waiting);
  return handle === undefined ? undefined : inSession(place, { handle, shared: false }, true);
}

function inSession(place: Place, session: Session, now: boolean): Entry {
  return { addresses: sessionAddresses(session.handle, place.videoId), session, now };
}

async function spend(
  player: AdmitPlayer,
  videoId: string,
  token: string,
  sessions: Sessions,
  waiting: Waiting,
): Promise<string | undefined> {
  const nonce = sessions.nonce(token, makeNonce);
  let handle: string | undefined;
  const refused = await patiently(async () => {
    const redeemed = await redeem(videoId, token, nonce);
    handle = redeemed.handle;
    return redeemed.answer;
  }, waiting);
  // Only an answer ends the nonce: while there is none, the session it opened can still be had.
  if (refused !== "gaveUp") sessions.forgetNonce(token);
  if (refused !== undefined) player.say(refused);
  else if (handle !== undefined) sessions.keep({ videoId, token }, { handle, shared: false });
  return handle;
}

async function watch(player: AdmitPlayer, place: Place, entry: Entry, waiting: Waiting): Promise<void> {
  let from = entry.session?.at ?? place.wishes.start ?? 0;
  let { now } = entry;
  for (let resumes = 0; resumes <= RESUMES_MAX; resumes++) {
    const trouble = await player.play({ addresses: entry.addresses, wishes: place.wishes, now, from });
    if (player.position > from) {
      from = player.position;
      now = true;
      resumes = 0;
    }
    player.stop();
    if (trouble.kind === "refused") return player.say(trouble.sentence);
    if (trouble.kind === "undecodable") return player.say("unplayable");
    const refused = await patiently(() => askManifest(entry.addresses.manifest), waiting);
    if (refused !== undefined) return player.say(refused);
    player.say(undefined);
  }
  player.say("gaveUp");
}

/** What lets somebody in should not be copied from the address bar or kept in the history, if a reload does without. */
function hideSecrets(sessions: Sessions): void {
  if (sessions.lasting) history.replaceState(history.state, "", withoutSecrets(new URL(location.href)));
}

function rememberPosition(player: AdmitPlayer, place: Place, sessions: Sessions, session: Session): void {
  sessions.keep(place, session);
  addEventListener("pagehide", () => sessions.keep(place, { ...session, at: player.position }));
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

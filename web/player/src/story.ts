// A viewing from the first look to the last word: enter, hold the session alone, play, and say why it ends.

import { type Addresses, publicAddresses, sessionAddresses } from "./addresses.js";
import type { AdmitPlayer } from "./element.js";
import { onlyHere } from "./only-here.js";
import { patiently, type Waiting } from "./patience.js";
import { type Place, withoutSecrets } from "./place.js";
import { askManifest, askShow, makeNonce, redeem } from "./requests.js";
import type { Sentence } from "./sentences.js";
import type { Session, Sessions } from "./sessions.js";

/** A film that breaks off for no reason the server knows is taken up again this often. */
const RESUMES_MAX = 5;

interface Entry {
  addresses: Addresses;
  session: Session | undefined;
  /** A viewer who was watching before a reload is not asked to press Play again. */
  resumed: boolean;
}

export class Story implements Waiting {
  private readonly abandoned: Promise<never>;

  constructor(
    private readonly player: AdmitPlayer,
    private readonly place: Place,
    private readonly sessions: Sessions,
    /** Another film is wanted: whatever this story waits for, it ends there and says nothing any more. */
    private readonly signal: AbortSignal,
  ) {
    this.abandoned = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  }

  async tell(): Promise<void> {
    try {
      await Promise.race([this.tellAll(), this.abandoned]);
    } catch (error) {
      if (!this.signal.aborted) throw error;
    }
  }

  say(sentence: Sentence | undefined): void {
    this.signal.throwIfAborted();
    this.player.say(sentence);
  }

  async pause(seconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }

  private async tellAll(): Promise<void> {
    const entry = await this.enter();
    if (entry === undefined) return;
    const { session, addresses } = entry;
    if (session !== undefined) {
      if (!session.shared) await onlyHere(session.handle, () => this.say("elsewhere"));
      hideSecrets(this.sessions);
      this.rememberPosition(session);
    }
    const show = await askShow(addresses.show);
    this.say(undefined);
    this.player.dress(show, addresses);
    await this.watch(entry);
  }

  /** What this tab holds, unless another session is handed over; then the credential; without any, the open door. */
  private async enter(): Promise<Entry | undefined> {
    const { videoId, token, avh } = this.place;
    const kept = this.sessions.find(this.place);
    if (kept !== undefined && kept.handle === (avh ?? kept.handle)) return this.inSession(kept, true);
    if (avh !== undefined) return this.inSession({ handle: avh, shared: true });
    if (token === undefined) return inPublic(videoId);
    await this.player.knock();
    this.say("opening");
    return this.spend(token);
  }

  private inSession(session: Session, resumed = false): Entry {
    return { addresses: sessionAddresses(session.handle, this.place.videoId), session, resumed };
  }

  private async spend(token: string): Promise<Entry | undefined> {
    const { videoId } = this.place;
    const nonce = this.sessions.nonce(token, makeNonce);
    let handle: string | undefined;
    const refused = await patiently(async () => {
      const redeemed = await redeem(videoId, token, nonce);
      handle = redeemed.handle;
      return redeemed.answer;
    }, this);
    // Only an answer ends the nonce: while there is none, the session it opened can still be had.
    if (refused !== "gaveUp") this.sessions.forgetNonce(token);
    if (refused === undefined && handle !== undefined) {
      this.sessions.keep({ videoId, token }, { handle, shared: false });
      return this.inSession({ handle, shared: false });
    }
    // The SDK carries the token of one film on to the next, which may be one for everybody.
    const open = inPublic(videoId);
    if (refused !== "gaveUp" && (await askManifest(open.addresses.manifest)).kind !== "refused") return open;
    this.fail(refused ?? "unavailable");
    return undefined;
  }

  private async watch({ addresses, session, resumed }: Entry): Promise<void> {
    const { player, signal } = this;
    let from = session?.at ?? player.wishes.start ?? 0;
    // A page that drives the player decides itself when to play.
    let now = player.wishes.autoplay || (resumed && !player.invited);
    for (let resumes = 0; resumes <= RESUMES_MAX; resumes++) {
      const trouble = await player.play({ addresses, now, from, signal });
      signal.throwIfAborted();
      if (player.position > from) {
        from = player.position;
        now = true;
        resumes = 0;
      }
      player.stop();
      if (trouble.kind === "refused") return this.fail(trouble.sentence);
      if (trouble.kind === "undecodable") return this.fail("unplayable");
      const refused = await patiently(() => askManifest(addresses.manifest), this);
      if (refused !== undefined) return this.fail(refused);
      this.say(undefined);
    }
    this.fail("gaveUp");
  }

  private fail(sentence: Sentence): void {
    this.signal.throwIfAborted();
    this.player.fail(sentence);
  }

  private rememberPosition(session: Session): void {
    const { place, player, sessions, signal } = this;
    sessions.keep(place, session);
    addEventListener("pagehide", () => sessions.keep(place, { ...session, at: player.position }), { signal });
  }
}

function inPublic(videoId: string): Entry {
  return { addresses: publicAddresses(videoId), session: undefined, resumed: false };
}

/**
 * What lets somebody in should not be copied from the address bar or kept in the history, if a reload does without.
 * A frame has no address bar, and an SDK that binds to it by changing the fragment would reload another address.
 */
function hideSecrets(sessions: Sessions): void {
  if (sessions.lasting && parent === window) history.replaceState(history.state, "", withoutSecrets(new URL(location.href)));
}

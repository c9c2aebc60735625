// A viewing from the first look to the last word: enter, hold the session alone, play, and say why it ends.

import { sessionAddresses } from "./addresses.js";
import type { AdmitPlayer } from "./element.js";
import { Entrance, type Entry } from "./entrance.js";
import { askForToken, type Offers } from "./offers.js";
import { onlyHere } from "./only-here.js";
import { patiently, type Waiting } from "./patience.js";
import { type Place, withoutSecrets } from "./place.js";
import { sustain } from "./renewal.js";
import { askManifest, askShow, type Lease, renewSession, takeSeat } from "./requests.js";
import type { Sentence } from "./sentences.js";
import type { Sessions } from "./sessions.js";

/** A film that breaks off for no reason the server knows is taken up again this often. */
const RESUMES_MAX = 5;
/** Longer than a timer can wait; a session that lasts longer is renewed early. */
const PAUSE_SECONDS_MAX = 2_000_000;

/** What outlives a story. */
export interface Tab {
  sessions: Sessions;
  offers: Offers;
}

export class Story implements Waiting {
  private readonly abandoned: Promise<never>;

  constructor(
    private readonly player: AdmitPlayer,
    private readonly place: Place,
    private readonly tab: Tab,
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
    await new Promise((resolve) => setTimeout(resolve, Math.min(seconds, PAUSE_SECONDS_MAX) * 1000));
  }

  private async tellAll(): Promise<void> {
    const entry = await new Entrance(this.player, this.place, this.tab.sessions, this).enter();
    if (typeof entry === "string") return this.fail(entry);
    const { session, shown, addresses } = entry;
    if (session !== undefined) {
      if (!session.shared) await onlyHere(session.handle, () => this.say("elsewhere"));
      hideSecrets(this.tab.sessions);
    }
    this.rememberPosition(entry);
    const show = await askShow(addresses.show);
    this.say(undefined);
    this.player.dress(show, addresses);
    await (shown === undefined ? this.watch(entry) : Promise.race([this.watch(entry), this.outlast(entry, shown.lease)]));
  }

  private async watch(entry: Entry): Promise<void> {
    const { player, signal } = this;
    let from = entry.at ?? player.wishes.start ?? 0;
    // A page that drives the player decides itself when to play.
    let now = player.wishes.autoplay || (entry.resumed && !player.invited);
    for (let resumes = 0; resumes <= RESUMES_MAX; resumes++) {
      const trouble = await player.play({ addresses: entry.addresses, now, from });
      signal.throwIfAborted();
      if (player.position > from) {
        from = player.position;
        now = true;
        resumes = 0;
      }
      player.stop();
      if (trouble.kind === "refused") {
        const refused = await this.takeOver(entry, trouble.sentence);
        if (refused !== undefined) return this.fail(refused);
        now = true;
        continue;
      }
      if (trouble.kind === "undecodable") return this.fail("unplayable");
      const refused = await patiently(() => askManifest(entry.addresses.manifest), this);
      if (refused !== undefined) return this.fail(refused);
      this.say(undefined);
    }
    this.fail("gaveUp");
  }

  /** Where the viewer may have another player of theirs stopped, they are asked; a page that drives us decides nothing. */
  private async takeOver({ addresses }: Entry, refused: Sentence): Promise<Sentence | undefined> {
    if (refused !== "seatTakeover" || this.player.invited) return refused;
    this.say(refused);
    await this.player.knock();
    const still = await patiently(() => takeSeat(addresses.base), this);
    if (still === undefined) this.say(undefined);
    return still;
  }

  /** A film that is buffered to its end would outlast its session, so the server is asked when it should be over. */
  private async outlast(entry: Entry, lease: Lease): Promise<void> {
    const { player, tab, signal } = this;
    await sustain(lease, {
      pause: (seconds) => this.pause(seconds),
      nextToken: () => tab.offers.next(),
      renew: renewSession,
      ask: (lease) => void (signal.aborted || askForToken(lease)),
      goOn: ({ handle, videoId }) => {
        signal.throwIfAborted();
        entry.addresses = sessionAddresses(handle, videoId);
        player.move(entry.addresses);
      },
    });
    signal.throwIfAborted();
    const answer = await askManifest(entry.addresses.manifest);
    // Whatever else there was to say, the film says itself.
    if (answer.kind !== "refused") return this.abandoned;
    player.stop();
    this.fail(answer.sentence);
  }

  private fail(sentence: Sentence): void {
    this.signal.throwIfAborted();
    this.player.fail(sentence);
  }

  private rememberPosition({ session, shown }: Entry): void {
    const { place, player, tab, signal } = this;
    const { videoId, token } = place;
    if (session !== undefined && videoId !== undefined) {
      tab.sessions.keep({ videoId, token }, session);
      const leave = (): void => tab.sessions.keep({ videoId, token }, { ...session, at: player.position });
      addEventListener("pagehide", leave, { signal });
    } else if (shown !== undefined) {
      const leave = (): void => tab.sessions.keepPosition(shown.door.address, player.position);
      addEventListener("pagehide", leave, { signal });
    }
  }
}

/**
 * What lets somebody in should not be copied from the address bar or kept in the history, if a reload does without.
 * A frame has no address bar, and an SDK that binds to it by changing the fragment would reload another address.
 */
function hideSecrets(sessions: Sessions): void {
  if (!sessions.lasting || parent !== window) return;
  history.replaceState(history.state, "", withoutSecrets(new URL(location.href)));
}

// Getting in: by what this tab holds, by what the address brought along, or through the open door.

import { type Addresses, publicAddresses, redeemAddress, sessionAddresses, signedAddresses } from "./addresses.js";
import type { AdmitPlayer } from "./element.js";
import { patiently, type Waiting } from "./patience.js";
import { type Door, isSpentOnce, type Place } from "./place.js";
import { askManifest, type Lease, makeNonce, openSession } from "./requests.js";
import type { Sentence } from "./sentences.js";
import type { Session, Sessions } from "./sessions.js";

export interface Entry {
  addresses: Addresses;
  /** What this tab holds; nobody else can open it again. */
  session?: Session;
  /** What can be shown again for a session; the one that it opened ends with the lease. */
  shown?: { door: Door; lease: Lease };
  /** Seconds; where the film stood when this tab left it. */
  at?: number | undefined;
  /** A viewer who was watching before a reload is not asked to press Play again. */
  resumed: boolean;
}

export class Entrance {
  constructor(
    private readonly player: AdmitPlayer,
    private readonly place: Place,
    private readonly sessions: Sessions,
    private readonly waiting: Waiting,
  ) {}

  /** The way in, or what to tell the viewer when there is none. */
  async enter(): Promise<Entry | Sentence> {
    const { videoId, token, avh, signature, door } = this.place;
    if (videoId === undefined) return door === undefined ? "unavailable" : this.present(door);
    if (signature !== undefined) return { addresses: signedAddresses(signature, videoId), resumed: false };
    const kept = this.sessions.find({ videoId, token });
    if (kept !== undefined && kept.handle === (avh ?? kept.handle)) {
      const entry = inSession(videoId, kept, true);
      if (door === undefined || (await isOpen(entry))) return entry;
    }
    if (avh !== undefined) return inSession(videoId, { handle: avh, shared: true });
    if (isSpentOnce(token)) return this.spend(videoId, token);
    const open = inPublic(videoId);
    return door === undefined || (await isOpen(open)) ? open : this.present(door);
  }

  /** A credential that is good for one session. */
  private async spend(videoId: string, token: string): Promise<Entry | Sentence> {
    await this.player.knock();
    const opened = await this.open(redeemAddress(videoId, token), token);
    // Only an answer ends the nonce: while there is none, the session it opened can still be had.
    if (opened !== "gaveUp") this.sessions.forgetNonce(token);
    if (typeof opened !== "string") {
      const session = { handle: opened.handle, shared: false };
      this.sessions.keep({ videoId, token }, session);
      return inSession(videoId, session);
    }
    // The SDK carries the token of one film on to the next, which may be one for everybody.
    const open = inPublic(videoId);
    return opened !== "gaveUp" && (await isOpen(open)) ? open : opened;
  }

  /** After a reload it is shown again, with the same nonce, and so the same session is had again. */
  private async present(door: Door): Promise<Entry | Sentence> {
    const at = this.sessions.position(door.address);
    if (door.knocks && at === undefined) await this.player.knock();
    const opened = await this.open(door.address, door.address);
    if (typeof opened !== "string") {
      const addresses = sessionAddresses(opened.handle, opened.videoId);
      return { addresses, shown: { door, lease: opened }, at, resumed: at !== undefined };
    }
    if (opened !== "gaveUp") this.sessions.forgetNonce(door.address);
    return opened;
  }

  private async open(address: string, secret: string): Promise<Lease | Sentence> {
    this.waiting.say("opening");
    const nonce = this.sessions.nonce(secret, makeNonce);
    let lease: Lease | undefined;
    const refused = await patiently(async () => {
      const opened = await openSession(address, nonce);
      lease = opened.lease;
      return opened.answer;
    }, this.waiting);
    return refused ?? lease ?? "unavailable";
  }
}

function inSession(videoId: string, session: Session, resumed = false): Entry {
  return { addresses: sessionAddresses(session.handle, videoId), session, at: session.at, resumed };
}

function inPublic(videoId: string): Entry {
  return { addresses: publicAddresses(videoId), resumed: false };
}

async function isOpen({ addresses }: Entry): Promise<boolean> {
  return (await askManifest(addresses.manifest)).kind !== "refused";
}

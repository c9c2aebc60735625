// The conversation with the player SDK in the parent page: who is listened to, and in which words both sides speak.

import { type Binding, readBinding } from "./binding.js";

/** What the bridge drives. */
export interface Driven {
  /** Whether a film is loaded that can be asked for its length. */
  readonly ready: boolean;
  /** Does what a message says; what it returns, if anything, is the answer. */
  obey(message: Message): unknown;
}

export type Message = Readonly<Record<string, unknown>>;
export type Post = (message: Message, origin: string) => void;

export class Bridge {
  private binding: Binding | undefined;
  /** Whether the theme lets itself be driven; undefined until the theme is known. */
  private allowed: boolean | undefined;
  private inSync = false;

  constructor(
    private readonly driven: Driven,
    private readonly post: Post,
  ) {}

  /** Read when the page is loaded and whenever the fragment changes: that is all an SDK does to a page already there. */
  bind(fragment: string): boolean {
    this.binding = readBinding(fragment);
    this.inSync = false;
    this.sync();
    return this.binding !== undefined;
  }

  allow(allowed: boolean): void {
    this.allowed = allowed;
    this.sync();
  }

  report(type: string, data: Message = {}): void {
    if (this.allowed !== false) this.say({ type, ...data });
  }

  /** The player failed. Where no theme was ever seen nothing forbids driving, and the SDK may name another video. */
  fail(): void {
    if (this.allowed === undefined) this.allow(true);
    this.report("error");
  }

  async hear(message: unknown, origin: string): Promise<void> {
    const { binding } = this;
    if (this.allowed !== true || origin !== binding?.origin || !isMessage(message)) return;
    if (message.sdkPlayerId !== binding.playerId) return;
    try {
      const arg = await this.driven.obey(message);
      if (arg !== undefined) this.say({ callbackId: message.callbackId, arg });
    } catch {
      // A volume of "loud" is nobody's command: the browser refuses it, and so do we.
    }
  }

  private sync(): void {
    if (this.inSync || this.binding === undefined || this.allowed !== true) return;
    this.inSync = true;
    this.report("sdkSync");
    if (this.driven.ready) this.report("ready");
  }

  private say(message: Message): void {
    const { binding } = this;
    if (binding !== undefined) this.post({ ...message, sdkPlayerId: binding.playerId }, binding.origin);
  }
}

function isMessage(message: unknown): message is Message {
  return typeof message === "object" && message !== null;
}

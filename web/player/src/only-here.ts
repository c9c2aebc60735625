// One tab per session: a duplicated tab carries a copy of the session and must wait until the first one is gone.

import { fingerprint } from "./fingerprint.js";

/** A page being reloaded gives its lock back a moment late; this much waiting is not worth a word. */
const SILENT_WAIT_MS = 1000;

/** A page that comes back to a film must not wait for itself. */
const held = new Set<string>();

/** Resolves when this tab holds the session; the lock ends with the document. */
export function onlyHere(handle: string, elsewhere: () => void): Promise<void> {
  // Locks exist in secure contexts only; without them a duplicate plays, which the server can still see and end.
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined || held.has(handle)) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(elsewhere, SILENT_WAIT_MS);
    const go = (): void => {
      clearTimeout(late);
      held.add(handle);
      resolve();
    };
    const untilTheDocumentEnds = new Promise<never>(() => undefined);
    // Refused in sandboxed frames without an origin, where nothing could be duplicated either.
    locks.request(`admit:${fingerprint(handle)}`, () => (go(), untilTheDocumentEnds)).catch(go);
  });
}

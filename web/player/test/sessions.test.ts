// What a tab remembers, and what it must not write down.

import assert from "node:assert/strict";
import test from "node:test";
import { Sessions } from "../src/sessions.js";
import { openShelf } from "../src/shelf.js";

const TOKEN = "9d3e2b1c-7a55-4f0e-8a11-0123456789ab";

function tab(): { storage: Storage; written: Map<string, string> } {
  const written = new Map<string, string>();
  const storage = {
    getItem: (key: string) => written.get(key) ?? null,
    setItem: (key: string, value: string) => void written.set(key, value),
    removeItem: (key: string) => void written.delete(key),
  } as Storage;
  return { storage, written };
}

test("a session is found again by its token, and by its video when the address lost the token", () => {
  const { storage } = tab();
  new Sessions(openShelf(() => storage)).keep({ videoId: "vi1", token: TOKEN }, { handle: "H", shared: false });
  const afterReload = new Sessions(openShelf(() => storage));
  assert.equal(afterReload.lasting, true);
  assert.equal(afterReload.find({ videoId: "vi1", token: TOKEN })?.handle, "H");
  assert.equal(afterReload.find({ videoId: "vi1", token: undefined })?.handle, "H");
  assert.equal(afterReload.find({ videoId: "vi1", token: "another" }), undefined);
  assert.equal(afterReload.find({ videoId: "vi2", token: undefined }), undefined);
  assert.equal(afterReload.find({ videoId: "vi2", token: TOKEN }), undefined);
});

test("the token is written down nowhere", () => {
  const { storage, written } = tab();
  const sessions = new Sessions(openShelf(() => storage));
  sessions.nonce(TOKEN, () => "n");
  sessions.keep({ videoId: "vi1", token: TOKEN }, { handle: "H", shared: false });
  assert.ok(written.size > 0);
  assert.ok(![...written].flat().some((text) => text.includes(TOKEN)));
});

test("a nonce lasts until it is forgotten, one per token", () => {
  const { storage } = tab();
  let made = 0;
  const make = (): string => `n${(made += 1)}`;
  const before = new Sessions(openShelf(() => storage));
  assert.equal(before.nonce(TOKEN, make), "n1");
  const afterReload = new Sessions(openShelf(() => storage));
  assert.equal(afterReload.nonce(TOKEN, make), "n1");
  assert.equal(afterReload.nonce("another", make), "n2");
  afterReload.forgetNonce(TOKEN);
  assert.equal(afterReload.nonce(TOKEN, make), "n3");
});

test("a film that is opened by an address goes on where this tab left it, and the address is written down nowhere", () => {
  const { storage, written } = tab();
  const door = "/w/Secret7/session";
  const sessions = new Sessions(openShelf(() => storage));
  assert.equal(sessions.position(door), undefined);
  sessions.keepPosition(door, 0);
  assert.equal(sessions.position(door), 0);
  sessions.keepPosition(door, 4.5);
  assert.equal(new Sessions(openShelf(() => storage)).position(door), 4.5);
  assert.equal(sessions.position("/w/Another/session"), undefined);
  assert.ok(![...written].flat().some((text) => text.includes("Secret7")));
});

test("where storage is blocked, memory serves until the page is left", () => {
  const blocked = (): Storage => {
    throw new DOMException("denied", "SecurityError");
  };
  const sessions = new Sessions(openShelf(blocked));
  assert.equal(sessions.lasting, false);
  sessions.keep({ videoId: "vi1", token: TOKEN }, { handle: "H", shared: false, at: 3 });
  assert.deepEqual(sessions.find({ videoId: "vi1", token: TOKEN }), { handle: "H", shared: false, at: 3 });
  assert.equal(new Sessions(openShelf(blocked)).find({ videoId: "vi1", token: TOKEN }), undefined);
});

test("what somebody else left on the shelf is no session", () => {
  for (const text of ["", "null", "{}", "[]", '{"handle":7}', '{"handle":""}', "{"]) {
    const { storage } = tab();
    storage.setItem("admit:session:vi1", text);
    assert.equal(new Sessions(openShelf(() => storage)).find({ videoId: "vi1", token: undefined }), undefined, text);
  }
});

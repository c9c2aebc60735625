// Everything the player says to a viewer, and which refusal says what; the full reason is for the operator alone.

export const SENTENCES = {
  opening: "One moment …",
  spent: "This link has already been used.",
  linkExpired: "This link has expired.",
  ended: "Your session has ended.",
  unavailable: "This video is not available.",
  needsToken: "This video needs a valid access token; yours is missing, wrong or no longer good.",
  otherVideo: "This access token is for another video.",
  elsewhereOnly: "This video cannot be shown on this site.",
  notHere: "This video cannot be watched from where you are.",
  notWithThis: "This video cannot be watched with this browser.",
  noPlaysLeft: "This link has been used as often as it may be.",
  seatsTaken: "As many are watching as may at the same time.",
  seatTakeover: "You are already watching elsewhere. Press play to watch here instead; it stops there.",
  notYet: "This video cannot be watched yet.",
  noLonger: "This video can no longer be watched.",
  forbidden: "You do not have access to this video.",
  preparing: "The video is still being prepared — it will start by itself.",
  cannotTell: "The server cannot check your access right now; trying again.",
  gaveUp: "The server cannot be reached. Please try again later.",
  elsewhere: "This video is already playing in another tab.",
  unplayable: "This video cannot be played here.",
} as const;

export type Sentence = keyof typeof SENTENCES;

/** Every code of the server's closed list (admit-domain's verdict.rs; a test compares the two). */
export const REASONS: ReadonlyMap<string, Sentence> = new Map([
  ["no_handle", "unavailable"],
  ["malformed_handle", "forbidden"],
  ["unknown_delivery_key", "forbidden"],
  ["forged_handle", "forbidden"],
  ["other_video", "forbidden"],
  ["malformed_signature", "forbidden"],
  ["forged_signature", "forbidden"],
  ["signature_expired", "linkExpired"],
  ["bound_elsewhere", "forbidden"],
  ["session_expired", "ended"],
  ["session_ended", "ended"],
  ["missing_right", "forbidden"],
  ["video_gone", "unavailable"],
  ["unknown_credential", "unavailable"],
  ["credential_expired", "linkExpired"],
  ["credential_spent", "spent"],
  ["invalid_token", "needsToken"],
  ["token_for_other_video", "otherVideo"],
  ["ambiguous_token", "needsToken"],
  ["token_access_off", "forbidden"],
  ["domain_not_allowed", "elsewhereOnly"],
  ["network_not_allowed", "notHere"],
  ["country_not_allowed", "notHere"],
  ["agent_not_allowed", "notWithThis"],
  ["plays_exhausted", "noPlaysLeft"],
  ["seats_taken", "seatsTaken"],
  ["seat_takeover", "seatTakeover"],
  ["not_yet", "notYet"],
  ["no_longer", "noLonger"],
  ["credential_revoked", "linkExpired"],
  ["not_a_redeem", "unavailable"],
  ["early_data", "cannotTell"],
  ["bad_nonce", "unavailable"],
  ["not_found", "unavailable"],
  ["method_not_allowed", "unavailable"],
  ["overloaded", "cannotTell"],
  ["cannot_know", "cannotTell"],
  ["stale", "cannotTell"],
]);

/** For an answer without a code: a proxy in between may have dropped or written it. */
const STATUSES: ReadonlyMap<number, Sentence> = new Map([
  [401, "ended"],
  [403, "forbidden"],
  [410, "ended"],
]);

export function sentenceFor(status: number, reason: string | null): Sentence {
  return REASONS.get(reason ?? "") ?? STATUSES.get(status) ?? "unavailable";
}

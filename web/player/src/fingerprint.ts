// A short name for a secret, so that keys and lock names do not spell the secret out.

/**
 * 53 bits by cyrb53. It need not be a cryptographic hash: what it names is random and has more than twice as many bits,
 * and crypto.subtle is missing on plain http, where a home server may well live.
 */
export function fingerprint(secret: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < secret.length; at++) {
    const code = secret.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}

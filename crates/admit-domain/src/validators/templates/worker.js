// Judges addresses of admit as a Cloudflare Worker; the variable ORIGIN names the origin, such as https://origin.example.
//
// Written by `admit edge-config worker`; {{says}}
// It holds the delivery keys: whoever reads it can let anybody in.
// Handles and addresses that are bound to a network, a country or a program are refused with 403, for their values
// stand under the MAC and are not known here.
// Revocation reaches the worker only when it is written anew and deployed.

const KEYS = {{keys}};
const REVOKED = {{revoked}};
{{core}}
async function mac(said) {
  const secret = Uint8Array.from(KEYS[said.key].match(/../g), (digits) => parseInt(digits, 16));
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const tag = await crypto.subtle.sign('HMAC', key, Uint8Array.from(said.message));
  return hex(Array.from(new Uint8Array(tag, 0, 16)));
}

function refuse(code) {
  const headers = {
    'Admit-Reason': code,
    'Cache-Control': 'no-store',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'Admit-Reason',
  };
  return new Response(null, { status: STATUS[code], headers });
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const said = read(request.method, url.pathname);
    const code = said.code || refusal(said, await mac(said), Date.now() / 1000);
    if (code) return refuse(code);
    if (!env.ORIGIN) return refuse('cannot_know');
    const origin = `${new URL(env.ORIGIN).origin}/${said.video}/${said.asset}${url.search}`;
    return fetch(new Request(origin, { method: request.method, headers: request.headers, redirect: 'manual' }));
  },
};

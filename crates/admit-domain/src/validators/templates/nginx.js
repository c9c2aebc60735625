// Judges addresses of admit in nginx: /s/<handle>/<video>/… and /u/<signature>/<video>/….
//
// Written by `admit edge-config nginx`; {{says}}
// It holds the delivery keys: whoever reads this file can let anybody in.
// Handles and addresses that are bound to a network, a country or a program are refused with 403, for their values
// stand under the MAC and are not known here.

import crypto from 'crypto';
import REVOKED from '{{installed}}/admit-revoked.js';

const KEYS = {{keys}};
{{core}}
function mac(said) {
  const hmac = crypto.createHmac('sha256', Buffer.from(KEYS[said.key], 'hex'));
  return hmac.update(Buffer.from(said.message)).digest('hex').slice(0, 32);
}

function refuse(r, code) {
  r.headersOut['Admit-Reason'] = code;
  r.headersOut['Cache-Control'] = 'no-store';
  r.headersOut['Access-Control-Allow-Origin'] = '*';
  r.headersOut['Access-Control-Expose-Headers'] = 'Admit-Reason';
  r.headersOut['Content-Type'] = 'text/plain';
  r.return(STATUS[code], code + '\n');
}

// The address as it was sent, not as nginx has tidied it up.
function judge(r) {
  const target = r.variables.request_uri;
  const mark = target.indexOf('?');
  const said = read(r.method, mark < 0 ? target : target.slice(0, mark));
  const code = said.code || refusal(said, mac(said), Date.now() / 1000);
  if (code) return refuse(r, code);
  r.internalRedirect('/admit-origin/' + said.video + '/' + said.asset + (mark < 0 ? '' : target.slice(mark)));
}

export default { judge };

// Judges addresses of admit as a CloudFront Function: JavaScript runtime 2.0, viewer request.
//
// Written by `admit edge-config cloudfront`; {{says}}
// It holds the delivery keys: whoever reads it can let anybody in. Bound handles are refused with 403.
// Revocation reaches CloudFront only when this function is written anew and published.

const crypto = require('crypto');

const KEYS = {{keys}};
const REVOKED = {{revoked}};
{{core}}
function refuse(code) {
  const headers = {
    'admit-reason': { value: code },
    'cache-control': { value: 'no-store' },
    'access-control-allow-origin': { value: '*' },
    'access-control-expose-headers': { value: 'Admit-Reason' },
  };
  return { statusCode: STATUS[code], statusDescription: 'Refused', headers: headers };
}

function handler(event) {
  const request = event.request;
  const said = read(request.method, request.uri);
  if (said.code) return refuse(said.code);
  const hmac = crypto.createHmac('sha256', Buffer.from(KEYS[said.key], 'hex'));
  const mac = hmac.update(Buffer.from(said.message)).digest('hex').slice(0, 32);
  const code = refusal(said, mac, Date.now() / 1000);
  if (code) return refuse(code);
  request.uri = '/' + said.video + '/' + said.asset;
  return request;
}

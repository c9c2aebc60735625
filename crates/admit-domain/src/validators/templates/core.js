// What an address says and whether it opens: the judgement that all scripts share, in plain JavaScript.

const ADDRESS = /^\/([su])\/([^\/]*)\/(vi[A-Za-z0-9]{22})\/({{name}}(?:\/{{name}})*)$/;
const HANDLE = /^[A-Za-z0-9_-]{68}$/;
// The last letter carries two bits; the others of it are none.
const SIGNATURE = /^(0|[1-9][0-9]{0,11})\.({{byte}})(?:-([0-9a-f]{4}))?\.([A-Za-z0-9_-]{29}[AQgw])$/;
const PICTURES = /{{pictures}}/;
const STREAM = /{{stream}}/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const STATUS = {{statuses}};

function bytesOf(base64url) {
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (let i = 0; i < base64url.length; i++) {
    held = ((held << 6) | ALPHABET.indexOf(base64url.charAt(i))) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
  }
  return bytes;
}

const letters = (text) => text.split('').map((letter) => letter.charCodeAt(0));
const hex = (bytes) => bytes.map((byte) => (byte < 16 ? '0' : '') + byte.toString(16)).join('');
const number = (bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
const sized = (field) => [0, 0, 0, field.length].concat(field);

// In a time that does not tell where they differ.
function same(one, other) {
  let differ = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) differ |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return differ === 0;
}

// What rights, flags and the width of a network mean; nothing, where they have no meaning.
const meant = (flags, width) => flags < 32 && width <= 162;

function readHandle(text, video) {
  if (!HANDLE.test(text)) return { code: 'malformed_handle' };
  const bytes = bytesOf(text);
  if (bytes[0] !== 1 || !meant(bytes[33], bytes[34])) return { code: 'malformed_handle' };
  if (!KEYS[bytes[1]]) return { code: 'unknown_delivery_key' };
  if (hex(bytes.slice(14, 22)) !== hex(letters(video.slice(2, 10)))) return { code: 'other_video' };
  return {
    key: bytes[1],
    session: 'se' + hex(bytes.slice(2, 14)),
    end: number(bytes.slice(22, 27)),
    begun: number(bytes.slice(27, 33)),
    flags: bytes[33],
    width: bytes[34],
    message: bytes.slice(0, 14).concat(bytes.slice(22, 35), letters(video)),
    mac: hex(bytes.slice(35)),
    codes: { forged: 'forged_handle', expired: 'session_expired', ended: 'session_ended' },
  };
}

function readSignature(text, video) {
  const parts = SIGNATURE.exec(text);
  if (!parts) return { code: 'malformed_signature' };
  const end = Number(parts[1]);
  const key = Number(parts[2]);
  const flags = parts[3] ? parseInt(parts[3].slice(0, 2), 16) : 7;
  const width = parts[3] ? parseInt(parts[3].slice(2), 16) : 0;
  if (end > 253402300799 || !meant(flags, width) || parts[3] === '0700') return { code: 'malformed_signature' };
  if (!KEYS[key]) return { code: 'unknown_delivery_key' };
  const bytes = bytesOf(parts[4]);
  const expiry = [0, 0, 0, 0, 0, 0, 0, 0].map((zero, i) => Math.floor(end / Math.pow(256, 7 - i)) % 256);
  const fields = [letters('admit signed address 1'), [key, flags, width], letters(video), expiry, bytes.slice(0, 6), []];
  return {
    key: key,
    end: end,
    begun: number(bytes.slice(0, 6)),
    flags: flags,
    width: width,
    message: fields.reduce((message, field) => message.concat(sized(field)), []),
    mac: hex(bytes.slice(6)),
    codes: { forged: 'forged_signature', expired: 'signature_expired', ended: 'credential_revoked' },
  };
}

// What a request says: a message to be authenticated with a key, or a `code` of why it says nothing.
function read(method, path) {
  if (method !== 'GET' && method !== 'HEAD') return { code: 'method_not_allowed' };
  if (!/^\/[su]\//.test(path)) return { code: 'no_handle' };
  const parts = ADDRESS.exec(path);
  if (!parts) return { code: 'not_found' };
  const said = parts[1] === 's' ? readHandle(parts[2], parts[3]) : readSignature(parts[2], parts[3]);
  // To which network, country or program it is bound is under the MAC, and cannot be evaluated here.
  if (!said.code && (said.width !== 0 || said.flags > 7)) said.code = 'bound_elsewhere';
  said.video = parts[3];
  said.asset = parts[4];
  return said;
}

// Why what was said does not open the asset, or nothing. `mac` is the right one; `now` is in seconds.
function refusal(said, mac, now) {
  if (!same(mac, said.mac)) return said.codes.forged;
  if (said.end <= Math.floor(now)) return said.codes.expired;
  if (said.session && REVOKED.sessions[said.session]) return 'session_ended';
  if (REVOKED.gone[said.video]) return 'video_gone';
  const right = PICTURES.test(said.asset) ? 2 : STREAM.test(said.asset) ? 1 : 4;
  if (!(said.flags & right)) return 'missing_right';
  if (said.begun <= REVOKED.everything || said.begun <= REVOKED.until[said.video]) return said.codes.ended;
  return null;
}

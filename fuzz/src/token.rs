//! Tokens spelled by hand, and mutated behind their base64url, where a mutated letter would seldom mean anything.

use admit_domain::{
    fault::Fault, mint::Signer, public_key::SignatureAlgorithm, secret::MacKey, signing_key::SigningKey,
};
use aws_lc_rs::rand::SystemRandom;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::world::SECRET;

/// By how much one mutation may make a part longer.
const GROWTH_BYTES_MAX: usize = 64;
/// A refusal repeats of a stranger's text a name of 64 characters, escaped.
const WANTED_BYTES_MAX: usize = 1_024;

/// Three mutations of four go into a part of the token; the fourth takes the text as it is.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let part = usize::try_from(seed % 4).unwrap_or_default();
    match mutated_part(&data[..size], part).filter(|text| text.len() <= max_size) {
        Some(text) => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        None => libfuzzer_sys::fuzzer_mutate(data, size, max_size),
    }
}

fn mutated_part(text: &[u8], part: usize) -> Option<String> {
    let mut parts: Vec<String> = std::str::from_utf8(text).ok()?.split('.').map(str::to_owned).collect();
    let part = parts.get_mut(part)?;
    let mut bytes = URL_SAFE_NO_PAD.decode(&*part).ok()?;
    let size = bytes.len();
    bytes.resize(size + GROWTH_BYTES_MAX, 0);
    let most = bytes.len();
    let size = libfuzzer_sys::fuzzer_mutate(&mut bytes, size, most);
    bytes.truncate(size);
    *part = URL_SAFE_NO_PAD.encode(bytes);
    Some(parts.join("."))
}

/// Are these three parts, each in the one spelling of its bytes?
pub fn is_canonical(text: &str) -> bool {
    let is_one = |part: &str| URL_SAFE_NO_PAD.decode(part).is_ok_and(|bytes| URL_SAFE_NO_PAD.encode(bytes) == part);
    text.split('.').count() == 3 && text.split('.').all(is_one)
}

/// A JSON Web Token of these bytes, truly signed by the key; `None` where the key does not sign at all.
pub fn signed(signer: &Signer, header: &[u8], claims: &[u8]) -> Option<String> {
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = match signer {
        Signer::Secret(secret) => MacKey::of(secret.bytes()).tag_of(text.as_bytes()).to_vec(),
        Signer::Private(key) => key.sign(key.algorithm(), text.as_bytes(), &SystemRandom::new()).ok()?,
    };
    Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The header that the key's own tokens have.
pub fn header(key: &SigningKey, signer: &Signer) -> String {
    let alg = match signer {
        Signer::Secret(_) => Some("HS256"),
        Signer::Private(private) => SignatureAlgorithm::name(private.algorithm()),
    };
    format!(r#"{{"alg":"{}","typ":"JWT","kid":"{}"}}"#, alg.unwrap_or_default(), key.id)
}

/// A CAT with these claims, as a `COSE_Mac0` without tags (RFC 9052 §6.2) under [`SECRET`].
pub fn cat(kid: &str, claims: &[u8]) -> String {
    const PROTECTED: &[u8] = &[0x43, 0xa1, 0x01, 0x05];
    let context = [&[0x84, 0x64][..], b"MAC0", PROTECTED, &[0x40], &bytes(claims)].concat();
    let tag = MacKey::of(SECRET).tag_of(&context);
    let open = [&[0xa1, 0x04][..], &bytes(kid.as_bytes())].concat();
    URL_SAFE_NO_PAD.encode([&[0x84][..], PROTECTED, &open, &bytes(claims), &bytes(&tag)].concat())
}

/// A byte string of CBOR, with the shortest head there is for it (RFC 8949 §3).
fn bytes(text: &[u8]) -> Vec<u8> {
    let head = match u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes() {
        [0, short @ ..24] => vec![0x40 | short],
        [0, byte] => vec![0x58, byte],
        [high, low] => vec![0x59, high, low],
    };
    [head, text.to_vec()].concat()
}

/// Whatever is refused is told in few words, however long it was.
pub fn assert_brief(fault: &Fault) {
    assert!(fault.wanted.len() <= WANTED_BYTES_MAX, "{}", fault.wanted);
}

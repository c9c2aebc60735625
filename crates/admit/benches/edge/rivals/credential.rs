//! The credentials that the rivals verify, each as its own documentation defines it.

use aws_lc_rs::hmac;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use md5::{Digest as _, Md5};

/// The secret of every rival; letters alone, since it stands in their configurations as it is.
pub(crate) const SECRET: &str = "benchbenchbenchbenchbenchbench00";
/// The end of the first address's life, far from any run; each next one lives a second longer, so that no two
/// credentials are equal.
const EXPIRY: usize = 4_000_000_000;

/// What is put behind the path of a file.
pub(crate) type Sign = fn(file: &str, number: usize) -> String;

pub(crate) fn none(file: &str, _: usize) -> String {
    file.to_owned()
}

/// nginx's `secure_link_md5 "$secure_link_expires$uri <secret>"`.
pub(crate) fn md5(file: &str, number: usize) -> String {
    let expires = EXPIRY + number;
    let digest = Md5::digest(format!("{expires}{file} {SECRET}"));
    format!("{file}?expires={expires}&md5={}", URL_SAFE_NO_PAD.encode(digest))
}

/// HMAC-SHA256 over path and expiry, in hexadecimal digits.
pub(crate) fn hmac_sha256(file: &str, number: usize) -> String {
    let expires = EXPIRY + number;
    let mac = mac(hmac::HMAC_SHA256, &format!("{file}{expires}"));
    format!("{file}?expires={expires}&mac={}", admit_domain::secret::hex(&mac))
}

/// HMAC-SHA1 over the same, in base64: what the Lua module has built in.
pub(crate) fn hmac_sha1(file: &str, number: usize) -> String {
    let expires = EXPIRY + number;
    let mac = mac(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &format!("{file}{expires}"));
    format!("{file}?expires={expires}&mac={}", STANDARD.encode(mac))
}

/// Traffic Server's `url_sig`: HMAC-SHA1 with key 0 over path and parameters, and not the host.
pub(crate) fn url_sig(file: &str, number: usize) -> String {
    let asked = format!("{file}?E={}&A=1&K=0&P=01&S=", EXPIRY + number);
    let mac = mac(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, asked.trim_start_matches('/'));
    format!("{asked}{}", admit_domain::secret::hex(&mac))
}

/// The same with a letter of the credential, which ends every address, changed. Not the last one, of which some bits
/// may mean nothing.
pub(crate) fn tampered(path: &str) -> String {
    with_another_letter(path, path.len().saturating_sub(10))
}

pub(crate) fn with_another_letter(path: &str, at: usize) -> String {
    let (before, rest) = path.split_at(at);
    let letter = if rest.starts_with('0') { '1' } else { '0' };
    format!("{before}{letter}{}", rest.get(1..).unwrap_or_default())
}

fn mac(algorithm: hmac::Algorithm, text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(algorithm, SECRET.as_bytes()), text.as_bytes()).as_ref().to_vec()
}

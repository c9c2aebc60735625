//! Bunny's forms: three generations of tokens for a pull zone, and the one of its embed pages.

use crate::dialects::hash::{Algorithm, Encoding};

/// Which of the four forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Of 2026: `HS256-` and an HMAC-SHA256.
    Hmac,
    /// Of 2021: a bare SHA-256.
    Sha256,
    /// The first: a bare MD5.
    Md5,
    /// Of the embed page: a bare SHA-256 over the video's id.
    Embed,
}

impl Form {
    pub const ALL: [Self; 4] = [Self::Hmac, Self::Sha256, Self::Md5, Self::Embed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Hmac => "bunny-hmac",
            Self::Sha256 => "bunny-sha256",
            Self::Md5 => "bunny-md5",
            Self::Embed => "bunny-embed",
        }
    }

    /// The token over a signature path (for the embed form, the video's id), an end, and what else is signed.
    pub(super) fn token(self, key: &[u8], path: &str, expires: &str, bound: &Bound, data: &str) -> String {
        let parts = [path.as_bytes(), expires.as_bytes(), &bound.bytes(self), data.as_bytes()];
        let bare = |algorithm: Algorithm| algorithm.digest(&[&[key][..], &parts[..]].concat());
        match self {
            Self::Hmac => {
                let mac = Encoding::Base64UrlNoPad.spell(&Algorithm::Sha256.hmac(key, &parts));
                let mark = if matches!(bound, Bound::No) { "" } else { "1-" };
                format!("HS256-{mark}{mac}")
            }
            Self::Sha256 => Encoding::Base64UrlNoPad.spell(&bare(Algorithm::Sha256)),
            Self::Md5 => Encoding::Base64UrlNoPad.spell(&bare(Algorithm::Md5)),
            Self::Embed => Encoding::Hex.spell(&bare(Algorithm::Sha256)),
        }
    }
}

/// The viewer's address, where the signer binds to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    No,
    To(std::net::IpAddr),
}

impl Bound {
    /// As text in the older forms. The newest signs bytes, of IPv6 only the first half.
    fn bytes(self, form: Form) -> Vec<u8> {
        use std::net::IpAddr::{V4, V6};
        match self {
            Self::No => Vec::new(),
            Self::To(ip) if form != Form::Hmac => ip.to_string().into_bytes(),
            Self::To(V4(v4)) => v4.octets().to_vec(),
            Self::To(V6(v6)) => (v6.to_bits() >> 64 << 64).to_be_bytes().to_vec(),
        }
    }
}

//! Dialects: each one way in which others write credentials, and all of them say the same to the house.

mod address;
pub mod admit;
pub mod akamai;
pub mod apivideo;
pub mod bunny;
pub mod cat;
pub mod cloudflare_stream;
pub mod cloudfront;
pub mod hash;
pub(crate) mod kind;
pub mod lines;
pub mod moviie;
pub mod mux;
mod name;
mod secrets;
pub mod signed_url;
pub mod template;
#[cfg(test)]
mod trial;

pub use self::{kind::Dialect, name::BadDialect, secrets::BadSecret};

use aws_lc_rs::rand::SystemRandom;

use crate::{
    claims::{Claims, Fault},
    id::VideoId,
    mint::{MintError, Minted, Signer, Wish},
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
};

impl Dialect {
    /// What the request shows of a credential that this key signs; `None` when it shows none of its kind.
    /// `video` is what the address names; a token that stands for the id names it itself.
    pub fn read(key: &SigningKey, shown: &Shown, video: &VideoId, now: Timestamp) -> Option<Result<Claims, Fault>> {
        let (dialect, key) = (&key.dialect, &key.verifier());
        match dialect {
            Self::Admit => admit::read(key, shown, video, now),
            Self::Moviie => moviie::read(key, shown, video, now),
            Self::Mux => mux::read(key, shown, video, now),
            Self::CloudflareStream => cloudflare_stream::read(key, shown, video, now),
            Self::SignedUrl => signed_url::read(key, shown, video, now),
            Self::Bunny(form) => bunny::read(*form, key, shown, video, now),
            Self::Akamai(options) => akamai::read(options, key, shown, video, now),
            Self::CloudFront => cloudfront::read(key, shown, video, now),
            Self::Cat => cat::read(key, shown, video, now),
            Self::Template(template) => template::read(template, key, shown, video, now),
        }
    }

    /// Signs what the wish asks for, as the dialect's own programs would.
    pub fn mint(&self, wish: &Wish, signer: &Signer, chance: &SystemRandom) -> Result<Minted, MintError> {
        match self {
            Self::Admit => admit::mint(wish, signer, chance),
            Self::Moviie => moviie::mint(wish, signer, chance),
            Self::Mux => mux::mint(wish, signer, chance),
            Self::CloudflareStream => cloudflare_stream::mint(wish, signer, chance),
            Self::SignedUrl => signed_url::mint(wish, signer),
            Self::Bunny(form) => bunny::mint(*form, wish, signer),
            Self::Akamai(options) => akamai::mint(options, wish, signer),
            Self::CloudFront => cloudfront::mint(wish, signer, chance),
            Self::Cat => cat::mint(wish, signer, chance),
            Self::Template(template) => template::mint(template, wish, signer),
        }
    }
}

#[cfg(test)]
mod tests;

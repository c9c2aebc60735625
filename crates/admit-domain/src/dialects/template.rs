//! The declarative dialect: addresses with a hash over what a template says, as many networks and web servers sign them.
//!
//! A path is signed whole, or up to its last slash (`{dir}`), or not at all where the video's id is signed instead;
//! there are no plain prefixes, so `/vod/vi1` never stands for `/vod/vi12`.

mod clock;
mod find;
mod form;
mod piece;
mod presets;
mod recipe;
mod signed;
mod signed_policy;
mod url_sig;
mod wowza;

pub use self::{
    clock::Clock,
    form::{Template, Wowza},
    piece::{Pattern, Piece},
    recipe::{Carrier, KeyEncoding, Recipe},
};
use crate::{
    claims::{Claims, Fault},
    id::VideoId,
    material::Verifier,
    mint::{MintError, Minted, Signer, Wish},
    shown::Shown,
    time::Timestamp,
};

pub(crate) fn read(
    template: &Template,
    key: &Verifier<'_>,
    shown: &Shown,
    video: &VideoId,
    now: Timestamp,
) -> Option<Result<Claims, Fault>> {
    match template {
        Template::Recipe(recipe) => signed::read(recipe, key, shown, video, now),
        Template::Wowza(options) => wowza::read(options, key, shown, video, now),
        Template::UrlSig => url_sig::read(key, shown, video, now),
        Template::SignedPolicy => signed_policy::read(key, shown, video, now),
    }
}

pub(crate) fn mint(template: &Template, wish: &Wish, signer: &Signer) -> Result<Minted, MintError> {
    match template {
        Template::Recipe(recipe) => signed::mint(recipe, wish, signer),
        Template::Wowza(options) => wowza::mint(options, wish, signer),
        Template::UrlSig => url_sig::mint(wish, signer),
        Template::SignedPolicy => signed_policy::mint(wish, signer),
    }
}

#[cfg(test)]
mod tests;

//! The values that an address carries in the places its recipe names.

use super::{
    piece::{Pattern, Piece, is_free},
    recipe::{Carrier, Recipe},
};
use crate::{claims::Fault, dialects::address, dialects::hash::Encoding, id::VideoId, shown::Shown};

/// Characters of a value that the address chooses.
const FREE_CHARS_MAX: usize = 100;

/// What an address carries.
#[derive(Clone, Default)]
pub(super) struct Found<'a> {
    pub(super) sig: &'a str,
    pub(super) expires: &'a str,
    pub(super) rand: &'a str,
    pub(super) uid: &'a str,
    pub(super) video: Option<VideoId>,
    /// The path of what is asked for.
    pub(super) path: &'a str,
}

/// `None` when the address carries no signature of this kind.
pub(super) fn find<'a>(recipe: &Recipe, shown: &'a Shown) -> Option<Result<Found<'a>, Fault>> {
    let mut found = Found { path: &shown.path, ..Found::default() };
    match &recipe.carrier {
        Carrier::Path(pattern) => take(recipe, pattern, &shown.path, &mut found).map(|()| Ok(found)),
        Carrier::Query(parameters) => {
            let (signed, _) = parameters.iter().find(|(_, pattern)| pattern.has(&Piece::Sig))?;
            address::pairs(&shown.query).any(|(name, _)| name == signed).then(|| {
                for (name, pattern) in parameters {
                    let mut values = address::pairs(&shown.query).filter(|(known, _)| known == name);
                    let only = values.next().filter(|_| values.next().is_none()).map(|(_, value)| value);
                    only.and_then(|value| take(recipe, pattern, value, &mut found)).ok_or_else(|| {
                        Fault::invalid("signature", format!("the parameter {name}, once, of the form {pattern}"))
                    })?;
                }
                Ok(found)
            })
        }
    }
}

/// Takes a text apart.
fn take<'a>(recipe: &Recipe, pattern: &Pattern, text: &'a str, found: &mut Found<'a>) -> Option<()> {
    let mut rest = text;
    for piece in &pattern.0 {
        let length = match piece {
            Piece::Text(text) => rest.starts_with(text.as_str()).then_some(text.len())?,
            Piece::Sig => signature_length(recipe, rest)?,
            Piece::Expires => recipe.clock.chars(),
            Piece::Video => VideoId::LEN,
            Piece::Path => rest.len(),
            _ => rest.bytes().take_while(|byte| is_free(*byte)).count(),
        };
        let (value, behind) = rest.split_at_checked(length)?;
        rest = behind;
        match piece {
            Piece::Sig => found.sig = value,
            Piece::Expires => found.expires = value,
            Piece::Video => found.video = Some(value.parse().ok()?),
            Piece::Path => found.path = value,
            Piece::Rand | Piece::Uid => {
                if value.is_empty() || value.len() > FREE_CHARS_MAX {
                    return None;
                }
                *(if *piece == Piece::Rand { &mut found.rand } else { &mut found.uid }) = value;
            }
            _ => {}
        }
    }
    rest.is_empty().then_some(())
}

/// Bytes of a signature at the beginning of `text`. One in base 64 may have escapes.
fn signature_length(recipe: &Recipe, text: &str) -> Option<usize> {
    let bytes = recipe.algorithm.digest_bytes();
    let letters = match recipe.encoding {
        Encoding::Hex | Encoding::UpperHex => bytes * 2,
        Encoding::Base64 | Encoding::Base64Url => bytes.div_ceil(3) * 4,
        Encoding::Base64UrlNoPad => (bytes * 4).div_ceil(3),
    };
    let mut length = 0;
    for _ in 0..letters {
        length += match text.as_bytes().get(length)? {
            b'%' => 3,
            _ => 1,
        };
    }
    Some(length)
}

//! Why somebody is refused, in full: what the operator is told, and the viewer only by its code.

use std::borrow::Cow;

use crate::verdict::Denial;

/// Why a credential is not believed, or a visitor not let in. The viewer is told the denial's code; the operator is
/// told the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub denial: Denial,
    /// The first field that is wrong, by its own name: `exp`, `kid`, `signature`.
    pub field: &'static str,
    /// What would have been right, as the end of "there should have been …".
    pub wanted: Cow<'static, str>,
}

/// A denial of which nothing more is to be said.
impl From<Denial> for Fault {
    fn from(denial: Denial) -> Self {
        Self::new(denial, "", "")
    }
}

impl Fault {
    pub fn new(denial: Denial, field: &'static str, wanted: impl Into<Cow<'static, str>>) -> Self {
        Self { denial, field, wanted: wanted.into() }
    }

    /// A credential that proves nothing: misspelled, forged, expired, or signed by a key that is not there. Viewers
    /// cannot tell these apart.
    pub fn invalid(field: &'static str, wanted: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Denial::InvalidToken, field, wanted)
    }

    /// The credential is right, and for another video.
    pub fn other_video(field: &'static str) -> Self {
        Self::new(Denial::TokenForOtherVideo, field, "the video that was asked for")
    }
}

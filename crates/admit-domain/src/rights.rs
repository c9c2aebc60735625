//! Rights by kind of asset.

/// What a session may fetch. One bit each; the rest are reserved and must be zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights(u8);

impl Default for Rights {
    fn default() -> Self {
        Self::ALL
    }
}

impl Rights {
    /// Playlists, segments and texts.
    pub const WATCH: Self = Self(1);
    /// The poster and the storyboard.
    pub const PICTURES: Self = Self(2);
    /// The film as one file.
    pub const DOWNLOAD: Self = Self(4);
    pub const ALL: Self = Self(7);
    pub const NONE: Self = Self(0);

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// `None` when a bit is set that has no meaning.
    pub(crate) const fn of_bits(bits: u8) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
    }

    /// What both allow.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What either allows.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn allows(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }
}

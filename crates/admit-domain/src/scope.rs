//! What an API key may do: a closed list of words, and everything unless it is said.

/// One thing a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// See videos and what belongs to them.
    VideosRead,
    /// Upload, change and delete videos and what belongs to them.
    VideosWrite,
    /// Hand out access: private tokens, embed tokens, links, signed addresses.
    AccessMint,
    /// See and change keys that sign and keys that pages show.
    KeysWrite,
    SessionsRead,
    /// End sessions.
    SessionsWrite,
    /// See and change settings and access rules.
    SettingsWrite,
    /// See and change webhooks, and see what they were told.
    WebhooksWrite,
    /// Read the audit trail, and ask why somebody was refused.
    AuditRead,
}

impl Scope {
    pub const ALL: [Self; 9] = [
        Self::VideosRead,
        Self::VideosWrite,
        Self::AccessMint,
        Self::KeysWrite,
        Self::SessionsRead,
        Self::SessionsWrite,
        Self::SettingsWrite,
        Self::WebhooksWrite,
        Self::AuditRead,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VideosRead => "videos:read",
            Self::VideosWrite => "videos:write",
            Self::AccessMint => "access:mint",
            Self::KeysWrite => "keys:write",
            Self::SessionsRead => "sessions:read",
            Self::SessionsWrite => "sessions:write",
            Self::SettingsWrite => "settings:write",
            Self::WebhooksWrite => "webhooks:write",
            Self::AuditRead => "audit:read",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// What a key may do, all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    pub const EVERYTHING: Self = Self(u16::MAX);
    pub const NOTHING: Self = Self(0);

    pub const fn of(scope: Scope) -> Self {
        Self(scope.bit())
    }

    #[must_use]
    pub const fn with(self, scope: Scope) -> Self {
        Self(self.0 | scope.bit())
    }

    pub const fn allow(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Has it nothing that `other` lacks?
    pub const fn are_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// From words with blanks between; no word is everything. A word of a newer release allows nothing.
    pub fn parse(text: &str) -> Self {
        if text.is_empty() {
            return Self::EVERYTHING;
        }
        text.split(' ').filter_map(Scope::parse).fold(Self::NOTHING, Self::with)
    }

    /// What [`Scopes::parse`] reads.
    pub fn words(self) -> Vec<&'static str> {
        if self == Self::EVERYTHING {
            return Vec::new();
        }
        Scope::ALL.into_iter().filter(|scope| self.allow(*scope)).map(Scope::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        let some = Scopes::of(Scope::VideosRead).with(Scope::AccessMint);
        assert_eq!(Scopes::parse(&some.words().join(" ")), some);
        assert_eq!(Scopes::parse(""), Scopes::EVERYTHING);
        assert_eq!(Scopes::parse("of:tomorrow"), Scopes::NOTHING, "and not everything");
        assert!(some.allow(Scope::VideosRead) && !some.allow(Scope::VideosWrite));
        assert!(some.are_within(Scopes::EVERYTHING) && !Scopes::EVERYTHING.are_within(some));
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
    }
}

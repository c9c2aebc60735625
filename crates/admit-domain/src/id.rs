//! Names of things. Every id is checked once, when it enters the house, and is plain ASCII ever after.

use std::{fmt, str::FromStr};

/// An id that is not spelled as the house spells ids. The text is not repeated: it came from a stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed {0} id")]
pub struct BadId(&'static str);

impl BadId {
    pub(crate) const fn of(what: &'static str) -> Self {
        Self(what)
    }
}

/// The random part of a textual id: 22 base-62 characters, about 131 bits.
const RANDOM_CHARS: usize = 22;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A byte of chance as one of the letters and digits ids are made of.
pub(crate) const fn base62(byte: u8) -> u8 {
    BASE62[byte as usize % BASE62.len()]
}

/// A prefix and 22 base-62 characters, as api.video spells its ids.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; Self::LEN]);

        impl $name {
            /// Length of the text in bytes.
            pub const LEN: usize = $prefix.len() + RANDOM_CHARS;

            /// Spells 22 random bytes as an id; `chance` comes from the caller.
            pub fn from_random(chance: [u8; RANDOM_CHARS]) -> Self {
                let mut text = [0; Self::LEN];
                text[..$prefix.len()].copy_from_slice($prefix.as_bytes());
                for (slot, byte) in text[$prefix.len()..].iter_mut().zip(chance) {
                    *slot = base62(byte);
                }
                Self(text)
            }

            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }

            pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let bytes: [u8; Self::LEN] = text.as_bytes().try_into().map_err(|_| BadId($what))?;
                let (prefix, rest) = bytes.split_at($prefix.len());
                // Without a way out in the middle the processor looks at many letters at once.
                let is_plain = rest.iter().fold(true, |is_plain, c| is_plain & c.is_ascii_alphanumeric());
                let well_formed = prefix == $prefix.as_bytes() && is_plain;
                well_formed.then_some(Self(bytes)).ok_or(BadId($what))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

text_id!(
    /// A tenant: everything stored belongs to exactly one.
    ProjectId, "pr", "project"
);
text_id!(
    /// A video; `vi` and 22 characters.
    VideoId, "vi", "video"
);
text_id!(
    /// A player theme: how the embed page looks and behaves.
    PlayerId, "pl", "player"
);
text_id!(
    /// A live stream.
    LiveStreamId, "li", "live stream"
);
text_id!(
    /// A picture to burn into films.
    WatermarkId, "watermark_", "watermark"
);
text_id!(
    /// A key an operator's program signs in with. The id is not the secret.
    ApiKeyId, "ak", "API key"
);
text_id!(
    /// A key a customer's backend signs with: the `kid` of its tokens.
    SigningKeyId, "sk", "signing key"
);
text_id!(
    /// A key a page may show: it names a project, and opens nothing by itself.
    PublishableKeyId, "pk", "publishable key"
);
text_id!(
    /// An embed token. The id is not the secret.
    EmbedTokenId, "et", "embed token"
);
text_id!(
    /// An edge that joined. The id is not its secret.
    EdgeId, "ed", "edge"
);
text_id!(
    /// One order to take access back, as the audit trail names it.
    RevocationId, "rv", "revocation"
);
text_id!(
    /// A unit of work for the worker.
    JobId, "jo", "job"
);
text_id!(
    /// An address that wishes to hear of events.
    WebhookId, "webhook_", "webhook"
);
text_id!(
    /// Something that happened, as told to webhooks; the same for every webhook and every attempt.
    EventId, "ev", "event"
);
text_id!(
    /// One answered request, for the operator's questions about it.
    RequestId, "rq", "request"
);

/// A session: 96 bits, carried in the handle. Not a secret; the handle's MAC is what cannot be forged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId([u8; Self::LEN]);

impl SessionId {
    /// Length in bytes.
    pub const LEN: usize = 12;

    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl FromStr for SessionId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = BadId("session");
        let digits = text.strip_prefix("se").ok_or(bad)?;
        let canonical = digits.len() == Self::LEN * 2 && digits.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        if !canonical {
            return Err(bad);
        }
        let mut bytes = [0; Self::LEN];
        for (index, slot) in bytes.iter_mut().enumerate() {
            *slot = u8::from_str_radix(&digits[index * 2..index * 2 + 2], 16).map_err(|_| bad)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("se")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A number that tells two makings of the same thing apart: a job that runs twice writes two editions, and
/// only the one whose number was committed is ever read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edition(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = VideoId::from_random([7; 22]);
        assert_eq!(id.as_str().parse(), Ok(id));
        for wrong in [
            "",
            "vi",
            "li7777777777777777777777",
            "vi777777777777777777777",
            "vi77777777777777777777777",
            "vi77777777777777777777/7",
        ] {
            assert_eq!(wrong.parse::<VideoId>(), Err(BadId("video")), "{wrong:?}");
        }
    }

    #[test]
    fn a_session_id_refuses_upper_case() {
        let id = SessionId::from_bytes([0xab; 12]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().replace('a', "A").parse::<SessionId>().is_err());
    }
}

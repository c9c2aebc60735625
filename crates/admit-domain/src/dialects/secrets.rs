//! What keys a dialect takes, and what an operator should hear before choosing it.

use super::{bunny::Form, kind::Dialect, template::Template};
use crate::{
    limits::{FOREIGN_SECRET_BYTES_MIN, HMAC_SECRET_BYTES_MIN},
    secret::hex,
};

/// Why a secret is none for a dialect. It is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    #[error("this dialect takes public keys, and no secret")]
    TakesNone,
    #[error("expected a secret of at least {0} bytes")]
    TooShort(usize),
    #[error("expected {0}")]
    Misspelled(&'static str),
}

impl Dialect {
    /// May keys of this dialect be secrets that we share with the customer?
    pub const fn takes_secret(&self) -> bool {
        !matches!(self, Self::Mux | Self::CloudflareStream | Self::CloudFront)
    }

    /// May keys of this dialect be public ones, of which the customer keeps the private halves?
    pub const fn takes_public_key(&self) -> bool {
        matches!(self, Self::Admit | Self::Mux | Self::CloudflareStream | Self::CloudFront | Self::Cat)
    }

    /// Bytes that a shared secret must have at least, when a key of this dialect is made. Other people's dialects get by
    /// with fewer, since their customers bring the secrets they have.
    pub const fn min_secret_bytes(&self) -> usize {
        match self {
            Self::Admit | Self::Moviie | Self::Mux | Self::CloudflareStream | Self::SignedUrl | Self::Cat => {
                HMAC_SECRET_BYTES_MIN
            }
            Self::Bunny(_) | Self::Akamai(_) | Self::CloudFront | Self::Template(_) => FOREIGN_SECRET_BYTES_MIN,
        }
    }

    /// Judges a secret for a new key.
    pub fn judge_secret(&self, secret: &[u8]) -> Result<(), BadSecret> {
        let least = self.min_secret_bytes();
        if !self.takes_secret() {
            return Err(BadSecret::TakesNone);
        }
        if secret.len() < least {
            return Err(BadSecret::TooShort(least));
        }
        match self {
            Self::Akamai(_) => {
                let keys = super::akamai::keys(secret);
                // Each byte is two digits.
                let is_long = |keys: Vec<Vec<u8>>| keys.iter().all(|key| key.len() * 2 >= least);
                let wanted =
                    BadSecret::Misspelled("16 to 32 hexadecimal digits, or two such keys with a comma between");
                if keys.is_some_and(is_long) { Ok(()) } else { Err(wanted) }
            }
            Self::Template(template) => template.judge_secret(secret).map_err(BadSecret::Misspelled),
            _ => Ok(()),
        }
    }

    /// A new secret, where the dialect's have a spelling of their own; `None` where any text will do. `chance` must be
    /// fresh.
    pub fn spell_secret(&self, chance: &[u8; 32]) -> Option<String> {
        match self {
            // Akamai's keys have no more digits than this.
            Self::Akamai(_) => chance.first_chunk::<16>().map(|half| hex(half.as_slice())),
            Self::Template(template) => template.spell_secret(chance),
            _ => None,
        }
    }

    /// What an operator should hear before choosing it; `None` for nothing to be said.
    pub fn warning(&self) -> Option<&'static str> {
        match self {
            Self::Bunny(Form::Md5) => Some(
                "a bare MD5 of a text with the secret in it can be extended or found by trial; addresses are taken for \
                 a day at most, and bunny-hmac should take its place",
            ),
            Self::Bunny(Form::Sha256 | Form::Embed) => Some(
                "a bare hash of a text with the secret in it can be extended where that text may hold any byte; \
                 bunny-hmac should take its place",
            ),
            Self::CloudFront => Some("signatures with SHA-1 are still taken; sign with Hash-Algorithm=SHA256"),
            Self::Template(template) => Template::warning(template),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_takes_a_key_of_some_kind() {
        for name in Dialect::ALL_NAMES.into_iter().filter(|name| *name != "template") {
            let dialect = Dialect::parse(name).unwrap();
            assert!(dialect.takes_secret() || dialect.takes_public_key(), "{name}");
            let least = dialect.min_secret_bytes();
            if dialect.takes_secret() {
                assert_eq!(dialect.judge_secret(&vec![b'a'; least - 1]), Err(BadSecret::TooShort(least)), "{name}");
                assert_eq!(dialect.judge_secret(&vec![b'a'; least]), Ok(()), "{name}");
            } else {
                assert_eq!(dialect.judge_secret(&[b'a'; 64]), Err(BadSecret::TakesNone), "{name}");
            }
        }
        assert_eq!(Dialect::SignedUrl.min_secret_bytes(), 32);
    }

    #[test]
    fn secrets_are_spelled_as_their_dialect_says() {
        let akamai = Dialect::parse("akamai").unwrap();
        let key = "aabbccddeeff00112233445566778899";
        assert_eq!(akamai.judge_secret(format!("{key},{key}").as_bytes()), Ok(()));
        for wrong in
            [format!("{key}a"), format!("{key}aa"), format!("{key},"), "g".repeat(32), "aabbccddeeff001,".repeat(2)]
        {
            assert!(akamai.judge_secret(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let text = "template\nhash: hmac-sha256\nkey: hex\nmessage: {path}{expires}\nencode: hex\n\
                    query: e={expires}&s={sig}\nexpires: seconds";
        let template = Dialect::parse(text).unwrap();
        assert_eq!(template.judge_secret(key.as_bytes()), Ok(()));
        for wrong in ["aabbccddeeff0011", "not a hexadecimal text"] {
            assert!(matches!(template.judge_secret(wrong.as_bytes()), Err(BadSecret::Misspelled(_))), "{wrong}");
        }
        let chance = [0xfb; 32];
        for dialect in [akamai, template, Dialect::parse(&text.replace("key: hex", "key: base64")).unwrap()] {
            let spelled = dialect.spell_secret(&chance).unwrap();
            assert_eq!(dialect.judge_secret(spelled.as_bytes()), Ok(()), "{spelled}");
        }
        assert_eq!(Dialect::SignedUrl.spell_secret(&chance), None);
        let wowza = Dialect::parse("wowza-v2").unwrap();
        assert!(wowza.judge_secret(&[0xff; 16]).is_err());
    }

    #[test]
    fn weak_dialects_are_warned_of() {
        for (name, warns) in
            [("bunny-md5", true), ("bunny-hmac", false), ("cdn77", true), ("fastly", false), ("admit", false)]
        {
            assert_eq!(Dialect::parse(name).unwrap().warning().is_some(), warns, "{name}");
        }
    }
}

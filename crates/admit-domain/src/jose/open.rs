//! From what a request shows to the claims that a key vouches for.

use super::{
    claim_set::ClaimSet,
    token::{Token, is_meant},
};
use crate::{
    claims::Fault,
    json::Value,
    material::Material,
    material::Verifier,
    public_key::{PublicKey, SignatureAlgorithm},
    shown::Shown,
};

/// Where a dialect's tokens name their key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KidStands {
    InHeader,
    /// In the header, in the claim `kid`, or in both and alike.
    InHeaderOrClaims,
}

/// How a dialect's tokens may be signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Profile {
    /// With a shared secret, HMAC-SHA256.
    pub hs256: bool,
    /// With the private half of a key that signs so.
    pub algorithms: &'static [SignatureAlgorithm],
    pub kid: KidStands,
}

/// The claims of the token that is shown; `None` when there is no token, or when it names another key.
pub(crate) fn open(profile: Profile, key: &Verifier<'_>, shown: &Shown) -> Option<Result<ClaimSet, Fault>> {
    match shown.token() {
        Err(fault) => Some(Err(fault)),
        Ok(text) => profile.open(key, text.filter(|text| is_meant(text))?).transpose(),
    }
}

impl Profile {
    fn open(self, key: &Verifier<'_>, text: &str) -> Result<Option<ClaimSet>, Fault> {
        let token = Token::read(text)?;
        let kid = self.kid(&token)?;
        let is_ours = kid == key.id.as_str();
        match &key.material {
            Material::Secret(_) if !is_ours => Ok(None),
            Material::Secret(_) if !self.hs256 => Err(Fault::invalid("key", "a public key, as this dialect has them")),
            Material::Secret(secret) => token.verify_secret(secret.bytes()).map(Some),
            Material::Public(keys) => {
                let of_kid = |public: &&PublicKey| is_ours || public.kid.as_deref() == Some(&kid);
                self.open_public(&token, keys.iter().filter(of_kid))
            }
        }
    }

    /// Several keys stand behind one name while one of them is replaced by the next.
    fn open_public<'a>(
        self,
        token: &Token<'_>,
        keys: impl Iterator<Item = &'a PublicKey>,
    ) -> Result<Option<ClaimSet>, Fault> {
        let mut last = Ok(None);
        for key in keys {
            last = if self.algorithms.contains(&key.algorithm()) {
                token.verify_public(key).map(Some)
            } else {
                Err(Fault::invalid("key", "a key of a kind that this dialect signs with"))
            };
            if last.is_ok() {
                break;
            }
        }
        last
    }

    fn kid(self, token: &Token<'_>) -> Result<String, Fault> {
        let in_header = token.header.kid.clone();
        let in_claims = match self.kid {
            KidStands::InHeader => None,
            KidStands::InHeaderOrClaims => token.peek("kid"),
        };
        match (in_header, in_claims) {
            (Some(kid), None) | (None, Some(Value::String(kid))) => Ok(kid),
            (Some(kid), Some(Value::String(other))) if kid == other => Ok(kid),
            _ => Err(Fault::invalid("kid", "the id of a signing key")),
        }
    }
}

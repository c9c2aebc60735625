//! The ways to sign that the house knows: a closed list.

/// How a signature by a private key is made (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// `RSASSA-PKCS1-v1_5` with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// ECDSA on P-256 with SHA-256; `r | s` of 32 bytes each.
    Es256,
    /// ECDSA on P-384 with SHA-384; `r | s` of 48 bytes each.
    Es384,
    /// Ed25519.
    EdDsa,
    /// `RSASSA-PKCS1-v1_5` with SHA-1, which signed addresses of `CloudFront` were made with for years. Nobody else may
    /// use it, and the house verifies it and never signs so.
    RsaSha1,
}

impl SignatureAlgorithm {
    /// Its name in JOSE; none for what JOSE does not know.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Rs256 => Some("RS256"),
            Self::Ps256 => Some("PS256"),
            Self::Es256 => Some("ES256"),
            Self::Es384 => Some("ES384"),
            Self::EdDsa => Some("EdDSA"),
            Self::RsaSha1 => None,
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Ps256, Self::Es256, Self::Es384, Self::EdDsa]
            .into_iter()
            .find(|algorithm| algorithm.name() == Some(name))
    }
}

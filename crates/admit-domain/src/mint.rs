//! What somebody wants signed, and what comes of it: the other side of [`Dialect::read`](crate::dialects::Dialect).

use crate::{claims::Viewer, id::VideoId, material::KeySecret, private_key::PrivateKey, time::Timestamp};

/// A credential that somebody wants. Dialects leave out what they have no word for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The key's id, which tokens name as `kid`.
    pub kid: String,
    pub video: VideoId,
    pub viewer: Option<Viewer>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    /// `https://host` of the address to sign, for dialects that sign it.
    pub origin: String,
    /// The path to sign, for dialects that sign one: an address, or the beginning of several.
    pub path: String,
}

/// What signs.
#[derive(Debug)]
pub enum Signer {
    Secret(KeySecret),
    Private(PrivateKey),
}

impl Signer {
    /// The shared secret, for dialects that sign with one.
    pub fn secret(&self) -> Result<&[u8], MintError> {
        match self {
            Self::Secret(secret) => Ok(secret.bytes()),
            Self::Private(_) => Err(MintError::WantsSecret),
        }
    }
}

/// A credential, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Minted {
    /// For `?token=`, or for the header of its dialect.
    Token(String),
    /// To be put behind the path, as `name=value&name=value`.
    Query(String),
    /// Instead of the path.
    Path(String),
}

/// Why nothing was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    #[error("this dialect signs with a shared secret")]
    WantsSecret,
    #[error("this dialect signs with a private key of another kind")]
    WantsPrivateKey,
    #[error("the secret has fewer bytes than the dialect demands")]
    ShortSecret,
    #[error("the credential would live longer than its dialect allows")]
    LivesTooLong,
    /// For instance a path of another video, or a time the dialect cannot spell.
    #[error("this dialect has no way to say what is wished")]
    Unsayable,
    #[error("the key could not sign")]
    Failed,
}

//! Compact JSON Web Signatures (RFC 7515) that carry claims (RFC 7519), read as RFC 8725 advises and stricter.
//!
//! A token has one spelling: three parts of base64url without padding or spare bits; a header of `alg`, `typ` and `kid`
//! and nothing else; the algorithm that its key pins; no member named twice. Claims are typed, and whoever reads them
//! names those they know: any other makes the token worthless, since it may be a restriction.

mod claim_set;
mod header;
mod lifetime;
mod object;
mod open;
mod token;
mod write;

pub use self::token::{peek_kid, peek_subject, peek_video};
pub(crate) use self::{
    claim_set::ClaimSet,
    lifetime::{IssuedAt, Life, Lifetime, Seconds},
    open::{KidStands, Profile, open},
    write::{Signed, sign},
};

#[cfg(test)]
mod tests;

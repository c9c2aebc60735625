//! One public key as a JWK (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    algorithm::SignatureAlgorithm,
    bad_key::BadKey,
    kind::{PublicKey, PublicKeyKind},
};
use crate::{json::Value, limits::KID_CHARS_MAX};

/// Members that only private and symmetric keys have.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// May this text name a key in a token's header?
pub(crate) fn is_kid(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=KID_CHARS_MAX).contains(&text.len()) && text.bytes().all(is_letter)
}

impl PublicKey {
    /// Reads a JWK. Members that RFC 7517 does not know are passed over, as it demands.
    pub fn from_jwk(jwk: &Value) -> Result<Self, BadKey> {
        let kty = text(jwk, "kty")?.ok_or(BadKey::Member("kty"))?;
        if kty == "oct" {
            return Err(BadKey::Symmetric);
        }
        if PRIVATE.iter().any(|name| jwk.member(name).is_some()) {
            return Err(BadKey::Private);
        }
        let kind = match (kty, text(jwk, "crv")?) {
            ("RSA", None) => PublicKeyKind::Rsa { n: number(jwk, "n")?, e: number(jwk, "e")? },
            ("EC", Some("P-256")) => PublicKeyKind::P256(point::<32>(jwk)?),
            ("EC", Some("P-384")) => PublicKeyKind::P384(point::<48>(jwk)?),
            ("OKP", Some("Ed25519")) => PublicKeyKind::Ed25519(fixed(jwk, "x")?),
            _ => return Err(BadKey::UnknownKind),
        };
        let kind = kind.checked()?;
        let pinned = check_use(jwk, &kind)?;
        let name = text(jwk, "kid")?;
        if name.is_some_and(|name| !is_kid(name)) {
            return Err(BadKey::Member("kid"));
        }
        Ok(Self { kid: name.map(str::to_owned), pinned, kind })
    }

    /// Spells the key as a JWK, from which the same key is read.
    pub fn to_jwk(&self) -> Value {
        let binary = |bytes: &[u8]| Value::String(URL_SAFE_NO_PAD.encode(bytes));
        let point = |crv: &str, point: &[u8]| {
            let (x, y) = point.split_at_checked(1).map_or((&[][..], &[][..]), |(_, xy)| xy.split_at(xy.len() / 2));
            vec![("kty", Value::string("EC")), ("crv", Value::string(crv)), ("x", binary(x)), ("y", binary(y))]
        };
        let mut members = match &self.kind {
            PublicKeyKind::Rsa { n, e } => vec![("kty", Value::string("RSA")), ("n", binary(n)), ("e", binary(e))],
            PublicKeyKind::P256(xy) => point("P-256", xy),
            PublicKeyKind::P384(xy) => point("P-384", xy),
            PublicKeyKind::Ed25519(x) => {
                vec![("kty", Value::string("OKP")), ("crv", Value::string("Ed25519")), ("x", binary(x))]
            }
        };
        members.extend(self.kid.as_deref().map(|kid| ("kid", Value::string(kid))));
        members.extend(self.pinned.and_then(SignatureAlgorithm::name).map(|alg| ("alg", Value::string(alg))));
        Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

/// Is the key meant to verify signatures, and of one algorithm only?
fn check_use(jwk: &Value, kind: &PublicKeyKind) -> Result<Option<SignatureAlgorithm>, BadKey> {
    let verifies = |operations: &Value| {
        operations.as_array().is_some_and(|all| all.iter().any(|operation| operation.as_str() == Some("verify")))
    };
    if text(jwk, "use")?.is_some_and(|meant| meant != "sig") || jwk.member("key_ops").is_some_and(|ops| !verifies(ops))
    {
        return Err(BadKey::OtherUse);
    }
    let Some(name) = text(jwk, "alg")? else { return Ok(None) };
    let pinned = SignatureAlgorithm::parse(name).filter(|algorithm| kind.signs_with(*algorithm));
    pinned.map(Some).ok_or(BadKey::OtherUse)
}

fn text<'a>(jwk: &'a Value, name: &'static str) -> Result<Option<&'a str>, BadKey> {
    jwk.member(name).map(|value| value.as_str().ok_or(BadKey::Member(name))).transpose()
}

/// Base64url without padding and without spare bits: one spelling.
fn binary(jwk: &Value, name: &'static str) -> Result<Vec<u8>, BadKey> {
    let letters = text(jwk, name)?.ok_or(BadKey::Member(name))?;
    URL_SAFE_NO_PAD.decode(letters).map_err(|_| BadKey::Member(name))
}

/// A number without leading zeros (RFC 7518 §6.3.1).
fn number(jwk: &Value, name: &'static str) -> Result<Vec<u8>, BadKey> {
    let bytes = binary(jwk, name)?;
    if bytes.first().is_some_and(|first| *first != 0) { Ok(bytes) } else { Err(BadKey::Member(name)) }
}

fn fixed<const N: usize>(jwk: &Value, name: &'static str) -> Result<[u8; N], BadKey> {
    binary(jwk, name)?.try_into().map_err(|_| BadKey::Member(name))
}

fn point<const N: usize>(jwk: &Value) -> Result<Vec<u8>, BadKey> {
    Ok([&[4][..], &fixed::<N>(jwk, "x")?, &fixed::<N>(jwk, "y")?].concat())
}

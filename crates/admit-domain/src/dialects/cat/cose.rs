//! The envelope of a token: `COSE_Mac0` or `COSE_Sign1` (RFC 9052), in every tagging that issuers are seen to use.
//!
//! ```text
//! 61(17(mac0))  61(18(sign1))  17(mac0)  18(sign1)  mac0 or sign1 without a tag, by the kind of the key
//! ```
//!
//! The payload is a byte string; one issuer writes its hexadecimal digits as text where it leaves out tag 61, and
//! authenticates that text.

use std::{borrow::Cow, convert::Infallible};

use aws_lc_rs::rand::SystemRandom;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::cbor::{BadCbor, Key, Map, Value};
use crate::{
    claims::Fault,
    material::Material,
    material::Verifier,
    private_key::{CannotSign, PrivateKey},
    public_key::{PublicKey, SignatureAlgorithm},
};

const TAG_CWT: u64 = 61;
const TAG_MAC0: u64 = 17;
const TAG_SIGN1: u64 = 18;
const LABEL_ALG: i64 = 1;
const LABEL_KID: i64 = 4;
/// What is proved, so that a MAC is never a signature.
const MAC0_CONTEXT: &str = "MAC0";
const SIGN1_CONTEXT: &str = "Signature1";
const HS256: i64 = 5;
const ES256: i64 = -7;
const PS256: i64 = -37;

/// The first bytes of all envelopes. No UUID and no text of ours has them in base64url.
const HEADS: [&[u8]; 5] = [&[0xd8, 0x3d, 0xd1, 0x84], &[0xd8, 0x3d, 0xd2, 0x84], &[0xd1, 0x84], &[0xd2, 0x84], &[0x84]];

/// A token whose signature nobody has looked at yet.
pub(super) struct Envelope<'a> {
    /// The tag 17 or 18, where it has one.
    tag: Option<u64>,
    protected: &'a [u8],
    alg: Option<i64>,
    kid: Option<&'a [u8]>,
    payload: Value<'a>,
    proof: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// `None` when the bytes are something else.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Result<Self, Fault>> {
        HEADS.iter().any(|head| bytes.starts_with(head)).then(|| Self::parse(bytes))
    }

    fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        let (tag, message) = match untagged(Value::parse(bytes).map_err(bad)?, TAG_CWT) {
            (_, Value::Tag(tag @ (TAG_MAC0 | TAG_SIGN1), message)) => (Some(tag), *message),
            (false, message) => (None, message),
            (true, _) => return Err(Fault::invalid("token", "tag 17 or 18 inside tag 61")),
        };
        let shape = "an array of protected headers, headers, payload and tag";
        let Value::Array(fields) = message else { return Err(Fault::invalid("token", shape)) };
        let Ok([Value::Bytes(protected), Value::Map(open), payload, Value::Bytes(proof)]) =
            <[Value<'_>; 4]>::try_from(fields)
        else {
            return Err(Fault::invalid("token", shape));
        };
        let Ok(Value::Map(closed)) = Value::parse(protected) else {
            return Err(Fault::invalid("token", "a map of protected headers"));
        };
        // Whatever else a header says changes how the token is to be read; what is outside is not even signed.
        let only = |map: &Map<'_>, labels: &[i64]| map.keys().all(|key| labels.iter().any(|l| *key == Key::Int(*l)));
        if !only(&closed, &[LABEL_ALG, LABEL_KID]) || !only(&open, &[LABEL_KID]) {
            return Err(Fault::invalid("header", "no headers but alg, which is protected, and kid"));
        }
        let alg = match closed.get(&Key::Int(LABEL_ALG)) {
            Some(Value::Int(alg)) => Some(*alg),
            _ => None,
        };
        let kid = match (kid_of(&closed)?, kid_of(&open)?) {
            (Some(one), Some(other)) if one != other => {
                return Err(Fault::invalid("kid", "one kid, not two that differ"));
            }
            (one, other) => one.or(other),
        };
        Ok(Self { tag, protected, alg, kid, payload, proof })
    }

    /// Which of this key's public keys may have signed it, or its secret; `None` when it names another key.
    fn signers<'k>(&self, key: &Verifier<'k>) -> Option<Vec<&'k PublicKey>> {
        let public = key.material.public().iter();
        match self.kid {
            None => Some(public.collect()),
            Some(kid) if kid == key.id.as_str().as_bytes() => Some(public.collect()),
            Some(kid) => {
                let named = |key: &&PublicKey| key.kid.as_ref().is_some_and(|own| own.as_bytes() == kid);
                let named: Vec<_> = public.filter(named).collect();
                (!named.is_empty()).then_some(named)
            }
        }
    }

    /// The claims' bytes, when the key's secret or one of its public keys signed them; `None` when the token names
    /// another key.
    pub(super) fn open(&self, key: &Verifier<'_>) -> Option<Result<Cow<'a, [u8]>, Fault>> {
        let signers = self.signers(key)?;
        Some(match &key.material {
            Material::Secret(secret) => self.check_mac(secret.bytes()).and_then(|()| self.payload()),
            Material::Public(_) => self.check_signature(&signers).and_then(|()| self.payload()),
        })
    }

    fn check_mac(&self, secret: &[u8]) -> Result<(), Fault> {
        self.expect_tag(TAG_MAC0, "a COSE_Mac0, as its key is a shared secret")?;
        if self.alg != Some(HS256) {
            return Err(Fault::invalid("alg", "HS256, as its key is a shared secret"));
        }
        let is_right: bool =
            mac(secret, &structure(MAC0_CONTEXT, self.protected, &self.payload)).ct_eq(self.proof).into();
        if is_right { Ok(()) } else { Err(Fault::invalid("signature", "the MAC that the key makes")) }
    }

    fn check_signature(&self, signers: &[&PublicKey]) -> Result<(), Fault> {
        self.expect_tag(TAG_SIGN1, "a COSE_Sign1, as its key is a public one")?;
        let algorithm = match self.alg {
            Some(ES256) => SignatureAlgorithm::Es256,
            Some(PS256) => SignatureAlgorithm::Ps256,
            _ => return Err(Fault::invalid("alg", "ES256 or PS256, as its key is a public one")),
        };
        let message = structure(SIGN1_CONTEXT, self.protected, &self.payload);
        if signers.iter().any(|key| key.verify(algorithm, &message, self.proof)) {
            return Ok(());
        }
        Err(Fault::invalid("signature", "a signature of the key, by an algorithm of its kind"))
    }

    fn expect_tag(&self, tag: u64, wanted: &'static str) -> Result<(), Fault> {
        let fits = self.tag.is_none_or(|own| own == tag);
        if fits { Ok(()) } else { Err(Fault::invalid("token", wanted)) }
    }

    fn payload(&self) -> Result<Cow<'a, [u8]>, Fault> {
        match &self.payload {
            Value::Bytes(bytes) => Some(Cow::Borrowed(*bytes)),
            Value::Text(digits) => unhex(digits).map(Cow::Owned),
            _ => None,
        }
        .ok_or_else(|| Fault::invalid("token", "a payload of bytes, or of their hexadecimal digits as text"))
    }
}

/// Spells a token under a shared secret, in the tagging that most verifiers read: 61(17(…)).
pub(super) fn seal_mac(secret: &[u8], kid: &str, claims: &[u8]) -> Vec<u8> {
    let Ok(token) = seal(TAG_MAC0, HS256, kid, claims, |protected, payload| {
        Ok::<_, Infallible>(mac(secret, &structure(MAC0_CONTEXT, protected, payload)).to_vec())
    });
    token
}

/// Spells a token under a private key, ES256 or PS256 by its kind: 61(18(…)).
pub(super) fn seal_signature(
    key: &PrivateKey,
    kid: &str,
    claims: &[u8],
    chance: &SystemRandom,
) -> Result<Vec<u8>, CannotSign> {
    let (alg, algorithm) = match key.algorithm() {
        SignatureAlgorithm::Es256 => (ES256, SignatureAlgorithm::Es256),
        // A key of RSA, which signs tokens of other kinds by other algorithms.
        _ => (PS256, SignatureAlgorithm::Ps256),
    };
    seal(TAG_SIGN1, alg, kid, claims, |protected, payload| {
        key.sign(algorithm, &structure(SIGN1_CONTEXT, protected, payload), chance)
    })
}

fn seal<E>(
    tag: u64,
    alg: i64,
    kid: &str,
    claims: &[u8],
    prove: impl FnOnce(&[u8], &Value<'_>) -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, E> {
    let protected = Value::Map(Map::from([(Key::Int(LABEL_ALG), Value::Int(alg))])).to_bytes();
    let payload = Value::Bytes(claims);
    let proof = prove(&protected, &payload)?;
    let open = Value::Map(Map::from([(Key::Int(LABEL_KID), Value::Bytes(kid.as_bytes()))]));
    let message = Value::Array(vec![Value::Bytes(&protected), open, payload, Value::Bytes(&proof)]);
    Ok(Value::Tag(TAG_CWT, Box::new(Value::Tag(tag, Box::new(message)))).to_bytes())
}

/// `MAC_structure` and `Sig_structure` for one signer, with no data from outside.
fn structure(context: &str, protected: &[u8], payload: &Value<'_>) -> Vec<u8> {
    Value::Array(vec![Value::Text(context), Value::Bytes(protected), Value::Bytes(&[]), payload.clone()]).to_bytes()
}

fn mac(secret: &[u8], message: &[u8]) -> [u8; 32] {
    let keyed = <Hmac<Sha256> as KeyInit>::new_from_slice(secret);
    let keyed = keyed.unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    keyed.chain_update(message).finalize().into_bytes().into()
}

fn untagged(value: Value<'_>, wanted: u64) -> (bool, Value<'_>) {
    match value {
        Value::Tag(tag, inner) if tag == wanted => (true, *inner),
        other => (false, other),
    }
}

fn kid_of<'a>(headers: &Map<'a>) -> Result<Option<&'a [u8]>, Fault> {
    match headers.get(&Key::Int(LABEL_KID)) {
        None => Ok(None),
        Some(Value::Bytes(kid)) => Ok(Some(kid)),
        Some(_) => Err(Fault::invalid("kid", "a kid of bytes")),
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let value = |digit: &u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(value(high)? << 4 | value(low)?)).collect();
    if rest.is_empty() { bytes } else { None }
}

fn bad(why: BadCbor) -> Fault {
    Fault::invalid("token", format!("CBOR with {}", why.0))
}

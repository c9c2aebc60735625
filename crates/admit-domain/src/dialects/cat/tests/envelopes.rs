//! Every envelope that issuers write, and keys that are public.

use aws_lc_rs::{
    rsa,
    signature::{self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PSS_SHA256, RsaKeyPair},
};

use super::*;
use crate::{
    private_key::PrivateKey,
    public_key::{PublicKey, PublicKeyKind, SignatureAlgorithm},
    secret::hex,
};

fn payload() -> Vec<u8> {
    Value::Map(claims_with([])).to_bytes()
}

#[test]
fn every_tagging_is_read() {
    let payload = payload();
    let plain = mac0(ALG_HS256, kid_of(KID), &Value::Bytes(&payload));
    for head in [&[0xd8, 61, 0xd1][..], &[0xd1], &[]] {
        let token = text(&[head, &plain].concat());
        assert!(field(read_by(&key(), &token)).is_ok(), "{head:x?}");
    }
    for (head, wrong) in [(&[0xd8, 61, 0xd2][..], "token"), (&[0xd2], "token")] {
        assert_eq!(field(read_by(&key(), &text(&[head, &plain].concat()))).map(|_| ()), Err(wrong), "{head:x?}");
    }
    for head in [&[0xd8, 61][..], &[0xd8, 61, 0xd8, 61, 0xd1], &[0xd1, 0xd8, 61], &[0xd0], &[0xd8, 97]] {
        assert!(read_by(&key(), &text(&[head, &plain].concat())).is_none(), "{head:x?}");
    }
}

#[test]
fn a_payload_may_be_hexadecimal_text() {
    let digits = hex(&payload());
    let token = |digits: &str| text(&mac0(ALG_HS256, kid_of(KID), &Value::Text(digits)));
    assert!(field(read_by(&key(), &token(&digits))).is_ok());
    for wrong in [digits.to_uppercase(), digits[1..].to_owned(), format!("{digits} "), "zz".into()] {
        assert_eq!(field(read_by(&key(), &token(&wrong))).map(|_| ()), Err("token"), "{wrong}");
    }
    let null = text(&mac0(ALG_HS256, kid_of(KID), &Value::Null));
    assert_eq!(field(read_by(&key(), &null)).map(|_| ()), Err("token"));
}

#[test]
fn a_kid_stands_in_either_header_and_says_one_thing() {
    let payload = payload();
    let protected = |kid: &str| labelled([(1, Value::Int(5)), (4, Value::Bytes(kid.as_bytes()))]).to_bytes();
    let longer = format!("{KID} ");
    let cases = [
        ("open", ALG_HS256.to_vec(), kid_of(KID), Some(Ok(()))),
        ("protected", protected(KID), labelled([]), Some(Ok(()))),
        ("both, the same", protected(KID), kid_of(KID), Some(Ok(()))),
        ("both, and different", protected(KID), kid_of("another"), Some(Err("kid"))),
        ("none", ALG_HS256.to_vec(), labelled([]), Some(Ok(()))),
        ("another, open", ALG_HS256.to_vec(), kid_of("another"), None),
        ("another, protected", protected("another"), labelled([]), None),
        ("empty", ALG_HS256.to_vec(), kid_of(""), None),
        ("longer", ALG_HS256.to_vec(), kid_of(&longer), None),
        ("no bytes", ALG_HS256.to_vec(), labelled([(4, Value::Text(KID))]), Some(Err("kid"))),
    ];
    for (case, protected, open, expected) in cases {
        let token = text(&mac0(&protected, open, &Value::Bytes(&payload)));
        let read = read_by(&key(), &token).map(|read| read.map(|_| ()).map_err(|fault| fault.field));
        assert_eq!(read, expected, "{case}");
    }
}

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A signer and the public key that belongs to it.
struct Pair {
    alg: i64,
    public: PublicKey,
    sign: Sign,
}

fn p256(kid: &str) -> Pair {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let point = pair.public_key().as_ref().to_vec();
    let public = PublicKey { kid: Some(kid.into()), ..PublicKey::new(PublicKeyKind::P256(point)) };
    let sign = move |message: &[u8]| pair.sign(&SystemRandom::new(), message).expect("a signature").as_ref().to_vec();
    Pair { alg: -7, public, sign: Box::new(sign) }
}

fn rsa(kid: &str) -> Pair {
    let pair = RsaKeyPair::generate(rsa::KeySize::Rsa2048).expect("a key");
    // PKCS #1 in DER: nine bytes, a modulus of 2048 bits, and 65537.
    let der = pair.public_key().as_ref();
    let (n, e) = (der[9..265].to_vec(), vec![1, 0, 1]);
    assert_eq!(der[265..], [2, 3, 1, 0, 1]);
    let public = PublicKey { kid: Some(kid.into()), ..PublicKey::new(PublicKeyKind::Rsa { n, e }) };
    let sign = move |message: &[u8]| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), message, &mut signature).expect("a signature");
        signature
    };
    Pair { alg: -37, public, sign: Box::new(sign) }
}

fn sign1(pair: &Pair, alg: i64, open: Value<'_>) -> Vec<u8> {
    let (protected, payload) = (labelled([(1, Value::Int(alg))]).to_bytes(), payload());
    let parts = [Value::Text("Signature1"), Value::Bytes(&protected), Value::Bytes(&[]), Value::Bytes(&payload)];
    let proof = (pair.sign)(&Value::Array(parts.to_vec()).to_bytes());
    let fields = vec![Value::Bytes(&protected), open, Value::Bytes(&payload), Value::Bytes(&proof)];
    Value::Array(fields).to_bytes()
}

#[test]
fn signatures_of_public_keys_are_read() {
    for pair in [p256("theirs"), rsa("theirs")] {
        let other = p256("another");
        let key = key_of(Material::Public(vec![other.public.clone(), pair.public.clone()]));
        let ok = Some(Ok(()));
        let cases = [
            ("61+18", &[0xd8, 61, 0xd2][..], &pair, pair.alg, kid_of("theirs"), ok),
            ("18", &[0xd2], &pair, pair.alg, kid_of("theirs"), ok),
            ("no tag", &[], &pair, pair.alg, kid_of("theirs"), ok),
            ("by our name of the key", &[0xd2], &pair, pair.alg, kid_of(KID), ok),
            ("no name", &[0xd2], &pair, pair.alg, labelled([]), ok),
            ("a stranger's name", &[0xd2], &pair, pair.alg, kid_of("stranger"), None),
            ("the name of the other", &[0xd2], &pair, pair.alg, kid_of("another"), Some(Err("signature"))),
            ("of the other, by this name", &[0xd2], &other, -7, kid_of("theirs"), Some(Err("signature"))),
            ("tag of a MAC", &[0xd1], &pair, pair.alg, kid_of("theirs"), Some(Err("token"))),
            ("HS256", &[0xd2], &pair, 5, kid_of("theirs"), Some(Err("alg"))),
            ("ES384", &[0xd2], &pair, -35, kid_of("theirs"), Some(Err("alg"))),
            ("RS256", &[0xd2], &pair, -257, kid_of("theirs"), Some(Err("alg"))),
            ("of the other kind", &[0xd2], &pair, -44 - pair.alg, kid_of("theirs"), Some(Err("signature"))),
        ];
        for (case, head, signer, alg, open, expected) in cases {
            let token = text(&[head, &sign1(signer, alg, open)].concat());
            let read = read_by(&key, &token).map(|read| read.map(|_| ()).map_err(|fault| fault.field));
            assert_eq!(read, expected, "{case}, {}", pair.alg);
        }
    }
}

#[test]
fn a_public_key_is_no_secret() {
    let pair = p256("theirs");
    let PublicKeyKind::P256(point) = &pair.public.kind else { panic!("no point") };
    let key = key_of(Material::Public(vec![pair.public.clone()]));
    let claims = payload();
    let forged = cose::seal_mac(point, "theirs", &claims);
    for head in [0, 2, 3] {
        assert_eq!(
            field(read_by(&key, &text(&forged[head..]))).map(|_| ()),
            Err(if head == 3 { "alg" } else { "token" })
        );
    }
    // And a token that is signed, for a key that is a secret.
    assert_eq!(field(read_by(&super::key(), &text(&sign1(&pair, -7, kid_of(KID))))).map(|_| ()), Err("alg"));
}

/// RFC 8392, appendix A.3. It names no video, so it is refused; but not for its signature, nor for its times.
#[test]
fn the_signed_example_of_the_standard_is_genuine() {
    let x = "143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f";
    let y = "60f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9";
    let example = "d28443a10126a104524173796d6d657472696345434453413235365850a70175636f61703a2f2f61732e6578616d706c652e63\
                   6f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a56\
                   10d9f007420b7158405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c42\
                   9a01f85951ecee743a52b9b63632c57209120e1c9e30";
    let point = unhex(&format!("04{x}{y}"));
    let public = PublicKey { kid: Some("AsymmetricECDSA256".into()), ..PublicKey::new(PublicKeyKind::P256(point)) };
    let key = key_of(Material::Public(vec![public]));
    let example = unhex(example);
    let at = |secs| Dialect::read(&key, &shown(&text(&example)), &video(), Timestamp::from_secs(secs));
    assert_eq!(field(at(1_443_944_944)).map(|_| ()), Err("aud"));
    assert_eq!(field(at(1_444_064_944)).map(|_| ()), Err("exp"));
    let mut forged = example.clone();
    *forged.last_mut().expect("a byte") ^= 1;
    let read = Dialect::read(&key, &shown(&text(&forged)), &video(), Timestamp::from_secs(1_443_944_944));
    assert_eq!(field(read).map(|_| ()), Err("signature"));
}

fn unhex(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits")).collect()
}

#[test]
fn keys_are_checked_by_their_own_kind() {
    // Nothing but a point of the curve verifies; a key of another kind verifies nothing.
    let ed25519 = signature::Ed25519KeyPair::generate().expect("a key");
    let bytes: [u8; 32] = ed25519.public_key().as_ref().try_into().expect("32 bytes");
    let public = PublicKey::new(PublicKeyKind::Ed25519(bytes));
    let key = key_of(Material::Public(vec![public]));
    for alg in [-7, -37] {
        assert_eq!(field(read_by(&key, &text(&sign1(&p256("x"), alg, kid_of(KID))))).map(|_| ()), Err("signature"));
    }
    assert_eq!(field(read_by(&key, &text(&sign1(&p256("x"), -8, kid_of(KID))))).map(|_| ()), Err("alg"));
}

#[test]
fn what_a_private_key_mints_its_public_half_reads() {
    let rsa = include_str!("../../../../tests/vectors/keys/rsa.pem");
    let p256 = include_str!("../../../../tests/vectors/keys/p256.pem");
    let ed25519 = include_str!("../../../../tests/vectors/keys/ed25519.pem");
    let private = |pem: &str| PrivateKey::from_pem(pem).expect("a key");
    let key = |pem: &str| key_of(Material::Public(vec![private(pem).public().expect("its public half")]));
    let mint_by = |pem: &str| mint(&wish(), &Signer::Private(private(pem)), &SystemRandom::new());
    for (pem, other) in [(rsa, p256), (p256, rsa)] {
        let Ok(Minted::Token(token)) = mint_by(pem) else { panic!("no token") };
        assert!(field(read_by(&key(pem), &token)).is_ok());
        assert_eq!(field(read_by(&key(other), &token)).map(|_| ()), Err("signature"));
        assert_eq!(field(read_by(&super::key(), &token)).map(|_| ()), Err("token"));
        let bytes = URL_SAFE_NO_PAD.decode(&token).expect("base64url");
        assert_eq!(bytes[..4], [0xd8, 61, 0xd2, 0x84]);
    }
    assert_eq!(mint_by(ed25519), Err(MintError::WantsPrivateKey));
}

#[test]
fn a_key_that_pins_another_algorithm_signs_no_cat() {
    let mut pair = rsa("theirs");
    pair.public.pinned = Some(SignatureAlgorithm::Rs256);
    let key = key_of(Material::Public(vec![pair.public.clone()]));
    assert_eq!(field(read_by(&key, &text(&sign1(&pair, -37, labelled([]))))).map(|_| ()), Err("signature"));
}

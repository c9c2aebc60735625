//! What a private key signs, its public half verifies, in every form the key is handed about in.

use super::*;

const PAIRS: [(&str, &str); 4] = [
    (include_str!("../../tests/vectors/keys/rsa.pem"), include_str!("../../tests/vectors/keys/rsa.pub.pem")),
    (include_str!("../../tests/vectors/keys/p256.pem"), include_str!("../../tests/vectors/keys/p256.pub.pem")),
    (include_str!("../../tests/vectors/keys/p384.pem"), include_str!("../../tests/vectors/keys/p384.pub.pem")),
    (include_str!("../../tests/vectors/keys/ed25519.pem"), include_str!("../../tests/vectors/keys/ed25519.pub.pem")),
];
const ALL: [SignatureAlgorithm; 6] = [
    SignatureAlgorithm::Rs256,
    SignatureAlgorithm::Ps256,
    SignatureAlgorithm::Es256,
    SignatureAlgorithm::Es384,
    SignatureAlgorithm::EdDsa,
    SignatureAlgorithm::RsaSha1,
];

#[test]
fn what_one_half_signs_the_other_verifies() {
    let chance = SystemRandom::new();
    for (private, public) in PAIRS {
        let (private, public) = (PrivateKey::parse(private).unwrap(), PublicKey::from_pem(public).unwrap());
        assert_eq!(private.public().as_ref(), Some(&public));
        assert_eq!(private.algorithm(), public.algorithm());
        let signed: Vec<SignatureAlgorithm> = ALL
            .into_iter()
            .filter(|algorithm| match private.sign(*algorithm, b"message", &chance) {
                Ok(signature) => {
                    assert!(public.verify(*algorithm, b"message", &signature), "{algorithm:?}");
                    assert!(!public.verify(*algorithm, b"massage", &signature), "{algorithm:?}");
                    true
                }
                Err(CannotSign) => false,
            })
            .collect();
        let usual = private.algorithm();
        let expected =
            if usual == SignatureAlgorithm::Rs256 { vec![usual, SignatureAlgorithm::Ps256] } else { vec![usual] };
        assert_eq!(signed, expected);
    }
}

#[test]
fn older_forms_and_base64_hold_the_same_key() {
    let public = |text: &str| PrivateKey::parse(text).ok().and_then(|key| key.public());
    let cases = [
        (PAIRS[0].0, include_str!("../../tests/vectors/keys/rsa-pkcs1.pem")),
        (PAIRS[1].0, include_str!("../../tests/vectors/keys/p256-sec1.pem")),
    ];
    for (new, old) in cases {
        assert!(public(new).is_some());
        assert_eq!(public(old), public(new));
        assert_eq!(public(&STANDARD.encode(old)), public(new));
    }
}

#[test]
fn what_is_no_private_key_is_refused_and_none_is_shown() {
    let (rsa, public) = PAIRS[0];
    let cases = [
        String::new(),
        public.to_owned(),
        STANDARD.encode(public),
        STANDARD.encode(STANDARD.encode(rsa)),
        rsa.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
        rsa.replace("PRIVATE KEY", "EC PRIVATE KEY"),
        rsa.replacen("PRIVATE", "PUBLIC", 1),
        format!("{rsa}{rsa}"),
        format!("{}{rsa}", " ".repeat(20_000)).replace(' ', "A"),
        rsa[..rsa.len() / 2].to_owned(),
    ];
    for text in cases {
        assert!(PrivateKey::parse(&text).is_err(), "{text}");
    }
    assert_eq!(format!("{:?}", PrivateKey::parse(rsa)), "Ok(PrivateKey(***))");
}

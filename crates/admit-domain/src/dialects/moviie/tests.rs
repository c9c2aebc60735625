//! Moviie's tokens: what its reader takes is tried claim by claim with the reader of tokens; here, what it mints.

use aws_lc_rs::rand::SystemRandom;

use super::*;
use crate::{
    dialects::Dialect,
    id::SigningKeyId,
    material::{KeySecret, Material},
    private_key::PrivateKey,
    signing_key::SigningKey,
};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

fn key(secret: &[u8]) -> SigningKey {
    let id = SigningKeyId::from_random([1; 22]);
    SigningKey { id, dialect: Dialect::Moviie, material: Material::Secret(KeySecret::new(secret)) }
}

fn wish(lives_secs: i64) -> Wish {
    Wish {
        kid: key(b"").id.to_string(),
        video: video(1),
        viewer: None,
        issued_at: NOW,
        expires_at: Timestamp::from_secs(NOW.as_secs() + lives_secs),
        origin: String::new(),
        path: String::new(),
    }
}

fn mint_with(secret: &[u8], lives_secs: i64) -> Result<Minted, MintError> {
    Dialect::Moviie.mint(&wish(lives_secs), &Signer::Secret(KeySecret::new(secret)), &SystemRandom::new())
}

#[test]
fn what_is_minted_is_read_wherever_a_token_may_stand() {
    let Ok(Minted::Token(token)) = mint_with(&[7; 32], 300) else { panic!("nothing was minted") };
    let header = ("x-moviie-playback-token".to_owned(), token.clone());
    let places = [
        Shown { query: format!("token={token}"), ..Shown::default() },
        Shown { headers: vec![header], ..Shown::default() },
        Shown { path_token: Some(token.clone()), ..Shown::default() },
    ];
    for shown in places {
        let claims = Dialect::read(&key(&[7; 32]), &shown, &video(1), NOW).unwrap().unwrap();
        assert_eq!((claims.video, claims.expires_at), (video(1), wish(300).expires_at));
        assert_eq!((claims.viewer, claims.once, claims.rules), (None, None, Rules::default()));
        let other = Dialect::read(&key(&[7; 32]), &shown, &video(2), NOW).unwrap();
        assert_eq!(other, Err(Fault::other_video("sub")));
        let forged = Dialect::read(&key(&[8; 32]), &shown, &video(1), NOW).unwrap();
        assert_eq!(forged.map_err(|fault| fault.field), Err("signature"));
    }
    assert_eq!(jose::peek_subject(&token), Some(video(1)));
    assert_eq!(jose::peek_subject(&token[1..]), None);
    let twice = Shown { query: format!("token={token}"), path_token: Some(token), ..Shown::default() };
    assert_eq!(Dialect::read(&key(&[7; 32]), &twice, &video(1), NOW), Some(twice.token().map(|_| unreachable!())));
    assert_eq!(Dialect::read(&key(&[7; 32]), &Shown::default(), &video(1), NOW), None);
}

#[test]
fn what_readers_would_refuse_is_not_minted() {
    assert_eq!(mint_with(&[7; 31], 300), Err(MintError::ShortSecret));
    assert!(mint_with(&[7; 32], 86_400).is_ok());
    assert_eq!(mint_with(&[7; 32], 86_401), Err(MintError::LivesTooLong));
    let chance = SystemRandom::new();
    let strange = Wish { kid: "../k".into(), ..wish(1) };
    assert_eq!(mint(&strange, &Signer::Secret(KeySecret::new([7; 32])), &chance), Err(MintError::Failed));
    let private = PrivateKey::parse(include_str!("../../../tests/vectors/keys/rsa.pem")).unwrap();
    assert_eq!(mint(&wish(1), &Signer::Private(private), &chance), Err(MintError::WantsSecret));
}

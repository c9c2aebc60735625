//! Signatures of OpenSSL's, policies of both kinds, and what they open.

use super::*;
use crate::{
    dialects::{
        Dialect,
        trial::{NOW, assert_no_byte_can_change_among, denial, opens, other_video, read, shown, target, video, wish},
    },
    id::SigningKeyId,
    material::Material,
    private_key::PrivateKey,
    signing_key::SigningKey,
    verdict::Denial,
};

const PRIVATE: &str = include_str!("../../../tests/vectors/keys/rsa.pem");
const PUBLIC: &str = include_str!("../../../tests/vectors/keys/rsa.pub.pem");
const EC: &str = include_str!("../../../tests/vectors/keys/p256.pem");
const SHA1: &str = include_str!("../../../tests/vectors/cloudfront/canned-sha1.sig");
const SHA256: &str = include_str!("../../../tests/vectors/cloudfront/canned-sha256.sig");

fn keyed() -> SigningKey {
    let public = PublicKey { kid: Some("K2JCJMDEHXQW5F".to_owned()), ..PublicKey::from_pem(PUBLIC).unwrap() };
    let id = SigningKeyId::from_random([7; 22]);
    SigningKey { id, dialect: Dialect::CloudFront, material: Material::Public(vec![public]) }
}

fn signer() -> Signer {
    Signer::Private(PrivateKey::from_pem(PRIVATE).unwrap())
}

fn path() -> String {
    format!("/vod/{}/hls/master.m3u8", video())
}

fn canned(signature: &str, kid: &str, hash: &str) -> String {
    format!("{}?Expires=1700003600&Signature={signature}&Key-Pair-Id={kid}{hash}", path())
}

/// The address with a custom policy, signed.
fn custom(policy: &str) -> String {
    let Signer::Private(private) = signer() else { unreachable!() };
    let signature = private.sign(SignatureAlgorithm::Rs256, policy.as_bytes(), &SystemRandom::new()).unwrap();
    let (policy, signature) = (encode(policy.as_bytes()), encode(&signature));
    format!("{}?Policy={policy}&Signature={signature}&Key-Pair-Id=K2JCJMDEHXQW5F&Hash-Algorithm=SHA256", path())
}

fn statement(resource: &str, conditions: &str) -> String {
    format!(r#"{{"Statement":[{{"Resource":"{resource}","Condition":{{{conditions}}}}}]}}"#)
}

const UNTIL: &str = r#""DateLessThan":{"AWS:EpochTime":1700003600}"#;

#[test]
fn what_another_signer_signed_is_read() {
    let ours = keyed().id.to_string();
    let good = [
        canned(SHA1, "K2JCJMDEHXQW5F", ""),
        canned(SHA256, "K2JCJMDEHXQW5F", "&Hash-Algorithm=SHA256"),
        canned(SHA1, &ours, ""),
    ];
    for address in good {
        assert!(opens(&keyed(), &address), "{address}");
        assert!(opens(&keyed(), &format!("{address}&_HLS_msn=1")));
        assert_eq!(denial(&keyed(), &format!("{address}&x=1")), Some(Denial::InvalidToken));
        assert_eq!(denial(&keyed(), &address.replace("1700003600", "1700003601")), Some(Denial::InvalidToken));
    }
    let bad = [
        canned(SHA1, &ours, "&Hash-Algorithm=SHA256"),
        canned(SHA256, &ours, ""),
        canned(SHA1, &ours, "&Hash-Algorithm=SHA1"),
        canned("", &ours, ""),
        canned(&SHA1.replace('~', "/"), &ours, ""),
        canned(&SHA1.replace('_', "="), &ours, ""),
    ];
    for address in bad {
        assert_eq!(denial(&keyed(), &address), Some(Denial::InvalidToken), "{address}");
    }
    assert_eq!(read(&keyed(), &canned(SHA1, "K1", "")), None);
    assert_eq!(read(&keyed(), &path()), None);
}

#[test]
fn cookies_serve_as_well_and_never_both() {
    let cookies: Vec<(String, String)> =
        [("Expires", "1700003600"), ("Signature", SHA1), ("Key-Pair-Id", "K2JCJMDEHXQW5F")]
            .map(|(name, value)| (format!("CloudFront-{name}"), value.to_owned()))
            .to_vec();
    let by_cookies = Shown { cookies, ..shown(&path()) };
    assert!(matches!(Dialect::read(&keyed(), &by_cookies, &video(), NOW), Some(Ok(_))));
    for query in ["Expires=1700003600", "Key-Pair-Id=K2JCJMDEHXQW5F", "Hash-Algorithm=SHA256"] {
        let both = Shown { query: query.to_owned(), ..by_cookies.clone() };
        let fault = Dialect::read(&keyed(), &both, &video(), NOW).unwrap().unwrap_err();
        assert_eq!(fault.denial, Denial::AmbiguousToken, "{query}");
    }
}

#[test]
fn what_is_minted_is_read() {
    let chance = SystemRandom::new();
    let one = target(&path(), &mint(&wish(&path()), &signer(), &chance).unwrap());
    assert_no_byte_can_change_among(&keyed(), &one, "?", b"+-_~=/Aaz09 &%");
    let directory = format!("/vod/{}/", video());
    let all = target(&path(), &mint(&wish(&directory), &signer(), &chance).unwrap());
    assert!(opens(&keyed(), &all.replacen("hls/master", "mp4/other", 1)));
    assert_no_byte_can_change_among(&keyed(), &all, "/hls/master.m3u8", b"+-_~=/Aaz09 &%");
    assert_eq!(mint(&wish("/vod/"), &signer(), &chance), Err(MintError::Unsayable));
    let other = Signer::Private(PrivateKey::from_pem(EC).unwrap());
    assert_eq!(mint(&wish(&path()), &other, &chance), Err(MintError::WantsPrivateKey));
}

#[test]
fn a_resource_must_name_the_video() {
    let (one, other) = (video(), other_video());
    let cases = [
        (format!("https://video.example/vod/{one}/*"), None),
        (format!("http*://*/vod/{one}/hls/master.m3u8"), None),
        (format!("https://video.example/vod/{one}/hls/master?m3u8"), None),
        (format!("https://other.example/vod/{one}/*"), Some(Denial::InvalidToken)),
        (format!("https://video.example/vod/{one}/mp4/*"), Some(Denial::InvalidToken)),
        (format!("https://video.example/vod/{one}*"), Some(Denial::InvalidToken)),
        (format!("https://video.example/vod/{}*", &one.as_str()[..20]), Some(Denial::InvalidToken)),
        (format!("https://video.example/*?v=/{one}/"), Some(Denial::InvalidToken)),
        (format!("https://video.example/vod/{other}/*"), Some(Denial::TokenForOtherVideo)),
        ("https://video.example/*".to_owned(), Some(Denial::InvalidToken)),
        ("*".to_owned(), Some(Denial::InvalidToken)),
    ];
    for (resource, expected) in cases {
        assert_eq!(denial(&keyed(), &custom(&statement(&resource, UNTIL))), expected, "{resource}");
    }
}

#[test]
fn conditions_are_kept_or_refused() {
    let resource = format!("https://video.example/vod/{}/*", video());
    let conditions = |more: &str| custom(&statement(&resource, &format!("{UNTIL}{more}")));
    let near =
        conditions(r#","DateGreaterThan":{"AWS:EpochTime":1700000000},"IpAddress":{"AWS:SourceIp":"192.0.2.0/24"}"#);
    let claims = read(&keyed(), &near).unwrap().unwrap();
    assert_eq!(claims.rules.networks, Some(vec!["192.0.2.0/24".parse().unwrap()].into()));
    let anywhere = conditions(r#","IpAddress":{"AWS:SourceIp":"0.0.0.0/0"}"#);
    assert_eq!(read(&keyed(), &anywhere).unwrap().unwrap().rules.networks, None);
    let refused = [
        conditions(r#","DateGreaterThan":{"AWS:EpochTime":1700000001}"#),
        conditions(r#","IpAddress":{"AWS:SourceIp":"2001:db8::/32"}"#),
        conditions(r#","IpAddress":{"AWS:SourceIp":"192.0.2.7/24"}"#),
        conditions(r#","StringEquals":{"aws:UserAgent":"x"}"#),
        conditions(r#","DateLessThan":{"AWS:EpochTime":1800000000}"#),
        custom(&statement(&resource, r#""DateLessThan":{"AWS:EpochTime":1700000000}"#)),
        custom(&statement(&resource, r#""DateLessThan":{"AWS:EpochTime":"1700003600"}"#)),
        custom(&statement(&resource, r#""DateLessThan":{"AWS:EpochTime":1700003600.5}"#)),
        custom(&statement(&resource, "")),
        custom(&statement(&resource, UNTIL).replace("}]}", "},{}]}")),
        custom(&statement(&resource, UNTIL).replace("{\"Resource\"", "{\"Effect\":\"Allow\",\"Resource\"")),
        custom(r#"{"Statement":[]}"#),
        custom("{}"),
        custom("x"),
    ];
    for address in refused {
        assert_eq!(denial(&keyed(), &address), Some(Denial::InvalidToken), "{address}");
    }
    let good = conditions("");
    // Some signers repeat the policy's end beside it, and escape the tildes.
    assert!(opens(&keyed(), &format!("{good}&Expires=1700003600")));
    assert!(opens(&keyed(), &good.replace('~', "%7E")));
    for other in ["1700003601", "", "01700003600", "1700003600.0"] {
        assert_eq!(denial(&keyed(), &format!("{good}&Expires={other}")), Some(Denial::InvalidToken), "{other}");
    }
    assert_eq!(denial(&keyed(), &good.replace('~', "%7e")), Some(Denial::InvalidToken));
    assert_eq!(denial(&keyed(), &format!("{good}&Policy=x")), Some(Denial::AmbiguousToken));
}

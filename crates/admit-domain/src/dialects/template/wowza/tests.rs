//! What is hashed, and what these addresses open.

use super::*;
use crate::{
    dialects::{
        Dialect,
        hash::Algorithm,
        template::Template,
        trial::{END, denial, key, opens, read, shown, signer, target, video, wish},
    },
    signing_key::SigningKey,
    verdict::Denial,
};

const SECRET: &str = "0123456789abcdef";

fn keyed(wowza: Wowza) -> SigningKey {
    key(Dialect::Template(Box::new(Template::Wowza(wowza))), SECRET.as_bytes())
}

fn path() -> String {
    format!("/vod/{}/hls/master.m3u8", video())
}

fn signed(ip: Option<&str>, parameters: &[&str]) -> String {
    let texts: Vec<String> = parameters.iter().map(|text| (*text).to_owned()).collect();
    let hash = sign(&Wowza::default(), &format!("vod/{}", video()), SECRET, ip, &texts);
    format!("{}?{}&wowzatokenhash={hash}", path(), parameters.join("&"))
}

#[test]
fn what_is_hashed_is_sorted() {
    let parameters = ["wowzatokenendtime=1500000000".to_owned(), "wowzatokenCustomParameter=abcdef".to_owned()];
    let expected = Algorithm::Sha256
        .digest(&[b"vod/x?wowzatokenCustomParameter=abcdef&wowzatokenendtime=1500000000&xyzSharedSecret"]);
    let hash = sign(&Wowza::default(), "vod/x", "xyzSharedSecret", None, &parameters);
    assert_eq!(hash, Encoding::Base64Url.spell(&expected));
    assert!(hash.ends_with('='));
}

#[test]
fn an_address_is_good_for_one_video() {
    for wowza in [Wowza::default(), Wowza { prefix: "let".to_owned(), algorithm: Algorithm::Sha512 }] {
        let address = target(&path(), &mint(&wowza, &wish(&path()), &signer(SECRET.as_bytes())).unwrap());
        let claims = read(&keyed(wowza), &address).unwrap().unwrap();
        assert_eq!((claims.expires_at, claims.rules.networks), (END, None));
    }
    let bound = signed(Some("192.0.2.7"), &["wowzatokenendtime=1700003600", "wowzatokenuser=u_1"]);
    let claims = read(&keyed(Wowza::default()), &bound).unwrap().unwrap();
    assert_eq!(claims.rules.networks, Some(vec!["192.0.2.7/32".parse().unwrap()].into()));
    let elsewhere = Shown { ip: None, ..shown(&bound) };
    assert!(Dialect::read(&keyed(Wowza::default()), &elsewhere, &video(), END).unwrap().is_err());
}

#[test]
fn what_is_not_as_it_should_be_is_refused() {
    let good = signed(None, &["wowzatokenendtime=1700003600"]);
    assert!(opens(&keyed(Wowza::default()), &format!("{good}&other=1")));
    let refused = [
        format!("{good}&wowzatokenx=1"),
        format!("{good}&wowzatokenendtime=1700003600"),
        format!("{good}&wowzatokenhash=x"),
        good.replace("/vod/", "/vid/"),
        signed(None, &["wowzatokenstarttime=1700000000"]),
        signed(None, &["wowzatokenendtime=1700000000"]),
        signed(None, &["wowzatokenendtime=+1700003600"]),
        signed(None, &["wowzatokenendtime=1700003600", "wowzatokenstarttime=1700000001"]),
        signed(None, &["wowzatokenendtime=1700003600", "wowzatokenx=%80"]),
        signed(None, &["wowzatokenendtime=1700003600", "wowzatokenx=1", "wowzatokenx=2"]),
    ];
    for address in refused {
        assert_eq!(denial(&keyed(Wowza::default()), &address), Some(Denial::InvalidToken), "{address}");
    }
}

//! The documented signature, and which parts of an address must be signed.

use super::*;
use crate::{
    dialects::{
        Dialect,
        template::Template,
        trial::{denial, key, opens, other_video, read, video},
    },
    signing_key::SigningKey,
    verdict::Denial,
};

const SECRET: &[u8] = b"0123456789abcdef";

fn keyed() -> SigningKey {
    key(Dialect::Template(Box::new(Template::UrlSig)), SECRET)
}

fn path() -> String {
    format!("/vod/{}/hls/master.m3u8", video())
}

fn signed(path: &str, before: &str, mask: &str, algorithm: Algorithm) -> String {
    let number = if algorithm == Algorithm::Sha1 { 1 } else { 2 };
    let query = format!("{before}E=1700003600&A={number}&K=3&P={mask}&S=");
    // Masks that are refused are signed over anything.
    let parts = parts(mask, "https://video.example", path).unwrap_or_default();
    format!("{path}?{query}{}", sign(algorithm, SECRET, &parts, &query))
}

#[test]
fn the_documented_vector() {
    let query = "C=1.2.3.4&E=1453846938&A=1&K=2&P=1&S=";
    let parts = parts("1", "https://foo.com", "/downloads/expensive-app.exe").unwrap();
    let sig = sign(Algorithm::Sha1, b"YicZbmr6KlxfxPTJ3p9vYhARdPQ9WJYZ", &parts, query);
    assert_eq!(sig, "8c5cfa440458233452ee9b5b570063a0e71827f2");
}

#[test]
fn masks_choose_what_is_signed() {
    for (mask, expected) in [
        ("1", None),
        ("01", None),
        ("0110", None),
        ("001", None),
        ("110", Some(Denial::InvalidToken)),
        ("10", Some(Denial::InvalidToken)),
        ("0", Some(Denial::InvalidToken)),
    ] {
        let address = signed(&path(), "", mask, Algorithm::Sha1);
        assert_eq!(denial(&keyed(), &address), expected, "{mask}");
        let elsewhere = address.replace(video().as_str(), other_video().as_str());
        assert!(!opens(&keyed(), &elsewhere), "{mask}");
    }
    assert!(opens(&keyed(), &signed(&path(), "", "0110", Algorithm::Sha1).replace("/hls/master", "/mp4/source")));
    assert!(opens(&keyed(), &signed(&path(), "", "1", Algorithm::Md5)));
}

#[test]
fn terms_are_read_and_unsigned_ones_refused() {
    let bound = signed(&path(), "app=1&C=192.0.2.7&", "1", Algorithm::Sha1);
    let claims = read(&keyed(), &bound).unwrap().unwrap();
    assert_eq!(claims.rules.networks, Some(vec!["192.0.2.7/32".parse().unwrap()].into()));
    let good = signed(&path(), "", "1", Algorithm::Sha1);
    assert!(opens(&keyed(), &format!("{good}&_HLS_msn=1")));
    let refused = [
        format!("{good}&x=1"),
        format!("{good}&S=x"),
        format!("{good}&E=1800000000"),
        good.replace("A=1", "A=2"),
        good.replace("K=3", "K=03"),
        signed(&path(), "C=nowhere&", "1", Algorithm::Sha1),
        signed(&path(), "E=1700003600&", "1", Algorithm::Sha1),
        signed(&path(), "C=192.0.2.7&x=1&", "1", Algorithm::Sha1),
        signed(&path(), "", "12", Algorithm::Sha1),
        signed(&path(), "", &"1".repeat(33), Algorithm::Sha1),
    ];
    for address in refused {
        assert_eq!(denial(&keyed(), &address), Some(Denial::InvalidToken), "{address}");
    }
}

//! Which addresses our own signature opens, and all that it does not.

use super::*;
use crate::{
    dialects::{
        Dialect,
        trial::{
            END, assert_no_byte_can_change, denial, key, opens, other_video, read, shown, signer, target, video, wish,
        },
    },
    id::SigningKeyId,
    signing_key::SigningKey,
    verdict::Denial,
};

const SECRET: [u8; 32] = [9; 32];

fn ours() -> SigningKey {
    key(Dialect::SignedUrl, &SECRET)
}

fn path() -> String {
    format!("/vod/{}/hls/master.m3u8", video())
}

fn signed() -> String {
    target(&path(), &mint(&wish(&path()), &signer(&SECRET)).unwrap())
}

/// An address with constraints, signed.
fn bound(terms: Terms<'_>, spelled: &str) -> String {
    let sig = sign(&SECRET, ours().id.as_str(), &video(), terms);
    format!("{}?expires={}&kid={}{spelled}&sig={sig}", path(), terms.expires, ours().id)
}

#[test]
fn an_address_opens_all_of_one_video() {
    let claims = read(&ours(), &signed()).unwrap().unwrap();
    let expected =
        Claims { video: video(), viewer: None, expires_at: END, issued_at: None, once: None, rules: Rules::default() };
    assert_eq!(claims, expected);
    let query = signed().split_once('?').unwrap().1.to_owned();
    for path in [format!("/vod/{}", video()), format!("/embed/{}", video()), format!("/vod/{}/mp4/source.mp4", video())]
    {
        assert!(opens(&ours(), &format!("{path}?{query}")), "{path}");
    }
    for path in ["/vod/".to_owned(), format!("/vod/{}2/x", video()), format!("/vod/{}", other_video())] {
        assert!(!opens(&ours(), &format!("{path}?{query}")), "{path}");
    }
    let elsewhere = shown(&signed().replace(video().as_str(), other_video().as_str()));
    let read = Dialect::read(&ours(), &elsewhere, &other_video(), wish("").issued_at);
    assert_eq!(read.unwrap().unwrap_err().field, "sig");
}

#[test]
fn what_players_add_is_not_signed() {
    for added in ["_HLS_msn=7&_HLS_part=1", "CMCD=sid%3D%22a%22", "avh=abc", "utm_source=mail", "flag"] {
        assert!(opens(&ours(), &format!("{}&{added}", signed())), "{added}");
    }
}

#[test]
fn what_would_have_to_be_signed_is() {
    let again = ["ip=192.0.2.7", "domain=a.example", "sig=x", "kid=x", "expires=1800000000", "IP=1", "%69p=1", "Sig=x"];
    for added in again {
        assert_eq!(denial(&ours(), &format!("{}&{added}", signed())), Some(Denial::InvalidToken), "{added}");
    }
    let (path, query) = signed().split_once('?').map(|(path, query)| (path.to_owned(), query.to_owned())).unwrap();
    let pairs: Vec<&str> = query.split('&').collect();
    let shuffled = [
        [pairs[1], pairs[0], pairs[2]].join("&"),
        [pairs[2], pairs[0], pairs[1]].join("&"),
        format!("avh=1&{query}"),
        format!("&{query}"),
        query.replace("&sig", "&&sig"),
        query.replace("&sig", "&ip=&sig"),
        pairs[..2].join("&"),
    ];
    for query in shuffled {
        assert_eq!(denial(&ours(), &format!("{path}?{query}")), Some(Denial::InvalidToken), "{query}");
    }
}

#[test]
fn an_end_has_one_spelling() {
    for expires in ["+1700003600", "%201700003600", "0x6553f100", "-1700003600", "01700003600", "1700003600.0", "", "9"]
    {
        let terms = Terms { expires, ip: None, domain: None };
        assert_eq!(denial(&ours(), &bound(terms, "")), Some(Denial::InvalidToken), "{expires}");
        assert_eq!(denial(&ours(), &signed().replace("1700003600", expires)), Some(Denial::InvalidToken), "{expires}");
    }
    let at_its_end = Dialect::read(&ours(), &shown(&signed()), &video(), END).unwrap();
    assert_eq!(at_its_end.unwrap_err().field, "expires");
}

#[test]
fn constraints_are_read_and_unknown_ones_refused() {
    let with = |ip, domain| Terms { expires: "1700003600", ip, domain };
    let claims = read(&ours(), &bound(with(Some("192.0.2.0/24"), None), "&ip=192.0.2.0/24")).unwrap().unwrap();
    assert_eq!(claims.rules.networks, Some(vec!["192.0.2.0/24".parse().unwrap()].into()));
    let claims = read(&ours(), &bound(with(None, Some("*.a.example")), "&domain=*.a.example")).unwrap().unwrap();
    assert_eq!(claims.rules.domains, Some(Domains::new(vec!["*.a.example".parse().unwrap()], false)));
    for ip in ["", "192.0.2", "192.0.2.7/24", "localhost"] {
        let refused = denial(&ours(), &bound(with(Some(ip), None), &format!("&ip={ip}")));
        assert_eq!(refused, Some(Denial::InvalidToken), "{ip}");
    }
    // A signed constraint cannot be left out, emptied, or passed off as the other one.
    let signed = with(Some("192.0.2.7"), None);
    for spelled in ["", "&ip=", "&domain=192.0.2.7", "&ip=192.0.2.8", "&ip=192.0.2.7&domain="] {
        assert_eq!(denial(&ours(), &bound(signed, spelled)), Some(Denial::InvalidToken), "{spelled}");
    }
    assert_eq!(denial(&ours(), &bound(with(None, None), "&ip=")), Some(Denial::InvalidToken));
}

#[test]
fn each_field_is_covered() {
    let (kid, prefix) = (ours().id.to_string(), format!("/vod/{}/", video()));
    let fields: [&[u8]; 8] = [LABEL, VERSION, kid.as_bytes(), METHODS, prefix.as_bytes(), b"1700003600", b"", b""];
    let address = |fields: &[&[u8]]| {
        let sig = URL_SAFE_NO_PAD.encode(MacKey::of(&SECRET).tag(fields));
        format!("{}?expires=1700003600&kid={kid}&sig={sig}", path())
    };
    assert!(opens(&ours(), &address(&fields)));
    // Another purpose, version, key, class of methods, prefix, end or constraint; fields left out, and shifted.
    let others: [&[u8]; 8] = [b"admit", &[2], b"sk", b"write", b"/vod/", b"1700003601", b"=", b"=a.example"];
    for (at, other) in others.into_iter().enumerate() {
        let mut changed = fields;
        changed[at] = other;
        assert_eq!(denial(&ours(), &address(&changed)), Some(Denial::InvalidToken), "field {at}");
        let left: Vec<&[u8]> = (0..fields.len()).filter(|field| *field != at).map(|field| fields[field]).collect();
        assert_eq!(denial(&ours(), &address(&left)), Some(Denial::InvalidToken), "without field {at}");
    }
    assert_eq!(denial(&ours(), &address(&[&fields.concat()])), Some(Denial::InvalidToken));
}

#[test]
fn fields_do_not_run_into_each_other() {
    let sign = |kid, expires, ip| sign(&SECRET, kid, &video(), Terms { expires, ip, domain: None });
    assert_ne!(sign("a", "bc", None), sign("ab", "c", None));
    assert_ne!(sign("a", "b", Some("c")), sign("a", "bc", Some("")));
    assert_ne!(sign("a", "b", None), sign("a", "b", Some("")));
}

#[test]
fn another_key_is_not_asked() {
    let swapped = signed().replace(ours().id.as_str(), SigningKeyId::from_random([8; 22]).as_str());
    assert_eq!(read(&ours(), &swapped), None);
    assert_eq!(read(&ours(), &path()), None);
    let mut renamed = ours();
    renamed.id = SigningKeyId::from_random([8; 22]);
    assert_eq!(denial(&renamed, &swapped), Some(Denial::InvalidToken));
    assert_eq!(denial(&key(Dialect::SignedUrl, &[8; 32]), &signed()), Some(Denial::InvalidToken));
}

#[test]
fn a_short_secret_signs_and_opens_nothing() {
    assert_eq!(mint(&wish(&path()), &signer(&[9; 31])), Err(MintError::ShortSecret));
    let short = key(Dialect::SignedUrl, &SECRET[..31]);
    let terms = Terms { expires: "1700003600", ip: None, domain: None };
    let sig = sign(&SECRET[..31], short.id.as_str(), &video(), terms);
    let address = format!("{}?expires=1700003600&kid={}&sig={sig}", path(), short.id);
    assert_eq!(denial(&short, &address), Some(Denial::InvalidToken));
}

#[test]
fn no_byte_can_change() {
    // Which asset of the video is asked for is not the signature's business.
    assert_no_byte_can_change(&ours(), &signed(), "/hls/master.m3u8");
}

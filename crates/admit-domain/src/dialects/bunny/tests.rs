//! Bunny's published vectors, and what its addresses open.

use super::*;
use crate::{
    dialects::{
        Dialect,
        trial::{
            NOW, assert_no_byte_can_change, denial, key, opens, other_video, read, shown, signer, target, video, wish,
        },
    },
    signing_key::SigningKey,
    verdict::Denial,
};

const SECRET: &[u8] = b"0123456789abcdef";

fn keyed(form: Form) -> SigningKey {
    key(Dialect::Bunny(form), SECRET)
}

fn path() -> String {
    format!("/vod/{}/hls/master.m3u8", video())
}

fn minted(form: Form, wished: &str) -> String {
    target(&path(), &mint(form, &wish(wished), &signer(SECRET)).unwrap())
}

/// An address in query form with these parameters, all signed.
fn signed(form: Form, scope: &str, bound: Bound, data: &str, query: &str) -> String {
    let token = form.token(SECRET, scope, "1700003600", &bound, data);
    format!("{}?token={token}{query}&expires=1700003600", path())
}

#[test]
fn the_published_vectors() {
    let v4 = Bound::To("1.2.3.4".parse().unwrap());
    let v6 = Bound::To("2001:db8:85a3::8a2e:370:7334".parse().unwrap());
    let (file, allowed, blocked) = ("/300kb.jpg", "token_countries=CA,US", "token_countries_blocked=RU,CN");
    let vectors = [
        (file, Bound::No, "", "HS256-o10JRWlsAItyAsdKS6jJKjabHN4FrFsplDHPV1idcX4"),
        (file, Bound::No, allowed, "HS256-i5s3Uv7mnrFfN5nznwU2BxhILpnipYeE18TapV0WNFM"),
        (file, Bound::No, blocked, "HS256-JS8dSuBSjSH-W2-xhdkCPC36-2rlxfDCQJjlNMPqKZQ"),
        ("/abc", Bound::No, "token_path=/abc", "HS256-uVZvT3SbEoVKYJyDJgbcsDmSFf73cv-uNUVaJiKWpbQ"),
        (file, Bound::No, "token_ignore_params=true", "HS256-1lwWBD_c1IAGSj1UKPoxreu8ePDQ-Z9FoWLcRn_RRH0"),
        (file, Bound::No, "limit=1000", "HS256-DAVapqNNED3Z7JkjRTYX0UOIHNtbHEuuhRNEc4A7mMQ"),
        (file, v4, "", "HS256-1-L2rISTLcujMY9UFf2tbZ41d5i-Bme1g1oTK_Z2QMLJk"),
        (file, v6, "", "HS256-1-Z1BaGdhTZdU4iANcyKpurFR2VgCNdqC6hlBv5x_TyaI"),
        ("/abc/", v4, allowed, "HS256-1-4lIDGI2_t3wiTmopXzB7z71wtZKTe1Ic0lDlL72iAJw"),
        ("/abc/", v6, allowed, "HS256-1-LGpoP8i1bV4P1kN4NrO_iYxLJuLAD2R3Clstsy9kWAc"),
        ("/abc/", v4, "limit=5000", "HS256-1-X01Z6A9xAo1_ds1XFf9y8gAIzk_JpmoevOx7EtgMQhY"),
        ("/abc", v4, "token_path=/abc", "HS256-1-wag9tC0r1QWfg-2eMj5QcdzgPLCIdQb-D0WVU1Mhg2w"),
        (file, v4, "token_ignore_params=true", "HS256-1-rWalmQRJ-A_qrb08-JoeU3b-gOS5mJiJjPOfDWa0gsQ"),
        (file, v4, blocked, "HS256-1-myF6Rnz7Z9VAfAjjkyUHJQ_6gr-AJ7VyPsG5rQdQKm8"),
        (file, v6, blocked, "HS256-1-XGkCf_JKNfOrpWAM_CIYjZBbVHbB4U1mxHg8pXJtBNc"),
    ];
    for (scope, bound, data, expected) in vectors {
        assert_eq!(Form::Hmac.token(b"SecurityKey", scope, "1598024587", &bound, data), expected);
    }
}

#[test]
fn an_address_is_good_for_one_path() {
    for form in [Form::Hmac, Form::Sha256, Form::Md5] {
        let address = minted(form, &path());
        assert!(opens(&keyed(form), &address), "{address}");
        assert_no_byte_can_change(&keyed(form), &address, "?");
        assert!(!opens(&keyed(form), &address.replace("master.m3u8", "other.m3u8")), "{address}");
        for other in Form::ALL.into_iter().filter(|other| *other != form) {
            assert!(!opens(&keyed(other), &address), "{address} by {other:?}");
        }
    }
}

#[test]
fn a_directory_is_good_for_all_below_it() {
    let directory = format!("/vod/{}/", video());
    for form in [Form::Hmac, Form::Sha256] {
        let address = minted(form, &directory);
        assert!(opens(&keyed(form), &address), "{address}");
        assert!(opens(&keyed(form), &address.replace("/hls/master.m3u8", "/mp4/source.mp4")));
        assert_no_byte_can_change(&keyed(form), &address, "/hls/master.m3u8");
        let (path, query) = address.split_once('?').unwrap();
        let before = format!("/bcdn_{query}{path}");
        assert!(opens(&keyed(form), &before), "{before}");
        assert_no_byte_can_change(&keyed(form), &before, "/hls/master.m3u8");
        assert_eq!(denial(&keyed(form), &format!("{before}?token_countries=DE")), Some(Denial::InvalidToken));
    }
    assert_eq!(mint(Form::Hmac, &wish("/vod/"), &signer(SECRET)), Err(MintError::Unsayable));
    let elsewhere = format!("/vod/{}/", other_video());
    assert_eq!(mint(Form::Hmac, &wish(&elsewhere), &signer(SECRET)), Err(MintError::Unsayable));
}

#[test]
fn a_scope_must_name_the_video() {
    let scopes = [
        ("/vod/".to_owned(), Denial::InvalidToken),
        ("/".to_owned(), Denial::InvalidToken),
        (format!("/vod/{}", &video().as_str()[..23]), Denial::InvalidToken),
        (format!("/vod/{}/", other_video()), Denial::TokenForOtherVideo),
        (format!("/vod/{}/hls/master", video()), Denial::InvalidToken),
        (format!("/embed/{}/", video()), Denial::InvalidToken),
    ];
    for (scope, expected) in scopes {
        let data = format!("token_path={scope}");
        let address = signed(Form::Hmac, &scope, Bound::No, &data, &format!("&token_path={}", escaped(&scope)));
        assert_eq!(denial(&keyed(Form::Hmac), &address), Some(expected), "{scope}");
    }
}

#[test]
fn parameters_are_signed_sorted_and_single() {
    let plain = |data: &str, query: &str| signed(Form::Hmac, &path(), Bound::No, data, query);
    let accepted =
        [plain("a=1&b=2,3", "&b=2%2C3&a=1"), plain("a=1&b=2,3", "&a=1&b=2,3"), plain("a=", "&a=&_HLS_msn=7&CMCD=x")];
    for address in accepted {
        assert!(opens(&keyed(Form::Hmac), &address), "{address}");
    }
    let refused = [
        plain("a=1&a=1", "&a=1&a=1"),
        plain("a=1", "&a=1&a=1"),
        plain("a=1", "&a=2"),
        plain("a=1", ""),
        plain("", "&a=1"),
        plain("a=,", "&a=%2c"),
        plain("a=b", "&a=%62"),
        plain("a= ", "&a=+"),
        plain("a=1", "&a=1&expires=1700003600"),
        plain("limit=1000", "&limit=1000"),
        plain("token_countries=", "&token_countries="),
        plain("token_countries=de", "&token_countries=de"),
        plain("token_countries=DE, FR", "&token_countries=DE,%20FR"),
        plain("token_ignore_params=false", "&token_ignore_params=false"),
        plain("token_ignore_params=true", "&token_ignore_params=true&token_countries=DE"),
        plain("token_ignore_params=true", "&token_ignore_params=true&limit=1"),
    ];
    for address in refused {
        assert_eq!(denial(&keyed(Form::Hmac), &address), Some(Denial::InvalidToken), "{address}");
    }
    let ignoring = plain("token_ignore_params=true", "&token_ignore_params=true&utm=1");
    assert!(opens(&keyed(Form::Hmac), &ignoring));
    // The end cannot be shifted into what stands beside it.
    let shifted = Form::Hmac.token(SECRET, &path(), "1700003600", &Bound::No, "a=1800000000");
    let longer = format!("{}1700003600a=?token={shifted}&expires=1800000000", path());
    assert_eq!(denial(&keyed(Form::Hmac), &longer), Some(Denial::InvalidToken));
}

#[test]
fn countries_are_demanded() {
    let country = |code: &str| code.parse::<Country>().unwrap();
    let (allowed, blocked) = ("token_countries=DE,FR", "token_countries_blocked=FR");
    for (data, query, expected) in [
        (allowed.to_owned(), "&token_countries=DE%2CFR", Countries::only([country("DE"), country("FR")])),
        (blocked.to_owned(), "&token_countries_blocked=FR", Countries::except([country("FR")])),
        (
            format!("{allowed}&{blocked}"),
            "&token_countries=DE,FR&token_countries_blocked=FR",
            Countries::only([country("DE")]),
        ),
    ] {
        let address = signed(Form::Hmac, &path(), Bound::No, &data, query);
        let claims = read(&keyed(Form::Hmac), &address).unwrap().unwrap();
        assert_eq!(claims.rules.countries, Some(expected), "{data}");
    }
}

#[test]
fn a_bound_address_demands_its_network() {
    let bound = Bound::To("192.0.2.7".parse().unwrap());
    for form in [Form::Hmac, Form::Sha256, Form::Md5] {
        let address = signed(form, &path(), bound, "", "");
        let claims = read(&keyed(form), &address).unwrap().unwrap();
        assert_eq!(claims.rules.networks, Some(vec!["192.0.2.7/32".parse().unwrap()].into()));
        let elsewhere = Shown { ip: Some("192.0.2.8".parse().unwrap()), ..shown(&address) };
        assert!(Dialect::read(&keyed(form), &elsewhere, &video(), NOW).unwrap().is_err());
        let nowhere = Shown { ip: None, ..shown(&address) };
        assert!(Dialect::read(&keyed(form), &nowhere, &video(), NOW).unwrap().is_err());
    }
    let v6 = Bound::To("2001:db8:1:2::3".parse().unwrap());
    let neighbour =
        Shown { ip: Some("2001:db8:1:2:ffff::1".parse().unwrap()), ..shown(&signed(Form::Hmac, &path(), v6, "", "")) };
    let claims = Dialect::read(&keyed(Form::Hmac), &neighbour, &video(), NOW).unwrap().unwrap();
    assert_eq!(claims.rules.networks, Some(vec!["2001:db8:1:2::/64".parse().unwrap()].into()));
}

#[test]
fn an_embed_page_wants_a_referrer() {
    let page = format!("/embed/{}", video());
    let address = target(&page, &mint(Form::Embed, &wish(&page), &signer(SECRET)).unwrap());
    assert!(opens(&keyed(Form::Embed), &address), "{address}");
    assert_no_byte_can_change(&keyed(Form::Embed), &address, &page);
    let direct = Shown { headers: Vec::new(), ..shown(&address) };
    assert!(Dialect::read(&keyed(Form::Embed), &direct, &video(), NOW).unwrap().is_err());
    assert!(Dialect::read(&keyed(Form::Embed), &shown(&address), &other_video(), NOW).unwrap().is_err());
}

#[test]
fn weak_hashes_are_not_good_for_long() {
    let end = NOW.plus(WEAK_URL_TTL_MAX).as_secs() + 1;
    let address = |form: Form, end: i64| {
        let token = form.token(SECRET, &path(), &end.to_string(), &Bound::No, "");
        format!("{}?token={token}&expires={end}", path())
    };
    assert_eq!(denial(&keyed(Form::Md5), &address(Form::Md5, end)), Some(Denial::InvalidToken));
    assert!(opens(&keyed(Form::Md5), &address(Form::Md5, end - 1)));
    assert!(opens(&keyed(Form::Hmac), &address(Form::Hmac, end)));
    let long = Wish { expires_at: Timestamp::from_secs(end), ..wish(&path()) };
    assert_eq!(mint(Form::Md5, &long, &signer(SECRET)), Err(MintError::LivesTooLong));
}

#[test]
fn other_addresses_show_nothing() {
    for target in [path(), format!("{}?token=x", path()), format!("{}?expires=1700003600&kid=x&sig=y", path())] {
        assert_eq!(read(&keyed(Form::Hmac), &target), None, "{target}");
    }
}

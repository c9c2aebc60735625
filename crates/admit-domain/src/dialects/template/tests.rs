//! Documented vectors of the presets, and what their addresses open.

use super::*;
use crate::{
    dialects::{
        Dialect,
        trial::{
            END, NOW, assert_no_byte_can_change, denial, key, opens, other_video, read, shown, signer, target, video,
            wish,
        },
    },
    limits::WEAK_URL_TTL_MAX,
    signing_key::SigningKey,
    verdict::Denial,
};

const SECRET: &[u8] = b"0123456789abcdef";

fn named(name: &str) -> Template {
    Template::named(name, "").unwrap().unwrap()
}

fn keyed(template: &Template) -> SigningKey {
    key(Dialect::Template(Box::new(template.clone())), SECRET)
}

fn path() -> String {
    format!("/vod/{}/hls/master.m3u8", video())
}

/// The presets that are declarations.
fn recipes() -> impl Iterator<Item = (&'static str, Recipe)> {
    presets::PRESETS.iter().map(|(name, lines)| (*name, Recipe::parse(lines).unwrap()))
}

/// Mints for a path of any kind, as signers elsewhere do, and past our own rule that it names a video.
fn signature(name: &str, secret: &[u8], path: &str, seconds: i64) -> String {
    let Template::Recipe(recipe) = named(name) else { panic!("{name} is no declaration") };
    let expires_at = Timestamp::from_secs(seconds).plus(recipe.ttl());
    signed::tests::unnamed(&recipe, secret, path, expires_at)
}

#[test]
fn the_documented_vectors() {
    let alibaba = signature(
        "alibaba-b",
        b"aliyuncdnexp1234",
        "/4/44/44c0909bcfc20a01afaf256ca99a8b8b.mp3",
        // 2015-08-15 08:00 in China.
        1_439_596_800,
    );
    assert_eq!(alibaba, "/201508150800/9044548ef1527deadafa49a890a377f0/4/44/44c0909bcfc20a01afaf256ca99a8b8b.mp3");
}

#[test]
fn presets_are_printed_by_name_and_have_one_spelling() {
    for (name, lines) in presets::PRESETS {
        assert_eq!(Recipe::parse(lines).unwrap().to_string(), lines, "{name}");
        assert_eq!(named(name).to_string(), name);
        assert!(Template::named(name, "hash: md5").unwrap().is_err(), "{name}");
    }
    let lines =
        "hash: hmac-sha256\nkey: hex\nmessage: {path}{expires}\nencode: hex\nquery: e={expires}&s={sig}\nexpires: hex";
    let template = Template::named("template", lines).unwrap().unwrap();
    assert_eq!(template.to_string(), format!("template\n{lines}"));
    assert_eq!(template.warning(), None);
    assert!(named("alibaba-a").warning().is_some());
    assert!(Template::named("template", "").unwrap().is_err());
    assert_eq!(Template::named("nginx", ""), None);
    for lines in ["", "prefix: let", "hash: sha512", "prefix: let\nhash: sha384"] {
        let wowza = Template::named("wowza-v2", lines).unwrap().unwrap();
        assert_eq!(wowza.to_string().trim_start_matches("wowza-v2").trim_start_matches('\n'), lines);
    }
    for lines in ["hash: md5", "prefix: a b", "prefix: a\nprefix: b", "x: y"] {
        assert!(Template::named("wowza-v2", lines).unwrap().is_err(), "{lines}");
    }
}

#[test]
fn what_is_minted_is_read_and_no_byte_can_change() {
    for name in Template::names().filter(|name| *name != "template") {
        let template = named(name);
        let address = target(&path(), &mint(&template, &wish(&path()), &signer(SECRET)).unwrap());
        // What these sign is the video, whatever of its assets is asked for.
        let free = if ["gcore", "wowza-v2"].contains(&name) { "/hls/master.m3u8" } else { "?" };
        let free = if address.contains(free) { free } else { "" };
        assert_no_byte_can_change(&keyed(&template), &address, free);
        let claims = read(&keyed(&template), &address).unwrap().unwrap();
        // Minutes are the coarsest of clocks.
        assert!(claims.expires_at <= END && claims.expires_at.as_secs() > END.as_secs() - 60, "{name}");
        let elsewhere = Dialect::read(&keyed(&template), &shown(&address), &other_video(), NOW);
        assert!(!matches!(elsewhere, Some(Ok(_))), "{name}");
        let swapped = address.replace(video().as_str(), other_video().as_str());
        let elsewhere = Dialect::read(&keyed(&template), &shown(&swapped), &other_video(), NOW);
        assert!(!matches!(elsewhere, Some(Ok(_))), "{name}");
        let ended = Dialect::read(&keyed(&template), &shown(&address), &video(), END);
        assert!(matches!(ended, Some(Err(_))), "{name}");
        let forged = key(Dialect::Template(Box::new(template.clone())), b"0123456789abcdeg");
        assert!(!opens(&forged, &address), "{name}");
        assert_eq!(read(&keyed(&template), &path()), None, "{name}");
    }
}

#[test]
fn a_path_must_name_the_video() {
    for (name, _) in recipes().filter(|(name, _)| *name != "gcore") {
        for (path, wanted) in [
            ("/vod/".to_owned(), Denial::InvalidToken),
            (format!("/vod/{}2/hls/master.m3u8", video()), Denial::InvalidToken),
            (format!("/vod/{}", &video().as_str()[..23]), Denial::InvalidToken),
            (format!("/vod/{}/hls/master.m3u8", other_video()), Denial::TokenForOtherVideo),
        ] {
            let minted = signature(name, SECRET, &path, NOW.as_secs());
            let later = signature(name, SECRET, &path, END.as_secs());
            let is_path = minted.starts_with('/');
            let address = if is_path { later } else { format!("{path}?{later}") };
            assert_eq!(denial(&keyed(&named(name)), &address), Some(wanted), "{name} {path}");
        }
        assert_eq!(mint(&named(name), &wish("/vod/"), &signer(SECRET)), Err(MintError::Unsayable), "{name}");
    }
}

#[test]
fn a_directory_covers_what_is_in_it_and_nothing_beside() {
    let lines = "hash: hmac-sha256\nkey: text\nmessage: {dir}{expires}\nencode: hex\nquery: e={expires}&s={sig}\nexpires: seconds";
    let template = Template::named("template", lines).unwrap().unwrap();
    let address = target(&path(), &mint(&template, &wish(&path()), &signer(SECRET)).unwrap());
    assert!(opens(&keyed(&template), &address));
    assert!(opens(&keyed(&template), &address.replace("master", "other")));
    for other in ["/hls/sub/master.m3u8", "/mp4/source.mp4"] {
        assert_eq!(denial(&keyed(&template), &address.replace("/hls/master.m3u8", other)), Some(Denial::InvalidToken));
    }
    // The directory of the video's own address is that of all videos.
    let whole = format!("/vod/{}", video());
    assert_eq!(mint(&template, &wish(&whole), &signer(SECRET)), Err(MintError::Unsayable));
}

#[test]
fn the_rest_of_the_query_is_signed_where_the_template_says_so() {
    let lines = "hash: hmac-sha256\nkey: text\nmessage: {uri}|{query:q}|{expires}\nencode: base64\n\
                 query: e={expires}&s={sig}\nexpires: seconds";
    let template = Template::named("template", lines).unwrap().unwrap();
    let text = format!("{}?q=7&x=%20|7|1700003600", path());
    let mac = super::super::hash::Algorithm::Sha256.hmac(SECRET, &[text.as_bytes()]);
    let sig = super::super::hash::Encoding::Base64.spell(&mac);
    let sig = sig.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let address = format!("{}?q=7&e=1700003600&x=%20&s={sig}", path());
    assert!(opens(&keyed(&template), &address), "{address}");
    assert_no_byte_can_change(&keyed(&template), &address, "?");
    assert!(opens(&keyed(&template), &format!("{address}&_HLS_msn=3")));
    for added in ["&y=1", "&q=7", "&e=1700003600", "&x=%20"] {
        assert!(!opens(&keyed(&template), &format!("{address}{added}")), "{added}");
    }
    assert_eq!(mint(&template, &wish(&path()), &signer(SECRET)), Err(MintError::Unsayable));
}

#[test]
fn an_address_may_be_bound_to_the_viewers() {
    let text = format!("1700003600{}192.0.2.7 0123456789abcdef", path());
    let sig = super::super::hash::Encoding::Base64UrlNoPad
        .spell(&super::super::hash::Algorithm::Md5.digest(&[text.as_bytes()]));
    let address = format!("{}?md5={sig}&expires=1700003600", path());
    let nginx = keyed(&named("nginx-secure-link"));
    let claims = read(&nginx, &address).unwrap().unwrap();
    assert_eq!(claims.rules.networks, Some(vec!["192.0.2.7/32".parse().unwrap()].into()));
    for ip in [Some("192.0.2.8".parse().unwrap()), None] {
        let elsewhere = Shown { ip, ..shown(&address) };
        assert!(Dialect::read(&nginx, &elsewhere, &video(), NOW).unwrap().is_err());
    }
}

#[test]
fn the_viewer_is_who_the_address_says() {
    let wish = Wish { viewer: crate::claims::Viewer::parse("user7"), ..wish(&path()) };
    let address = target(&path(), &mint(&named("alibaba-a"), &wish, &signer(SECRET)).unwrap());
    let claims = read(&keyed(&named("alibaba-a")), &address).unwrap().unwrap();
    assert_eq!(claims.viewer, wish.viewer);
}

#[test]
fn weak_hashes_are_not_good_for_long() {
    for (name, recipe) in recipes() {
        let end = NOW.plus(WEAK_URL_TTL_MAX * 2);
        let minted = signed::tests::unnamed(&recipe, SECRET, &path(), end);
        let address = if minted.starts_with('/') { minted } else { format!("{}?{minted}", path()) };
        assert_eq!(opens(&keyed(&named(name)), &address), !recipe.is_weak(), "{name}");
        let far = Wish { expires_at: end, ..wish(&path()) };
        let minted = mint(&named(name), &far, &signer(SECRET));
        assert_eq!(minted.err(), recipe.is_weak().then_some(MintError::LivesTooLong), "{name}");
    }
}

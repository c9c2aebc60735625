//! Verifies signed addresses of every dialect that has them: what opens a video was minted, and says what it said then.
#![no_main]

use std::sync::LazyLock;

use admit_domain::{
    bound::Bound, claims::Claims, dialects::Dialect, handle::Rights, id::VideoId, key::InstallKeys, mint::Minted,
    signed::Signed,
};
use admit_fuzz::{
    lay, token,
    world::{self, BOUND, NOW, Pair, With, values, video},
};
use libfuzzer_sys::fuzz_target;

/// Dialects whose credential is no address, and the one that has no meaning by itself.
const OTHERS: [&str; 6] = ["admit", "moviie", "mux", "cloudflare-stream", "cat", "template"];
const DECLARED: &str = "template\nhash: hmac-sha256\nkey: hex\nmessage: {path}{expires}\nencode: base64url\n\
                        query: e={expires}&s={sig}\nexpires: seconds";

/// An address that was minted.
struct Address {
    request: String,
    claims: Claims,
    /// The longest word of it that is no name of the video: its signature.
    proof: String,
}

static KEYS: LazyLock<Vec<(Pair, Vec<Address>)>> = LazyLock::new(|| {
    let names = Dialect::ALL_NAMES.into_iter().filter(|name| !OTHERS.contains(name)).chain([DECLARED]);
    let pairs = (0..).zip(names).map(|(number, name)| {
        let dialect = Dialect::parse(name).expect("a dialect");
        let with = if dialect == Dialect::CloudFront { With::Rsa } else { With::Secret };
        Pair::new(number, dialect, with)
    });
    let signed = |pair: Pair| {
        let requests = requests(&pair).into_iter();
        let addresses: Vec<Address> = requests.filter_map(|request| Address::of(&pair, request)).collect();
        assert!(!addresses.is_empty(), "{} signs an address", pair.key.dialect);
        (pair, addresses)
    };
    pairs.map(signed).collect()
});

static INSTALL: LazyLock<InstallKeys> = LazyLock::new(world::install);

/// Our own addresses in their path form.
static COMPONENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of = |rights, bound: Bound| {
        let signed = Signed { video: video(), signed_at: NOW, not_after: NOW, rights, bound };
        signed.mint(&values(&bound).expect("a visitor with everything"), &INSTALL.delivery)
    };
    vec![of(Rights::ALL, Bound::default()), of(Rights::WATCH, BOUND)]
});

/// For one path, and for all paths of the video; in cookies too, where the dialect has them there.
fn requests(pair: &Pair) -> Vec<String> {
    let (directory, film) = (format!("/vod/{}/", video()), format!("/vod/{}/hls/manifest.m3u8", video()));
    let signed = [&film, &directory].into_iter().filter_map(|path| pair.mint(path, None));
    let mut requests = Vec::new();
    for minted in signed {
        match minted {
            Minted::Path(path) => requests.push(path),
            Minted::Token(token) => requests.push(format!("{film}?token={token}")),
            Minted::Query(query) => {
                if matches!(pair.key.dialect, Dialect::Akamai(_)) {
                    requests.push(format!("{film}\n{query}"));
                }
                requests.push(format!("{film}?{query}"));
            }
        }
    }
    requests
}

impl Address {
    /// `None` where the dialect cannot sign for all paths at once, and has signed for one that is not asked for.
    fn of(pair: &Pair, request: String) -> Option<Self> {
        let claims = read(pair, &request)?;
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        let plain = plain(&request);
        let words = plain.split(|letter| !is_word(letter)).filter(|word| !word.contains(video().as_str()));
        let proof = words.max_by_key(|word| word.len()).unwrap_or_default().to_owned();
        Some(Self { request, claims, proof })
    }
}

/// Letters of base 64 stand for themselves, or are escaped: the two spellings of a signature that there may be.
fn plain(request: &str) -> String {
    request.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=").replace("%7E", "~")
}

fn read(pair: &Pair, request: &str) -> Option<Claims> {
    let shown = world::shown(request);
    // As a listener does: the video that the path names.
    let asked: VideoId = shown.path.split('/').find_map(|part| part.parse().ok()).unwrap_or_else(video);
    match Dialect::read(&pair.key, &shown, &asked, NOW)? {
        Ok(claims) => Some(claims),
        Err(fault) => {
            token::assert_brief(&fault);
            None
        }
    }
}

fn seeds() -> Vec<String> {
    let addresses = KEYS.iter().flat_map(|(_, addresses)| addresses).map(|address| address.request.clone());
    addresses.chain(COMPONENTS.iter().cloned()).collect()
}

fuzz_target!(init: lay(seeds()), |text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    if Signed::read(text, &video(), values, &INSTALL.delivery).is_ok() {
        assert!(COMPONENTS.iter().any(|minted| minted == text), "{text}");
    }
    for (pair, addresses) in KEYS.iter() {
        if let Some(claims) = read(pair, text) {
            let is_known = |address: &Address| address.claims == claims && plain(text).contains(&address.proof);
            assert!(addresses.iter().any(is_known), "{} opens {text}", pair.key.dialect);
        }
    }
});

//! Nanoseconds to read one credential of each dialect, beside the library that one would usually take.

mod theirs;

use std::hint::black_box;

use admit_domain::{
    claims::Viewer,
    dialects::Dialect,
    id::{SigningKeyId, VideoId},
    material::{KeySecret, Material},
    mint::{Minted, Signer, Wish},
    private_key::PrivateKey,
    public_key::PublicKey,
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
};
use aws_lc_rs::rand::SystemRandom;

use self::theirs::{jwt, mac_alone};
use crate::{median, seconds};

/// Libraries read the clock: this end is far from any.
const NOW: Timestamp = Timestamp::from_secs(4_102_444_800);
const END: Timestamp = Timestamp::from_secs(4_102_448_400);
const ORIGIN: &str = "https://video.example";
/// Hexadecimal digits, which every dialect takes for a secret.
const SECRET: &[u8] = b"aabbccddeeff00112233445566778899";
const CALLS: u32 = 500;
const BATCHES: u32 = 21;

const RSA: (&str, &str) = (
    include_str!("../../../admit-domain/tests/vectors/keys/rsa.pem"),
    include_str!("../../../admit-domain/tests/vectors/keys/rsa.pub.pem"),
);
const P256: (&str, &str) = (
    include_str!("../../../admit-domain/tests/vectors/keys/p256.pem"),
    include_str!("../../../admit-domain/tests/vectors/keys/p256.pub.pem"),
);
const ED25519: (&str, &str) = (
    include_str!("../../../admit-domain/tests/vectors/keys/ed25519.pem"),
    include_str!("../../../admit-domain/tests/vectors/keys/ed25519.pub.pem"),
);

/// What stands beside ours.
enum Beside {
    /// The crate `jsonwebtoken`, with this algorithm.
    Jwt(jsonwebtoken::Algorithm),
    /// HMAC-SHA256 of the address and nothing more: no reader can be faster.
    MacAlone,
    Nothing,
}

/// A dialect, the pair of keys that signs it or else the shared secret, and what stands beside it.
type Row = (&'static str, Option<(&'static str, &'static str)>, Beside);

const ROWS: [Row; 25] = [
    ("admit", None, Beside::Jwt(jsonwebtoken::Algorithm::HS256)),
    ("admit", Some(RSA), Beside::Jwt(jsonwebtoken::Algorithm::RS256)),
    ("admit", Some(P256), Beside::Jwt(jsonwebtoken::Algorithm::ES256)),
    ("admit", Some(ED25519), Beside::Jwt(jsonwebtoken::Algorithm::EdDSA)),
    ("moviie", None, Beside::Jwt(jsonwebtoken::Algorithm::HS256)),
    ("mux", Some(RSA), Beside::Jwt(jsonwebtoken::Algorithm::RS256)),
    ("cloudflare-stream", Some(RSA), Beside::Jwt(jsonwebtoken::Algorithm::RS256)),
    ("cat", None, Beside::Nothing),
    ("signed-url", None, Beside::MacAlone),
    ("bunny-hmac", None, Beside::MacAlone),
    ("akamai", None, Beside::MacAlone),
    ("cloudflare-waf-hmac", None, Beside::MacAlone),
    ("cloudfront", Some(RSA), Beside::Nothing),
    ("bunny-sha256", None, Beside::Nothing),
    ("bunny-md5", None, Beside::Nothing),
    ("bunny-embed", None, Beside::Nothing),
    ("nginx-secure-link", None, Beside::Nothing),
    ("alibaba-a", None, Beside::Nothing),
    ("tencent-a", None, Beside::Nothing),
    ("cdn77", None, Beside::Nothing),
    ("fastly", None, Beside::Nothing),
    ("jw-v1", None, Beside::Nothing),
    ("wowza-v2", None, Beside::Nothing),
    ("ats-url-sig", None, Beside::Nothing),
    ("ome-signed-policy", None, Beside::Nothing),
];

pub(crate) fn run() {
    println!("reading one credential, median of {BATCHES} batches of {CALLS}");
    for (name, pair, beside) in ROWS {
        match measure(name, pair, &beside) {
            Some(row) => println!("  {row}"),
            None => println!("  {name}: nothing was measured, since its own credential was not read"),
        }
    }
    println!();
}

/// The row's text; `None` where a credential is not signed or not read.
fn measure(name: &str, pair: Option<(&str, &str)>, beside: &Beside) -> Option<String> {
    let dialect = Dialect::parse(name).ok()?;
    let video = VideoId::from_random([9; 22]);
    let (key, signer) = keys(dialect.clone(), pair)?;
    let wish = wish(&key, video);
    let minted = dialect.mint(&wish, &signer, &SystemRandom::new()).ok()?;
    let shown = shown(&wish.path, &minted);
    let read = || Dialect::read(black_box(&key), black_box(&shown), &video, NOW);
    read()?.ok()?;
    let ours = per_call(|| black_box(read()).is_some_and(|read| read.is_ok()))?;
    let token = match &minted {
        Minted::Token(token) | Minted::Query(token) | Minted::Path(token) => token.as_str(),
    };
    let (label, theirs) = match beside {
        Beside::Nothing => return Some(format!("{name:<20} {ours:9.0} ns")),
        Beside::Jwt(algorithm) => {
            let verify = jwt(*algorithm, pair.map(|(_, public)| public), token)?;
            (format!("jsonwebtoken {algorithm:?}"), per_call(verify)?)
        }
        Beside::MacAlone => ("the MAC alone".to_owned(), per_call(mac_alone(&format!("{}?{token}", wish.path)))?),
    };
    let ratio = ours / theirs;
    Some(format!("{name:<20} {ours:9.0} ns   {label:<20} {theirs:9.0} ns   ratio {ratio:.2}"))
}

/// The key as it is registered, and what signs with it.
fn keys(dialect: Dialect, pair: Option<(&str, &str)>) -> Option<(SigningKey, Signer)> {
    let (material, signer) = match pair {
        None => (Material::Secret(KeySecret::new(SECRET)), Signer::Secret(KeySecret::new(SECRET))),
        Some((private, public)) => {
            let public = PublicKey::from_pem(public).ok()?;
            (Material::Public(vec![public]), Signer::Private(PrivateKey::from_pem(private).ok()?))
        }
    };
    Some((SigningKey { id: SigningKeyId::from_random([4; 22]), dialect, material }, signer))
}

fn wish(key: &SigningKey, video: VideoId) -> Wish {
    Wish {
        kid: key.id.to_string(),
        video,
        viewer: Viewer::parse("ada"),
        issued_at: NOW,
        expires_at: END,
        origin: ORIGIN.to_owned(),
        path: format!("/vod/{video}/hls/manifest.m3u8"),
    }
}

/// The request that carries what was minted.
fn shown(path: &str, minted: &Minted) -> Shown {
    let target = match minted {
        Minted::Token(token) => format!("{path}?token={token}"),
        Minted::Query(query) => format!("{path}?{query}"),
        Minted::Path(path) => path.clone(),
    };
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Shown {
        origin: ORIGIN.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![("referer".to_owned(), "https://shop.example/".to_owned())],
        ..Shown::default()
    }
}

/// Median nanoseconds of one call; `None` when one of them does not accept.
fn per_call(accepts: impl Fn() -> bool) -> Option<f64> {
    let mut figures = Vec::new();
    for _ in 0..BATCHES {
        let (spent, all) = seconds(|| (0..CALLS).all(|_| accepts()));
        all.then_some(())?;
        figures.push(spent * 1e9 / f64::from(CALLS));
    }
    Some(median(figures))
}

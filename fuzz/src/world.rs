//! A project with a key of each kind, and what its customer's programs would sign with them.

use std::net::{IpAddr, Ipv4Addr};

use admit_domain::{
    bound::{Bound, Width},
    claims::Viewer,
    dialects::Dialect,
    handle::BoundValues,
    id::{SigningKeyId, VideoId},
    key::InstallKeys,
    material::{KeySecret, Material},
    mint::{Minted, Signer, Wish},
    private_key::PrivateKey,
    rules::Visitor,
    secret::Secret,
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
};
use aws_lc_rs::rand::SystemRandom;

pub const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const END: Timestamp = Timestamp::from_secs(1_700_003_600);
/// As long as the strictest dialect wants it, and spelled as Akamai's are.
pub const SECRET: &[u8] = b"00112233445566778899aabbccddeeff";

const RSA: &str = include_str!("../../crates/admit-domain/tests/vectors/keys/rsa.pem");
const ED25519: &str = include_str!("../../crates/admit-domain/tests/vectors/keys/ed25519.pem");

/// What a key signs with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum With {
    Secret,
    Rsa,
    Ed25519,
}

const VIEWER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
/// To what a handle or an address is bound, where it is to anything.
pub const BOUND: Bound = Bound { network: Some(Width::V4(24)), country: false, agent: true, seat: true };

/// The keys of the installation.
pub fn install() -> InstallKeys {
    InstallKeys::derive(&Secret::new([7; 32]))
}

/// The viewer's values of what is bound.
pub fn values(bound: &Bound) -> Option<BoundValues> {
    bound.values(&Visitor { ip: Some(VIEWER), origin: None, referrer: None, agent: "", country_of: &|_| None })
}

pub fn video() -> VideoId {
    VideoId::from_random([1; 22])
}

/// A key of the project, and its signing half. Both kinds of signature are the same each time for the same text.
pub struct Pair {
    pub key: SigningKey,
    pub signer: Signer,
}

impl Pair {
    /// No two keys of the project have the same `number`.
    pub fn new(number: u8, dialect: Dialect, with: With) -> Self {
        let (signer, material) = match with {
            With::Secret => (Signer::Secret(KeySecret::new(SECRET)), Material::Secret(KeySecret::new(SECRET))),
            With::Rsa => asymmetric(RSA),
            With::Ed25519 => asymmetric(ED25519),
        };
        Self { key: SigningKey { id: SigningKeyId::from_random([number; 22]), dialect, material }, signer }
    }

    /// What its customer would sign for `path`; `None` where the dialect has no word for that.
    pub fn mint(&self, path: &str, viewer: Option<&str>) -> Option<Minted> {
        let wish = Wish {
            kid: self.key.id.to_string(),
            video: video(),
            viewer: viewer.and_then(Viewer::parse),
            issued_at: NOW,
            expires_at: END,
            origin: "https://films.example".to_owned(),
            path: path.to_owned(),
        };
        self.key.dialect.mint(&wish, &self.signer, &SystemRandom::new()).ok()
    }
}

fn asymmetric(pem: &str) -> (Signer, Material) {
    let private = PrivateKey::from_pem(pem).expect("a private key");
    let public = private.public().expect("its public half");
    (Signer::Private(private), Material::Public(vec![public]))
}

/// A key for each kind of token. Mux's and Cloudflare Stream's sign with RSA alone.
pub fn token_keys() -> Vec<Pair> {
    let kinds = [
        (Dialect::Admit, With::Secret),
        (Dialect::Moviie, With::Secret),
        (Dialect::Cat, With::Secret),
        (Dialect::Admit, With::Ed25519),
        (Dialect::Mux, With::Rsa),
        (Dialect::CloudflareStream, With::Rsa),
    ];
    (0..).zip(kinds).map(|(number, (dialect, with))| Pair::new(number, dialect, with)).collect()
}

/// A request for the film that shows a token.
pub fn shown_token(token: &str) -> Shown {
    Shown { path_token: Some(token.to_owned()), ..shown(&format!("/vod/{}/hls/manifest.m3u8", video())) }
}

/// A request for `path?query`, and the cookies of a second line.
pub fn shown(request: &str) -> Shown {
    let (target, cookies) = request.split_once('\n').unwrap_or((request, ""));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    Shown {
        origin: "https://films.example".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![("referer".to_owned(), "https://shop.example/".to_owned())],
        cookies: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ip: Some(VIEWER),
        ..Shown::default()
    }
}

//! Credentials that customers hand out: judged alike at every door, narrowed by rules, and taken back from all at once.

mod embed_tokens;
mod forged;
mod key_sets;
mod links;
mod long_play;
mod moviie;
mod renewal;
mod rotation;
mod rules;
mod rules_together;
mod scopes;
mod secrets;
mod settings;
mod signed_urls;
pub(crate) mod signer;
mod token_matrix;

use admit_domain::verdict::Denial;
use http::Method;
use serde_json::{Value, json};

use self::signer::Signer;
use crate::{
    house::{Answer, Customer, House, Viewer, client, clip},
    management::expect_problem,
};

const MASTER: &str = "hls/master.m3u8";
const FILM: &str = "mp4/source.mp4";
const POSTER: &str = "thumbnail.jpg";
/// Where Moviie's players show their token.
const TOKEN_HEADER: &str = "x-moviie-playback-token";

/// A private film, a key that signs for it, and a key that a page may show.
pub(crate) struct Scene {
    pub(crate) customer: Customer,
    pub(crate) viewer: Viewer,
    pub(crate) video: String,
    pub(crate) signer: Signer,
    pub(crate) page_key: String,
}

/// One of the places where a token is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// Moviie's playback API.
    Playback,
    /// The redeem of our own player's page.
    Redeem,
    /// A playlist with the token beside it.
    Manifest,
}

const DOORS: [Door; 3] = [Door::Playback, Door::Redeem, Door::Manifest];

impl Scene {
    pub(crate) async fn set(house: &House) -> Self {
        let customer = house.customer().await;
        let video = customer.private_film(clip::small()).await;
        Self::around(house, customer, video).await
    }

    /// Without a film: enough for whoever only wants a session.
    pub(crate) async fn set_empty(house: &House) -> Self {
        let customer = house.customer().await;
        let video = customer.create_private().await;
        Self::around(house, customer, video).await
    }

    async fn around(house: &House, customer: Customer, video: String) -> Self {
        let signer = Signer::make(&customer, "moviie").await;
        let page_key = page_key(&customer).await;
        Self { viewer: house.viewer(), customer, video, signer, page_key }
    }

    fn token(&self) -> String {
        self.signer.token(&self.video)
    }

    /// Shows the token at that door. Every visit of our page is another client.
    async fn at(&self, door: Door, token: Option<&str>) -> Answer {
        let Self { video, .. } = self;
        let shown: Vec<_> = token.map(|token| (TOKEN_HEADER, token)).into_iter().collect();
        match door {
            Door::Playback => self.playback(video, &shown).await,
            Door::Redeem => redeem(&self.viewer, &format!("/embed/{video}/session"), &shown).await,
            Door::Manifest => match token {
                None => self.viewer.get(&format!("/vod/{video}/hls/manifest.m3u8")).await,
                Some(token) if is_plain(token) => {
                    self.viewer.get(&format!("/vod/{video}/hls/manifest.m3u8?token={token}")).await
                }
                // What an address cannot hold.
                Some(_) => self.viewer.get_with(&format!("/vod/{video}/hls/manifest.m3u8"), &shown).await,
            },
        }
    }

    async fn playback(&self, video: &str, headers: &[(&str, &str)]) -> Answer {
        let page = format!("Bearer {}", self.page_key);
        let headers: Vec<_> = [("authorization", page.as_str())].into_iter().chain(headers.iter().copied()).collect();
        self.viewer.get_with(&format!("/api/v1/embeds/{video}/playback"), &headers).await
    }

    /// The folder of a fresh session: `/s/<handle>/<video>/`.
    async fn enter(&self, token: &str) -> String {
        let answer = self.at(Door::Redeem, Some(token)).await.expect(200);
        folder(&answer, &self.video)
    }

    /// Refused at that door with this reason, and without a byte of media.
    #[track_caller]
    fn expect_refused(&self, door: Door, answer: &Answer, reason: Denial) {
        let (status, code) = (reason.status(), reason.code());
        match door {
            Door::Playback => {
                expect_denied(answer, reason);
                assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{}", answer.asked);
            }
            Door::Redeem | Door::Manifest => answer.expect_refused(status, code, b"#EXTM3U"),
        }
        for leak in ["/s/", "#EXTM3U", self.signer.secret.as_str()] {
            assert!(!answer.text().contains(leak), "{}: {}", answer.asked, answer.text());
        }
    }

    /// Let in at that door, to something that plays.
    async fn expect_plays(&self, door: Door, answer: &Answer) {
        let folder = match door {
            Door::Playback => {
                let uri = answer.clone().expect(200).text_at("/playback/uri");
                let path = uri.strip_prefix(&self.viewer.origin).unwrap_or_else(|| panic!("{uri} is elsewhere"));
                path.strip_suffix(MASTER).unwrap().to_owned()
            }
            Door::Redeem => folder(answer, &self.video),
            Door::Manifest => {
                let handle = answer.clone().expect(200).header("x-token-session").unwrap().to_owned();
                format!("/s/{handle}/{}/", self.video)
            }
        };
        assert!(self.viewer.get(&format!("{folder}{MASTER}")).await.expect(200).text().starts_with("#EXTM3U"));
    }
}

/// Asks for a session as our page does, with a nonce of its own.
pub(crate) async fn redeem(viewer: &Viewer, path: &str, headers: &[(&str, &str)]) -> Answer {
    redeem_for(viewer, path, headers, &json!({ "nonce": nonce() })).await
}

async fn redeem_for(viewer: &Viewer, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let request = viewer.request(Method::POST, path).json(body);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Answer::to(format!("POST {path} {headers:?}"), request).await
}

pub(crate) fn nonce() -> String {
    admit_domain::secret::hex(&admit::random::fill::<16>().unwrap())
}

/// Where the session of this answer watches.
pub(crate) fn folder(answer: &Answer, video: &str) -> String {
    format!("/s/{}/{video}/", answer.clone().expect(200).text_at("/session_token"))
}

async fn page_key(customer: &Customer) -> String {
    customer.post("/publishable-keys", &json!({ "name": "a page" })).await.expect(201).text_at("/key")
}

/// The playlists or segments that a playlist names on lines of their own, by their places below the folder.
fn named_in(playlist: &str, ending: &str) -> Vec<String> {
    let lines = playlist.lines().filter(|line| line.ends_with(ending));
    lines.map(|line| line.strip_prefix("../").map_or_else(|| format!("hls/{line}"), str::to_owned)).collect()
}

/// An address can hold it as it is.
fn is_plain(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~=".contains(&byte))
}

/// A body is refused, and the answer names the member that is wrong.
#[track_caller]
fn expect_names(answer: Answer, slug: &str, name: &str) {
    let answer = expect_problem(answer, 400, slug);
    assert_eq!(answer.text_at("/name"), name, "{}", answer.asked);
}

/// The playback API refuses a viewer as the edge does.
#[track_caller]
fn expect_denied(answer: &Answer, reason: Denial) {
    let answer = answer.clone().expect(reason.status());
    let problem = answer.json();
    let kind = format!("urn:admit:refusal:{}", reason.code());
    let expected = json!({ "type": kind, "title": reason.title(), "status": reason.status() });
    assert_eq!(problem, expected, "{}", answer.asked);
    assert_eq!(answer.header("admit-reason"), Some(reason.code()), "{}", answer.asked);
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", answer.asked);
    assert_eq!(answer.header("www-authenticate"), None, "{}: a viewer has no password", answer.asked);
}

/// The same customer's viewer at another address of this machine.
fn viewer_at(house: &House, ip: [u8; 4]) -> Viewer {
    let http = client().local_address(std::net::IpAddr::from(ip)).build().unwrap();
    Viewer { http, ..house.viewer() }
}

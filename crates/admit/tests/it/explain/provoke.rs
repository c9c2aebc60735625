//! One way to be refused for each reason there is.

use std::time::Duration;

use admit_domain::verdict::Denial;
use http::Method;
use serde_json::{Value, json};

use super::{NONCE, Scene, sign};
use crate::house::{
    Answer,
    forge::{Forge, now},
};

/// A refusal, and how to ask what it was about.
pub(super) struct Provoked {
    pub(super) answer: Answer,
    /// The address; none where it was not the address that was refused, but the manner of asking.
    pub(super) url: Option<String>,
    /// What else was told of the viewer.
    pub(super) about: Value,
    /// What would have been let in: the same with this.
    pub(super) cure: Option<Value>,
}

impl Provoked {
    fn of(answer: Answer, url: impl Into<String>) -> Self {
        Self { answer, url: Some(url.into()), about: json!({ "ip": "127.0.0.1" }), cure: None }
    }

    fn by_manner(answer: Answer) -> Self {
        Self { answer, url: None, about: json!({}), cure: None }
    }

    fn cured(self, cure: Value) -> Self {
        Self { cure: Some(cure), ..self }
    }
}

/// What no story provokes, and why.
pub(super) const UNPROVOKED: [(Denial, &str); 6] = [
    (Denial::EarlyData, "the listener answers 425 itself; the edge's refusal is for other listeners in front of it"),
    (Denial::Overloaded, "it takes thousands of redeems that wait for the disk at once"),
    (Denial::CannotKnow, "it takes a database that is gone, and then nothing can be explained either"),
    (Denial::SeatsTaken, "it takes a film that several watch; the stories of seats have one"),
    (Denial::SeatTakeover, "as before"),
    (Denial::Stale, "it takes an edge that is cut off; the stories of edges have one"),
];

/// `None` for what is in [`UNPROVOKED`].
pub(super) async fn provoke(scene: &Scene<'_>, denial: Denial) -> Option<Provoked> {
    let video = scene.customer.create_private().await;
    Some(match denial {
        Denial::EarlyData
        | Denial::Overloaded
        | Denial::CannotKnow
        | Denial::Stale
        | Denial::SeatsTaken
        | Denial::SeatTakeover => return None,
        Denial::NoHandle
        | Denial::MalformedHandle
        | Denial::UnknownDeliveryKey
        | Denial::ForgedHandle
        | Denial::OtherVideo
        | Denial::SessionExpired
        | Denial::SessionEnded
        | Denial::VideoGone
        | Denial::NotFound => by_handle(scene, denial, &video).await,
        Denial::MalformedSignature
        | Denial::ForgedSignature
        | Denial::SignatureExpired
        | Denial::BoundElsewhere
        | Denial::MissingRight => by_signature(scene, denial, &video).await,
        Denial::UnknownCredential
        | Denial::CredentialExpired
        | Denial::CredentialSpent
        | Denial::NotARedeem
        | Denial::BadNonce
        | Denial::MethodNotAllowed => by_private_token(scene, denial, &video).await,
        Denial::InvalidToken | Denial::TokenForOtherVideo | Denial::AmbiguousToken | Denial::TokenAccessOff => {
            by_signed_token(scene, denial, &video).await
        }
        Denial::DomainNotAllowed
        | Denial::NetworkNotAllowed
        | Denial::CountryNotAllowed
        | Denial::AgentNotAllowed
        | Denial::NotYet
        | Denial::NoLonger => by_rules(scene, denial, &video).await,
        Denial::PlaysExhausted | Denial::CredentialRevoked => by_embed_token(scene, denial, &video).await,
    })
}

async fn by_handle(scene: &Scene<'_>, denial: Denial, video: &str) -> Provoked {
    let Scene { house, customer, viewer } = scene;
    let forge = house.forge();
    let other = customer.create_private().await;
    let handle = viewer.enter(video, &customer.token(video).await).await;
    let path = match denial {
        Denial::NoHandle => format!("/vod/{video}/hls/manifest.m3u8"),
        Denial::MalformedHandle => format!("/s/short/{video}/hls/master.m3u8"),
        Denial::UnknownDeliveryKey => {
            format!("/s/{}/{video}/hls/master.m3u8", Forge::of_an_unknown_key().handle(video))
        }
        Denial::ForgedHandle => format!("/s/{}/{video}/hls/master.m3u8", Forge::next_door().handle(video)),
        Denial::OtherVideo => format!("/s/{handle}/{other}/hls/master.m3u8"),
        Denial::SessionExpired => {
            let ended = now().minus(Duration::from_mins(1));
            format!("/s/{}/{video}/hls/master.m3u8", forge.handle_until(&handle, video, ended))
        }
        Denial::NotFound => format!("/s/{handle}/{video}/mp4/source.mp4"),
        _ => format!("/s/{handle}/{video}/hls/master.m3u8"),
    };
    match denial {
        Denial::SessionEnded => {
            customer.delete(&format!("/sessions/{}", forge.session_of(&handle, video))).await.expect(204);
        }
        Denial::VideoGone => {
            customer.delete(&format!("/videos/{video}")).await.expect(204);
        }
        _ => {}
    }
    Provoked::of(viewer.get(&path).await, path)
}

async fn by_signature(scene: &Scene<'_>, denial: Denial, video: &str) -> Provoked {
    let address = async |constraints: Value| {
        let wish = json!({ "videoId": video, "expiresAt": "2999-01-01T00:00:00Z", "constraints": constraints });
        let made = scene.customer.post("/signed-urls", &wish).await.expect(201);
        made.text_at("/urls/hls").strip_prefix(scene.viewer.origin.as_str()).unwrap().to_owned()
    };
    let of = |signature: &str| format!("/u/{signature}/{video}/hls/master.m3u8");
    let soon = now().plus(Duration::from_hours(1));
    let (path, cure) = match denial {
        Denial::MalformedSignature => (of("short"), None),
        Denial::ForgedSignature => (of(&Forge::next_door().signed(video, soon)), None),
        Denial::SignatureExpired => {
            let ended = now().minus(Duration::from_mins(1));
            (of(&scene.house.forge().signed(video, ended)), Some(json!({ "at": "2026-01-01T00:00:00Z" })))
        }
        Denial::BoundElsewhere => {
            (address(json!({ "ip": "203.0.113.0/24" })).await, Some(json!({ "ip": "203.0.113.9" })))
        }
        _ => (address(json!({ "rights": ["pictures"] })).await, None),
    };
    let provoked = Provoked::of(scene.viewer.get(&path).await, path);
    match cure {
        Some(cure) => provoked.cured(cure),
        None => provoked,
    }
}

async fn by_private_token(scene: &Scene<'_>, denial: Denial, video: &str) -> Provoked {
    let Scene { house, customer, viewer } = scene;
    let token = customer.token(video).await;
    let path = |token: &str| format!("/vod/{video}/token/{token}/session");
    match denial {
        Denial::UnknownCredential => {
            let path = path(&customer.token(&customer.create_private().await).await);
            Provoked::of(viewer.get(&path).await, path)
        }
        Denial::CredentialExpired => {
            let path = path(&house.forge().token(video, Duration::from_hours(25), 1));
            Provoked::of(viewer.get(&path).await, path)
        }
        Denial::CredentialSpent => {
            viewer.enter(video, &token).await;
            Provoked::of(viewer.get(&path(&token)).await, path(&token))
        }
        Denial::NotARedeem => Provoked::by_manner(viewer.get_with(&path(&token), &[("sec-purpose", "prefetch")]).await),
        Denial::BadNonce => Provoked::by_manner(viewer.redeem(video, &token, "short").await),
        _ => {
            let path = format!("/vod/{video}/hls/manifest.m3u8");
            Provoked::by_manner(viewer.send(Method::POST, &path, &[]).await)
        }
    }
}

async fn by_signed_token(scene: &Scene<'_>, denial: Denial, video: &str) -> Provoked {
    let key = scene.key("moviie").await;
    let other = scene.customer.create_private().await;
    let good = sign("moviie", &key, video, (None, now()));
    let token = match denial {
        Denial::InvalidToken => sign("moviie", &key, video, (None, now().minus(Duration::from_hours(1)))),
        Denial::TokenForOtherVideo => sign("moviie", &key, &other, (None, now())),
        _ => good.clone(),
    };
    let more = if denial == Denial::AmbiguousToken { format!("&cat={good}") } else { String::new() };
    let path = format!("/embed/{video}/session?token={token}{more}");
    if denial == Denial::TokenAccessOff {
        scene.customer.patch("/settings", &json!({ "tokenAccess": false })).await.expect(200);
    }
    Provoked::of(scene.session(&path, NONCE, &[]).await, path)
}

async fn by_rules(scene: &Scene<'_>, denial: Denial, video: &str) -> Provoked {
    let (rules, cure) = match denial {
        Denial::DomainNotAllowed => {
            (json!({ "domains": ["shop.example"] }), Some(json!({ "origin": "https://shop.example" })))
        }
        Denial::NetworkNotAllowed => (json!({ "networks": ["203.0.113.0/24"] }), Some(json!({ "ip": "203.0.113.9" }))),
        Denial::CountryNotAllowed => (json!({ "countries": { "only": ["FR"] } }), None),
        Denial::AgentNotAllowed => {
            (json!({ "agents": { "only": ["vlc"] } }), Some(json!({ "userAgent": "VLC/3.0.20 LibVLC/3.0.20" })))
        }
        Denial::NotYet => {
            (json!({ "validFrom": "2999-01-01T00:00:00Z" }), Some(json!({ "at": "2999-01-02T00:00:00Z" })))
        }
        _ => (json!({ "validUntil": "2020-01-01T00:00:00Z" }), Some(json!({ "at": "2019-01-01T00:00:00Z" }))),
    };
    scene.customer.put(&format!("/videos/{video}/access-rules"), &rules).await.expect(200);
    let (_, path) = scene.embed_token(video, &json!({})).await;
    let answer = scene.session(&path, NONCE, &[("origin", "https://other.example")]).await;
    let mut provoked = Provoked::of(answer, path);
    provoked.about = json!({ "ip": "127.0.0.1", "origin": "https://other.example" });
    match cure {
        Some(cure) => provoked.cured(cure),
        None => provoked,
    }
}

async fn by_embed_token(scene: &Scene<'_>, denial: Denial, video: &str) -> Provoked {
    let (id, path) = scene.embed_token(video, &json!({ "maxPlays": 1 })).await;
    scene.session(&path, NONCE, &[]).await.expect(200);
    if denial == Denial::CredentialRevoked {
        scene.customer.delete(&format!("/embed-tokens/{id}")).await.expect(204);
    }
    Provoked::of(scene.session(&path, "another-viewer-0", &[]).await, path)
}

//! The questions of an edge, asked over HTTP.

use std::time::Duration;

use admit_domain::{
    dialects::apivideo::PrivateToken,
    id::VideoId,
    limits::PICTURE_BYTES_MAX,
    player::Screen,
    seats::{SEAT_GRACE, SeatWish},
    session::{Entered, Entry, Presented},
    time::Timestamp,
    verdict::Denial,
    video::Published,
};
use admit_objects::Slices;
use reqwest::Method;

use super::{
    upstreams::{Repeat, Upstream, Upstreams, bounded},
    wire::{EnteredBody, PresentBody, PublishedBody, RedeemBody, ScreenBody, SeatBody, SeatedBody, VouchBody},
};
use crate::control::{Answer, ControlPlane, Picture};

/// The folder of addresses about videos.
const VIDEOS: &str = "videos";

/// A control plane elsewhere. What goes wrong on the way is "cannot know", which players take as "later".
pub struct RemoteControl(pub Upstreams);

impl RemoteControl {
    async fn entered(&self, repeat: Repeat, path: &str, body: &impl serde::Serialize) -> Result<Entered, Denial> {
        let ask = self.0.ask_json::<EnteredBody>(repeat, |upstream| upstream.request(Method::POST, path).json(body));
        ask.await?.read().ok_or(Denial::CannotKnow)
    }
}

impl ControlPlane for RemoteControl {
    fn published(&self, video: VideoId) -> Answer<'_, Option<Published>> {
        Box::pin(async move {
            let path = format!("{VIDEOS}/{video}");
            let ask = self.0.ask_json::<PublishedBody>(Repeat::Safely, |upstream| upstream.request(Method::GET, &path));
            match unless_missing(ask.await)? {
                Some(body) => body.read().map(Some).ok_or_else(|| not_understood(video)),
                None => Ok(None),
            }
        })
    }

    fn screen(&self, video: VideoId) -> Answer<'_, Option<Screen>> {
        Box::pin(async move {
            let path = format!("{VIDEOS}/{video}/screen");
            let ask = self.0.ask_json::<ScreenBody>(Repeat::Safely, |upstream| upstream.request(Method::GET, &path));
            match unless_missing(ask.await)? {
                Some(body) => body.read().map(Some).ok_or_else(|| not_understood(video)),
                None => Ok(None),
            }
        })
    }

    fn picture(&self, picture: Picture) -> Answer<'_, Slices> {
        Box::pin(async move {
            let path = match picture {
                Picture::Logo(player) => format!("pictures/logo/{player}"),
                Picture::LiveThumbnail(live_stream) => format!("pictures/live/{live_stream}"),
            };
            let response = self.0.ask(Repeat::Safely, |upstream| upstream.request(Method::GET, &path)).await?;
            let said = response.content_length();
            let bytes = bounded(response, PICTURE_BYTES_MAX).await.ok_or(Denial::CannotKnow)?;
            // A body that ends early is no picture.
            if said.is_some_and(|said| said != bytes.len() as u64) {
                return Err(Denial::CannotKnow);
            }
            Ok(Slices::of_bytes(bytes))
        })
    }

    fn vouch(&self, video: VideoId, token: PrivateToken, _: Timestamp) -> Answer<'_, ()> {
        Box::pin(async move {
            let body = VouchBody { video_id: video.as_str(), token: token.text() };
            let ask = self.0.ask(Repeat::Safely, |upstream| upstream.request(Method::POST, "vouch").json(&body));
            ask.await.map(|_| ())
        })
    }

    fn present(&self, presented: Presented, _: Timestamp) -> Answer<'_, Entered> {
        // Whoever shows it again is the same client, in the same session.
        Box::pin(async move { self.entered(Repeat::Safely, "present", &PresentBody::of(&presented)).await })
    }

    fn redeem(&self, entry: Entry, _: Timestamp) -> Answer<'_, Entered> {
        Box::pin(async move {
            // Without a nonce a second request is another viewer, who would find the token spent.
            let repeat = if entry.nonce.is_some() { Repeat::Safely } else { Repeat::IfNotSent };
            self.entered(repeat, "redeem", &RedeemBody::of(&entry)).await
        })
    }

    fn seat(&self, wish: SeatWish, _: Timestamp) -> Answer<'_, Duration> {
        Box::pin(async move {
            let body = SeatBody::of(&wish);
            let request = |upstream: &Upstream| upstream.request(Method::POST, "seats").json(&body);
            let seated: SeatedBody = self.0.ask_json(Repeat::Safely, request).await?;
            Ok(Duration::from_millis(seated.held_ms).min(SEAT_GRACE))
        })
    }
}

fn unless_missing<T>(asked: Result<T, Denial>) -> Result<Option<T>, Denial> {
    match asked {
        Ok(said) => Ok(Some(said)),
        Err(Denial::NotFound) => Ok(None),
        Err(denial) => Err(denial),
    }
}

fn not_understood(video: VideoId) -> Denial {
    tracing::error!(%video, "the control plane says of a video what this release does not understand");
    Denial::CannotKnow
}

//! A private token opens one session, once, as api.video's clients know it; what is no deliberate visit spends nothing.

mod carried;
mod session;
mod unspent;
mod visibility;

use crate::house::{Customer, House, Viewer, clip};

/// A private film that is complete, its customer, and somebody with an address.
struct Scene {
    customer: Customer,
    viewer: Viewer,
    video: String,
}

impl Scene {
    async fn set(house: &House) -> Self {
        let (customer, viewer) = (house.customer().await, house.viewer());
        let video = customer.private_film(clip::small()).await;
        Self { customer, viewer, video }
    }

    /// Without a film: enough for whoever only wants a session.
    async fn set_empty(house: &House) -> Self {
        let (customer, viewer) = (house.customer().await, house.viewer());
        let video = customer.create_private().await;
        Self { customer, viewer, video }
    }

    async fn token(&self) -> String {
        self.customer.token(&self.video).await
    }

    async fn enter(&self) -> String {
        self.viewer.enter(&self.video, &self.token().await).await
    }

    fn by_token(&self, token: &str, below: &str) -> String {
        format!("/vod/{}/token/{token}/{below}", self.video)
    }

    fn by_handle(&self, handle: &str, below: &str) -> String {
        format!("/s/{handle}/{}/{below}", self.video)
    }

    /// The token is still whole: somebody can enter with it.
    async fn expect_unspent(&self, token: &str) {
        self.viewer.enter(&self.video, token).await;
    }
}

const MANIFEST: &str = "hls/manifest.m3u8";
const MASTER: &str = "hls/master.m3u8";
const FILM: &str = "mp4/source.mp4";
const POSTER: &str = "thumbnail.jpg";

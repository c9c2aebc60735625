//! What an attacker sends to the doors, and what comes of it (U05–U44); `docs/http-tests.md` says where each is told.

/// HTTP is the same over every database: these stories are told over one.
macro_rules! on_one {
    ($($story:ident,)*) => {
        mod told {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                crate::house::tell(crate::house::Kind::Sqlite, super::$story).await;
            })*
        }
    };
}

mod addresses;
mod checklist;
mod crowds;
mod floods;
mod framing;
mod headers;
mod nasty;
mod origins;
mod payloads;
mod proxies;
mod pseudo_headers;
mod ranges;
mod shared_caches;
mod unkeyed;

use futures_util::{StreamExt as _, stream};

use crate::{
    house::{Customer, House, Viewer, clip, slow::address_of},
    support::raw::{Heard, say},
};

/// So many strangers knock at once.
const KNOCKING: usize = 8;

/// A private film, its customer, and a viewer who was let in.
struct Scene {
    customer: Customer,
    viewer: Viewer,
    video: String,
    handle: String,
}

impl Scene {
    async fn set(house: &House) -> Self {
        let (customer, viewer) = (house.customer().await, house.viewer());
        let video = customer.private_film(clip::small()).await;
        let handle = viewer.enter(&video, &customer.token(&video).await).await;
        Self { customer, viewer, video, handle }
    }

    /// An address of the film in this viewer's session.
    fn at(&self, below: &str) -> String {
        format!("/s/{}/{}/{below}", self.handle, self.video)
    }

    /// The first piece of the film.
    async fn segment(&self) -> String {
        let master = self.viewer.get(&self.at("hls/master.m3u8")).await.expect(200);
        let track = first_uri(master.text());
        let track = self.viewer.get(&self.at(&format!("hls/{track}"))).await.expect(200);
        self.at(first_uri(track.text()).trim_start_matches("../"))
    }
}

fn first_uri(playlist: &str) -> String {
    playlist.lines().find(|line| !line.starts_with('#')).expect("an address").to_owned()
}

/// Sends each request as it is, on a connection of its own, and listens until the server closes.
async fn say_each(house: &House, requests: Vec<Vec<u8>>) -> Vec<(Vec<u8>, Heard)> {
    let address = address_of(house);
    let asked = stream::iter(requests).map(|request| async move {
        let heard = say(address, &request).await;
        (request, heard)
    });
    asked.buffer_unordered(KNOCKING).collect().await
}

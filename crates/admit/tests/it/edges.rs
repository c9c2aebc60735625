//! Edges in processes of their own: the same bytes as the control plane's, judged by the same rules, near viewers.

mod cache;
mod cut_off;
mod explained;
mod plays;
mod restarts;
mod revoked;
mod seats;
mod upstream;

use std::time::Duration;

use crate::house::{Customer, House, Viewer, clip, on_both, outpost::Outpost};

/// From the call that ends a session to the last byte an edge serves of it, on a machine that has much else to do: how soon
/// it really is, a benchmark tells.
const REVOKED_MAX: Duration = Duration::from_secs(10);

on_both! {
    every_address_gives_the_same_bytes_through_an_edge,
    a_one_time_token_is_redeemed_through_an_edge_once,
    an_edge_answers_only_what_an_edge_owns,
    a_join_token_is_spent_once,
    an_ended_session_is_refused_at_every_edge,
    a_long_body_is_cut_when_its_session_ends,
    a_changed_rule_is_heeded_at_the_edge,
    a_removed_edge_lets_nobody_in,
    what_an_edge_refuses_is_explained,
    one_more_than_may_does_not_watch,
    one_more_than_may_ends_the_oldest,
    a_viewer_is_asked_whether_to_end_the_oldest,
}

mod sqlite_only {
    //! What has nothing to do with the database.

    macro_rules! on_sqlite {
        ($($story:ident,)*) => {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                crate::house::tell(crate::house::Kind::Sqlite, super::$story).await;
            })*
        };
    }

    on_sqlite! {
        an_edge_that_is_cut_off_closes_and_comes_back,
        an_edge_whose_network_is_down_closes_and_comes_back,
        an_edge_that_starts_alone_is_closed_and_forgets_nothing,
        a_damaged_state_is_nothing_and_the_edge_begins_anew,
        a_thousand_viewers_at_once_cost_one_fetch_a_slice,
        a_second_viewer_hits_and_a_stranger_never,
        a_spoilt_cache_gives_the_right_bytes,
        a_disk_that_takes_nothing_is_done_without,
        a_second_control_plane_takes_over,
        a_closed_tab_frees_its_seat_within_the_grace,
        an_address_that_cannot_be_counted_is_refused,
        another_origin_is_behind_the_gate,
        whoever_has_no_right_does_not_reach_another_origin,
        a_body_of_another_origin_is_cut,
    }
}

use cache::*;
use cut_off::*;
use explained::*;
use plays::*;
use restarts::*;
use revoked::*;
use seats::*;
use upstream::*;

/// A private film at the control plane, and an edge for it.
struct Scene {
    customer: Customer,
    /// At the control plane.
    here: Viewer,
    video: String,
    outpost: Outpost,
}

impl Scene {
    async fn set(house: &House) -> Self {
        Self::with(house, clip::small(), &[]).await
    }

    async fn with(house: &House, clip: &std::path::Path, settings: &[(&'static str, &str)]) -> Self {
        let (customer, here) = (house.customer().await, house.viewer());
        let video = customer.private_film(clip).await;
        let outpost = Outpost::open(house, settings).await;
        Self { customer, here, video, outpost }
    }

    /// A session, begun at the control plane.
    async fn enter(&self) -> String {
        self.here.enter(&self.video, &self.customer.token(&self.video).await).await
    }

    fn path(&self, handle: &str, below: &str) -> String {
        format!("/s/{handle}/{}/{below}", self.video)
    }

    async fn end(&self, handle: &str, house: &House) {
        let session = house.forge().session_of(handle, &self.video);
        self.customer.delete(&format!("/sessions/{session}")).await.expect(204);
    }
}

const MASTER: &str = "hls/master.m3u8";
const FILM: &str = "mp4/source.mp4";

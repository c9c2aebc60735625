//! What an edge asks of the control plane. A trait, because another party begins here: in one process it is
//! a function call, between two it is a request.

use std::{future::Future, pin::Pin, time::Duration};

use admit_domain::{
    dialects::apivideo::PrivateToken,
    id::{LiveStreamId, PlayerId, VideoId},
    player::Screen,
    seats::SeatWish,
    session::{Entered, Entry, Presented},
    time::Timestamp,
    verdict::Denial,
    video::Published,
};
use admit_objects::Slices;

/// A picture that is no part of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Of a player theme.
    Logo(PlayerId),
    /// In front of a live stream.
    LiveThumbnail(LiveStreamId),
}

/// A future that can be named in a trait object.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Denial>> + Send + 'a>>;

/// The control plane as an edge sees it.
pub trait ControlPlane: Send + Sync + 'static {
    /// The facts about a video; none when there is no such video.
    fn published(&self, video: VideoId) -> Answer<'_, Option<Published>>;

    /// What the embed page shows a video with; none when there is no such video.
    fn screen(&self, video: VideoId) -> Answer<'_, Option<Screen>>;

    /// A picture that everybody may see; refused when there is none, or not everybody may.
    fn picture(&self, picture: Picture) -> Answer<'_, Slices>;

    /// Is this token one of ours for the video, and in time? Spends nothing.
    fn vouch(&self, video: VideoId, token: PrivateToken, now: Timestamp) -> Answer<'_, ()>;

    /// Judges what is shown, and begins its session or finds it begun.
    fn present(&self, presented: Presented, now: Timestamp) -> Answer<'_, Entered>;

    /// Spends the token and begins its session.
    fn redeem(&self, entry: Entry, now: Timestamp) -> Answer<'_, Entered>;

    /// Lends the session a seat, for so long.
    fn seat(&self, wish: SeatWish, now: Timestamp) -> Answer<'_, Duration>;
}

//! Answers that do not depend on the viewer, kept as they were given: the head as it goes on the wire, and the body.
//!
//! An answer is kept together with the very facts it was given under, and serves only while the catalog holds these. So
//! to forget a video is to forget its answers.

mod gather;

use std::sync::Arc;

use admit_domain::{
    asset::Asset,
    gate::Ask,
    id::VideoId,
    limits::{KEPT_ANSWER_BYTES_MAX, KEPT_ANSWERS_BYTES_MAX},
    video::Published,
};
use bytes::Bytes;
use http::{Response, StatusCode, header, response::Parts};
use quick_cache::{Weighter, sync::Cache};

use self::gather::Gather;
use crate::reply::Body;

/// What an entry costs beside the bytes of its answer.
const ENTRY_BYTES: u64 = 512;
/// Typical answers are playlists and segments of half a megabyte.
const TYPICAL_ANSWER_BYTES: u64 = 256 * 1_024;

/// An answer that does not depend on the viewer.
pub(crate) struct Kept {
    facts: Arc<Published>,
    /// Status line and headers, each with its end of line; the empty line is for whoever adds more headers.
    head: Vec<u8>,
    slices: Box<[Bytes]>,
    weight: u64,
}

impl Kept {
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    pub(crate) fn slice(&self, index: usize) -> Option<&Bytes> {
        self.slices.get(index)
    }
}

/// All of them, bounded by their bytes.
pub(crate) struct Shelf(Arc<Answers>);

type Answers = Cache<(VideoId, Asset), Arc<Kept>, ByBytes>;

#[derive(Clone)]
struct ByBytes;

impl Weighter<(VideoId, Asset), Arc<Kept>> for ByBytes {
    fn weight(&self, _: &(VideoId, Asset), kept: &Arc<Kept>) -> u64 {
        kept.weight
    }
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let typical = usize::try_from(KEPT_ANSWERS_BYTES_MAX / TYPICAL_ANSWER_BYTES).unwrap_or(usize::MAX);
        Self(Arc::new(Cache::with_weighter(typical, KEPT_ANSWERS_BYTES_MAX, ByBytes)))
    }

    pub(crate) fn get(&self, video: VideoId, asset: Asset, facts: &Arc<Published>) -> Option<Arc<Kept>> {
        self.0.get(&(video, asset)).filter(|kept| Arc::ptr_eq(&kept.facts, facts))
    }

    /// The same response; once its body has passed, the answer is at hand.
    pub(crate) fn keep(&self, ask: &Ask<'_>, facts: &Arc<Published>, response: Response<Body>) -> Response<Body> {
        // The kept head is all that a client is told of the length.
        let bytes =
            response.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        // What the player shows a video with is no part of the facts.
        let is_for_all = response.status() == StatusCode::OK && ask.asset != Asset::PlayerJson;
        let Some(bytes) = bytes.filter(|bytes| is_for_all && *bytes <= KEPT_ANSWER_BYTES_MAX) else { return response };
        let (parts, body) = response.into_parts();
        let (answers, name) = (Arc::clone(&self.0), (ask.video, ask.asset));
        let (facts, head) = (Arc::clone(facts), head_of(&parts));
        let done = move |slices: Vec<Bytes>| {
            let weight = ENTRY_BYTES + head.len() as u64 + bytes;
            answers.insert(name, Arc::new(Kept { facts, head, slices: slices.into(), weight }));
        };
        Response::from_parts(parts, Gather::new(body, bytes, done).into_body())
    }
}

/// As HTTP/1.1 spells it.
fn head_of(parts: &Parts) -> Vec<u8> {
    let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
    for (name, value) in &parts.headers {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head
}

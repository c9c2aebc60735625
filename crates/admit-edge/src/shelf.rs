//! Answers that do not depend on the viewer, kept as they were given: the head as it goes on the wire, and the body.
//!
//! An answer is kept together with the very facts it was given under, and serves only while the catalog holds these. So
//! to forget a video is to forget its answers.

mod gather;

use std::{
    fs::File,
    ops::Range,
    sync::{Arc, Weak},
};

use admit_domain::{
    asset::Asset,
    gate::Ask,
    id::VideoId,
    limits::{KEPT_ANSWER_BYTES_MAX, KEPT_ANSWERS_BYTES_MAX},
    video::Published,
};
use bytes::Bytes;
use http::{Response, StatusCode, header};
use quick_cache::{Weighter, sync::Cache};

use self::gather::Gather;
use crate::reply::{Body, on_the_wire};

/// What an entry costs beside the bytes of its answer.
const ENTRY_BYTES: u64 = 512;
/// Typical answers are playlists and segments of half a megabyte.
const TYPICAL_ANSWER_BYTES: u64 = 256 * 1_024;

/// An answer that does not depend on the viewer.
pub(crate) struct Kept {
    facts: Arc<Published>,
    /// Status line and headers, each with its end of line; the empty line is for whoever adds more headers.
    head: Vec<u8>,
    /// The body, unless it lies in a file.
    pub(crate) slices: Box<[Bytes]>,
    pub(crate) file: Option<FilePart>,
    weight: u64,
}

/// Bytes of a file that is open elsewhere.
#[derive(Clone)]
pub(crate) struct FilePart {
    pub(crate) file: Weak<File>,
    pub(crate) range: Range<u64>,
}

impl Kept {
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Is it larger than what is kept in memory?
    pub(crate) fn is_long(&self) -> bool {
        self.file.as_ref().is_some_and(|part| part.range.end - part.range.start > KEPT_ANSWER_BYTES_MAX)
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
        let Some(bytes) = bytes.filter(|_| is_for_all) else { return response };
        let (mut parts, body) = response.into_parts();
        let (answers, name, facts) = (Arc::clone(&self.0), (ask.video, ask.asset), Arc::clone(facts));
        let head = on_the_wire(&parts);
        let weight = ENTRY_BYTES + head.len() as u64;
        if let Some(part) = parts.extensions.remove::<FilePart>() {
            answers.insert(name, Arc::new(Kept { facts, head, slices: Box::default(), file: Some(part), weight }));
            return Response::from_parts(parts, body);
        }
        if bytes > KEPT_ANSWER_BYTES_MAX {
            return Response::from_parts(parts, body);
        }
        let done = move |slices: Vec<Bytes>| {
            answers.insert(
                name,
                Arc::new(Kept { facts, head, slices: slices.into(), file: None, weight: weight + bytes }),
            );
        };
        Response::from_parts(parts, Gather::new(body, bytes, done).into_body())
    }
}

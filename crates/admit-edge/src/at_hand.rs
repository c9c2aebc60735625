//! The short way to answers that were given before, for whoever has the right. It refuses nothing: whatever is not plainly
//! allowed is left to [`Edge::answer`], so that refusals are worded, and written down, in one place.

use std::sync::Arc;

use admit_domain::{
    asset::Asset,
    gate::{Ask, Carriage, Permit},
    handle::HANDLE_CHARS,
    id::VideoId,
    time::Timestamp,
};
use bytes::Bytes;

use crate::{ask::Caller, edge::Edge, route::Route, shelf::Kept};

/// An answer, and the right to it.
pub struct AtHand {
    kept: Arc<Kept>,
    permit: Permit,
}

impl AtHand {
    /// Status line and headers, without `Date` and without the empty line.
    pub fn head(&self) -> &[u8] {
        self.kept.head()
    }

    /// The body, a bounded slice at a time; [`Edge::stands`] is asked before each but the first.
    pub fn slice(&self, index: usize) -> Option<&Bytes> {
        self.kept.slice(index)
    }
}

/// Handles and ids have their lengths, so their ends need not be looked for.
fn below_session(path: &str) -> Option<(Carriage<'_>, VideoId, Asset)> {
    let (handle, rest) = path.strip_prefix("/s/")?.split_at_checked(HANDLE_CHARS)?;
    let (video, rest) = rest.strip_prefix('/')?.split_at_checked(VideoId::LEN)?;
    Some((Carriage::Handle(handle), video.parse().ok()?, Asset::parse(rest.strip_prefix('/')?)?))
}

fn below_signature(path: &str) -> Option<(Carriage<'_>, VideoId, Asset)> {
    match Route::parse(path)? {
        Route::Signed { signature, video, asset } => Some((Carriage::Signed(signature), video, asset)),
        _ => None,
    }
}

impl Edge {
    /// The answer to a `GET` of this path, or without its body to a `HEAD`, if it is at hand and its caller has the right.
    /// `None` says nothing: [`Edge::answer`] decides.
    pub fn at_hand(&self, path: &str, caller: Caller<'_>, now: Timestamp) -> Option<AtHand> {
        let (carriage, video, asset) = below_session(path).or_else(|| below_signature(path))?;
        let ask = Ask { video, asset, carriage, visitor: self.visitor_of(caller) };
        let gate = self.gate.load();
        // In the order of the long way: whoever shows nothing of worth makes nobody look anything up.
        let admitted = gate.admit(&ask, now).ok()?;
        let facts = self.catalog.known(&video)?;
        let permit = gate.under(admitted, &facts, &ask.visitor, now).ok()?;
        if permit.takes_seat(&facts).is_some_and(|session| !self.seats.has(&session, now)) {
            return None;
        }
        let kept = self.catalog.answers().get(video, asset, &facts)?;
        if matches!(asset, Asset::Key(_)) {
            self.key_counts.count(&permit, now).ok()?;
        }
        Some(AtHand { kept, permit })
    }

    /// May the rest of the body still be given?
    pub fn stands(&self, answer: &AtHand, now: Timestamp) -> bool {
        self.gate.load().stands(&answer.permit, now).is_ok()
    }
}

//! The short way to answers that were given before, for whoever has the right, and to refusals of what is shown in the path.
//! Whatever is not plainly one or the other is left to [`Edge::answer`].

use std::{fs::File, ops::Range, sync::Arc};

use admit_domain::{
    asset::Asset,
    gate::{Ask, Carriage, Permit},
    handle::HANDLE_CHARS,
    id::{RequestId, VideoId},
    time::Timestamp,
    verdict::Denial,
    video::Published,
};
use bytes::Bytes;

use crate::{ask::Caller, denied::Page, edge::Edge, route::Route, shelf::Kept};

/// An answer.
pub struct AtHand(Word);

enum Word {
    Given {
        kept: Arc<Kept>,
        /// What the body is a part of, if it lies in a file, held open while it is sent.
        file: Option<(Arc<File>, Range<u64>)>,
        permit: Permit,
    },
    Refused {
        page: &'static Page,
        video: VideoId,
        denial: Denial,
    },
}

impl AtHand {
    /// Status line and headers, without `Date` and without the empty line.
    pub fn head(&self) -> &[u8] {
        match &self.0 {
            Word::Given { kept, .. } => kept.head(),
            Word::Refused { page, .. } => &page.head,
        }
    }

    /// The file in which the body lies, and where; [`Edge::stands`] is asked before each bounded part but the first.
    pub fn file(&self) -> Option<(&File, Range<u64>)> {
        match &self.0 {
            Word::Given { file, .. } => file.as_ref().map(|(file, range)| (&**file, range.clone())),
            Word::Refused { .. } => None,
        }
    }

    /// The body in bounded slices, where it lies in no file; asked about likewise.
    pub fn slices(&self) -> &[Bytes] {
        match &self.0 {
            Word::Given { kept, .. } => &kept.slices,
            Word::Refused { page, .. } => std::slice::from_ref(&page.body),
        }
    }

    pub const fn is_refusal(&self) -> bool {
        matches!(self.0, Word::Refused { .. })
    }
}

/// What a path says.
type Shown<'a> = (Carriage<'a>, VideoId, Asset);

/// Handles and ids have their lengths, so their ends need not be looked for.
fn below_session(path: &str) -> Option<Shown<'_>> {
    let (handle, rest) = path.strip_prefix("/s/")?.split_at_checked(HANDLE_CHARS)?;
    let (video, rest) = rest.strip_prefix('/')?.split_at_checked(VideoId::LEN)?;
    Some((Carriage::Handle(handle), video.parse().ok()?, Asset::parse(rest.strip_prefix('/')?)?))
}

impl Edge {
    /// The answer to a `GET` of this path, or without its body to a `HEAD`, if it is at hand. `None` says nothing:
    /// [`Edge::answer`] decides.
    pub fn at_hand(&self, path: &str, caller: Caller<'_>, now: Timestamp) -> Option<AtHand> {
        let (known, (carriage, video, asset)) =
            below_session(path).map(|shown| (None, shown)).or_else(|| self.below_others(path))?;
        let ask = Ask { video, asset, carriage, visitor: self.visitor_of(caller) };
        let gate = self.gate.load();
        // In the order of the long way: whoever shows nothing of worth makes nobody look anything up.
        let admitted = match gate.admit(&ask, now) {
            Ok(admitted) => admitted,
            Err(denial) => return self.refusal(&ask, denial),
        };
        let facts = known.or_else(|| self.catalog.known(&video))?;
        let permit = gate.under(admitted, &facts, &ask.visitor, now).ok()?;
        let kept = self.catalog.answers().get(video, asset, &facts)?;
        // Whoever takes long must have its seat renewed meanwhile, which is done on the long way.
        if permit.takes_seat(&facts).is_some_and(|session| kept.is_long() || !self.seats.has(&session, now)) {
            return None;
        }
        if matches!(asset, Asset::Key(_)) {
            self.key_counts.count(&permit, now).ok()?;
        }
        let file = match &kept.file {
            Some(part) => Some((part.file.upgrade()?, part.range.clone())),
            None => None,
        };
        Some(AtHand(Word::Given { kept, file, permit }))
    }

    /// Signed addresses, and those of public videos whose relative addresses mean what they say; with these, the facts that
    /// make them public, by which all else must be judged too.
    fn below_others<'a>(&self, path: &'a str) -> Option<(Option<Arc<Published>>, Shown<'a>)> {
        match Route::parse(path)? {
            Route::Signed { signature, video, asset } => Some((None, (Carriage::Signed(signature), video, asset))),
            Route::Open { video, asset } if path.starts_with("/vod/") => {
                let facts = self.catalog.known(&video)?;
                let carriage = Carriage::Open(facts.visibility_of(asset));
                Some((Some(facts), (carriage, video, asset)))
            }
            _ => None,
        }
    }

    /// Where nothing is shown in the path, something may be shown beside it; another origin's addresses are read otherwise.
    fn refusal(&self, ask: &Ask<'_>, denial: Denial) -> Option<AtHand> {
        let is_shown = match ask.carriage {
            // What only takes the room of a handle may be segments of another address.
            Carriage::Handle(text) => !text.contains('/'),
            Carriage::Signed(_) => true,
            Carriage::Open(_) => false,
        };
        if !is_shown || self.upstream.is_some() {
            return None;
        }
        Some(AtHand(Word::Refused { page: Page::of(denial)?, video: ask.video, denial }))
    }

    /// The answer is given under this name: a refusal is taken down.
    pub fn named(&self, answer: &AtHand, request: RequestId, at: Timestamp) {
        if let Word::Refused { video, denial, .. } = &answer.0 {
            tracing::debug!(%request, reason = denial.code(), "refused");
            self.tell((request, at), Some(*video), (*denial).into(), None);
        }
    }

    /// May the rest of the body still be given?
    pub fn stands(&self, answer: &AtHand, now: Timestamp) -> bool {
        match &answer.0 {
            Word::Given { permit, .. } => self.gate.load().stands(permit, now).is_ok(),
            Word::Refused { .. } => true,
        }
    }
}

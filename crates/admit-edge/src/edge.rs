//! An edge: what it judges by, what it remembers, and whom it asks.

use std::sync::Arc;

use admit_domain::{
    decision::Refused,
    gate::{Gate, Permit},
    id::VideoId,
    revocation::Subject,
    rules::CountryOf,
    seats::SeatWish,
    time::Timestamp,
    verdict::Denial,
    video::Published,
};
use admit_objects::{Counts, Reader};
use arc_swap::ArcSwap;

use crate::{
    catalog::Catalog, control::ControlPlane, encrypted::KeyCounts, foreign::ForeignOrigin, route::Route, seats::Seats,
};

/// The snapshot an edge judges by; whoever learns of a revocation stores the next one.
pub type SharedGate = Arc<ArcSwap<Gate>>;
/// Where the time comes from: each request brings its own, but a long body must ask again.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Takes down why a request was refused, and which video it named.
pub type Refusals = Arc<dyn Fn(Refused) + Send + Sync>;

/// What an edge is told of its surroundings.
pub struct About {
    /// Viewers reach us by https.
    pub secure: bool,
    pub country_of: Arc<CountryOf>,
    pub refusals: Refusals,
    /// Where films lie that are not ours.
    pub upstream: Option<ForeignOrigin>,
}

/// An edge. Cheap to clone.
#[derive(Clone)]
pub struct Edge {
    pub(crate) gate: SharedGate,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) now: Now,
    /// Viewers reach us by https.
    pub(crate) secure: bool,
    pub(crate) country_of: Arc<CountryOf>,
    /// Where refusals are written down, for the operator's questions.
    pub(crate) refusals: Refusals,
    pub(crate) upstream: Option<Arc<ForeignOrigin>>,
    pub(crate) key_counts: Arc<KeyCounts>,
    pub(crate) seats: Arc<Seats>,
}

impl Edge {
    pub fn new(gate: SharedGate, control: Arc<dyn ControlPlane>, reader: Reader, now: Now, about: About) -> Self {
        let About { secure, country_of, refusals, upstream } = about;
        Self {
            gate,
            catalog: Arc::new(Catalog::new(control, reader)),
            now,
            secure,
            country_of,
            refusals,
            upstream: upstream.map(Arc::new),
            key_counts: Arc::new(KeyCounts::new()),
            seats: Arc::new(Seats::new()),
        }
    }

    /// Is this path ours to answer?
    pub fn owns(path: &str) -> bool {
        Route::owns(path)
    }

    /// How often slices of films were wanted, and where they were found.
    pub fn counts(&self) -> Counts {
        self.catalog.reader().counts()
    }

    /// Sees to it that whoever watches has a seat, where seats are limited.
    pub(crate) async fn sit(&self, permit: &Permit, facts: &Published) -> Result<(), Denial> {
        match permit.takes_seat(facts) {
            Some(session) => self.take_seat(SeatWish { session, video: permit.video(), takes_over: false }).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn take_seat(&self, wish: SeatWish) -> Result<(), Denial> {
        self.seats.take(self.catalog.control(), wish, &*self.now).await
    }

    /// The log goes on: what is remembered and no longer holds is forgotten.
    pub fn learn(&self, subject: &Subject) {
        match subject {
            Subject::Video(id) | Subject::Restored(id) | Subject::VideoChanged(id) => self.forget(*id),
            Subject::ProjectChanged(_) => self.forget_all(),
            Subject::Session { .. } | Subject::VideoAccess { .. } | Subject::ProjectAccess { .. } => {}
        }
    }

    /// A whole project was changed: nothing that is remembered of any video holds.
    pub fn forget_all(&self) {
        self.catalog.forget_all();
    }

    /// A video was changed or deleted: what is remembered of it no longer holds.
    pub fn forget(&self, video: VideoId) {
        self.catalog.forget(video);
    }
}

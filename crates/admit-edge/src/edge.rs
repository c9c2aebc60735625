//! An edge: what it judges by, what it remembers, and whom it asks.

use std::sync::Arc;

use admit_domain::{gate::Gate, id::VideoId, time::Timestamp};
use admit_objects::Reader;
use arc_swap::ArcSwap;

use crate::{catalog::Catalog, control::ControlPlane, route::Route};

/// The snapshot an edge judges by; whoever learns of a revocation stores the next one.
pub type SharedGate = Arc<ArcSwap<Gate>>;
/// Where the time comes from: each request brings its own, but a long body must ask again.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// An edge. Cheap to clone.
#[derive(Clone)]
pub struct Edge {
    pub(crate) gate: SharedGate,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) now: Now,
    /// Viewers reach us by https.
    pub(crate) secure: bool,
}

impl Edge {
    pub fn new(gate: SharedGate, control: Arc<dyn ControlPlane>, reader: Reader, now: Now, secure: bool) -> Self {
        Self { gate, catalog: Arc::new(Catalog::new(control, reader)), now, secure }
    }

    /// Is this path ours to answer?
    pub fn owns(path: &str) -> bool {
        Route::owns(path)
    }

    /// A video was changed or deleted: what is remembered of it no longer holds.
    pub fn forget(&self, video: VideoId) {
        self.catalog.forget(video);
    }
}

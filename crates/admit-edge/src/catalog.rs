//! What an edge remembers of videos: facts and presentations, both bounded, both forgotten on a word.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use admit_domain::{
    gate::Permit,
    id::VideoId,
    limits::{PRESENTATIONS_CACHED_MAX, VIDEOS_CACHED_MAX},
    object_key::{Edition, ObjectKey},
    presentation::Presentation,
    verdict::Denial,
    video::Published,
};
use admit_objects::{ObjectError, Reader};
use quick_cache::sync::Cache;

use crate::{control::ControlPlane, shelf::Shelf};

pub(crate) struct Catalog {
    control: Arc<dyn ControlPlane>,
    reader: Reader,
    facts: Cache<VideoId, Arc<Published>>,
    presentations: Cache<(VideoId, Edition), Arc<Presentation>>,
    answers: Shelf,
    /// Counts the words to forget. Facts asked for before such a word are not remembered after it.
    changes: AtomicU64,
}

impl Catalog {
    pub(crate) fn new(control: Arc<dyn ControlPlane>, reader: Reader) -> Self {
        Self {
            control,
            reader,
            facts: Cache::new(VIDEOS_CACHED_MAX),
            presentations: Cache::new(PRESENTATIONS_CACHED_MAX),
            answers: Shelf::new(),
            changes: AtomicU64::new(0),
        }
    }

    /// The facts about a video. That there is none is not remembered: strangers could fill the cache with it.
    pub(crate) async fn published(&self, video: VideoId) -> Result<Arc<Published>, Denial> {
        if let Some(known) = self.known(&video) {
            return Ok(known);
        }
        let before = self.changes.load(Ordering::Acquire);
        let facts = Arc::new(self.control.published(video).await?.ok_or(Denial::NotFound)?);
        self.facts.insert(video, facts.clone());
        if self.changes.load(Ordering::Acquire) != before {
            self.facts.remove(&video);
        }
        Ok(facts)
    }

    /// The facts about a video, where they are remembered.
    pub(crate) fn known(&self, video: &VideoId) -> Option<Arc<Published>> {
        self.facts.get(video)
    }

    /// Answers given before. They hold while the facts they were given under are the ones remembered.
    pub(crate) const fn answers(&self) -> &Shelf {
        &self.answers
    }

    /// A video has changed: the next request asks again.
    pub(crate) fn forget(&self, video: VideoId) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.facts.remove(&video);
        self.reader.close_files(Some(video));
    }

    pub(crate) fn forget_all(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.facts.clear();
        self.reader.close_files(None);
    }

    /// The index of a video's tracks, in the edition its facts name.
    pub(crate) async fn presentation(&self, permit: &Permit, edition: Edition) -> Result<Arc<Presentation>, Denial> {
        let video = permit.video();
        let load = async {
            let bytes = self.read(permit, &ObjectKey::Presentation { video, edition }, None).await?;
            Presentation::decode(&bytes).map(Arc::new).map_err(|damaged| {
                tracing::error!(%video, edition = edition.0, "{damaged}");
                Denial::CannotKnow
            })
        };
        self.presentations.get_or_insert_async(&(video, edition), load).await
    }

    /// A range of an object, or all of it, in memory: for what is known to be small.
    pub(crate) async fn read(
        &self,
        permit: &Permit,
        key: &ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<Vec<u8>, Denial> {
        let broken = |error| unreadable(&error, key);
        let mut slices = self.reader.open(permit, key, range).await.map_err(broken)?;
        let mut whole = Vec::new();
        while let Some(slice) = slices.next().await.map_err(broken)? {
            whole.extend_from_slice(&slice);
        }
        Ok(whole)
    }

    pub(crate) const fn reader(&self) -> &Reader {
        &self.reader
    }

    pub(crate) fn control(&self) -> &dyn ControlPlane {
        &*self.control
    }
}

/// What is in the facts and not in the store is our fault, not the viewer's: say so to the operator.
pub(crate) fn unreadable(error: &ObjectError, key: &ObjectKey) -> Denial {
    match error {
        ObjectError::OutOfRange => Denial::NotFound,
        other => {
            tracing::error!(?key, error = %other, "read an object");
            Denial::CannotKnow
        }
    }
}

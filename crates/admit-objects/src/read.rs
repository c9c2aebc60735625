//! The edge's only way to bytes: a permit opens, and only what the permit covers.

use std::{
    fs::File,
    ops::Range,
    sync::{Arc, Weak},
};

use admit_domain::{gate::Permit, id::VideoId, object_key::ObjectKey};

use crate::{
    cache::{Cache, Counts, Keep},
    error::ObjectError,
    origin::Origin,
    slice::SliceKey,
    slices::Slices,
};

/// Reads what a permit covers. Cheap to clone; clones share what they keep.
#[derive(Clone)]
pub struct Reader {
    cache: Arc<Cache>,
}

impl Reader {
    /// A reader of what lies at `origin`.
    pub fn new(origin: Arc<dyn Origin>, keep: Keep) -> Self {
        Self { cache: Arc::new(Cache::new(origin, keep)) }
    }

    /// Opens `range` of an object, or all of it. The first bytes are at hand when this returns: what cannot be read is
    /// said before an answer has begun.
    pub async fn open(
        &self,
        permit: &Permit,
        key: &ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<Slices, ObjectError> {
        // The permit comes before anything is looked for, so that nobody learns what is kept from what is slow.
        if !permit.covers(key) {
            return Err(ObjectError::NotPermitted);
        }
        Slices::kept(self.cache.clone(), *key, range).await
    }

    /// The size of an object. Nobody wants its bytes by that, so it is not counted.
    pub async fn size(&self, permit: &Permit, key: &ObjectKey) -> Result<u64, ObjectError> {
        if !permit.covers(key) {
            return Err(ObjectError::NotPermitted);
        }
        Ok(self.cache.fetch(SliceKey::of(*key, 0)).await?.object_bytes)
    }

    /// The object as a file that the system can send by itself, where it lies as one on this machine. It is open until its
    /// video is [forgotten](Self::close_files) or others are wanted more.
    pub async fn file(&self, permit: &Permit, key: &ObjectKey) -> Result<Option<Weak<File>>, ObjectError> {
        if !permit.covers(key) {
            return Err(ObjectError::NotPermitted);
        }
        self.cache.file(*key).await
    }

    /// Closes the files of a video, or of all: what was deleted shall leave the disk.
    pub fn close_files(&self, of: Option<VideoId>) {
        self.cache.close_files(of);
    }

    /// How often slices were wanted and where they were found.
    pub fn counts(&self) -> Counts {
        self.cache.counts()
    }
}

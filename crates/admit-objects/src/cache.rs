//! What an edge keeps of objects: slices of one size, found in memory, then on disk, then at the origin.
//!
//! A slice is named by its object and its number and by nothing that a viewer shows: whoever may see it finds the same one.

mod disk;
mod flights;

use std::{
    fs::File,
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use admit_domain::{
    id::VideoId,
    limits::{EDGE_MEMORY_BYTES_DEFAULT, OBJECT_SLICE_BYTES, OPEN_OBJECTS_MAX, ORIGIN_FETCHES_MAX},
    object_key::ObjectKey,
};
use quick_cache::{Weighter, sync::Cache as Bounded};
use tokio::sync::Semaphore;

pub use self::disk::DiskSettings;
use self::{disk::Disk, flights::Flights};
use crate::{
    error::ObjectError,
    origin::Origin,
    slice::{Slice, SliceKey},
};

/// How much is kept.
#[derive(Clone, Debug)]
pub struct Keep {
    pub memory_bytes: u64,
    pub disk: Option<DiskSettings>,
    /// Objects that lie as files on this machine may be sent from there, as nothing has to be done to their bytes.
    pub files: bool,
}

impl Default for Keep {
    fn default() -> Self {
        Self { memory_bytes: EDGE_MEMORY_BYTES_DEFAULT, disk: None, files: false }
    }
}

/// Slices that were wanted since the start, and where they were found. What is in none of the three was being fetched for
/// somebody else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub wanted: u64,
    pub from_disk: u64,
    pub from_origin: u64,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<SliceKey, Slice> for ByBytes {
    fn weight(&self, _: &SliceKey, slice: &Slice) -> u64 {
        (slice.bytes.len() + size_of::<(SliceKey, Slice)>()) as u64
    }
}

pub(crate) struct Cache {
    stock: Arc<Stock>,
    flights: Flights,
    /// Objects that are sent from their files: a thousand segments of a track are one descriptor.
    files: Bounded<ObjectKey, Arc<File>>,
    files_closed: AtomicU64,
}

/// What a fetch needs beyond its waiting readers.
struct Stock {
    memory: Bounded<SliceKey, Slice, ByBytes>,
    disk: Option<Disk>,
    origin: Arc<dyn Origin>,
    sends_files: bool,
    fetches: Semaphore,
    wanted: AtomicU64,
    from_disk: AtomicU64,
    from_origin: AtomicU64,
}

impl Cache {
    pub(crate) fn new(origin: Arc<dyn Origin>, keep: Keep) -> Self {
        let slots = usize::try_from(keep.memory_bytes / OBJECT_SLICE_BYTES).unwrap_or(usize::MAX);
        let stock = Stock {
            memory: Bounded::with_weighter(slots.max(1), keep.memory_bytes, ByBytes),
            disk: keep.disk.filter(|disk| disk.bytes > 0).map(Disk::open),
            origin,
            sends_files: keep.files,
            fetches: Semaphore::new(ORIGIN_FETCHES_MAX),
            wanted: AtomicU64::new(0),
            from_disk: AtomicU64::new(0),
            from_origin: AtomicU64::new(0),
        };
        Self {
            stock: Arc::new(stock),
            flights: Flights::default(),
            files: Bounded::new(OPEN_OBJECTS_MAX),
            files_closed: AtomicU64::new(0),
        }
    }

    pub(crate) async fn get(&self, at: SliceKey) -> Result<Slice, ObjectError> {
        self.stock.wanted.fetch_add(1, Ordering::Relaxed);
        self.fetch(at).await
    }

    /// The same for nobody in particular: it is not counted as wanted.
    pub(crate) async fn fetch(&self, at: SliceKey) -> Result<Slice, ObjectError> {
        if let Some(slice) = self.stock.memory.get(&at) {
            return Ok(slice);
        }
        let stock = &self.stock;
        self.flights.join(at, || stock.memory.get(&at), || stock.clone().find(at)).await
    }

    /// The object as an open file, if its origin has it as one. It closes when too many others were opened since, or when
    /// its video is forgotten.
    pub(crate) async fn file(&self, key: ObjectKey) -> Result<Option<Weak<File>>, ObjectError> {
        if !self.stock.sends_files {
            return Ok(None);
        }
        if let Some(open) = self.files.get(&key) {
            return Ok(Some(Arc::downgrade(&open)));
        }
        let closed = self.files_closed.load(Ordering::Acquire);
        let Some(file) = self.stock.origin.file(key).await?.map(Arc::new) else { return Ok(None) };
        let open = Arc::downgrade(&file);
        self.files.insert(key, file);
        // What was forgotten while it was opened would be open for good.
        if self.files_closed.load(Ordering::Acquire) != closed {
            self.files.remove(&key);
        }
        Ok(Some(open))
    }

    /// Closes the files of a video, or of all.
    pub(crate) fn close_files(&self, of: Option<VideoId>) {
        self.files_closed.fetch_add(1, Ordering::AcqRel);
        self.files.retain(|key, _| of.is_some_and(|video| key.video() != Some(video)));
    }

    /// Is it in memory?
    pub(crate) fn holds(&self, at: &SliceKey) -> bool {
        self.stock.memory.peek(at).is_some()
    }

    pub(crate) fn counts(&self) -> Counts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Stock { wanted, from_disk, from_origin, .. } = &*self.stock;
        Counts { wanted: of(wanted), from_disk: of(from_disk), from_origin: of(from_origin) }
    }
}

impl Stock {
    /// Where it is not in memory.
    async fn find(self: Arc<Self>, at: SliceKey) -> Result<Slice, ObjectError> {
        if let Some(disk) = &self.disk
            && let Some(slice) = disk.read(at).await
        {
            self.from_disk.fetch_add(1, Ordering::Relaxed);
            self.memory.insert(at, slice.clone());
            return Ok(slice);
        }
        let slice = self.fetch(at).await?;
        self.memory.insert(at, slice.clone());
        if let Some(disk) = &self.disk {
            disk.keep(at, slice.clone());
        }
        Ok(slice)
    }

    async fn fetch(&self, at: SliceKey) -> Result<Slice, ObjectError> {
        let _turn = self.fetches.acquire().await.map_err(ObjectError::unavailable)?;
        self.from_origin.fetch_add(1, Ordering::Relaxed);
        let range = at.start()..at.start().saturating_add(OBJECT_SLICE_BYTES);
        let fetched = self.origin.fetch(at.object, range).await?;
        let slice = Slice { object_bytes: fetched.object_bytes, bytes: fetched.bytes };
        if slice.fits(&at) {
            Ok(slice)
        } else {
            Err(ObjectError::unavailable("the origin gave a slice of another size"))
        }
    }
}

#[cfg(test)]
mod tests;

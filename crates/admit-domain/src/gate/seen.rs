//! Handles whose MAC was right, remembered so that the next request need not compute it.
//!
//! Two share a place, found by the tail of their text; a newcomer displaces the older of them, whose next request then costs a
//! MAC again. So to remember is as cheap as to look, and there is nothing to grow or to sweep.

use std::sync::{Mutex, PoisonError};

use crate::{
    by_id::spread,
    handle::{BoundValues, HANDLE_CHARS, Handle},
    id::VideoId,
    limits::VERIFIED_HANDLES_MAX,
    rules::Visitor,
    verdict::Denial,
};

/// A power of two, so that to find a place is to cut off bits.
const PLACES: u64 = VERIFIED_HANDLES_MAX as u64 / 2;
const _: () = assert!(PLACES.is_power_of_two());

/// The memory of a gate. Only verified handles enter, so a flood of forgeries displaces nothing.
pub(super) struct Seen(Box<[Place]>);

/// The lock and what tells that neither is meant stand in one line of the processor's cache, which is all that a newcomer
/// waits for.
#[derive(Default)]
#[repr(align(64))]
struct Place(Mutex<Pair>);

#[derive(Default)]
#[repr(C)]
struct Pair {
    /// The tails of their texts.
    tails: [u64; 2],
    /// Which of them came last.
    newer: usize,
    entries: [Option<Entry>; 2],
}

struct Entry {
    text: [u8; HANDLE_CHARS],
    handle: Handle,
    /// What it was bound to when it was verified; zero where it is free.
    values: BoundValues,
}

impl Entry {
    fn is(&self, text: &[u8; HANDLE_CHARS], video: &VideoId, visitor: &Visitor<'_>) -> bool {
        self.text == *text
            && self.handle.video == *video
            && (self.handle.bound.is_free() || self.handle.bound.values(visitor) == Some(self.values))
    }
}

impl Seen {
    pub(super) fn new() -> Self {
        Self((0..PLACES).map(|_| Place::default()).collect())
    }

    /// The handle as it was verified before, or as `read` verifies it now.
    pub(super) fn recall(
        &self,
        text: &[u8; HANDLE_CHARS],
        video: &VideoId,
        visitor: &Visitor<'_>,
        read: impl FnOnce() -> Result<Handle, Denial>,
    ) -> Result<Handle, Denial> {
        // The tail of a verified handle is a MAC: as evenly spread as any hash, and not for a stranger to choose.
        let tail = text.last_chunk().copied().map_or(0, u64::from_le_bytes);
        let place = usize::try_from(spread(tail) % PLACES).unwrap_or(0);
        let mut pair = self.0[place].0.lock().unwrap_or_else(PoisonError::into_inner);
        let alike = pair.tails.iter().zip(&pair.entries).filter(|(known, _)| **known == tail);
        if let Some(entry) = alike.filter_map(|(_, entry)| entry.as_ref()).find(|entry| entry.is(text, video, visitor))
        {
            return Ok(entry.handle);
        }
        let handle = read()?;
        let values = handle.bound.values(visitor).unwrap_or_default();
        let newer = 1 - pair.newer;
        pair.newer = newer;
        pair.tails[newer] = tail;
        pair.entries[newer] = Some(Entry { text: *text, handle, values });
        Ok(handle)
    }
}

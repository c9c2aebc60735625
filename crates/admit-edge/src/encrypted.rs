//! Segments that are encrypted on their way out, and the keys to them.

use std::{
    convert::Infallible,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use admit_domain::{
    encryption::Encryption,
    gate::Permit,
    id::SessionId,
    limits::{ENCRYPTED_SEGMENT_BYTES_MAX, KEY_COUNTS_MAX, KEYS_PER_MINUTE_MAX},
    object_key::ObjectKey,
    time::Timestamp,
    verdict::Denial,
};
use bytes::Bytes;
use quick_cache::sync::Cache;

use crate::catalog::Catalog;

/// The segment whole, encrypted. The same for every viewer, so whoever keeps answers may keep this one.
pub(crate) async fn encrypted(
    catalog: &Catalog,
    permit: &Permit,
    (key, range): (&ObjectKey, Range<u64>),
    (encryption, segment): (&Encryption, u32),
) -> Result<Bytes, Denial> {
    let bytes = range.end - range.start;
    if bytes > ENCRYPTED_SEGMENT_BYTES_MAX {
        tracing::error!(?key, segment, bytes, "a segment is too large to be encrypted");
        return Err(Denial::CannotKnow);
    }
    let plain = catalog.read(permit, key, Some(range)).await?;
    encryption.encrypt(segment, plain).map(Bytes::from).ok_or(Denial::CannotKnow)
}

/// A key is small and opens a film: who fetches nothing but keys is slowed down. Counted by session and minute.
pub(crate) struct KeyCounts(Cache<SessionId, Arc<Mutex<(i64, u32)>>>);

impl KeyCounts {
    pub(crate) fn new() -> Self {
        Self(Cache::new(KEY_COUNTS_MAX))
    }

    /// Counts one more key. A signed address has no session, and is not counted.
    pub(crate) fn count(&self, permit: &Permit, now: Timestamp) -> Result<(), Denial> {
        const SECONDS_PER_MINUTE: i64 = 60;
        let Some(session) = permit.session() else { return Ok(()) };
        let minute = now.as_secs() / SECONDS_PER_MINUTE;
        let fresh = || Ok::<_, Infallible>(Arc::new(Mutex::new((minute, 0))));
        let Ok(counted) = self.0.get_or_insert_with(&session, fresh);
        let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != minute {
            *counted = (minute, 0);
        }
        counted.1 += 1;
        if counted.1 > KEYS_PER_MINUTE_MAX { Err(Denial::Overloaded) } else { Ok(()) }
    }
}

//! The bytes of an object, a bounded piece at a time, wherever they come from.

use std::{fs::File, ops::Range, os::unix::fs::FileExt, sync::Arc};

use admit_domain::{
    limits::{BODY_SLICE_BYTES, OBJECT_SLICE_BYTES},
    object_key::ObjectKey,
};
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStore, path::Path as StorePath};
use tokio::task::JoinSet;

use crate::{
    cache::Cache,
    error::ObjectError,
    slice::{Slice, SliceKey},
};

/// The bytes of an object, a bounded slice at a time.
pub struct Slices {
    object_bytes: u64,
    piece_bytes_max: usize,
    from: From,
}

enum From {
    File { file: Arc<File>, rest: Range<u64> },
    Stream(BoxStream<'static, object_store::Result<Bytes>>),
    Memory(Bytes),
    Cache(Kept),
}

impl Slices {
    pub(crate) async fn open(
        store: &Arc<dyn ObjectStore>,
        path: &StorePath,
        range: Option<Range<u64>>,
    ) -> Result<Self, ObjectError> {
        let options = GetOptions { range: range.clone().map(GetRange::Bounded), ..GetOptions::default() };
        let got = store.get_opts(path, options).await?;
        if range.is_some_and(|wanted| wanted != got.range) {
            return Err(ObjectError::OutOfRange);
        }
        let object_bytes = got.meta.size;
        let from = match got.payload {
            GetResultPayload::File(file, _) => From::File { file: Arc::new(file), rest: got.range },
            GetResultPayload::Stream(stream) => From::Stream(stream),
        };
        Ok(Self::new(object_bytes, from))
    }

    pub(crate) fn of_whole_file(file: File) -> Result<Self, ObjectError> {
        let object_bytes = file.metadata()?.len();
        Ok(Self::new(object_bytes, From::File { file: Arc::new(file), rest: 0..object_bytes }))
    }

    /// A small thing that is in memory already.
    pub fn of_bytes(bytes: Bytes) -> Self {
        Self::new(bytes.len() as u64, From::Memory(bytes))
    }

    pub(crate) async fn kept(
        cache: Arc<Cache>,
        key: ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<Self, ObjectError> {
        let start = range.as_ref().map_or(0, |range| range.start);
        let first = SliceKey::of(key, start);
        let slice = cache.get(first).await?;
        let object_bytes = slice.object_bytes;
        let rest = range.unwrap_or(0..object_bytes);
        if rest.start > rest.end || rest.end > object_bytes {
            return Err(ObjectError::OutOfRange);
        }
        let kept = Kept { cache, rest, at: first, slice: Some(slice), ahead: JoinSet::new() };
        Ok(Self::new(object_bytes, From::Cache(kept)))
    }

    const fn new(object_bytes: u64, from: From) -> Self {
        Self { object_bytes, piece_bytes_max: BODY_SLICE_BYTES, from }
    }

    /// The same bytes in smaller pieces, where many readers of one peer may each hold one.
    #[must_use]
    pub fn in_slices_of(self, piece_bytes_max: usize) -> Self {
        Self { piece_bytes_max, ..self }
    }

    /// Size of the whole object, whatever range was opened.
    pub const fn object_bytes(&self) -> u64 {
        self.object_bytes
    }

    /// The next slice; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ObjectError> {
        match &mut self.from {
            From::Stream(stream) => Ok(stream.next().await.transpose()?),
            From::Memory(rest) if rest.is_empty() => Ok(None),
            From::Memory(rest) => Ok(Some(rest.split_to(rest.len().min(self.piece_bytes_max)))),
            From::Cache(kept) => kept.next(self.piece_bytes_max).await,
            From::File { rest, .. } if rest.is_empty() => Ok(None),
            From::File { file, rest } => {
                let wanted = usize::try_from(rest.end - rest.start).unwrap_or(usize::MAX).min(self.piece_bytes_max);
                let (file, at) = (file.clone(), rest.start);
                rest.start += wanted as u64;
                let read = tokio::task::spawn_blocking(move || {
                    let mut slice = vec![0; wanted];
                    file.read_exact_at(&mut slice, at).map(|()| Bytes::from(slice))
                });
                let slice = read.await.map_err(ObjectError::unavailable)??;
                Ok(Some(slice))
            }
        }
    }
}

/// A range that is read through the cache.
struct Kept {
    cache: Arc<Cache>,
    rest: Range<u64>,
    at: SliceKey,
    /// The slice at `at`, as long as it is read from: no more than one is held by a body that nobody reads.
    slice: Option<Slice>,
    /// Fetches the slice after it, and goes when the body goes.
    ahead: JoinSet<()>,
}

impl Kept {
    async fn next(&mut self, piece_bytes_max: usize) -> Result<Option<Bytes>, ObjectError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let at = SliceKey { no: self.rest.start / OBJECT_SLICE_BYTES, ..self.at };
        let slice = match self.slice.take() {
            Some(slice) if at == self.at => slice,
            _ => self.cache.get(at).await?,
        };
        if at != self.at || self.ahead.is_empty() {
            self.look_ahead(at);
        }
        self.at = at;
        let within = self.rest.start - at.start();
        let wanted = (self.rest.end - self.rest.start).min(piece_bytes_max as u64);
        let piece = slice.piece(within..within + wanted);
        if piece.is_empty() {
            return Err(ObjectError::unavailable("the origin gave less than the object has"));
        }
        self.rest.start += piece.len() as u64;
        if piece_bytes_max < BODY_SLICE_BYTES {
            // Whoever asks for less means to hold less, and a piece of a slice holds the slice.
            return Ok(Some(Bytes::copy_from_slice(&piece)));
        }
        self.slice = Some(slice);
        Ok(Some(piece))
    }

    /// A body that goes on beyond this slice will want the next one.
    fn look_ahead(&mut self, at: SliceKey) {
        let next = at.next();
        if next.start() >= self.rest.end || self.cache.holds(&next) {
            return;
        }
        let cache = self.cache.clone();
        while self.ahead.try_join_next().is_some() {}
        // Whatever goes wrong is told when the slice is wanted.
        self.ahead.spawn(async move { drop(cache.fetch(next).await) });
    }
}

//! The edge's only way to bytes: a permit opens, and only what the permit covers.

use std::{fs::File, ops::Range, os::unix::fs::FileExt, sync::Arc};

use admit_domain::{gate::Permit, limits::BODY_SLICE_BYTES, object_key::ObjectKey};
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStore, path::Path as StorePath};

use crate::{error::ObjectError, path::path_of};

/// Reads what a permit covers.
#[derive(Clone)]
pub struct Reader {
    store: Arc<dyn ObjectStore>,
}

impl Reader {
    pub(crate) fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self { store }
    }

    /// Opens `range` of an object, or all of it.
    pub async fn open(
        &self,
        permit: &Permit,
        key: &ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<Slices, ObjectError> {
        if !permit.covers(key) {
            return Err(ObjectError::NotPermitted);
        }
        Slices::open(&self.store, &path_of(key), range).await
    }
}

/// The bytes of an object, a bounded slice at a time.
pub struct Slices {
    object_bytes: u64,
    from: From,
}

enum From {
    File { file: Arc<File>, rest: Range<u64> },
    Stream(BoxStream<'static, object_store::Result<Bytes>>),
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
        Ok(Self { object_bytes, from })
    }

    pub(crate) fn of_whole_file(file: File) -> Result<Self, ObjectError> {
        let object_bytes = file.metadata()?.len();
        Ok(Self { object_bytes, from: From::File { file: Arc::new(file), rest: 0..object_bytes } })
    }

    /// Size of the whole object, whatever range was opened.
    pub const fn object_bytes(&self) -> u64 {
        self.object_bytes
    }

    /// The next slice; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ObjectError> {
        match &mut self.from {
            From::Stream(stream) => Ok(stream.next().await.transpose()?),
            From::File { rest, .. } if rest.is_empty() => Ok(None),
            From::File { file, rest } => {
                let wanted = usize::try_from(rest.end - rest.start).unwrap_or(usize::MAX).min(BODY_SLICE_BYTES);
                let (file, at) = (file.clone(), rest.start);
                rest.start += wanted as u64;
                let read = tokio::task::spawn_blocking(move || {
                    let mut slice = vec![0; wanted];
                    file.read_exact_at(&mut slice, at).map(|()| Bytes::from(slice))
                });
                let slice = read.await.map_err(|join| ObjectError::Unavailable(Box::new(join)))??;
                Ok(Some(slice))
            }
        }
    }
}

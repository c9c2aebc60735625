//! Where an edge's slices come from: the store of this machine, or whatever else can give a range of an object.

use std::{fs::File, future::Future, ops::Range, pin::Pin, sync::Arc};

use admit_domain::object_key::ObjectKey;
use bytes::Bytes;
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStore, ObjectStoreExt as _};

use crate::{error::ObjectError, path::path_of};

/// A part of an object.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Size of the whole object.
    pub object_bytes: u64,
    /// What of the range there is: all of it, but for what lies beyond the end of the object.
    pub bytes: Bytes,
}

/// A fetch under way.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Fetched, ObjectError>> + Send + 'a>>;

/// A file that is being opened.
pub type Opening<'a> = Pin<Box<dyn Future<Output = Result<Option<File>, ObjectError>> + Send + 'a>>;

/// Where objects lie. It asks nobody for a permit, so only a [`Reader`](crate::Reader) holds one.
pub trait Origin: Send + Sync + 'static {
    /// The bytes of a range that is not empty. Objects never change, so two fetches of one object fit each other.
    fn fetch(&self, key: ObjectKey, range: Range<u64>) -> Fetching<'_>;

    /// The object as a file, where it lies as one on this machine.
    fn file(&self, _: ObjectKey) -> Opening<'_> {
        Box::pin(async { Ok(None) })
    }
}

/// The store itself.
pub(crate) struct Stored(Arc<dyn ObjectStore>);

impl Stored {
    pub(crate) fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self(store)
    }
}

impl Origin for Stored {
    fn fetch(&self, key: ObjectKey, range: Range<u64>) -> Fetching<'_> {
        Box::pin(async move {
            let path = path_of(&key);
            let options = GetOptions { range: Some(GetRange::Bounded(range.clone())), ..GetOptions::default() };
            match self.0.get_opts(&path, options).await {
                Ok(got) => Ok(Fetched { object_bytes: got.meta.size, bytes: got.bytes().await? }),
                // A range that begins at or beyond the end is an error of the store, and an answer of ours.
                Err(object_store::Error::Generic { .. }) => {
                    let object_bytes = self.0.head(&path).await?.size;
                    if range.start < object_bytes {
                        return Err(ObjectError::unavailable("the store did not give a range that is there"));
                    }
                    Ok(Fetched { object_bytes, bytes: Bytes::new() })
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    fn file(&self, key: ObjectKey) -> Opening<'_> {
        Box::pin(async move {
            match self.0.get(&path_of(&key)).await?.payload {
                GetResultPayload::File(file, _) => Ok(Some(file)),
                GetResultPayload::Stream(_) => Ok(None),
            }
        })
    }
}

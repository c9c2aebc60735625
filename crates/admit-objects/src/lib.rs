//! Bytes at rest: put, get, list and delete by [`ObjectKey`]; what was acknowledged is on the disk.
//!
//! The control plane and the worker hold [`Objects`]. An edge holds a [`Reader`], which opens for a permit
//! and for nothing else. What it has read it keeps, in slices of one size, in memory and perhaps on disk; where it reads
//! from is an [`Origin`].

mod cache;
mod error;
mod origin;
mod path;
mod read;
mod slice;
mod slices;
mod write;

use std::{fs::File, io::ErrorKind, ops::Range, path::Path, sync::Arc};

use admit_domain::{
    id::VideoId,
    object_key::{ObjectKey, ObjectPrefix},
};
use bytes::Bytes;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt, local::LocalFileSystem};

use crate::path::path_of;
pub use crate::{
    cache::{Counts, DiskSettings, Keep},
    error::ObjectError,
    origin::{Fetched, Fetching, Opening, Origin},
    read::Reader,
    slices::Slices,
    write::{Incoming, Stored},
};

/// The store of one installation.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    root: Arc<Path>,
}

impl Objects {
    /// A store in a folder of this machine, which is made if it is missing.
    pub fn on_disk(root: &Path) -> Result<Self, ObjectError> {
        std::fs::create_dir_all(root).map_err(ObjectError::unavailable)?;
        let store = LocalFileSystem::new_with_prefix(root)?.with_fsync(true).with_automatic_cleanup(false);
        Ok(Self { store: Arc::new(store), root: root.into() })
    }

    /// What an edge of the same process gets.
    pub fn reader(&self, keep: Keep) -> Reader {
        Reader::new(Arc::new(origin::Stored::new(self.store.clone())), keep)
    }

    /// Begins to store `key`. Nothing is visible until [`Incoming::finish`].
    pub async fn begin(&self, key: &ObjectKey) -> Result<Incoming, ObjectError> {
        Incoming::begin(&self.store, &path_of(key)).await
    }

    pub async fn put(&self, key: &ObjectKey, bytes: Bytes) -> Result<(), ObjectError> {
        self.store.put(&path_of(key), bytes.into()).await?;
        Ok(())
    }

    /// Stores a file made in a scratch folder.
    pub async fn put_file(&self, key: &ObjectKey, file: &Path) -> Result<Stored, ObjectError> {
        let mut incoming = self.begin(key).await?;
        let mut slices = Slices::of_whole_file(open(file)?)?;
        while let Some(slice) = slices.next().await? {
            incoming.write(slice).await?;
        }
        incoming.finish().await
    }

    /// Stores the contents of `parts`, one after another, as `key`.
    pub async fn join(&self, parts: &[ObjectKey], key: &ObjectKey) -> Result<Stored, ObjectError> {
        let mut incoming = self.begin(key).await?;
        for part in parts {
            let mut slices = Slices::open(&self.store, &path_of(part), None).await?;
            while let Some(slice) = slices.next().await? {
                incoming.write(slice).await?;
            }
        }
        incoming.finish().await
    }

    /// Stores what `from` holds as `to` as well, without moving its bytes; `false` when there is no `from`.
    pub async fn copy(&self, from: &ObjectKey, to: &ObjectKey) -> Result<bool, ObjectError> {
        match self.store.copy(&path_of(from), &path_of(to)).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Stores what `from` holds as `to`, and no longer as `from`.
    pub async fn rename(&self, from: &ObjectKey, to: &ObjectKey) -> Result<(), ObjectError> {
        Ok(self.store.rename(&path_of(from), &path_of(to)).await?)
    }

    /// A stored object as an open file, for a program that must seek in it.
    pub async fn file(&self, key: &ObjectKey) -> Result<File, ObjectError> {
        match self.store.get(&path_of(key)).await?.payload {
            GetResultPayload::File(file, _) => Ok(file),
            GetResultPayload::Stream(_) => Err(ObjectError::NotAFile),
        }
    }

    /// An object, a slice at a time.
    pub async fn open(&self, key: &ObjectKey) -> Result<Slices, ObjectError> {
        Slices::open(&self.store, &path_of(key), None).await
    }

    /// A range of an object, or all of it, a slice at a time.
    pub async fn open_range(&self, key: &ObjectKey, range: Option<Range<u64>>) -> Result<Slices, ObjectError> {
        Slices::open(&self.store, &path_of(key), range).await
    }

    /// How many bytes an object has; `None` when it is not there.
    pub async fn size(&self, key: &ObjectKey) -> Result<Option<u64>, ObjectError> {
        match self.store.head(&path_of(key)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The whole of a small object.
    pub async fn get(&self, key: &ObjectKey) -> Result<Bytes, ObjectError> {
        Ok(self.store.get(&path_of(key)).await?.bytes().await?)
    }

    pub async fn exists(&self, key: &ObjectKey) -> Result<bool, ObjectError> {
        match self.store.head(&path_of(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes one object; that it is already gone is no error.
    pub async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectError> {
        match self.store.delete(&path_of(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The videos for which something of an unfinished upload lies here.
    pub async fn unfinished(&self) -> Result<Vec<VideoId>, ObjectError> {
        let found = self.store.list_with_delimiter(Some(&ObjectPrefix::UPLOADS.into())).await?;
        Ok(found.common_prefixes.iter().filter_map(|folder| ObjectPrefix::upload_of(folder.as_ref())).collect())
    }

    /// Deletes everything under `prefix`, half-written things of a crash included.
    pub async fn delete_all(&self, prefix: ObjectPrefix) -> Result<(), ObjectError> {
        let folder = self.root.join(prefix.path());
        let removed = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(folder)).await;
        match removed.map_err(std::io::Error::other)? {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn open(file: &Path) -> Result<File, ObjectError> {
    File::open(file).map_err(ObjectError::unavailable)
}

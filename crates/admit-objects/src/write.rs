//! An object on its way in: streamed, hashed, and visible only when it is whole and on the disk.

use std::sync::Arc;

use admit_domain::secret::hex;
use bytes::{Bytes, BytesMut};
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, path::Path as StorePath};
use sha2::{Digest, Sha256};

use crate::error::ObjectError;

/// Bytes handed to the store at once. S3 takes no smaller part than this, but for the last.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// An object being written. Dropping it leaves nothing behind that a reader could see;
/// [`Incoming::abort`] also frees the space at once.
pub struct Incoming {
    upload: Box<dyn MultipartUpload>,
    pending: BytesMut,
    hash: Sha256,
    bytes: u64,
}

impl Incoming {
    pub(crate) async fn begin(store: &Arc<dyn ObjectStore>, path: &StorePath) -> Result<Self, ObjectError> {
        let upload = store.put_multipart(path).await?;
        Ok(Self { upload, pending: BytesMut::new(), hash: Sha256::new(), bytes: 0 })
    }

    /// Bytes written so far.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    pub async fn write(&mut self, slice: Bytes) -> Result<(), ObjectError> {
        self.hash.update(&slice);
        self.bytes += slice.len() as u64;
        self.pending.extend_from_slice(&slice);
        if self.pending.len() >= PART_BYTES {
            let part = self.pending.split().freeze();
            self.upload.put_part(part.into()).await?;
        }
        Ok(())
    }

    pub async fn finish(mut self) -> Result<Stored, ObjectError> {
        let last = self.pending.split().freeze();
        if !last.is_empty() || self.bytes == 0 {
            self.upload.put_part(last.into()).await?;
        }
        self.upload.complete().await?;
        Ok(Stored { bytes: self.bytes, sha256: hex(&self.hash.finalize()) })
    }

    pub async fn abort(mut self) -> Result<(), ObjectError> {
        Ok(self.upload.abort().await?)
    }
}

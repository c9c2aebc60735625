//! One job on the table: its lease, its scratch folder, and the objects to take back if it comes to nothing.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Mutex,
};

use admit_db::DbError;
use admit_domain::{
    job::Lease,
    object_key::{Edition, ObjectKey},
    source::Unsupported,
};
use admit_media::MediaError;
use admit_objects::ObjectError;
use bytes::Bytes;

use crate::{outbound::CallError, worker::Worker};

/// Why a job did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    #[error("the lease is lost")]
    Lost,
    #[error("the worker was told to stop")]
    Stopped,
    #[error("the source cannot be used: {0}")]
    Unsupported(Unsupported),
    #[error("{0}")]
    Media(#[source] MediaError),
    #[error("the database: {0}")]
    Db(#[from] DbError),
    #[error("the object store: {0}")]
    Objects(#[from] ObjectError),
    #[error("the scratch folder: {0}")]
    Scratch(#[from] std::io::Error),
    #[error("{0}")]
    Missing(&'static str),
    #[error("the source cannot be fetched: {0}")]
    Call(#[from] CallError),
    #[error("no random numbers: {0}")]
    Chance(String),
}

impl JobError {
    /// Trying again gives the same answer.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::Unsupported(_) | Self::Missing(_) => true,
            Self::Media(error) => error.is_final(),
            Self::Call(error) => error.is_final(),
            _ => false,
        }
    }

    /// The whole chain of causes, for the operator.
    pub(crate) fn report(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

impl From<Unsupported> for JobError {
    fn from(reason: Unsupported) -> Self {
        Self::Unsupported(reason)
    }
}

impl From<MediaError> for JobError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Unsupported(reason) => Self::Unsupported(reason),
            other => Self::Media(other),
        }
    }
}

pub(crate) struct Context<'a> {
    pub(crate) worker: &'a Worker,
    pub(crate) lease: Lease,
    /// A folder of this job's own.
    pub(crate) scratch: PathBuf,
    /// Stored by this job and not yet committed to.
    stored: Mutex<Vec<ObjectKey>>,
}

impl<'a> Context<'a> {
    pub(crate) fn begin(worker: &'a Worker, lease: Lease) -> Result<Self, JobError> {
        let scratch = worker.scratch.join(format!("{}-{}", lease.id, lease.epoch));
        std::fs::create_dir_all(&scratch)?;
        Ok(Self { worker, lease, scratch, stored: Mutex::default() })
    }

    /// A number no other making of the same thing has.
    pub(crate) fn edition(&self) -> Result<Edition, JobError> {
        let chance = (self.worker.chance)().map_err(JobError::Chance)?;
        let bytes = chance.first_chunk().copied().unwrap_or_default();
        Ok(Edition(i64::from_be_bytes(bytes) & i64::MAX))
    }

    pub(crate) async fn store_file(&self, key: ObjectKey, file: &Path) -> Result<(), JobError> {
        self.note(key);
        self.worker.objects.put_file(&key, file).await?;
        Ok(())
    }

    pub(crate) async fn store(&self, key: ObjectKey, bytes: Vec<u8>) -> Result<(), JobError> {
        self.note(key);
        Ok(self.worker.objects.put(&key, Bytes::from(bytes)).await?)
    }

    fn note(&self, key: ObjectKey) {
        self.stored.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(key);
    }

    /// What was stored is committed to: nothing that happens to this job from now on takes it back.
    pub(crate) fn commit(&self) {
        self.stored.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }

    /// Frees the scratch folder, and, when the job came to nothing, what it had stored.
    pub(crate) async fn clean_up(self, keep: bool) {
        if let Err(error) = empty_folder(&self.scratch).and_then(|()| std::fs::remove_dir(&self.scratch)) {
            tracing::warn!(%error, "free a scratch folder");
        }
        let stored = self.stored.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        for key in stored.iter().filter(|_| !keep) {
            if let Err(error) = self.worker.objects.delete(key).await {
                tracing::warn!(%error, ?key, "take back an object");
            }
        }
    }
}

/// Leaves a folder that exists and is empty.
pub(crate) fn empty_folder(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::create_dir_all(folder)
}

//! What can go wrong between us and the bytes.

use std::{error::Error, sync::Arc};

/// A failure of the store. It can be cloned, since all who wait for one fetch are told of it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ObjectError {
    #[error("there is no such object")]
    NotFound,
    #[error("the permit does not cover this object")]
    NotPermitted,
    #[error("the range lies outside the object")]
    OutOfRange,
    #[error("this store does not keep objects as files")]
    NotAFile,
    #[error("the store cannot be reached")]
    Unavailable(#[source] Arc<dyn Error + Send + Sync>),
}

impl ObjectError {
    /// Whatever keeps us from the bytes for now.
    pub fn unavailable(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(Arc::from(error.into()))
    }
}

impl From<object_store::Error> for ObjectError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            other => Self::unavailable(other),
        }
    }
}

impl From<std::io::Error> for ObjectError {
    fn from(error: std::io::Error) -> Self {
        Self::unavailable(error)
    }
}

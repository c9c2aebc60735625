//! What the stories share.

pub(crate) mod door;
pub(crate) mod frames;
pub(crate) mod front;
pub(crate) mod gallery;
pub(crate) mod program;
pub(crate) mod raw;
pub(crate) mod stub;

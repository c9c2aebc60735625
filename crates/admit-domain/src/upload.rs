//! How a source arrives in pieces: which piece a request brings, and whether it fits those that came before.

mod fault;
mod progress;
mod range;

pub use self::{
    fault::RangeFault,
    progress::{PieceBounds, Progress, StoredPart, Total},
    range::UploadRange,
};

//! The rules of the house: values in, verdict out. No clock, no chance, no I/O, no async, nothing serialisable.

pub mod asset;
pub mod dialects;
pub mod edit;
pub mod gate;
pub mod handle;
pub mod id;
pub mod image;
pub mod job;
pub mod key;
pub mod ladder;
pub mod limits;
pub mod object_key;
pub mod outbound;
pub mod placement;
pub mod playlist;
pub mod presentation;
pub mod revocation;
pub mod secret;
pub mod session;
pub mod source;
pub mod time;
pub mod timecode;
pub mod upload;
pub mod verdict;
pub mod video;
pub mod watermark;

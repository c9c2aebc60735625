//! How api.video spells things: its field names, its dates, its odd query arrays. Nothing outside may.

pub mod auth;
pub mod captions;
pub mod chapters;
pub mod list;
pub mod live_streams;
pub mod live_wire;
pub mod multipart;
pub mod page;
pub mod players;
pub mod source;
pub mod status;
mod texts;
pub mod thumbnail;
pub mod videos;
pub mod watermarks;
pub mod wire;

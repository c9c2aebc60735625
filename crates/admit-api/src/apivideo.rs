//! How api.video spells things: its field names, its dates, its odd query arrays. Nothing outside may.

pub mod auth;
pub mod captions;
pub mod chapters;
pub mod discarded;
pub mod edits;
pub mod list;
pub mod live_streams;
pub mod live_wire;
pub mod multipart;
pub mod page;
pub mod players;
pub mod source;
pub mod status;
pub mod tags;
mod texts;
pub mod thumbnail;
pub mod upload_tokens;
pub mod videos;
pub mod watermarks;
pub mod webhooks;
pub mod wire;

//! How api.video spells things: its field names, its dates, its odd query arrays. Nothing outside may.

pub mod auth;
pub mod edits;
pub mod list;
pub mod multipart;
pub mod page;
pub mod source;
pub mod status;
pub mod thumbnail;
pub mod videos;
pub mod watermarks;
pub mod webhooks;
pub mod wire;

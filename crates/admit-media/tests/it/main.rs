//! The room through its door: real programs, in the real jail, on clips made for the occasion.

#![expect(clippy::unwrap_used, reason = "what cannot be set up has failed the test")]

mod bombs;
mod edits;
mod films;
mod hostile;
mod jail;
mod linked;
mod pictures;
mod playlists;
mod support;

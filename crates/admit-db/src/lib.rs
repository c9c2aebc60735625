//! SQL, and nothing else: one statement per function, by noun, one text for both databases.
//!
//! Rows become domain types and back; nothing is decided here. Every statement about a tenant's data names the
//! project; the few that cannot say why at their function.

mod db;
mod dialect;
mod error;
mod letters;
mod page;
mod postgres;
mod redemptions;
mod row;
mod sqlite;
mod statement;
mod transaction;

pub mod access_cuts;
pub mod access_tokens;
pub mod api_keys;
pub mod audit;
pub mod copies;
pub mod deliveries;
pub mod desk;
pub mod edge_tokens;
pub mod edges;
pub mod edits;
pub mod embed_tokens;
pub mod imports;
pub mod jobs;
pub mod live_streams;
pub mod players;
pub mod projects;
pub mod publishable_keys;
pub mod renditions;
pub mod revocations;
pub mod seats;
pub mod sessions;
pub mod signing_keys;
pub mod source_facts;
pub mod timed_texts;
pub mod token_uploads;
pub mod upload_tokens;
pub mod uploads;
pub mod videos;
pub mod watermarks;
pub mod webhooks;

pub use db::{Db, Tx};
pub use error::{DbError, Result};
pub use page::{Page, Paging};
pub use transaction::is_to_be_repeated;

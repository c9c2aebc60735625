//! Our own part of the API: what api.video has no word for.

pub(crate) mod access_rules;
pub(crate) mod api_keys;
pub(crate) mod deliveries;
pub(crate) mod edges;
pub(crate) mod embed_tokens;
pub(crate) mod encryption;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod links;
pub(crate) mod playback;
pub(crate) mod publishable_keys;
pub(crate) mod replay;
pub(crate) mod revocations;
pub(crate) mod rules;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod signed_urls;
pub(crate) mod signing_keys;

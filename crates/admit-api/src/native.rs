//! Our own part of the API: what api.video has no word for.

pub(crate) mod deliveries;
pub(crate) mod sessions;

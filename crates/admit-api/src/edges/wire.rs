//! How control plane and edges spell what they tell each other. docs/edges.md has an example of each.

pub(super) mod credentials;
pub(super) mod own;
pub(super) mod refusal;
pub(super) mod refused;
pub(super) mod video;

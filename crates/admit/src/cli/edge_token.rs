//! `admit edge-token`: works on the installation's own database, as `admit api-key` does.

use serde_json::json;

use super::{failure::Failure, output::Output};
use crate::{
    config::{self, Flags},
    edge_tokens,
};

pub(super) async fn create(flags: Flags, output: &Output) -> Result<(), Failure> {
    let token = edge_tokens::create(&config::load(flags)?).await?;
    Ok(output.tell(&json!({ "joinToken": token }), || vec![token.clone()])?)
}

//! `admit api-key`: works on the installation's own database, so whoever can read it needs no key to make one.

use admit_domain::scope::Scope;
use serde_json::json;

use super::{failure::Failure, output::Output};
use crate::{
    config::{self, Flags},
    keys,
};

pub(super) async fn create(flags: Flags, name: &str, scopes: &[Scope], output: &Output) -> Result<(), Failure> {
    let key = keys::create(&config::load(flags)?, name, scopes).await?;
    Ok(output.tell(&json!({ "key": key, "name": name }), || vec![key.clone()])?)
}

pub(super) async fn list(flags: Flags, output: &Output) -> Result<(), Failure> {
    let lines = keys::list(&config::load(flags)?).await?;
    let document: Vec<_> = lines.iter().map(|line| json!({ "id": line.id, "name": line.name })).collect();
    Ok(output.tell(&json!(document), || lines.iter().map(|line| format!("{}  {}", line.id, line.name)).collect())?)
}

pub(super) async fn revoke(flags: Flags, id: &str, output: &Output) -> Result<(), Failure> {
    keys::revoke(&config::load(flags)?, id).await?;
    Ok(output.tell(&json!({ "revoked": id }), || vec![format!("revoked {id}")])?)
}

//! Tokens that edges join with, made from the command line.

use admit_api::secrets;
use admit_db::{Db, audit, edge_tokens, transaction};
use admit_domain::secret::Fingerprint;
use anyhow::{Context as _, Result};

use crate::{clock::Clock, config::Config, install, random, wire};

/// Makes a token and answers its text, which is shown once.
pub async fn create(config: &Config) -> Result<String> {
    let keys = install::keys(&config.storage.data)?;
    let db = Db::open(&wire::database_url(config)).await.context("open the database")?;
    let now = Clock::default().now();
    let project = wire::project(&db, now).await?;
    let text = secrets::join(&config.access.secret_prefix.0, random::fill()?);
    let fingerprint = Fingerprint::of(&keys.pepper, &text);
    let event = audit::Event {
        happened_at: now,
        actor: "command line".to_owned(),
        action: "edge-token.created".to_owned(),
        subject: project.to_string(),
        detail: String::new(),
    };
    transaction!(db, |tx| {
        edge_tokens::insert(tx, &project, &fingerprint, now).await?;
        audit::insert(tx, &project, &event).await
    })?;
    db.close().await;
    Ok(text)
}

//! API keys, made and revoked from the command line.

use admit_db::{Db, api_keys, audit, transaction};
use admit_domain::{
    id::{ApiKeyId, ProjectId},
    scope::Scope,
    secret::{Fingerprint, hex},
    time::Timestamp,
};
use anyhow::{Context as _, Result, bail};

use crate::{clock::Clock, config::Config, install, random, wire};

/// By which secret scanners, and an operator's eye, know one of ours.
const PREFIX: &str = "adm_live_";

/// One key as the operator may see it: never the key itself.
#[derive(Clone, Debug)]
pub struct KeyLine {
    pub id: String,
    pub name: String,
}

/// Makes a key and answers its text, which is shown once.
pub async fn create(config: &Config, name: &str, scopes: &[Scope]) -> Result<String> {
    let keys = install::keys(&config.storage.data)?;
    let (db, project) = open(config).await?;
    let now = Clock::default().now();
    let text = format!("{PREFIX}{}", hex(&random::fill::<32>()?));
    let (id, fingerprint) = (ApiKeyId::from_random(random::fill()?), Fingerprint::of(&keys.pepper, &text));
    let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
    let scopes = scopes.join(" ");
    transaction!(db, |tx| {
        api_keys::insert(tx, &project, &id, (name, &scopes), &fingerprint, now).await?;
        audit::insert(tx, &project, &event(now, "api-key.created", &id, name)).await
    })?;
    db.close().await;
    Ok(text)
}

pub async fn list(config: &Config) -> Result<Vec<KeyLine>> {
    let (db, project) = open(config).await?;
    let keys = api_keys::list(&db, &project).await?;
    db.close().await;
    Ok(keys.into_iter().map(|key| KeyLine { id: key.id.to_string(), name: key.name }).collect())
}

pub async fn revoke(config: &Config, id: &str) -> Result<()> {
    let id: ApiKeyId = id.parse().context("read the key's id")?;
    let (db, project) = open(config).await?;
    let now = Clock::default().now();
    let found = transaction!(db, |tx| {
        let found = api_keys::revoke(tx, &project, &id, now).await?;
        if found {
            audit::insert(tx, &project, &event(now, "api-key.revoked", &id, "")).await?;
        }
        Ok(found)
    })?;
    db.close().await;
    if found { Ok(()) } else { bail!("there is no such key") }
}

fn event(now: Timestamp, action: &str, key: &ApiKeyId, detail: &str) -> audit::Event {
    audit::Event {
        happened_at: now,
        actor: "command line".to_owned(),
        action: action.to_owned(),
        subject: key.to_string(),
        detail: detail.to_owned(),
    }
}

async fn open(config: &Config) -> Result<(Db, ProjectId)> {
    let db = Db::open(&wire::database_url(config)).await.context("open the database")?;
    let project = wire::project(&db, Clock::default().now()).await?;
    Ok((db, project))
}

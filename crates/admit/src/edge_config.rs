//! Validators for other servers, of what an installation knows: its delivery keys, and its log of what was taken back.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use admit_db::{Db, revocations};
use admit_domain::{
    revocation::Revoked,
    validators::{Front, Knowledge, Page},
};
use anyhow::{Context as _, Result};

use crate::{clock::Clock, config::Config, install, wire};

/// Entries of the log read at once.
const ENTRIES_PER_READ: u32 = 1_000;

/// Writes a validator as of now. `folder` is where the front will find its files.
pub async fn pages(config: &Config, front: Front, folder: &str) -> Result<Vec<Page>> {
    let keys = install::existing_keys(&config.storage.data)?;
    let db = Db::open(&wire::database_url(config)).await.context("open the database")?;
    let revoked = revoked(&db).await.context("read the revocation log")?;
    db.close().await;
    let now = Clock::default().now();
    front
        .write(&Knowledge { keys: &keys.delivery, revoked: &revoked, now, folder })
        .with_context(|| format!("write a validator for {}", front.as_str()))
}

async fn revoked(db: &Db) -> Result<Revoked> {
    let mut revoked = Revoked::default();
    loop {
        let entries = revocations::since(db, revoked.seq, ENTRIES_PER_READ).await?;
        if entries.is_empty() {
            return Ok(revoked);
        }
        for entry in entries {
            revoked.apply(entry);
        }
    }
}

/// Puts the pages into `folder`, each whole or not at all: a front may read it at any moment. They are their owner's
/// alone, for they hold keys.
pub fn put(pages: &[Page], folder: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("make the folder {}", folder.display()))?;
    for page in pages {
        let path = folder.join(page.name);
        put_one(&path, &page.text).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(())
}

fn put_one(path: &Path, text: &str) -> Result<()> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    // What an interrupted run left there may have been made with other permissions.
    if fs::exists(&aside)? {
        fs::remove_file(&aside)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(fs::rename(&aside, path)?)
}

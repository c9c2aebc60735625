//! The signing keys of a project as the ground knows them: unsealed, and read.

use admit_db::signing_keys::{self, Record};
use admit_domain::{
    dialects::Dialect,
    id::{ProjectId, VideoId},
    limits::SIGNING_KEYS_MAX,
    material::{KeySecret, Material},
    public_key,
    secret::SealKey,
    signing_key::SigningKey,
};

use crate::{app::App, error::ApiError};

/// Those that may sign now.
pub(crate) async fn active(app: &App, project: &ProjectId) -> Result<Vec<SigningKey>, ApiError> {
    let records = signing_keys::active(&app.db, project, SIGNING_KEYS_MAX).await?;
    Ok(read_all(app, &records))
}

/// Those that may sign for a video now, and whether its project takes what they sign; `None` where there is no such video.
pub(crate) async fn of_video(app: &App, video: &VideoId) -> Result<Option<(bool, Vec<SigningKey>)>, ApiError> {
    let signers = signing_keys::of_video(&app.db, video, SIGNING_KEYS_MAX).await?;
    Ok(signers.map(|signers| (signers.token_access, read_all(app, &signers.keys))))
}

/// A key that cannot be read signs nothing, and the operator is told.
fn read_all(app: &App, records: &[Record]) -> Vec<SigningKey> {
    let read = |record: &Record| {
        let key = read(&app.keys.seal, record);
        if key.is_none() {
            tracing::error!(key = %record.id, "a signing key cannot be read");
        }
        key
    };
    records.iter().filter_map(read).collect()
}

/// `None` when the record was sealed by another installation, or written by a newer release.
pub(crate) fn read(seal: &SealKey, record: &Record) -> Option<SigningKey> {
    let dialect = Dialect::parse(&record.dialect).ok()?;
    let material = match (&record.secret, &record.public_keys) {
        (Some(sealed), _) => Material::Secret(KeySecret::new(seal.open(record.id.as_str(), sealed)?.into_bytes())),
        (None, Some(set)) => Material::Public(public_key::read_keys(set).ok()?),
        // The keys are at an address that has not answered yet.
        (None, None) => Material::Public(Vec::new()),
    };
    Some(SigningKey { id: record.id, dialect, material })
}

/// What the key signs with, by its name in JOSE; empty while its public keys are not known.
pub(crate) fn algorithm(key: &SigningKey) -> String {
    match &key.material {
        Material::Secret(_) => "HS256".to_owned(),
        Material::Public(keys) => keys.first().and_then(|key| key.algorithm().name()).unwrap_or_default().to_owned(),
    }
}

//! The signing keys of a project as the ground knows them: unsealed, and read.

use admit_db::signing_keys::{self, Record};
use admit_domain::{
    dialects::Dialect,
    id::ProjectId,
    limits::SIGNING_KEYS_MAX,
    material::{KeySecret, Material},
    public_key,
    secret::SealKey,
    signing_key::SigningKey,
};

use crate::{app::App, error::ApiError};

/// Those that may sign now. A key that cannot be read signs nothing, and the operator is told.
pub(crate) async fn active(app: &App, project: &ProjectId) -> Result<Vec<SigningKey>, ApiError> {
    let records = signing_keys::active(&app.db, project, SIGNING_KEYS_MAX).await?;
    let read = |record: &Record| {
        let key = read(&app.keys.seal, record);
        if key.is_none() {
            tracing::error!(key = %record.id, "a signing key cannot be read");
        }
        key
    };
    Ok(records.iter().filter_map(read).collect())
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

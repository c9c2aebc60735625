//! Forgets a picture to burn into films; the films that have it keep it.

use admit_db::{transaction, watermarks};
use admit_domain::{id::WatermarkId, object_key::ObjectKey};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn delete_watermark(app: &App, caller: Caller, id: WatermarkId) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = watermarks::delete(tx, &caller.project, &id).await?;
        if found {
            audit::note(tx, &caller, "watermark.deleted", id).await?;
        }
        Ok(found)
    })?;
    if !found {
        return Err(ApiError::not_found("watermarkId"));
    }
    Ok(app.objects.delete(&ObjectKey::Watermark { watermark: id }).await?)
}

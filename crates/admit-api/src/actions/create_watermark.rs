//! Keeps a picture to burn into films.

use admit_db::{transaction, watermarks};
use admit_domain::{id::WatermarkId, object_key::ObjectKey, watermark::Watermark};
use bytes::Bytes;

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn create_watermark(app: &App, caller: Caller, image: Bytes) -> Result<Watermark, ApiError> {
    let id = WatermarkId::from_random(app.chance()?);
    let watermark = Watermark { id, project: caller.project, created_at: caller.now };
    let key = ObjectKey::Watermark { watermark: id };
    app.objects.put(&key, image).await?;
    let stored = transaction!(app.db, |tx| {
        watermarks::insert(tx, &watermark).await?;
        audit::note(tx, &caller, "watermark.created", id).await
    });
    if let Err(error) = stored {
        app.objects.delete(&key).await?;
        return Err(error.into());
    }
    Ok(watermark)
}

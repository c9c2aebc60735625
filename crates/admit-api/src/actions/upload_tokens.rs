//! Makes and ends upload tokens.

use std::time::Duration;

use admit_db::{
    transaction,
    upload_tokens::{self, UploadToken},
};
use admit_domain::{upload_token::UploadTokenId, video::Visibility};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// Zero seconds never end.
pub async fn create_upload_token(
    app: &App,
    caller: Caller,
    ttl_seconds: u32,
    visibility: Option<Visibility>,
) -> Result<UploadToken, ApiError> {
    let expires_at = (ttl_seconds > 0).then(|| caller.now.plus(Duration::from_secs(ttl_seconds.into())));
    let token = UploadToken {
        id: UploadTokenId::from_random(app.chance()?),
        project: caller.project,
        ttl_seconds,
        created_at: caller.now,
        expires_at,
        visibility,
    };
    transaction!(app.db, |tx| {
        upload_tokens::insert(tx, &token).await?;
        audit::note(tx, &caller, "upload-token.created", token.id).await
    })?;
    Ok(token)
}

/// `false` when there is none.
pub async fn delete_upload_token(app: &App, caller: Caller, id: UploadTokenId) -> Result<bool, ApiError> {
    Ok(transaction!(app.db, |tx| {
        let found = upload_tokens::delete(tx, &caller.project, &id).await?;
        if found {
            audit::note(tx, &caller, "upload-token.deleted", id).await?;
        }
        Ok(found)
    })?)
}

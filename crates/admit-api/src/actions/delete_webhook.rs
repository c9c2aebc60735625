//! Stops telling an address of events, those that wait included.

use admit_db::{transaction, webhooks};
use admit_domain::id::WebhookId;

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn delete_webhook(app: &App, caller: Caller, id: WebhookId) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = webhooks::delete(tx, &caller.project, &id).await?;
        if found {
            audit::note(tx, &caller, "webhook.deleted", id).await?;
        }
        Ok(found)
    })?;
    if found { Ok(()) } else { Err(ApiError::not_found("webhookId")) }
}

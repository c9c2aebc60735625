//! Has events told to an address.

use admit_db::{transaction, webhooks};
use admit_domain::{
    id::WebhookId,
    outbound::Target,
    webhook::{EventKind, Webhook},
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn create_webhook(
    app: &App,
    caller: Caller,
    target: &Target,
    events: Vec<EventKind>,
) -> Result<Webhook, ApiError> {
    let webhook = Webhook {
        id: WebhookId::from_random(app.chance()?),
        project: caller.project,
        created_at: caller.now,
        url: target.as_str().to_owned(),
        events,
    };
    let has_room = transaction!(app.db, |tx| {
        let has_room = webhooks::insert(tx, &webhook).await?;
        if has_room {
            audit::note(tx, &caller, "webhook.created", webhook.id).await?;
        }
        Ok(has_room)
    })?;
    if has_room { Ok(webhook) } else { Err(ApiError::webhook_limit_reached()) }
}

//! Deletes a player theme; what had it looks as the house does from then on.

use admit_db::{players, transaction};
use admit_domain::id::PlayerId;

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn delete_player(app: &App, caller: Caller, id: PlayerId) -> Result<(), ApiError> {
    let deleted = transaction!(app.db, |tx| {
        let held = players::hold(tx, &caller.project, &id).await?;
        if players::delete(tx, &caller.project, &id).await? {
            audit::note(tx, &caller, "player.deleted", id).await?;
        }
        Ok(held)
    })?;
    let player = deleted.ok_or_else(|| ApiError::not_found("playerId"))?;
    if let Some(logo) = player.logo {
        app.objects.delete(&logo.key(id)).await?;
    }
    Ok(())
}

//! Changes a player theme; pages that are loaded from then on look so.

use admit_db::{players, transaction};
use admit_domain::{id::PlayerId, player::Theme};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn update_player(app: &App, caller: Caller, id: PlayerId, theme: &Theme) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = players::update_theme(tx, &caller.project, &id, theme, caller.now).await?;
        if found {
            audit::note(tx, &caller, "player.updated", id).await?;
        }
        Ok(found)
    })?;
    if found { Ok(()) } else { Err(ApiError::not_found("playerId")) }
}

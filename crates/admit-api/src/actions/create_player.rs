//! Makes a player theme.

use admit_db::{players, transaction};
use admit_domain::{
    id::PlayerId,
    player::{Player, Theme},
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn create_player(app: &App, caller: Caller, theme: Theme) -> Result<Player, ApiError> {
    let player = Player {
        id: PlayerId::from_random(app.chance()?),
        project: caller.project,
        theme,
        logo: None,
        created_at: caller.now,
        updated_at: caller.now,
    };
    transaction!(app.db, |tx| {
        players::insert(tx, &player).await?;
        audit::note(tx, &caller, "player.created", player.id).await
    })?;
    Ok(player)
}

//! Puts a picture in the corner of a player theme, or takes it away.

use admit_db::{players, transaction};
use admit_domain::{
    id::PlayerId,
    player::{Logo, Player},
};
use bytes::Bytes;

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// A picture, and where a click on it leads.
pub struct NewLogo {
    pub image: Bytes,
    pub link: Option<String>,
}

pub async fn set_logo(app: &App, caller: Caller, id: PlayerId, new: Option<NewLogo>) -> Result<Player, ApiError> {
    let edition = app.edition()?;
    let logo = match new {
        Some(NewLogo { image, link }) => {
            let logo = Logo { edition, link };
            app.objects.put(&logo.key(id), image).await?;
            Some(logo)
        }
        None => None,
    };
    let changed = transaction!(app.db, |tx| {
        let Some(held) = players::hold(tx, &caller.project, &id).await? else { return Ok(None) };
        players::set_logo(tx, &caller.project, &id, logo.as_ref(), caller.now).await?;
        audit::note(tx, &caller, "player.logo", id).await?;
        Ok(Some(held))
    });
    // What nobody will ask for any more: the picture before, or, when there is no such theme, the new one.
    let (obsolete, outcome) = match changed {
        Ok(Some(held)) => {
            let new = Player { logo, updated_at: caller.now, ..held.clone() };
            (held.logo, Ok(new))
        }
        Ok(None) => (logo, Err(ApiError::not_found("playerId"))),
        Err(error) => (logo, Err(error.into())),
    };
    if let Some(obsolete) = obsolete {
        app.objects.delete(&obsolete.key(id)).await?;
    }
    outcome
}

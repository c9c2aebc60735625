//! Changes what a customer decided for the whole project.

use admit_db::{
    projects::{self, Settings},
    revocations, transaction,
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn change_settings(app: &App, caller: Caller, settings: Settings) -> Result<(), ApiError> {
    transaction!(app.db, |tx| {
        projects::set_settings(tx, &caller.project, &settings).await?;
        revocations::all_changed(tx, &caller.project, caller.now).await?;
        audit::note(tx, &caller, "settings.changed", caller.project).await
    })?;
    Ok(app.feed.catch_up().await?)
}

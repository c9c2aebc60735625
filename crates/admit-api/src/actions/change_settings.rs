//! Changes what a customer decided for the whole project.

use admit_db::{
    projects::{self, Settings},
    transaction,
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn change_settings(app: &App, caller: Caller, settings: Settings) -> Result<(), ApiError> {
    transaction!(app.db, |tx| {
        projects::set_settings(tx, &caller.project, &settings).await?;
        audit::note(tx, &caller, "settings.changed", caller.project).await
    })?;
    (app.signals.all_changed)();
    Ok(())
}

//! Changes what is demanded of viewers; the next request of each is judged by it.

use admit_db::{
    projects, revocations, transaction,
    videos::{self, OwnRules},
};
use admit_domain::id::VideoId;

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn change_project_rules(app: &App, caller: Caller, rules: &str) -> Result<(), ApiError> {
    transaction!(app.db, |tx| {
        projects::set_rules(tx, &caller.project, rules).await?;
        revocations::all_changed(tx, &caller.project, caller.now).await?;
        audit::note(tx, &caller, "access-rules.changed", caller.project).await
    })?;
    Ok(app.feed.catch_up().await?)
}

pub async fn change_video_rules(app: &App, caller: Caller, video: VideoId, own: &OwnRules) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = videos::set_rules(tx, &caller.project, &video, own).await?;
        if found {
            revocations::changed(tx, &caller.project, video, caller.now).await?;
            audit::note(tx, &caller, "access-rules.changed", video).await?;
        }
        Ok(found)
    })?;
    if !found {
        return Err(ApiError::not_found("videoId"));
    }
    Ok(app.feed.catch_up().await?)
}

//! Changes what the customer says about a live stream.

use admit_db::{live_streams, transaction};
use admit_domain::{id::LiveStreamId, live_stream::LiveDescription};

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn update_live_stream(
    app: &App,
    caller: Caller,
    id: LiveStreamId,
    about: &LiveDescription,
) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = live_streams::update_about(tx, &caller.project, &id, about, caller.now).await?;
        if found {
            audit::note(tx, &caller, "live-stream.updated", id).await?;
        }
        Ok(found)
    })?;
    if found { Ok(()) } else { Err(ApiError::not_found("liveStreamId")) }
}

//! Ends a session: its next media request is refused.

use admit_db::{revocations, sessions, transaction};
use admit_domain::id::SessionId;

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn end_session(app: &App, caller: Caller, id: SessionId) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let Some(ended) = sessions::end(tx, &caller.project, &id, caller.now).await? else { return Ok(false) };
        revocations::append(tx, &caller.project, &ended, "session ended", caller.now).await?;
        audit::note(tx, &caller, "session.ended", id).await?;
        Ok(true)
    })?;
    app.feed.catch_up().await?;
    if found { Ok(()) } else { Err(ApiError::not_found("sessionId")) }
}

//! Makes the record of a live stream.

use admit_db::{live_streams, transaction};
use admit_domain::{
    id::LiveStreamId,
    live_stream::{LiveDescription, LiveStream, stream_key},
    secret::Fingerprint,
};

use crate::{app::App, audit, caller::Caller, error::ApiError};

/// `id` is new; what is sealed in the description is sealed for it.
pub async fn create_live_stream(
    app: &App,
    caller: Caller,
    id: LiveStreamId,
    about: LiveDescription,
) -> Result<LiveStream, ApiError> {
    let live = LiveStream {
        id,
        project: caller.project,
        about,
        thumbnail: None,
        created_at: caller.now,
        updated_at: caller.now,
    };
    let known_by = Fingerprint::of(&app.keys.pepper, &stream_key(&app.keys, &id));
    transaction!(app.db, |tx| {
        live_streams::insert(tx, &live, &known_by).await?;
        audit::note(tx, &caller, "live-stream.created", id).await
    })?;
    Ok(live)
}

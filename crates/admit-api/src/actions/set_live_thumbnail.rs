//! Puts a picture in front of a live stream, or takes it away.

use admit_db::{live_streams, transaction};
use admit_domain::{id::LiveStreamId, live_stream::LiveStream};
use bytes::Bytes;

use crate::{app::App, audit, caller::Caller, error::ApiError};

pub async fn set_live_thumbnail(
    app: &App,
    caller: Caller,
    id: LiveStreamId,
    image: Option<Bytes>,
) -> Result<LiveStream, ApiError> {
    let edition = app.edition()?;
    let thumbnail = image.as_ref().map(|_| edition);
    if let Some(image) = image {
        app.objects.put(&LiveStream::thumbnail_key(id, edition), image).await?;
    }
    let changed = transaction!(app.db, |tx| {
        let Some(held) = live_streams::hold(tx, &caller.project, &id).await? else { return Ok(None) };
        live_streams::set_thumbnail(tx, &caller.project, &id, thumbnail, caller.now).await?;
        audit::note(tx, &caller, "live-stream.thumbnail", id).await?;
        Ok(Some(held))
    });
    // What nobody will ask for any more: the picture before, or, when there is no such live stream, the new one.
    let (obsolete, outcome) = match changed {
        Ok(Some(held)) => (held.thumbnail, Ok(LiveStream { thumbnail, updated_at: caller.now, ..held })),
        Ok(None) => (thumbnail, Err(ApiError::not_found("liveStreamId"))),
        Err(error) => (thumbnail, Err(error.into())),
    };
    if let Some(obsolete) = obsolete {
        app.objects.delete(&LiveStream::thumbnail_key(id, obsolete)).await?;
    }
    outcome
}

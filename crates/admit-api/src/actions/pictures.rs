//! Pictures that everybody may see and that are no part of a video.

use admit_db::{DbError, live_streams, players};
use admit_domain::{
    id::{LiveStreamId, PlayerId},
    live_stream::LiveStream,
    object_key::ObjectKey,
    verdict::Denial,
    video::Visibility,
};
use admit_objects::Slices;

use crate::app::App;

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Of a player theme.
    Logo(PlayerId),
    /// In front of a live stream.
    LiveThumbnail(LiveStreamId),
}

/// The picture's bytes; refused when there is none, or not everybody may see it.
pub async fn open(app: &App, picture: Picture) -> Result<Slices, Denial> {
    let key = key(app, picture).await.map_err(|error| cannot_know(&error))??;
    app.objects.open(&key).await.map_err(|error| cannot_know(&error))
}

async fn key(app: &App, picture: Picture) -> Result<Result<ObjectKey, Denial>, DbError> {
    let db = &app.db;
    let found = match picture {
        Picture::Logo(player) => players::logo(db, &player).await?.map(|edition| ObjectKey::Logo { player, edition }),
        Picture::LiveThumbnail(live) => match live_streams::thumbnail(db, &live).await? {
            Some((Visibility::Private, _)) => return Ok(Err(Denial::NoHandle)),
            Some((Visibility::Public, thumbnail)) => thumbnail.map(|edition| LiveStream::thumbnail_key(live, edition)),
            None => None,
        },
    };
    Ok(found.ok_or(Denial::NotFound))
}

fn cannot_know(error: &dyn std::error::Error) -> Denial {
    tracing::error!(%error, "open a picture");
    Denial::CannotKnow
}

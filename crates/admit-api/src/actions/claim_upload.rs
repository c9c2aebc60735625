//! Finds out whose a piece is that came by upload token: the client says it, or it follows from what came before.
//!
//! Published clients send a large file in parts and forget to name, from the second part on, the video that the first
//! one made. A part that names none therefore joins the one unfinished upload of the same sender that lacks it.

use std::time::Duration;

use admit_db::token_uploads::{self, Sender};
use admit_domain::{
    id::VideoId,
    limits::TITLE_CHARS_MAX,
    upload::UploadRange,
    video::{Description, Video},
};

use super::receive_source::Owner;
use crate::{app::App, caller::Uploader, error::ApiError};

/// An upload that nobody went on with for this long is not gone on with by a guess.
const RECOGNISED_FOR: Duration = Duration::from_hours(24);

pub async fn claim_upload(
    app: &App,
    uploader: Uploader,
    named: Option<VideoId>,
    range: Option<UploadRange>,
    sender: Sender,
) -> Result<Owner, ApiError> {
    if let Some(video) = named {
        return Ok(Owner::Video(video));
    }
    let Some(UploadRange::Part { part: 2.., total }) = range else { return begin(app, uploader, sender).await };
    let place = range.map_or(0, UploadRange::place);
    let (project, since) = (&uploader.caller.project, uploader.caller.now.minus(RECOGNISED_FOR));
    let known = token_uploads::lacking(&app.db, project, &sender, (place, total), since).await?;
    match known[..] {
        [] => begin(app, uploader, sender).await,
        [video] => Ok(Owner::Video(video)),
        // Two films must never be mixed into one: where there is a choice, the client has to make it.
        _ => Err(ApiError::attribute_required("videoId")),
    }
}

/// A video named after its file.
async fn begin(app: &App, uploader: Uploader, sender: Sender) -> Result<Owner, ApiError> {
    let Uploader { caller, visibility, .. } = uploader;
    let title = sender.file_name.chars().filter(|c| *c != '\0').take(TITLE_CHARS_MAX).collect();
    let visibility = match visibility {
        Some(preset) => preset,
        None => app.default_visibility(&caller.project).await?,
    };
    let about = Description { title, ..Description::unsaid(visibility) };
    let video = Video::empty(VideoId::from_random(app.chance()?), caller.project, about, caller.now);
    Ok(Owner::New(Box::new(video), sender))
}

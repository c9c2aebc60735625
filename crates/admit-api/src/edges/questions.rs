//! What an edge asks about videos and credentials.

use admit_domain::{id::VideoId, verdict::Denial};
use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;

use super::{
    caller::EdgeCaller,
    wire::{
        credentials::{EnteredBody, PresentedBody, RedeemBody, SeatBody, SeatedBody, VouchBody},
        refusal::Refusal,
        video::{PublishedBody, ScreenBody},
    },
};
use crate::{
    actions::{
        pictures::{self, Picture},
        present, published, redeem as redeeming, take_seat,
    },
    app::App,
    check::{self, JsonObject},
    error::ApiError,
};

type Answer<T> = Result<T, Refusal>;

/// The facts about a video.
pub(super) async fn video(
    _: EdgeCaller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Answer<Json<PublishedBody>> {
    let facts = published::published(&app, video_id(&id)?).await.map_err(cannot_know)?.ok_or(Denial::NotFound)?;
    Ok(Json(PublishedBody::of(&facts).map_err(cannot_know)?))
}

/// What the embed page shows a video with.
pub(super) async fn screen(_: EdgeCaller, State(app): State<App>, Path(id): Path<String>) -> Answer<Json<ScreenBody>> {
    let screen =
        admit_db::players::screen(&app.db, &video_id(&id)?).await.map_err(|error| cannot_know(error.into()))?;
    Ok(Json(screen.ok_or(Denial::NotFound)?.into()))
}

/// A picture that everybody may see.
pub(super) async fn picture(
    _: EdgeCaller,
    State(app): State<App>,
    Path((kind, id)): Path<(String, String)>,
) -> Answer<Response> {
    let picture = match kind.as_str() {
        "logo" => id.parse().ok().map(Picture::Logo),
        "live" => id.parse().ok().map(Picture::LiveThumbnail),
        _ => None,
    };
    let slices = pictures::open(&app, picture.ok_or(Denial::NotFound)?).await?;
    let length = slices.object_bytes();
    let body = stream::unfold(slices, async |mut slices| Some((slices.next().await.transpose()?, slices)));
    Ok(([(header::CONTENT_LENGTH, length)], Body::from_stream(body)).into_response())
}

/// Is this private token one of ours?
pub(super) async fn vouch(
    edge: EdgeCaller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Answer<StatusCode> {
    let VouchBody { video_id, token } = check::json(&body)?;
    let token = token.parse().ok_or(Denial::UnknownCredential)?;
    redeeming::vouch(&app, self::video_id(&video_id)?, &token, edge.now)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Spends a private token. Whose project it is, the edge does not decide.
pub(super) async fn redeem(
    edge: EdgeCaller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Answer<Json<EnteredBody>> {
    let body: RedeemBody = check::json(&body)?;
    let video = video_id(&body.video_id)?;
    let facts = published::published(&app, video).await.map_err(cannot_know)?.ok_or(Denial::NotFound)?;
    let entry = body.read(video, facts.project)?;
    Ok(Json(redeeming::redeem(&app, entry, edge.now).await?.into()))
}

/// Judges what is shown, and begins its session or finds it begun.
pub(super) async fn present(
    edge: EdgeCaller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Answer<Json<EnteredBody>> {
    let body: PresentedBody = check::json(&body)?;
    let presented = body.read()?;
    let entered = present::present(&app, &presented, edge.now).await.map_err(|fault| fault.denial)?;
    Ok(Json(entered.into()))
}

/// Lends a session a seat.
pub(super) async fn seat(
    edge: EdgeCaller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Answer<Json<SeatedBody>> {
    let body: SeatBody = check::json(&body)?;
    let held = take_seat::take_seat(&app, body.read()?, edge.now).await?;
    Ok(Json(SeatedBody { held_ms: u64::try_from(held.as_millis()).unwrap_or(u64::MAX) }))
}

fn video_id(text: &str) -> Result<VideoId, Denial> {
    text.parse().map_err(|_| Denial::NotFound)
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
fn cannot_know(error: ApiError) -> Denial {
    tracing::error!(?error, "answer an edge");
    Denial::CannotKnow
}

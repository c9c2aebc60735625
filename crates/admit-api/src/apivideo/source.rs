//! `/videos/{videoId}/source` and `/upload`: the customer's bytes.

use std::net::SocketAddr;

use admit_db::token_uploads::Sender;
use admit_domain::upload::{RangeFault, UploadRange};
use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    multipart::{Take, receive},
    videos::{read, read_id},
    wire::VideoBody,
};
use crate::{
    actions::{
        claim_upload::claim_upload,
        receive_source::{Owner, Received, Receiving},
    },
    app::App,
    caller::{Caller, Uploader},
    error::{ApiError, Problem},
};

/// Characters of a user agent that tell two senders apart.
const AGENT_CHARS_MAX: usize = 256;

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form in the OpenAPI document")]
pub struct FileForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A form with one file, and, from the second piece on, the video it belongs to.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a form in the OpenAPI document")]
pub struct TokenUploadForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    video_id: Option<String>,
}

/// The answer to a piece that is not the last.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PartBody {
    video_id: String,
}

/// Upload a source, whole or in pieces.
#[utoipa::path(post, path = "/videos/{videoId}/source", tag = "Videos",
    params(("videoId" = String, Path), ("Content-Range" = Option<String>, Header,
        description = "`part N/T` (or `part N/*` while the total is unknown), or `bytes first-last/total`")),
    request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, body = VideoBody), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn upload(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, ApiError> {
    let id = read_id(&id)?;
    let range = upload_range(&headers)?;
    let mut receiving = Receiving::begin(&app, caller, id, range).await?;
    receive(form, &mut receiving).await?;
    finish(&app, caller, receiving, Owner::Video(id)).await
}

/// Upload with an upload token, which stands in for an API key. The first piece makes the video.
#[utoipa::path(post, path = "/upload", tag = "Videos", security(()),
    params(("token" = String, Query, description = "An upload token"), ("Content-Range" = Option<String>, Header,
        description = "`part N/T` (or `part N/*` while the total is unknown), or `bytes first-last/total`")),
    request_body(content = TokenUploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = VideoBody), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn upload_by_token(
    uploader: Uploader,
    State(app): State<App>,
    Extension(peer): Extension<SocketAddr>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, ApiError> {
    let range = upload_range(&headers)?;
    let mut receiving = Receiving::begin_unclaimed(&app, range).await?;
    let said = receive(form, &mut receiving).await?;
    let named = said.field("videoId").map(read_id).transpose()?;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let agent: String = agent.chars().take(AGENT_CHARS_MAX).collect();
    let sender = Sender { token: uploader.token, file_name: said.file_name, client: format!("{} {agent}", peer.ip()) };
    let owner = claim_upload(&app, uploader, named, range, sender).await?;
    finish(&app, uploader.caller, receiving, owner).await
}

async fn finish(app: &App, caller: Caller, receiving: Receiving, owner: Owner) -> Result<Response, ApiError> {
    match receiving.finish(app, caller, owner).await? {
        (id, Received::Part) => Ok((StatusCode::CREATED, Json(PartBody { video_id: id.to_string() })).into_response()),
        (id, Received::Whole) => {
            let video = read(app, caller, id).await?;
            Ok((StatusCode::CREATED, Json(VideoBody::of(app, video, caller)?)).into_response())
        }
    }
}

impl Take for Receiving {
    async fn take(&mut self, slice: Bytes) -> Result<(), ApiError> {
        self.write(slice).await
    }
}

fn upload_range(headers: &HeaderMap) -> Result<Option<UploadRange>, ApiError> {
    let mut values = headers.get_all(header::CONTENT_RANGE).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => Ok(Some(UploadRange::parse(value.to_str().map_err(|_| RangeFault::Malformed)?)?)),
        _ => Err(RangeFault::Malformed.into()),
    }
}

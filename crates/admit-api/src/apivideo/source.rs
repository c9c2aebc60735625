//! `/videos/{videoId}/source`: the customer's bytes.

use admit_domain::upload::{PartFault, PartRange};
use axum::{
    Json,
    body::Bytes,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    http::{HeaderMap, StatusCode},
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
    actions::receive_source::{Received, Receiving},
    app::App,
    caller::Caller,
    error::{ApiError, Problem},
};

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form in the OpenAPI document")]
pub struct FileForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The answer to a part that is not the last.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PartBody {
    video_id: String,
}

/// Upload a source, whole or in parts.
#[utoipa::path(post, path = "/videos/{videoId}/source", tag = "Videos",
    params(("videoId" = String, Path), ("Content-Range" = Option<String>, Header, description = "`part N/T`, or `part N/*` while the total is unknown")),
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
    let range = part_range(&headers)?;
    let mut receiving = Receiving::begin(&app, caller, id, range).await?;
    receive(form, &mut receiving).await?;
    match receiving.finish(&app).await? {
        Received::Part => Ok((StatusCode::CREATED, Json(PartBody { video_id: id.to_string() })).into_response()),
        Received::Whole => {
            let video = read(&app, caller, id).await?;
            Ok((StatusCode::CREATED, Json(VideoBody::of(&app, video, caller.now)?)).into_response())
        }
    }
}

impl Take for Receiving {
    async fn take(&mut self, slice: Bytes) -> Result<(), ApiError> {
        self.write(slice).await
    }
}

fn part_range(headers: &HeaderMap) -> Result<Option<PartRange>, ApiError> {
    let mut values = headers.get_all("content-range").iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => Ok(Some(PartRange::parse(value.to_str().map_err(|_| PartFault::Malformed)?)?)),
        _ => Err(PartFault::Malformed.into()),
    }
}

//! `/upload-tokens`: make, list, show, delete.

use admit_db::{
    Paging,
    upload_tokens::{self, SortBy, UploadToken},
    videos::Order,
};
use admit_domain::{upload_token::UploadTokenId, video::Visibility};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    list::{pairs, sort_among},
    page::{List, Page},
    wire::atom,
};
use crate::{
    actions::upload_tokens::{create_upload_token, delete_upload_token},
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

/// The longest life a client can ask for, in seconds: what its typed integers can hold.
const TTL_SECONDS_MAX: i64 = 2_147_483_647;

#[derive(Deserialize, ToSchema)]
pub struct NewTokenBody {
    /// Seconds; zero never ends.
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    ttl: Option<i64>,
    /// Whether videos made with this token are public; without it the project decides.
    public: Option<bool>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenBody {
    token: String,
    ttl: u32,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

impl TokenBody {
    fn of(app: &App, token: &UploadToken) -> Self {
        Self {
            token: token.id.text(&app.keys.upload_tokens),
            ttl: token.ttl_seconds,
            created_at: atom(token.created_at),
            expires_at: token.expires_at.map(atom),
        }
    }
}

/// Make an upload token: whoever has it may send sources, and nothing else.
#[utoipa::path(post, path = "/upload-tokens", tag = "Upload tokens", request_body = NewTokenBody, responses(
    (status = 200, body = TokenBody), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<Json<TokenBody>, ApiError> {
    let body: NewTokenBody = check::json(&body)?;
    let ttl_seconds = u32::try_from(body.ttl.unwrap_or(0)).ok().filter(|ttl| i64::from(*ttl) <= TTL_SECONDS_MAX);
    let ttl_seconds = ttl_seconds.ok_or_else(|| {
        ApiError::invalid_attribute("ttl", format!("This value must be between 0 and {TTL_SECONDS_MAX}."))
    })?;
    let token = create_upload_token(&app, caller, ttl_seconds, body.public.map(Visibility::from_public)).await?;
    Ok(Json(TokenBody::of(&app, &token)))
}

/// List the upload tokens that still count.
#[utoipa::path(get, path = "/upload-tokens", tag = "Upload tokens", params(
    ("sortBy" = Option<String>, Query, description = "`createdAt` or `ttl`"),
    ("sortOrder" = Option<String>, Query, description = "`asc` or `desc`"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<TokenBody>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<TokenBody>>, ApiError> {
    let pairs = pairs(query.as_deref());
    let page = Page::of(&pairs)?;
    let columns = [("createdAt", SortBy::CreatedAt), ("ttl", SortBy::Ttl)];
    let sort = sort_among(&pairs, &columns, Order::Descending)?;
    let paging = Paging { page: page.number, size: page.size };
    let found = upload_tokens::list(&app.db, &caller.project, sort, paging, caller.now).await?;
    let bodies = found.items.iter().map(|token| TokenBody::of(&app, token)).collect();
    Ok(Json(page.wrap("/upload-tokens", bodies, found.total)))
}

/// Show an upload token.
#[utoipa::path(get, path = "/upload-tokens/{uploadToken}", tag = "Upload tokens", params(("uploadToken" = String, Path)),
    responses((status = 200, body = TokenBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    caller: Caller,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Json<TokenBody>, ApiError> {
    let found = upload_tokens::find(&app.db, &read_token(&app, &text)?, caller.now).await?;
    let token = found.filter(|token| token.project == caller.project).ok_or_else(not_found)?;
    Ok(Json(TokenBody::of(&app, &token)))
}

/// Delete an upload token: from now on nothing can be sent with it.
#[utoipa::path(delete, path = "/upload-tokens/{uploadToken}", tag = "Upload tokens", params(("uploadToken" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(caller: Caller, State(app): State<App>, Path(text): Path<String>) -> Result<StatusCode, ApiError> {
    let id = read_token(&app, &text)?;
    if delete_upload_token(&app, caller, id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(not_found()) }
}

fn read_token(app: &App, text: &str) -> Result<UploadTokenId, ApiError> {
    UploadTokenId::of_text(text, &app.keys.upload_tokens).ok_or_else(not_found)
}

fn not_found() -> ApiError {
    ApiError::not_found("uploadToken")
}

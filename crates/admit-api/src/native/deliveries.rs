//! `/webhooks/{webhookId}/deliveries`: what a webhook was told, and what it answered.

use admit_db::{
    Paging,
    deliveries::{self, Record},
};
use admit_domain::{outbound::UNREACHABLE, webhook::DeliveryState};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    apivideo::{
        list::pairs,
        page::{List, Page},
        webhooks::{read, read_id},
        wire::atom,
    },
    app::App,
    caller::Caller,
    error::{ApiError, Problem},
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryBody {
    /// Sent as `webhook-id`, and the same for every attempt.
    pub(crate) event_id: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// `waiting`, `delivering`, `delivered` or `failed`.
    pub(crate) state: &'static str,
    pub(crate) attempts: u32,
    /// What the receiver last answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status_code: Option<u16>,
    /// It did not answer. Why is told to the operator of this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<&'static str>,
    pub(crate) created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_attempt_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finished_at: Option<String>,
}

impl From<Record> for DeliveryBody {
    fn from(record: Record) -> Self {
        let was_tried = record.attempts > 0 && record.state != DeliveryState::Delivering;
        Self {
            event_id: record.event.to_string(),
            kind: record.kind.as_str(),
            state: record.state.as_str(),
            attempts: record.attempts,
            status_code: record.status,
            error: (was_tried && record.status.is_none()).then_some(UNREACHABLE),
            created_at: atom(record.created_at),
            next_attempt_at: record.next_at.map(atom),
            finished_at: record.finished_at.map(atom),
        }
    }
}

/// List what a webhook was told, newest first.
#[utoipa::path(get, path = "/webhooks/{webhookId}/deliveries", tag = "Webhooks", params(("webhookId" = String, Path),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<DeliveryBody>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 404, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<DeliveryBody>>, ApiError> {
    let webhook = read(&app, caller, read_id(&id)?).await?;
    let page = Page::of(&pairs(query.as_deref()))?;
    let paging = Paging { page: page.number, size: page.size };
    let found = deliveries::list(&app.db, &caller.project, &webhook.id, paging).await?;
    let path = format!("/webhooks/{}/deliveries", webhook.id);
    Ok(Json(page.wrap(&path, found.items.into_iter().map(DeliveryBody::from).collect(), found.total)))
}

//! `/webhooks`: addresses that are told of events.

use admit_db::{Paging, webhooks};
use admit_domain::{
    id::WebhookId,
    outbound::UNREACHABLE,
    webhook::{EventKind, SignatureSecret, Webhook},
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    list::pairs,
    page::{List, Page},
    wire::atom,
};
use crate::{
    actions::{create_webhook::create_webhook, delete_webhook::delete_webhook},
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewWebhookBody {
    /// Names of events; those of live streams and generated texts are accepted, and never happen here.
    pub events: Option<Vec<String>>,
    /// The `http` or `https` address that events are posted to.
    pub url: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookBody {
    pub webhook_id: String,
    pub created_at: String,
    pub events: Vec<&'static str>,
    pub url: String,
    /// The key of the signatures in `X-Api-Video-Signature` and `webhook-signature`.
    pub signature_secret: String,
}

impl WebhookBody {
    fn of(app: &App, webhook: Webhook) -> Self {
        let secret = SignatureSecret::of(&app.keys.webhooks, &webhook.id);
        Self {
            webhook_id: webhook.id.to_string(),
            created_at: atom(webhook.created_at),
            events: webhook.events.into_iter().map(EventKind::as_str).collect(),
            url: webhook.url,
            signature_secret: secret.expose().to_owned(),
        }
    }
}

/// Create a webhook.
#[utoipa::path(post, path = "/webhooks", tag = "Webhooks", request_body = NewWebhookBody, responses(
    (status = 201, body = WebhookBody), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<WebhookBody>), ApiError> {
    let body: NewWebhookBody = check::json(&body)?;
    let (events, url) = match (body.events, body.url) {
        (Some(events), Some(url)) => (events, url),
        (events, url) => {
            let missing = [("events", events.is_none()), ("url", url.is_none())].into_iter();
            let faults = missing.filter(|(_, missing)| *missing).map(|(name, _)| ApiError::attribute_required(name));
            return Err(ApiError::all(faults.collect()).unwrap_or_else(|| ApiError::attribute_required("events")));
        }
    };
    let events = read_events(&events)?;
    let target = app.outbound.target(&url).map_err(|refused| {
        tracing::info!(%refused, "refuse a webhook");
        ApiError::invalid_attribute("url", UNREACHABLE)
    })?;
    let webhook = create_webhook(&app, caller, &target, events).await?;
    Ok((StatusCode::CREATED, Json(WebhookBody::of(&app, webhook))))
}

/// Each name once, in the order given.
fn read_events(names: &[String]) -> Result<Vec<EventKind>, ApiError> {
    let mut events = Vec::new();
    for name in names {
        let known = EventKind::parse(name);
        let event = known.ok_or_else(|| ApiError::invalid_attribute("events", "There is no such event."))?;
        if !events.contains(&event) {
            events.push(event);
        }
    }
    if events.is_empty() {
        return Err(ApiError::invalid_attribute("events", "This collection should contain 1 element or more."));
    }
    Ok(events)
}

/// List webhooks, newest first.
#[utoipa::path(get, path = "/webhooks", tag = "Webhooks", params(
    ("events" = Option<String>, Query, description = "Only those that are told of this event"),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<WebhookBody>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<WebhookBody>>, ApiError> {
    let pairs = pairs(query.as_deref());
    let page = Page::of(&pairs)?;
    let event = pairs.iter().rev().find(|(key, _)| key == "events").map(|(_, name)| EventKind::parse(name));
    if event == Some(None) {
        return Err(ApiError::invalid_query("events"));
    }
    let paging = Paging { page: page.number, size: page.size };
    let found = webhooks::list(&app.db, &caller.project, event.flatten(), paging).await?;
    let bodies = found.items.into_iter().map(|webhook| WebhookBody::of(&app, webhook)).collect();
    Ok(Json(page.wrap("/webhooks", bodies, found.total)))
}

/// Read a webhook.
#[utoipa::path(get, path = "/webhooks/{webhookId}", tag = "Webhooks", params(("webhookId" = String, Path)), responses(
    (status = 200, body = WebhookBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<WebhookBody>, ApiError> {
    let webhook = read(&app, caller, read_id(&id)?).await?;
    Ok(Json(WebhookBody::of(&app, webhook)))
}

/// Delete a webhook: it is told nothing any more.
#[utoipa::path(delete, path = "/webhooks/{webhookId}", tag = "Webhooks", params(("webhookId" = String, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(caller: Caller, State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    delete_webhook(&app, caller, read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) fn read_id(text: &str) -> Result<WebhookId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found("webhookId"))
}

pub(crate) async fn read(app: &App, caller: Caller, id: WebhookId) -> Result<Webhook, ApiError> {
    webhooks::get(&app.db, &caller.project, &id).await?.ok_or_else(|| ApiError::not_found("webhookId"))
}

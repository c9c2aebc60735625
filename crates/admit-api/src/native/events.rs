//! `/events`: the audit trail. Who did what, and who watched.

use admit_db::{
    Paging,
    audit::{self, Event, Filter},
};
use admit_domain::claims::Viewer;
use axum::{
    Json,
    extract::{RawQuery, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    apivideo::{
        list::{find, pairs},
        page::{List, Page},
        wire::atom,
    },
    app::App,
    caller::Caller,
    error::{ApiError, Problem},
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventBody {
    happened_at: String,
    /// An API key's id, or `viewer` and whom the signer of a token named.
    actor: String,
    /// What was done, such as `session.opened`.
    action: String,
    /// The id of what it was done to.
    subject: String,
    /// What else is to be known of it, such as the video of a session.
    detail: String,
}

impl From<Event> for EventBody {
    fn from(event: Event) -> Self {
        let Event { happened_at, actor, action, subject, detail } = event;
        Self { happened_at: atom(happened_at), actor, action, subject, detail }
    }
}

/// List what happened, latest first.
#[utoipa::path(get, path = "/events", tag = "Events", params(
    ("viewerId" = Option<String>, Query, description = "Only what this viewer did"),
    ("action" = Option<String>, Query), ("subject" = Option<String>, Query),
    ("currentPage" = Option<u32>, Query), ("pageSize" = Option<u32>, Query)), responses(
    (status = 200, body = List<EventBody>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn list(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List<EventBody>>, ApiError> {
    let pairs = pairs(query.as_deref());
    let page = Page::of(&pairs)?;
    let viewer = find(&pairs, "viewerId");
    let viewer =
        viewer.map(|text| Viewer::parse(text).ok_or_else(|| ApiError::invalid_query("viewerId"))).transpose()?;
    let said = |name| find(&pairs, name).map(str::to_owned);
    let filter = Filter { viewer, action: said("action"), subject: said("subject") };
    let paging = Paging { page: page.number, size: page.size };
    let found = audit::list(&app.db, &caller.project, &filter, paging).await?;
    Ok(Json(page.wrap("/events", found.items.into_iter().map(EventBody::from).collect(), found.total)))
}

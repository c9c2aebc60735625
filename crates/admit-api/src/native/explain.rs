//! `/explain`: why somebody may watch, or may not.

use std::{borrow::Cow, net::IpAddr};

use admit_domain::{asker::Asker, claims::Fault, time::Timestamp};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    actions::explain::{Explained, Step, What, explain as tell},
    apivideo::videos::read_id,
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    error::{ApiError, Problem},
};

/// The page that lists refusals, each with an anchor of its code.
const HELP: &str = "docs/refusals.md#";

/// Exactly one of `url`, `token` and `requestId`; and from where and when it would be shown.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct QuestionBody {
    /// Any address that viewers are given. It is judged and not followed: nothing is spent.
    url: Option<String>,
    /// A token, a session's handle, or a private token.
    token: Option<String>,
    /// The `Admit-Request-Id` of a refusal, or of a request that began a session.
    request_id: Option<String>,
    /// Said with `token`, where that does not name its video itself.
    video_id: Option<String>,
    /// The viewer's address.
    ip: Option<String>,
    /// `Origin` of the page that shows it.
    origin: Option<String>,
    /// `Referer`, where there is no origin.
    referrer: Option<String>,
    user_agent: Option<String>,
    /// When it would be shown; otherwise now. What was taken back stays so at any time.
    #[schema(format = DateTime)]
    at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ExplanationBody {
    allowed: bool,
    /// In the order in which they are judged, up to the first that failed.
    steps: Vec<StepBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalBody>,
    /// The access rules that were laid together, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct StepBody {
    rule: &'static str,
    passed: bool,
    says: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RefusalBody {
    /// As `Admit-Reason` has it.
    code: &'static str,
    status: u16,
    /// What was wrong, by its own name, such as `exp` or `signature`.
    field: &'static str,
    /// What would have been right.
    #[schema(value_type = String)]
    wanted: Cow<'static, str>,
    title: String,
    /// Where the code is explained.
    help: String,
}

impl From<Fault> for RefusalBody {
    fn from(Fault { denial, field, wanted }: Fault) -> Self {
        let (code, status) = (denial.code(), denial.status());
        Self { code, status, field, wanted, title: denial.to_string(), help: format!("{HELP}{code}") }
    }
}

/// Explain why an address, a token or a refused request is allowed or not. Nothing is spent, and no session begins.
#[utoipa::path(post, path = "/explain", tag = "Explain", request_body = QuestionBody, responses(
    (status = 200, body = ExplanationBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn explain(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<Json<ExplanationBody>, ApiError> {
    let body: QuestionBody = check::json(&body)?;
    let at = body.at.as_deref().map(instant).transpose()?.unwrap_or(caller.now);
    let asker = Asker {
        ip: body.ip.as_deref().map(address).transpose()?,
        origin: body.origin,
        referrer: body.referrer,
        agent: body.user_agent.unwrap_or_default(),
    };
    let video = body.video_id.as_deref().map(read_id).transpose()?;
    let what = match (body.url, body.token, body.request_id) {
        (Some(url), None, None) => What::Url(url),
        (None, Some(text), None) => What::Token { text, video },
        (None, None, Some(id)) => What::Request(id.parse().map_err(|_| ApiError::not_remembered())?),
        (None, None, None) => return Err(ApiError::attribute_required("url")),
        _ => return Err(ApiError::invalid_attribute("url", "Only one of url, token and requestId can be given.")),
    };
    Ok(Json(tell(&app, caller.project, what, asker, at).await?.into()))
}

/// Explain why a request was refused, or that it began a session, by its `Admit-Request-Id`.
#[utoipa::path(get, path = "/explain/{requestId}", tag = "Explain", params(("requestId" = String, Path)), responses(
    (status = 200, body = ExplanationBody), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
pub(crate) async fn of_request(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<ExplanationBody>, ApiError> {
    let what = What::Request(id.parse().map_err(|_| ApiError::not_remembered())?);
    Ok(Json(tell(&app, caller.project, what, Asker::default(), caller.now).await?.into()))
}

impl From<Explained> for ExplanationBody {
    fn from(Explained { steps, fault, words }: Explained) -> Self {
        let step = |Step { rule, passed, says }| StepBody { rule, passed, says };
        Self {
            allowed: fault.is_none(),
            steps: steps.into_iter().map(step).collect(),
            refusal: fault.map(RefusalBody::from),
            words,
        }
    }
}

fn instant(text: &str) -> Result<Timestamp, ApiError> {
    let instant: jiff::Timestamp = text.parse().map_err(|_| {
        ApiError::invalid_attribute("at", "This value is no date and time such as 2027-01-31T12:00:00Z.")
    })?;
    Ok(Timestamp::from_millis(instant.as_millisecond()))
}

fn address(text: &str) -> Result<IpAddr, ApiError> {
    let ip: IpAddr = text.parse().map_err(|_| ApiError::invalid_attribute("ip", "This value is no IP address."))?;
    Ok(ip.to_canonical())
}

//! `/revocations`: access is taken back, and edges are waited for.

use std::time::Duration;

use admit_db::embed_tokens::Kind;
use admit_domain::{
    claims::Viewer,
    limits::{EDGES_WAIT_DEFAULT, EDGES_WAIT_MAX, REASON_CHARS_MAX, TOKEN_BYTES_MAX},
    scope::Scope,
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::{
    actions::revoke::{What, revoke},
    apivideo::{
        list::{find, pairs},
        wire::atom,
    },
    app::App,
    caller::Caller,
    check::{self, JsonObject},
    edges::acks,
    error::{ApiError, Problem},
};

/// What kind of thing is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SubjectType {
    Session,
    Credential,
    SigningKey,
    Viewer,
    Video,
    Project,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubjectBody {
    r#type: SubjectType,
    /// An id, a viewer's name as the signer spells it, or a credential: the id of an embed token or a link, a token, or
    /// the address that shows one.
    id: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRevocationBody {
    subject: Option<SubjectBody>,
    /// For the audit trail.
    reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevocationBody {
    revocation_id: String,
    /// Whoever judges by the log up to here judges by this.
    seq: i64,
    subject: SubjectBody,
    created_at: String,
    /// The edges that judge by it, where they were waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    edges: Option<Vec<AckBody>>,
    /// The edges that may still serve viewers and have not said that they judge by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AckBody {
    edge_id: String,
    /// Milliseconds from the request to the word of the edge.
    ack_ms: u64,
}

/// Take access back. What was taken back before is taken back again, with the same answer.
#[utoipa::path(post, path = "/revocations", tag = "Revocations", request_body = NewRevocationBody, params(
    ("wait" = Option<String>, Query, description = "`edges` to wait until every edge judges by it"),
    ("timeoutMs" = Option<u32>, Query, description = "How long to wait: 1000, and 10000 at most")), responses(
    (status = 201, body = RevocationBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn create(
    caller: Caller,
    State(app): State<App>,
    RawQuery(query): RawQuery,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<RevocationBody>), ApiError> {
    let begun = Instant::now();
    let wait = wait_of(&pairs(query.as_deref()))?;
    let body: NewRevocationBody = check::json(&body)?;
    let subject = body.subject.ok_or_else(|| ApiError::attribute_required("subject"))?;
    let reason = body.reason.unwrap_or_default();
    if let Some(fault) = check::text("reason", &reason, REASON_CHARS_MAX) {
        return Err(fault);
    }
    let what = read(&app, caller, &subject).await?;
    expect_scope(caller, &what)?;
    what.expect(&app, caller).await?;
    let done = revoke(&app, caller, &what, &reason).await?;
    let acks = match wait {
        Some(timeout) => Some(acks::wait(&app, done.seq, begun, timeout).await?),
        None => None,
    };
    let (edges, missing) = acks.map(|acks| (acks.edges, acks.missing)).unzip();
    let ack = |(edge_id, ack_ms)| AckBody { edge_id, ack_ms };
    let body = RevocationBody {
        revocation_id: done.id.to_string(),
        seq: done.seq.0,
        subject,
        created_at: atom(caller.now),
        edges: edges.map(|edges| edges.into_iter().map(ack).collect()),
        missing,
    };
    Ok((StatusCode::CREATED, Json(body)))
}

async fn read(app: &App, caller: Caller, subject: &SubjectBody) -> Result<What, ApiError> {
    let id = &subject.id;
    let unknown = |_| ApiError::not_found("id");
    Ok(match subject.r#type {
        SubjectType::Session => What::Session(id.parse().map_err(unknown)?),
        SubjectType::SigningKey => What::SigningKey(id.parse().map_err(unknown)?),
        SubjectType::Video => What::Video(id.parse().map_err(unknown)?),
        SubjectType::Project if *id == caller.project.as_str() => What::Project,
        SubjectType::Project => return Err(ApiError::not_found("id")),
        SubjectType::Viewer => What::Viewer(Viewer::parse(id).ok_or_else(|| {
            ApiError::invalid_attribute("subject.id", "This value must have 1 to 128 printable characters.")
        })?),
        SubjectType::Credential if id.is_empty() || id.len() > TOKEN_BYTES_MAX => {
            return Err(ApiError::invalid_attribute("subject.id", "This is no credential."));
        }
        SubjectType::Credential => What::credential(app, caller, id).await?,
    })
}

/// To end sessions is one thing; to take back what others made takes the right to make it.
fn expect_scope(caller: Caller, what: &What) -> Result<(), ApiError> {
    let needed = match what {
        What::SigningKey(_) => Scope::KeysWrite,
        What::EmbedToken(Kind::Embed | Kind::Link, _) => Scope::AccessMint,
        _ => return Ok(()),
    };
    if caller.may(needed) {
        return Ok(());
    }
    Err(ApiError::missing_scope("This key does not have the scope that this takes."))
}

fn wait_of(pairs: &[(String, String)]) -> Result<Option<Duration>, ApiError> {
    let timeout = match find(pairs, "timeoutMs") {
        None => EDGES_WAIT_DEFAULT,
        Some(text) => {
            let millis = text.parse().map(Duration::from_millis).ok().filter(|wait| *wait <= EDGES_WAIT_MAX);
            millis.ok_or_else(|| ApiError::invalid_query("timeoutMs"))?
        }
    };
    match find(pairs, "wait") {
        None => Ok(None),
        Some("edges") => Ok(Some(timeout)),
        Some(_) => Err(ApiError::invalid_query("wait")),
    }
}

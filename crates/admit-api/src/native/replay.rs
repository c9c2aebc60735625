//! `…/access-rules/replay`: rules tried on those who wanted in lately, before they hold.

use admit_domain::claims::Fault;
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access_rules::{self, AccessRulesBody},
    rules::{VideoRulesBody, read_video_rules},
};
use crate::{
    actions::replay::{Change, Proposal, Replayed, replay},
    apivideo::{videos::read_id, wire::atom},
    app::App,
    caller::Caller,
    check::JsonObject,
    error::{ApiError, Problem},
};

/// How those who wanted to begin a session lately are judged by the rules that stand, and by those proposed. What is
/// counted elsewhere (`maxPlays`, `seats`), or by what is asked for (`rights`), is not judged.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReplayBody {
    /// Newcomers that were judged again, each as it was and at its own time: those whom the process that answers
    /// remembers, at most 10,000.
    judged: u64,
    /// When the first of them came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    since: Option<String>,
    allowed: AllowedBody,
    newly_refused: u64,
    newly_allowed: u64,
    /// Those newly refused, by the first rule that they do not meet.
    by_rule: Vec<RuleCountBody>,
    /// Some of those who would be treated otherwise, the latest first.
    #[schema(max_items = 20)]
    examples: Vec<ExampleBody>,
    /// What is proposed, in one sentence.
    words: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct AllowedBody {
    /// Let in by the rules that stand.
    standing: u64,
    /// Let in by the rules that are proposed.
    proposed: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RuleCountBody {
    rule: &'static str,
    /// As `Admit-Reason` would have it.
    code: &'static str,
    wanted: String,
    count: u64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExampleBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    video_id: String,
    #[schema(format = DateTime)]
    at: String,
    /// The entry of the log that it was judged after.
    seq: i64,
    /// Would it be let in?
    allowed: bool,
    /// The rule that would refuse it.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
}

/// Try what a project would demand. Nothing is changed.
#[utoipa::path(post, path = "/access-rules/replay", tag = "Access rules", request_body = AccessRulesBody, responses(
    (status = 200, body = ReplayBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem)))]
pub(crate) async fn of_project(
    caller: Caller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<Json<ReplayBody>, ApiError> {
    let rules = access_rules::read(&body)?;
    let words = rules.in_words();
    Ok(Json(ReplayBody::of(replay(&app, caller, &Proposal::OfProject(rules)).await?, words)))
}

/// Try what a video would demand, besides what its project demands. Nothing is changed.
#[utoipa::path(post, path = "/videos/{videoId}/access-rules/replay", tag = "Access rules",
    params(("videoId" = String, Path)), request_body = VideoRulesBody, responses(
    (status = 200, body = ReplayBody), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn of_video(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Json<ReplayBody>, ApiError> {
    let video = read_id(&id)?;
    let (rules, _) = read_video_rules(&body)?;
    let words = rules.in_words();
    Ok(Json(ReplayBody::of(replay(&app, caller, &Proposal::OfVideo(video, rules)).await?, words)))
}

impl ReplayBody {
    fn of(replayed: Replayed, words: String) -> Self {
        let Replayed { judged, since, standing, proposed, newly_refused, newly_allowed, by_rule, examples } = replayed;
        let count = |(rule, (Fault { denial, wanted, .. }, count))| RuleCountBody {
            rule,
            code: denial.code(),
            wanted: wanted.into_owned(),
            count,
        };
        Self {
            judged,
            since: since.map(atom),
            allowed: AllowedBody { standing, proposed },
            newly_refused,
            newly_allowed,
            by_rule: by_rule.into_iter().map(count).collect(),
            examples: examples.into_iter().map(ExampleBody::from).collect(),
            words,
        }
    }
}

impl From<Change> for ExampleBody {
    fn from(Change { decision, refused }: Change) -> Self {
        Self {
            request_id: decision.request.map(|id| id.to_string()),
            video_id: decision.video.to_string(),
            at: atom(decision.at),
            seq: decision.seq.0,
            allowed: refused.is_none(),
            rule: refused.map(|fault| fault.field),
        }
    }
}

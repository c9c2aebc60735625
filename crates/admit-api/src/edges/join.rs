//! How an edge joins, and what it says of itself from then on.

use admit_db::{
    audit,
    edge_tokens::{self, Spent},
    edges::{self, Edge},
    transaction,
};
use admit_domain::{id::EdgeId, limits::EDGE_NAME_CHARS_MAX, secret::Fingerprint, time::Timestamp};
use axum::{Extension, Json, extract::State, http::StatusCode};

use super::{
    caller::EdgeCaller,
    wire::own::{AppliedBody, JoinBody, JoinedBody},
};
use crate::{
    app::App,
    check::{self, JsonObject},
    error::ApiError,
    secrets,
};

/// Spends the join token, and hands out the edge's own secret: the only time it leaves the house.
pub(super) async fn join(
    State(app): State<App>,
    Extension(now): Extension<Timestamp>,
    JsonObject(body): JsonObject,
) -> Result<(StatusCode, Json<JoinedBody>), ApiError> {
    let body: JoinBody = check::json(&body)?;
    let name = body.name.trim();
    if name.is_empty() || name.chars().any(char::is_control) || name.chars().count() > EDGE_NAME_CHARS_MAX {
        let detail = format!("This value must have 1 to {EDGE_NAME_CHARS_MAX} printable characters.");
        return Err(ApiError::invalid_attribute("name", detail));
    }
    if !secrets::is_join(&body.join_token) {
        return Err(unknown());
    }
    let token = Fingerprint::of(&app.keys.pepper, &body.join_token);
    let (id, secret) = (EdgeId::from_random(app.chance()?), secrets::edge(&app)?);
    let fingerprint = Fingerprint::of(&app.keys.pepper, &secret);
    let spent = transaction!(app.db, |tx| {
        let spent = edge_tokens::spend(tx, &token, now).await?;
        if let Spent::For(project) = spent {
            let edge = Edge { id, project, name: name.to_owned(), joined_at: now, heard: None };
            edges::insert(tx, &edge, &fingerprint).await?;
            let event = audit::Event {
                happened_at: now,
                actor: format!("edge {id}"),
                action: "edge.joined".to_owned(),
                subject: id.to_string(),
                detail: name.to_owned(),
            };
            audit::insert(tx, &project, &event).await?;
        }
        Ok(spent)
    })?;
    match spent {
        Spent::For(_) => Ok((StatusCode::CREATED, Json(JoinedBody { edge_id: id.to_string(), secret }))),
        Spent::Before => Err(ApiError::join_token_spent()),
        Spent::Unknown => Err(unknown()),
    }
}

fn unknown() -> ApiError {
    ApiError::unauthenticated("authentication-invalid-join-token", "This is not a token to join with.")
}

/// What the edge judges by now.
pub(super) async fn applied(
    edge: EdgeCaller,
    State(app): State<App>,
    JsonObject(body): JsonObject,
) -> Result<StatusCode, ApiError> {
    let body: AppliedBody = check::json(&body)?;
    app.edges.hear(edge.id, body.into(), edge.now);
    Ok(StatusCode::NO_CONTENT)
}

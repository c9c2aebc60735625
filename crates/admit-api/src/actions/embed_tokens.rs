//! Hands out opaque tokens and share links, changes what they demand, and takes them back.

use admit_db::{
    embed_tokens::{self, Kind, Record},
    revocations, sessions, transaction, videos,
};
use admit_domain::{
    id::{EmbedTokenId, VideoId},
    rules::Rules,
    secret::Fingerprint,
    session::Source,
    time::Timestamp,
};

use crate::{app::App, audit, caller::Caller, error::ApiError, native::access_rules, secrets};

/// What is to be handed out.
pub struct NewToken {
    pub kind: Kind,
    pub video: VideoId,
    pub name: String,
    pub rules: Rules,
    pub expires_at: Option<Timestamp>,
}

/// The record, and the token: the only time it leaves the house.
pub async fn create(app: &App, caller: Caller, wish: NewToken) -> Result<(Record, String), ApiError> {
    let (kind, video) = (wish.kind, wish.video);
    let text = match kind {
        Kind::Embed => secrets::embed_token(app)?,
        // A link's code is the chance of an id, and an id of nothing.
        Kind::Link => EmbedTokenId::from_random(app.chance()?).as_str().chars().skip(2).collect(),
    };
    let token = Record {
        id: EmbedTokenId::from_random(app.chance()?),
        project: caller.project,
        video,
        name: wish.name,
        rules: access_rules::to_text(&wish.rules)?,
        created_at: caller.now,
        expires_at: wish.expires_at,
    };
    let fingerprint = Fingerprint::of(&app.keys.pepper, &text);
    let found = transaction!(app.db, |tx| {
        if videos::hold(tx, &caller.project, &video).await?.is_none_or(|video| video.discarded.is_some()) {
            return Ok(false);
        }
        embed_tokens::insert(tx, kind, &token, &fingerprint).await?;
        audit::note(tx, &caller, "embed-token.created", token.id).await?;
        Ok(true)
    })?;
    if found { Ok((token, text)) } else { Err(ApiError::not_found("videoId")) }
}

/// Puts the record in the place of the one with its id. Sessions that came of it go on as they began.
pub async fn update(app: &App, caller: Caller, kind: Kind, token: &Record) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        let found = embed_tokens::update(tx, kind, token).await?;
        if found {
            audit::note(tx, &caller, "embed-token.changed", token.id).await?;
        }
        Ok(found)
    })?;
    if found { Ok(()) } else { Err(unknown(kind)) }
}

/// Takes the token back, and ends what it began, in one transaction.
pub async fn delete(app: &App, caller: Caller, kind: Kind, id: EmbedTokenId) -> Result<(), ApiError> {
    let found = transaction!(app.db, |tx| {
        if !embed_tokens::delete(tx, kind, &caller.project, &id).await? {
            return Ok(false);
        }
        let ended = sessions::end_all_of(tx, &caller.project, &Source::EmbedToken(id), caller.now).await?;
        revocations::append_all(tx, &caller.project, &ended, "embed token deleted", caller.now).await?;
        audit::note(tx, &caller, "embed-token.deleted", id).await?;
        Ok(true)
    })?;
    app.feed.catch_up().await?;
    if found { Ok(()) } else { Err(unknown(kind)) }
}

fn unknown(kind: Kind) -> ApiError {
    ApiError::not_found(match kind {
        Kind::Embed => "embedTokenId",
        Kind::Link => "linkId",
    })
}

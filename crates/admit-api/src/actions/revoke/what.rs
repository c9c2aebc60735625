//! What can be taken back.

use admit_db::{
    embed_tokens::{self, Kind},
    sessions, signing_keys, videos,
};
use admit_domain::{
    claims::Viewer,
    dialects::apivideo::PrivateToken,
    id::{EmbedTokenId, ProjectId, SessionId, SigningKeyId, VideoId},
    secret::Fingerprint,
};

use crate::{app::App, caller::Caller, error::ApiError};

/// What is taken back. Each exists, and is the caller's project's.
#[derive(Clone, Debug)]
pub enum What {
    Session(SessionId),
    /// The key, and all sessions that its tokens began.
    SigningKey(SigningKeyId),
    /// All sessions of the viewer, and all credentials for them that were issued until now.
    Viewer(Viewer),
    /// All access to the video that has begun, and all credentials for it that were issued until now.
    Video(VideoId),
    /// The same for all videos of the project.
    Project,
    EmbedToken(Kind, EmbedTokenId),
    PrivateToken(PrivateToken),
    /// What stands for a token or a signed address, in every way it may be counted.
    Credential(Vec<Fingerprint>),
}

impl What {
    /// Is there such a thing in the project? One that was taken back before still is.
    pub async fn expect(&self, app: &App, caller: Caller) -> Result<(), ApiError> {
        let (db, project) = (&app.db, &caller.project);
        let exists = match self {
            Self::Session(id) => sessions::get(db, project, id).await?.is_some(),
            Self::SigningKey(id) => signing_keys::get(db, project, id, caller.now).await?.is_some(),
            Self::Video(id) => {
                videos::get(db, project, id).await?.is_some() || videos::get_discarded(db, project, id).await?.is_some()
            }
            Self::EmbedToken(kind, id) => embed_tokens::get(db, *kind, project, id).await?.is_some(),
            Self::Viewer(_) | Self::Project | Self::PrivateToken(_) | Self::Credential(_) => true,
        };
        if exists { Ok(()) } else { Err(ApiError::not_found("id")) }
    }

    /// As the audit trail names it: never by a secret.
    pub(super) fn name(&self, project: &ProjectId) -> String {
        match self {
            Self::Session(id) => id.to_string(),
            Self::SigningKey(id) => id.to_string(),
            Self::Viewer(name) => name.as_str().to_owned(),
            Self::Video(id) => id.to_string(),
            Self::Project => project.to_string(),
            Self::EmbedToken(_, id) => id.to_string(),
            Self::PrivateToken(token) => token.session().to_string(),
            Self::Credential(_) => "credential".to_owned(),
        }
    }
}

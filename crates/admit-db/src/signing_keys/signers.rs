//! Who may sign for a video, asked once: whoever guesses tokens makes the store answer no more than that.

use admit_domain::id::{ProjectId, VideoId};

use super::{KeyRow, Record};
use crate::{db::Db, error::Result, row::Row, statement::all};

/// Who may sign for a video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signers {
    pub project: ProjectId,
    /// Does the project take signed tokens at all?
    pub token_access: bool,
    /// Those that may sign now, oldest first.
    pub keys: Vec<Record>,
}

/// `None` where there is no such video. Names no project because a viewer's address does not.
pub async fn of_video(db: &Db, video: &VideoId, keys_max: u32) -> Result<Option<Signers>> {
    let text = "SELECT v.project_id, p.token_access, k.id, k.name, k.dialect, k.secret, k.public_keys, k.jwks_url,
            k.created_at, k.last_used_at
        FROM videos v JOIN projects p ON p.id = v.project_id
        LEFT JOIN signing_keys k ON k.project_id = v.project_id AND k.revoked_at IS NULL
        WHERE v.id = $1 AND v.discarded_at IS NULL ORDER BY k.created_at, k.id LIMIT $2";
    let rows = all!(db, SignerRow, text, video.as_str(), i64::from(keys_max))?;
    let Some(first) = rows.first() else { return Ok(None) };
    Ok(Some(Signers {
        project: Row::of("videos", video.as_str()).id("project_id", &first.project_id)?,
        token_access: first.token_access,
        keys: rows.into_iter().filter_map(SignerRow::key).map(KeyRow::read).collect::<Result<_>>()?,
    }))
}

/// A video, and a key of its project where that has one.
#[derive(sqlx::FromRow)]
struct SignerRow {
    project_id: String,
    token_access: bool,
    id: Option<String>,
    name: Option<String>,
    dialect: Option<String>,
    secret: Option<String>,
    public_keys: Option<String>,
    jwks_url: Option<String>,
    created_at: Option<i64>,
    last_used_at: Option<i64>,
}

impl SignerRow {
    fn key(self) -> Option<KeyRow> {
        Some(KeyRow {
            id: self.id?,
            project_id: self.project_id,
            name: self.name?,
            dialect: self.dialect?,
            secret: self.secret,
            public_keys: self.public_keys,
            jwks_url: self.jwks_url,
            created_at: self.created_at?,
            last_used_at: self.last_used_at,
            revoked_at: None,
        })
    }
}

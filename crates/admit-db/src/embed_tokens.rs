//! Opaque tokens for one video, and share links, which are such tokens with a page of their own. To delete one is to
//! take it back.

use admit_domain::{
    id::{EmbedTokenId, ProjectId, VideoId},
    secret::Fingerprint,
    time::Timestamp,
};

use crate::{
    db::{Db, Tx},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
};

/// What a token is handed out as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Embed,
    Link,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Embed => "embed",
            Self::Link => "link",
        }
    }
}

/// A token as it is kept: the token itself is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: EmbedTokenId,
    pub project: ProjectId,
    pub video: VideoId,
    pub name: String,
    /// As the API spells them.
    pub rules: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "id, project_id, video_id, name, rules, created_at, expires_at"
    };
}

pub async fn insert(tx: &mut Tx, kind: Kind, token: &Record, secret: &Fingerprint) -> Result<()> {
    let text = "INSERT INTO embed_tokens
            (id, project_id, video_id, kind, name, token_hash, rules, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Record { id, project, video, name, rules, created_at, expires_at, .. } = token;
    exec!(
        tx,
        text,
        id.as_str(),
        project.as_str(),
        video.as_str(),
        kind.as_str(),
        name,
        secret.to_hex(),
        rules,
        created_at.as_millis(),
        expires_at.map(Timestamp::as_millis),
    )?;
    Ok(())
}

/// The token with this secret, expired or not. Names no project because viewers show nothing but the token.
pub async fn find(db: &Db, kind: Kind, secret: &Fingerprint) -> Result<Option<Record>> {
    let text = concat!("SELECT ", columns!(), " FROM embed_tokens WHERE token_hash = $1 AND kind = $2");
    opt!(db, TokenRow, text, secret.to_hex(), kind.as_str())?.map(TokenRow::read).transpose()
}

pub async fn get(db: &Db, kind: Kind, project: &ProjectId, id: &EmbedTokenId) -> Result<Option<Record>> {
    let text = concat!("SELECT ", columns!(), " FROM embed_tokens WHERE project_id = $1 AND id = $2 AND kind = $3");
    opt!(db, TokenRow, text, project.as_str(), id.as_str(), kind.as_str())?.map(TokenRow::read).transpose()
}

/// The project's tokens, newest first; of one video, if it is named.
pub async fn list(
    db: &Db,
    kind: Kind,
    project: &ProjectId,
    video: Option<&VideoId>,
    paging: Paging,
) -> Result<Page<Record>> {
    macro_rules! filtered {
        ($select:expr, $tail:literal) => {
            concat!(
                "SELECT ",
                $select,
                " FROM embed_tokens WHERE project_id = $1 AND kind = $2 AND ($3 = '' OR video_id = $3)",
                $tail
            )
        };
    }
    let page = filtered!(columns!(), " ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5");
    let (project, kind, video) = (project.as_str(), kind.as_str(), video.map_or("", VideoId::as_str));
    let rows = all!(db, TokenRow, page, project, kind, video, paging.limit(), paging.offset())?;
    let (total,): (i64,) = one!(db, (i64,), filtered!("COUNT(*)", ""), project, kind, video)?;
    let items = rows.into_iter().map(TokenRow::read).collect::<Result<_>>()?;
    Ok(Page { items, total: Row::of("embed_tokens", project).number("count", total)? })
}

/// Replaces what may change; `false` when there is none.
pub async fn update(tx: &mut Tx, kind: Kind, token: &Record) -> Result<bool> {
    let text = "UPDATE embed_tokens SET name = $4, rules = $5, expires_at = $6
        WHERE project_id = $1 AND id = $2 AND kind = $3";
    let Record { id, project, name, rules, expires_at, .. } = token;
    let expires_at = expires_at.map(Timestamp::as_millis);
    Ok(exec!(tx, text, project.as_str(), id.as_str(), kind.as_str(), name, rules, expires_at)? > 0)
}

/// `false` when there is none.
pub async fn delete(tx: &mut Tx, kind: Kind, project: &ProjectId, id: &EmbedTokenId) -> Result<bool> {
    let text = "DELETE FROM embed_tokens WHERE project_id = $1 AND id = $2 AND kind = $3";
    Ok(exec!(tx, text, project.as_str(), id.as_str(), kind.as_str())? > 0)
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: String,
    project_id: String,
    video_id: String,
    name: String,
    rules: String,
    created_at: i64,
    expires_at: Option<i64>,
}

impl TokenRow {
    fn read(self) -> Result<Record> {
        let row = Row::of("embed_tokens", &self.id);
        Ok(Record {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            video: row.id("video_id", &self.video_id)?,
            name: self.name,
            rules: self.rules,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: self.expires_at.map(Timestamp::from_millis),
        })
    }
}

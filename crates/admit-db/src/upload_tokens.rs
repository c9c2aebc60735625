//! Upload tokens: only the part of each that opens nothing is stored.

use admit_domain::{id::ProjectId, time::Timestamp, upload_token::UploadTokenId, video::Visibility};

use crate::{
    db::{Db, Tx},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
    videos::Order,
};

/// A token as it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadToken {
    pub id: UploadTokenId,
    pub project: ProjectId,
    /// Zero for a token that never expires.
    pub ttl_seconds: u32,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// What the videos made with it are; without it, what the project makes of every video.
    pub visibility: Option<Visibility>,
}

/// By what a list of tokens is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    CreatedAt,
    Ttl,
}

pub async fn insert(tx: &mut Tx, token: &UploadToken) -> Result<()> {
    let text = "INSERT INTO upload_tokens (id, project_id, ttl_seconds, created_at, expires_at, public)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let UploadToken { id, project, ttl_seconds, created_at, expires_at, visibility } = token;
    let expires_at = expires_at.map(Timestamp::as_millis);
    let public = visibility.map(Visibility::is_public);
    exec!(
        tx,
        text,
        id.as_str(),
        project.as_str(),
        i64::from(*ttl_seconds),
        created_at.as_millis(),
        expires_at,
        public
    )?;
    Ok(())
}

/// The token, if it still counts. Names no project: whoever uploads has nothing but the token, and from it the
/// project is learned.
pub async fn find(db: &Db, id: &UploadTokenId, now: Timestamp) -> Result<Option<UploadToken>> {
    let text = "SELECT id, project_id, ttl_seconds, created_at, expires_at, public FROM upload_tokens
        WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    opt!(db, TokenRow, text, id.as_str(), now.as_millis())?.map(|row| row.read()).transpose()
}

/// Those that still count.
pub async fn list(
    db: &Db,
    project: &ProjectId,
    (by, order): (SortBy, Order),
    paging: Paging,
    now: Timestamp,
) -> Result<Page<UploadToken>> {
    macro_rules! page_by {
        ($order:literal) => {
            concat!(
                "SELECT id, project_id, ttl_seconds, created_at, expires_at, public FROM upload_tokens
                    WHERE project_id = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY ",
                $order,
                " LIMIT $3 OFFSET $4"
            )
        };
    }
    let text = match (by, order) {
        (SortBy::CreatedAt, Order::Ascending) => page_by!("created_at, id"),
        (SortBy::CreatedAt, Order::Descending) => page_by!("created_at DESC, id DESC"),
        (SortBy::Ttl, Order::Ascending) => page_by!("ttl_seconds, id"),
        (SortBy::Ttl, Order::Descending) => page_by!("ttl_seconds DESC, id DESC"),
    };
    let count = "SELECT COUNT(*) FROM upload_tokens
        WHERE project_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    let (project_id, now) = (project.as_str(), now.as_millis());
    let found = all!(db, TokenRow, text, project_id, now, paging.limit(), paging.offset())?;
    let (total,): (i64,) = one!(db, (i64,), count, project_id, now)?;
    let items = found.into_iter().map(|row| row.read()).collect::<Result<_>>()?;
    Ok(Page { items, total: Row::of("upload_tokens", project_id).number("count", total)? })
}

/// `false` when there is none.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &UploadTokenId) -> Result<bool> {
    let text = "DELETE FROM upload_tokens WHERE project_id = $1 AND id = $2";
    Ok(exec!(tx, text, project.as_str(), id.as_str())? > 0)
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: String,
    project_id: String,
    ttl_seconds: i64,
    created_at: i64,
    expires_at: Option<i64>,
    public: Option<bool>,
}

impl TokenRow {
    fn read(&self) -> Result<UploadToken> {
        let row = Row::of("upload_tokens", &self.id);
        Ok(UploadToken {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            ttl_seconds: row.number("ttl_seconds", self.ttl_seconds)?,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: self.expires_at.map(Timestamp::from_millis),
            visibility: self.public.map(Visibility::from_public),
        })
    }
}

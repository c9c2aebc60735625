//! Who was let in, when, and until when.

mod begin;

use admit_domain::{
    claims::Viewer,
    id::{ProjectId, SessionId, VideoId},
    revocation::Subject,
    secret::Fingerprint,
    session::{Client, Source},
    time::Timestamp,
};

pub use self::begin::{begin, prolong};

use crate::{
    db::{Db, Tx},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
};

/// A session as its owner sees it. The credential stays behind: it is kept as a fingerprint only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: SessionId,
    pub project: ProjectId,
    pub video: VideoId,
    pub source: Source,
    pub viewer: Option<Viewer>,
    pub created_at: Timestamp,
    /// The absolute end.
    pub ends_at: Timestamp,
    /// When an operator ended it early.
    pub ended_at: Option<Timestamp>,
    pub client: Client,
}

/// Which sessions to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub video: Option<VideoId>,
    pub viewer: Option<Viewer>,
    pub source: Option<Source>,
    /// Only those that may be watched with at this instant.
    pub active_at: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "id, project_id, video_id, source, viewer, created_at, ends_at, ended_at, network, agent"
    };
}

pub async fn get(db: &Db, project: &ProjectId, id: &SessionId) -> Result<Option<Record>> {
    let text = concat!("SELECT ", columns!(), " FROM sessions WHERE project_id = $1 AND id = $2");
    opt!(db, SessionRow, text, project.as_str(), id.to_string())?.map(SessionRow::read).transpose()
}

/// The project's sessions, latest first.
pub async fn list(db: &Db, project: &ProjectId, filter: &Filter, paging: Paging) -> Result<Page<Record>> {
    macro_rules! filtered {
        ($select:expr, $tail:literal) => {
            concat!(
                "SELECT ",
                $select,
                " FROM sessions WHERE project_id = $1 AND ($2 = '' OR video_id = $2)
                    AND ($3 IS NULL OR (ended_at IS NULL AND ends_at > $3))
                    AND ($4 = '' OR viewer = $4) AND ($5 = '' OR source = $5)",
                $tail
            )
        };
    }
    let page = filtered!(columns!(), " ORDER BY created_at DESC, id DESC LIMIT $6 OFFSET $7");
    let video = filter.video.as_ref().map_or("", VideoId::as_str);
    let active_at = filter.active_at.map(Timestamp::as_millis);
    let viewer = filter.viewer.as_ref().map_or("", |viewer| viewer.as_str());
    let source = filter.source.as_ref().map_or("", |source| source.as_str());
    let (project, limit, offset) = (project.as_str(), paging.limit(), paging.offset());
    let rows = all!(db, SessionRow, page, project, video, active_at, viewer, source, limit, offset)?;
    let (total,): (i64,) = one!(db, (i64,), filtered!("COUNT(*)", ""), project, video, active_at, viewer, source)?;
    let items = rows.into_iter().map(SessionRow::read).collect::<Result<_>>()?;
    Ok(Page { items, total: Row::of("sessions", project).number("count", total)? })
}

/// How many sessions a credential that may be shown again has begun.
pub async fn count_of(db: &Db, project: &ProjectId, credential: &Fingerprint) -> Result<u64> {
    let text = "SELECT COUNT(*) FROM sessions WHERE credential = $1 AND project_id = $2 AND source <> ''";
    let credential = credential.to_hex();
    let (count,): (i64,) = one!(db, (i64,), text, &credential, project.as_str())?;
    Row::of("sessions", &credential[..8]).number("count", count)
}

/// Ends the session early; `None` when there is none or it was ended before. The gate learns of it by what is returned,
/// which callers append to the log in the same transaction.
pub async fn end(tx: &mut Tx, project: &ProjectId, id: &SessionId, now: Timestamp) -> Result<Option<Subject>> {
    let text = "UPDATE sessions SET ended_at = $3 WHERE project_id = $1 AND id = $2 AND ended_at IS NULL
        RETURNING ends_at";
    let ended = opt!(tx, (i64,), text, project.as_str(), id.to_string(), now.as_millis())?;
    Ok(ended.map(|(until,)| Subject::Session { id: *id, until: Timestamp::from_millis(until) }))
}

/// Ends all of those sessions that can still watch; which those were, for the log.
macro_rules! end_those {
    ($tx:ident, $project:ident, $those:literal, $value:expr, $now:ident) => {{
        let text = concat!(
            "UPDATE sessions SET ended_at = $3 WHERE project_id = $1 AND ",
            $those,
            " = $2 AND ended_at IS NULL AND ends_at > $3 RETURNING id, ends_at"
        );
        ended(all!($tx, (String, i64), text, $project.as_str(), $value, $now.as_millis())?)
    }};
}

/// Of a source; a private token is none.
pub async fn end_all_of(tx: &mut Tx, project: &ProjectId, source: &Source, now: Timestamp) -> Result<Vec<Subject>> {
    end_those!(tx, project, "source <> '' AND source", source.as_str(), now)
}

/// Of a viewer.
pub async fn end_all_of_viewer(
    tx: &mut Tx,
    project: &ProjectId,
    viewer: &Viewer,
    now: Timestamp,
) -> Result<Vec<Subject>> {
    end_those!(tx, project, "viewer <> '' AND viewer", viewer.as_str(), now)
}

/// Of one credential that may be shown again.
pub async fn end_all_by(
    tx: &mut Tx,
    project: &ProjectId,
    credential: &Fingerprint,
    now: Timestamp,
) -> Result<Vec<Subject>> {
    end_those!(tx, project, "source <> '' AND credential", credential.to_hex(), now)
}

/// Ends all sessions for the video that can still watch. By when the last of them had begun, if there was one.
pub async fn end_all_for(
    tx: &mut Tx,
    project: &ProjectId,
    video: &VideoId,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let text = "UPDATE sessions SET ended_at = $3
        WHERE project_id = $1 AND video_id = $2 AND ended_at IS NULL AND ends_at > $3";
    exec!(tx, text, project.as_str(), video.as_str(), now.as_millis())?;
    let text = "SELECT MAX(created_at) FROM sessions WHERE project_id = $1 AND video_id = $2";
    let (latest,): (Option<i64>,) = one!(tx, (Option<i64>,), text, project.as_str(), video.as_str())?;
    Ok(latest.map(Timestamp::from_millis))
}

/// The same of all sessions of the project.
pub async fn end_all(tx: &mut Tx, project: &ProjectId, now: Timestamp) -> Result<Option<Timestamp>> {
    let text = "UPDATE sessions SET ended_at = $2 WHERE project_id = $1 AND ended_at IS NULL AND ends_at > $2";
    exec!(tx, text, project.as_str(), now.as_millis())?;
    let text = "SELECT MAX(created_at) FROM sessions WHERE project_id = $1";
    let (latest,): (Option<i64>,) = one!(tx, (Option<i64>,), text, project.as_str())?;
    Ok(latest.map(Timestamp::from_millis))
}

fn ended(rows: Vec<(String, i64)>) -> Result<Vec<Subject>> {
    let read = |(id, until): (String, i64)| {
        Ok(Subject::Session { id: Row::of("sessions", &id).id("id", &id)?, until: Timestamp::from_millis(until) })
    };
    rows.into_iter().map(read).collect()
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    project_id: String,
    video_id: String,
    source: String,
    viewer: String,
    created_at: i64,
    ends_at: i64,
    ended_at: Option<i64>,
    network: String,
    agent: String,
}

impl SessionRow {
    fn read(self) -> Result<Record> {
        let row = Row::of("sessions", &self.id);
        Ok(Record {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            video: row.id("video_id", &self.video_id)?,
            source: row.known("source", Source::parse(&self.source))?,
            viewer: Viewer::parse(&self.viewer),
            created_at: Timestamp::from_millis(self.created_at),
            ends_at: Timestamp::from_millis(self.ends_at),
            ended_at: self.ended_at.map(Timestamp::from_millis),
            client: Client { network: self.network, agent: self.agent },
        })
    }
}

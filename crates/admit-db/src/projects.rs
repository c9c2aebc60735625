//! Tenants. Until an operator can make more there is one.

use admit_domain::{
    id::ProjectId,
    time::Timestamp,
    video::{OnStale, Visibility},
};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::Row,
    statement::{exec, one, opt},
};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    pub created_at: Timestamp,
}

/// What the customer decided for the whole project; the installation decides the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What a new video is when nobody says.
    pub default_visibility: Option<Visibility>,
    /// How long a deleted video can be restored, in days; zero when deleting is final.
    pub discarded_days: u32,
    /// Whether signed tokens are taken at all.
    pub token_access: bool,
    /// How long a session lasts, in seconds, where that is less than the installation allows.
    pub session_seconds: Option<u32>,
    /// What edges do that have heard nothing for too long.
    pub on_stale: OnStale,
}

pub async fn settings(db: &Db, project: &ProjectId) -> Result<Settings> {
    let text =
        "SELECT default_public, discarded_days, token_access, session_seconds, on_stale FROM projects WHERE id = $1";
    let (public, days, token_access, seconds, on_stale) =
        one!(db, (Option<bool>, i64, bool, Option<i64>, String), text, project.as_str())?;
    let row = Row::of("projects", project.as_str());
    Ok(Settings {
        default_visibility: public.map(Visibility::from_public),
        discarded_days: row.number("discarded_days", days)?,
        token_access,
        session_seconds: seconds.map(|seconds| row.number("session_seconds", seconds)).transpose()?,
        on_stale: row.known("on_stale", OnStale::parse(&on_stale))?,
    })
}

pub async fn set_settings(tx: &mut Tx, project: &ProjectId, settings: &Settings) -> Result<()> {
    let text = "UPDATE projects SET default_public = $2, discarded_days = $3, token_access = $4, session_seconds = $5,
            on_stale = $6
        WHERE id = $1";
    let Settings { default_visibility, discarded_days, token_access, session_seconds, on_stale } = settings;
    let public = default_visibility.map(Visibility::is_public);
    let seconds = session_seconds.map(i64::from);
    exec!(tx, text, project.as_str(), public, i64::from(*discarded_days), *token_access, seconds, on_stale.as_str())?;
    Ok(())
}

/// The rules for all videos of the project, as the API spells them.
pub async fn rules(db: &Db, project: &ProjectId) -> Result<Option<String>> {
    let text = "SELECT rules FROM projects WHERE id = $1";
    let (rules,): (Option<String>,) = one!(db, (Option<String>,), text, project.as_str())?;
    Ok(rules)
}

pub async fn set_rules(tx: &mut Tx, project: &ProjectId, rules: &str) -> Result<()> {
    exec!(tx, "UPDATE projects SET rules = $2 WHERE id = $1", project.as_str(), rules)?;
    Ok(())
}

/// Makes the project unless it exists.
pub async fn ensure(tx: &mut Tx, id: &ProjectId, name: &str, now: Timestamp) -> Result<()> {
    let text = "INSERT INTO projects (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    exec!(tx, text, id.as_str(), name, now.as_millis())?;
    Ok(())
}

/// The oldest project: the one an installation begins with.
pub async fn first(db: &Db) -> Result<Option<Project>> {
    let text = "SELECT id, name, created_at FROM projects ORDER BY created_at, id LIMIT 1";
    let Some((id, name, created_at)) = opt!(db, (String, String, i64), text)? else { return Ok(None) };
    let id = Row::of("projects", &id).id("id", &id)?;
    Ok(Some(Project { id, name, created_at: Timestamp::from_millis(created_at) }))
}

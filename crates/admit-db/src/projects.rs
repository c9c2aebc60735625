//! Tenants. Until an operator can make more there is one.

use admit_domain::{id::ProjectId, time::Timestamp, video::Visibility};

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What a new video is when nobody says.
    pub default_visibility: Option<Visibility>,
    /// How long a deleted video can be restored, in days; zero when deleting is final.
    pub discarded_days: u32,
}

pub async fn settings(db: &Db, project: &ProjectId) -> Result<Settings> {
    let text = "SELECT default_public, discarded_days FROM projects WHERE id = $1";
    let (public, days): (Option<bool>, i64) = one!(db, (Option<bool>, i64), text, project.as_str())?;
    let discarded_days = Row::of("projects", project.as_str()).number("discarded_days", days)?;
    Ok(Settings { default_visibility: public.map(Visibility::from_public), discarded_days })
}

pub async fn set_settings(tx: &mut Tx, project: &ProjectId, settings: &Settings) -> Result<()> {
    let text = "UPDATE projects SET default_public = $2, discarded_days = $3 WHERE id = $1";
    let public = settings.default_visibility.map(Visibility::is_public);
    exec!(tx, text, project.as_str(), public, i64::from(settings.discarded_days))?;
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

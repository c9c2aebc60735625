//! Player themes, and what the embed page shows a video with.

use admit_domain::{
    id::{PlayerId, ProjectId, VideoId},
    object_key::Edition,
    player::{Logo, Player, Screen, Theme},
    time::Timestamp,
};

use crate::{
    db::{Db, Tx},
    dialect::{Both, both, rows},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one, opt},
    videos::Order,
};

/// What a list is sorted by; equal ones by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    Name,
    CreatedAt,
    UpdatedAt,
}

macro_rules! select {
    ($tail:expr) => {
        concat!(
            "SELECT id, project_id, name, colours, enable_api, enable_controls, force_autoplay, hide_title, \
             force_loop, logo, logo_link, created_at, updated_at FROM players WHERE project_id = $1 ",
            $tail
        )
    };
}

macro_rules! page_by {
    ($order:literal) => {
        select!(concat!("ORDER BY ", $order, " LIMIT $2 OFFSET $3"))
    };
}

pub async fn insert(tx: &mut Tx, player: &Player) -> Result<()> {
    let text = "INSERT INTO players (id, project_id, name, name_folded, colours, enable_api, enable_controls,
            force_autoplay, hide_title, force_loop, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let Player { id, project, theme, created_at, updated_at, .. } = player;
    exec!(
        tx,
        text,
        id.as_str(),
        project.as_str(),
        &theme.name,
        theme.name.to_lowercase(),
        rows(&theme.colours),
        theme.enable_api,
        theme.enable_controls,
        theme.force_autoplay,
        theme.hide_title,
        theme.force_loop,
        created_at.as_millis(),
        updated_at.as_millis(),
    )?;
    Ok(())
}

pub async fn get(db: &Db, project: &ProjectId, id: &PlayerId) -> Result<Option<Player>> {
    let text = select!("AND id = $2");
    opt!(db, PlayerRow, text, project.as_str(), id.as_str())?.map(PlayerRow::read).transpose()
}

/// The theme, which nobody else can change or delete until the transaction ends.
pub async fn hold(tx: &mut Tx, project: &ProjectId, id: &PlayerId) -> Result<Option<Player>> {
    const TEXT: Both = both!(select!("AND id = $2"), for_update, "");
    opt!(tx, PlayerRow, TEXT, project.as_str(), id.as_str())?.map(PlayerRow::read).transpose()
}

pub async fn list(db: &Db, project: &ProjectId, sort: (SortBy, Order), paging: Paging) -> Result<Page<Player>> {
    let text = match sort {
        (SortBy::Name, Order::Ascending) => page_by!("name_folded, id"),
        (SortBy::Name, Order::Descending) => page_by!("name_folded DESC, id DESC"),
        (SortBy::CreatedAt, Order::Ascending) => page_by!("created_at, id"),
        (SortBy::CreatedAt, Order::Descending) => page_by!("created_at DESC, id DESC"),
        (SortBy::UpdatedAt, Order::Ascending) => page_by!("updated_at, id"),
        (SortBy::UpdatedAt, Order::Descending) => page_by!("updated_at DESC, id DESC"),
    };
    let found = all!(db, PlayerRow, text, project.as_str(), paging.limit(), paging.offset())?;
    let count = "SELECT COUNT(*) FROM players WHERE project_id = $1";
    let (total,): (i64,) = one!(db, (i64,), count, project.as_str())?;
    let total = Row::of("players", project.as_str()).number("count", total)?;
    Ok(Page { items: found.into_iter().map(PlayerRow::read).collect::<Result<_>>()?, total })
}

/// Replaces all that the customer says about the theme; `false` when there is none.
pub async fn update_theme(
    tx: &mut Tx,
    project: &ProjectId,
    id: &PlayerId,
    theme: &Theme,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE players SET name = $3, name_folded = $4, colours = $5, enable_api = $6, enable_controls = $7,
            force_autoplay = $8, hide_title = $9, force_loop = $10, updated_at = $11
        WHERE project_id = $1 AND id = $2";
    let touched = exec!(
        tx,
        text,
        project.as_str(),
        id.as_str(),
        &theme.name,
        theme.name.to_lowercase(),
        rows(&theme.colours),
        theme.enable_api,
        theme.enable_controls,
        theme.force_autoplay,
        theme.hide_title,
        theme.force_loop,
        now.as_millis(),
    )?;
    Ok(touched > 0)
}

/// Puts the logo in the place of the one before, or none; `false` when there is no theme.
pub async fn set_logo(
    tx: &mut Tx,
    project: &ProjectId,
    id: &PlayerId,
    logo: Option<&Logo>,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE players SET logo = $3, logo_link = $4, updated_at = $5 WHERE project_id = $1 AND id = $2";
    let edition = logo.map(|logo| logo.edition.0);
    let link = logo.and_then(|logo| logo.link.as_deref());
    Ok(exec!(tx, text, project.as_str(), id.as_str(), edition, link, now.as_millis())? > 0)
}

/// Deletes the theme, which its videos and live streams are without from then on; `false` when there is none.
pub async fn delete(tx: &mut Tx, project: &ProjectId, id: &PlayerId) -> Result<bool> {
    for text in [
        "UPDATE videos SET player_id = NULL WHERE project_id = $1 AND player_id = $2",
        "UPDATE live_streams SET player_id = NULL WHERE project_id = $1 AND player_id = $2",
    ] {
        exec!(tx, text, project.as_str(), id.as_str())?;
    }
    let text = "DELETE FROM players WHERE project_id = $1 AND id = $2";
    Ok(exec!(tx, text, project.as_str(), id.as_str())? > 0)
}

/// What the embed page shows a video with. Names no project because a viewer's address does not.
pub async fn screen(db: &Db, video: &VideoId) -> Result<Option<Screen>> {
    let text = "SELECT title, panoramic, project_id, player_id FROM videos WHERE id = $1";
    let Some((title, panoramic, project, player)) =
        opt!(db, (String, bool, String, Option<String>), text, video.as_str())?
    else {
        return Ok(None);
    };
    let row = Row::of("videos", video.as_str());
    let player = match player {
        Some(id) => get(db, &row.id("project_id", &project)?, &row.id("player_id", &id)?).await?,
        None => None,
    };
    Ok(Some(Screen { title, panoramic, player }))
}

/// Which logo a theme has. Names no project because the logo's address does not.
pub async fn logo(db: &Db, id: &PlayerId) -> Result<Option<Edition>> {
    let found = opt!(db, (Option<i64>,), "SELECT logo FROM players WHERE id = $1", id.as_str())?;
    Ok(found.and_then(|(logo,)| logo).map(Edition))
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "the columns are what they are")]
struct PlayerRow {
    id: String,
    project_id: String,
    name: String,
    colours: String,
    enable_api: bool,
    enable_controls: bool,
    force_autoplay: bool,
    hide_title: bool,
    force_loop: bool,
    logo: Option<i64>,
    logo_link: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl PlayerRow {
    fn read(self) -> Result<Player> {
        let row = Row::of("players", &self.id);
        let colours: Option<Vec<String>> = serde_json::from_str(&self.colours).ok();
        Ok(Player {
            id: row.id("id", &self.id)?,
            project: row.id("project_id", &self.project_id)?,
            theme: Theme {
                name: self.name,
                colours: row.known("colours", colours.and_then(|colours| colours.try_into().ok()))?,
                enable_api: self.enable_api,
                enable_controls: self.enable_controls,
                force_autoplay: self.force_autoplay,
                hide_title: self.hide_title,
                force_loop: self.force_loop,
            },
            logo: self.logo.map(|edition| Logo { edition: Edition(edition), link: self.logo_link }),
            created_at: Timestamp::from_millis(self.created_at),
            updated_at: Timestamp::from_millis(self.updated_at),
        })
    }
}

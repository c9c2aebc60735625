//! Who did what: rows are only ever added.

use admit_domain::{claims::Viewer, id::ProjectId, time::Timestamp};

use crate::{
    db::{Db, Tx},
    error::Result,
    page::{Page, Paging},
    row::Row,
    statement::{all, exec, one},
};

/// Something that happened and that an operator may ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub happened_at: Timestamp,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

pub async fn insert(tx: &mut Tx, project: &ProjectId, event: &Event) -> Result<()> {
    let text = "INSERT INTO audit (project_id, happened_at, actor, action, subject, detail)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let Event { happened_at, actor, action, subject, detail } = event;
    exec!(tx, text, project.as_str(), happened_at.as_millis(), actor, action, subject, detail)?;
    Ok(())
}

/// Which events to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub viewer: Option<Viewer>,
    pub action: Option<String>,
    pub subject: Option<String>,
}

/// How a viewer whom a signer names is called among the actors.
pub(crate) fn actor_of(viewer: Option<&Viewer>) -> String {
    viewer.map_or_else(|| "viewer".to_owned(), |viewer| format!("viewer {}", viewer.as_str()))
}

/// The project's events, latest first.
pub async fn list(db: &Db, project: &ProjectId, filter: &Filter, paging: Paging) -> Result<Page<Event>> {
    macro_rules! filtered {
        ($select:literal, $tail:literal) => {
            concat!(
                "SELECT ",
                $select,
                " FROM audit WHERE project_id = $1 AND ($2 = '' OR actor = $2)
                    AND ($3 = '' OR action = $3) AND ($4 = '' OR subject = $4)",
                $tail
            )
        };
    }
    // PostgreSQL's texts hold no NUL, and neither does anything that happened.
    let plain = |text: &Option<String>| text.as_deref().unwrap_or_default().replace('\0', "\u{fffd}");
    let actor = filter.viewer.as_ref().map(|viewer| actor_of(Some(viewer))).unwrap_or_default();
    let (action, subject, project) = (plain(&filter.action), plain(&filter.subject), project.as_str());
    let page = filtered!("happened_at, actor, action, subject, detail", " ORDER BY id DESC LIMIT $5 OFFSET $6");
    let (limit, offset) = (paging.limit(), paging.offset());
    let rows = all!(db, EventRow, page, project, &actor, &action, &subject, limit, offset)?;
    let (total,): (i64,) = one!(db, (i64,), filtered!("COUNT(*)", ""), project, &actor, &action, &subject)?;
    let total = Row::of("audit", project).number("count", total)?;
    Ok(Page { items: rows.into_iter().map(EventRow::read).collect(), total })
}

#[derive(sqlx::FromRow)]
struct EventRow {
    happened_at: i64,
    actor: String,
    action: String,
    subject: String,
    detail: String,
}

impl EventRow {
    fn read(self) -> Event {
        let Self { happened_at, actor, action, subject, detail } = self;
        Event { happened_at: Timestamp::from_millis(happened_at), actor, action, subject, detail }
    }
}

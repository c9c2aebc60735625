//! Up to when issued credentials begin nothing any more: what keeps out those whose sessions were ended all at once.

use admit_domain::{
    claims::Viewer,
    id::{ProjectId, VideoId},
    secret::Fingerprint,
    session::Session,
    time::Timestamp,
};

use crate::{
    db::Tx,
    dialect::{Both, both, rows},
    error::Result,
    statement::{all, exec},
};

/// Whose credentials are meant.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    Video(&'a VideoId),
    Project,
    Viewer(&'a Viewer),
    Credential(&'a Fingerprint),
}

impl Subject<'_> {
    fn text(self) -> String {
        match self {
            Self::Video(id) => format!("video {id}"),
            Self::Project => "project".to_owned(),
            Self::Viewer(name) => format!("viewer {}", name.as_str()),
            Self::Credential(fingerprint) => format!("credential {}", fingerprint.to_hex()),
        }
    }
}

/// Waits until no session is about to begin, and keeps others from beginning until the transaction ends: whoever ends
/// sessions then sees all that there are, and whoever begins one then sees the cut.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    const TEXT: Both = both!("SELECT ", cutting_alone, "");
    exec!(tx, TEXT)?;
    Ok(())
}

/// Credentials of the subject that were issued until then begin nothing. A cut only moves on.
pub async fn cut(tx: &mut Tx, project: &ProjectId, subject: Subject<'_>, until: Timestamp) -> Result<()> {
    let text = "INSERT INTO access_cuts (project_id, subject, until) VALUES ($1, $2, $3)
        ON CONFLICT (project_id, subject) DO UPDATE SET until =
            CASE WHEN access_cuts.until > excluded.until THEN access_cuts.until ELSE excluded.until END";
    exec!(tx, text, project.as_str(), subject.text(), until.as_millis())?;
    Ok(())
}

/// Goes beside others of its kind, and before any [`hold`] or after it.
pub(crate) async fn stand_beside(tx: &mut Tx) -> Result<()> {
    const TEXT: Both = both!("SELECT ", beside_cuts, "");
    exec!(tx, TEXT)?;
    Ok(())
}

/// Until when a credential such as each session's was issued begins nothing; the epoch where nothing was cut.
pub(crate) async fn until_of(tx: &mut Tx, sessions: &[&Session]) -> Result<Vec<Timestamp>> {
    const TEXT: Both = both!(
        "SELECT CAST(asked.value ->> 0 AS BIGINT), MAX(cuts.until) FROM ",
        rows(1),
        " AS asked JOIN access_cuts cuts ON cuts.project_id = asked.value ->> 1
            AND cuts.subject IN (asked.value ->> 2, asked.value ->> 3, asked.value ->> 4, 'project') GROUP BY 1"
    );
    let numbered = (0_i64..).zip(sessions);
    let asked: Vec<_> = numbered
        .map(|(number, session)| {
            let viewer = session.viewer.as_ref().map(|viewer| Subject::Viewer(viewer).text()).unwrap_or_default();
            let (video, credential) = (Subject::Video(&session.video), Subject::Credential(&session.credential));
            (number, session.project.as_str(), video.text(), credential.text(), viewer)
        })
        .collect();
    let found = all!(tx, (i64, i64), TEXT, rows(&asked))?;
    let mut cuts = vec![Timestamp::EPOCH; sessions.len()];
    for (number, until) in found {
        if let Some(cut) = usize::try_from(number).ok().and_then(|number| cuts.get_mut(number)) {
            *cut = Timestamp::from_millis(until);
        }
    }
    Ok(cuts)
}

/// The same of one session.
pub(crate) async fn until(tx: &mut Tx, session: &Session) -> Result<Timestamp> {
    Ok(until_of(tx, &[session]).await?.first().copied().unwrap_or(Timestamp::EPOCH))
}

//! What a change of access rules would do, told from those who wanted in lately. Nothing is changed.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    sync::Arc,
};

use admit_db::videos;
use admit_domain::{
    claims::Fault,
    decision::Decision,
    id::VideoId,
    limits::{REPLAY_EXAMPLES_MAX, REPLAY_VIDEOS_MAX},
    rules::Rules,
    time::Timestamp,
};

use super::published::demanded;
use crate::{app::App, caller::Caller, error::ApiError};

/// The rules that would take the place of those that stand.
pub enum Proposal {
    OfProject(Rules),
    OfVideo(VideoId, Rules),
}

/// Somebody who would be treated otherwise.
pub struct Change {
    pub decision: Arc<Decision>,
    /// What the proposed rules have against them; nothing if they would be let in.
    pub refused: Option<Fault>,
}

#[derive(Default)]
pub struct Replayed {
    /// Newcomers that were judged again, each at its own time.
    pub judged: u64,
    /// When the first of them came.
    pub since: Option<Timestamp>,
    /// Let in by the rules as they stand, and as they are proposed.
    pub standing: u64,
    pub proposed: u64,
    pub newly_refused: u64,
    pub newly_allowed: u64,
    /// Those newly refused, by the rule that refuses them.
    pub by_rule: BTreeMap<&'static str, (Fault, u64)>,
    /// The latest of both kinds.
    pub examples: Vec<Change>,
}

/// Judges by both who is remembered: the newcomers of this process, as many as are kept.
pub async fn replay(app: &App, caller: Caller, proposal: &Proposal) -> Result<Replayed, ApiError> {
    let about = match proposal {
        Proposal::OfProject(_) => None,
        Proposal::OfVideo(video, _) => Some(*video),
    };
    if let Some(video) = about
        && videos::rules(&app.db, &caller.project, &video).await?.is_none()
    {
        return Err(ApiError::not_found("videoId"));
    }
    let is_ours = |decision: &Decision| {
        decision.newcomer.project == caller.project && about.is_none_or(|video| decision.video == video)
    };
    let mut known = HashMap::new();
    let mut replayed = Replayed::default();
    for decision in app.ledger.decisions(is_ours) {
        let is_full = known.len() >= REPLAY_VIDEOS_MAX;
        let rules = match known.entry(decision.video) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(_) if is_full => continue,
            Entry::Vacant(entry) => entry.insert(both(app, &decision.video, proposal).await?),
        };
        // Nobody wants in to a video that is gone.
        if let Some((standing, proposed)) = rules {
            replayed.judge(app, decision, standing, proposed);
        }
    }
    Ok(replayed)
}

/// What is demanded of a video's viewers, and what would be; none if there is no such video any more.
async fn both(app: &App, video: &VideoId, proposal: &Proposal) -> Result<Option<(Rules, Rules)>, ApiError> {
    let Some((_, demands)) = videos::published_with_demands(&app.db, video).await? else { return Ok(None) };
    let (of_project, of_video) = demanded(&demands)?;
    let proposed = match proposal {
        Proposal::OfProject(rules) => rules.clone().and(of_video.clone()),
        Proposal::OfVideo(_, rules) => of_project.clone().and(rules.clone()),
    };
    Ok(Some((of_project.and(of_video), proposed)))
}

impl Replayed {
    fn judge(&mut self, app: &App, decision: Arc<Decision>, standing: &Rules, proposed: &Rules) {
        self.judged += 1;
        self.since = Some(self.since.map_or(decision.at, |since| since.min(decision.at)));
        // Whoever the credential itself keeps out stays out.
        if decision.by_credential.is_err() {
            return;
        }
        let visitor = decision.newcomer.asker.visitor(&*app.country_of);
        let stands = standing.judge_entry(&visitor, decision.at).is_ok();
        let refused = proposed.judge_entry(&visitor, decision.at).err();
        self.standing += u64::from(stands);
        self.proposed += u64::from(refused.is_none());
        match &refused {
            Some(fault) if stands => {
                self.newly_refused += 1;
                self.by_rule.entry(fault.field).or_insert_with(|| (fault.clone(), 0)).1 += 1;
            }
            None if !stands => self.newly_allowed += 1,
            _ => return,
        }
        if self.examples.len() < REPLAY_EXAMPLES_MAX {
            self.examples.push(Change { decision, refused });
        }
    }
}

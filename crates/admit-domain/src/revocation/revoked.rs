//! Everything revoked so far: the set that a gate judges by.

use std::sync::Arc;

use super::{Entry, Seq, Subject};
use crate::{
    by_id::{IdMap, IdSet},
    id::{ProjectId, SessionId, VideoId},
    limits::ENDED_SESSIONS_NEWEST_MAX,
    time::Timestamp,
    verdict::Denial,
};

/// Everything revoked so far, as of `seq`. Cheap to clone, since every entry makes the next snapshot of it.
#[derive(Clone, Debug, Default)]
pub struct Revoked {
    pub seq: Seq,
    sessions: Ended,
    gone: Arc<IdSet<VideoId>>,
    videos: Arc<IdMap<VideoId, Timestamp>>,
    projects: Arc<IdMap<ProjectId, Timestamp>>,
}

impl Revoked {
    /// Adds an entry of the log.
    pub fn apply(&mut self, Entry { seq, subject }: Entry) {
        self.seq = self.seq.max(seq);
        match subject {
            Subject::Session { id, until } => self.sessions.insert(id, until),
            Subject::Video(id) => {
                Arc::make_mut(&mut self.gone).insert(id);
            }
            Subject::Restored(id) => {
                Arc::make_mut(&mut self.gone).remove(&id);
            }
            Subject::VideoAccess { id, until } => later(Arc::make_mut(&mut self.videos), id, until),
            Subject::ProjectAccess { id, until } => later(Arc::make_mut(&mut self.projects), id, until),
            Subject::VideoChanged(_) | Subject::ProjectChanged(_) => {}
        }
    }

    /// Has the session been ended by its name, and is there still such a video?
    pub fn judge(&self, session: &SessionId, video: &VideoId) -> Result<(), Denial> {
        if self.sessions.contains(session) {
            return Err(Denial::SessionEnded);
        }
        self.judge_video(video)
    }

    pub fn judge_video(&self, video: &VideoId) -> Result<(), Denial> {
        if self.gone.contains(video) { Err(Denial::VideoGone) } else { Ok(()) }
    }

    /// Did all access end that had begun by then? It is `ended` if so.
    pub fn judge_access(
        &self,
        (video, project): (&VideoId, &ProjectId),
        begun_at: Timestamp,
        ended: Denial,
    ) -> Result<(), Denial> {
        let covers = |until: Option<&Timestamp>| until.is_some_and(|until| begun_at <= *until);
        if covers(self.videos.get(video)) || covers(self.projects.get(project)) { Err(ended) } else { Ok(()) }
    }

    /// Until when access to the video had begun that ended; `None` where none ended.
    pub fn access_ended_until(&self, video: &VideoId, project: &ProjectId) -> Option<Timestamp> {
        self.videos.get(video).copied().max(self.projects.get(project).copied())
    }

    /// Drops the sessions that are over anyway.
    pub fn forget_past(&mut self, now: Timestamp) {
        self.sessions.forget_past(now);
    }

    /// How many sessions, videos and projects are remembered.
    pub fn len(&self) -> usize {
        self.sessions.len() + self.gone.len() + self.videos.len() + self.projects.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whoever applies these to an empty set, in any order, has this one.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        let sessions = self.sessions.iter().map(|(id, until)| Subject::Session { id, until });
        let gone = self.gone.iter().map(|id| Subject::Video(*id));
        let videos = self.videos.iter().map(|(id, until)| Subject::VideoAccess { id: *id, until: *until });
        let projects = self.projects.iter().map(|(id, until)| Subject::ProjectAccess { id: *id, until: *until });
        sessions.chain(gone).chain(videos).chain(projects)
    }

    /// The same, of a log that ends with `seq`.
    pub fn of(seq: Seq, subjects: impl IntoIterator<Item = Subject>) -> Self {
        let mut revoked = Self::default();
        for subject in subjects {
            revoked.apply(Entry { seq, subject });
        }
        revoked.seq = seq;
        revoked
    }
}

fn later<K: std::hash::Hash + Eq>(ends: &mut IdMap<K, Timestamp>, id: K, until: Timestamp) {
    let end = ends.entry(id).or_insert(until);
    *end = until.max(*end);
}

/// Ended sessions in two layers, so that the next snapshot costs a copy of the newest few and not of all.
#[derive(Clone, Debug, Default)]
struct Ended {
    settled: Arc<IdMap<SessionId, Timestamp>>,
    newest: IdMap<SessionId, Timestamp>,
}

impl Ended {
    fn insert(&mut self, id: SessionId, until: Timestamp) {
        later(&mut self.newest, id, until);
        if self.newest.len() > ENDED_SESSIONS_NEWEST_MAX {
            self.settle();
        }
    }

    fn settle(&mut self) {
        let settled = Arc::make_mut(&mut self.settled);
        for (id, until) in self.newest.drain() {
            later(settled, id, until);
        }
    }

    fn contains(&self, id: &SessionId) -> bool {
        self.newest.contains_key(id) || self.settled.contains_key(id)
    }

    fn forget_past(&mut self, now: Timestamp) {
        self.settle();
        if self.settled.values().any(|until| *until <= now) {
            Arc::make_mut(&mut self.settled).retain(|_, until| *until > now);
        }
    }

    fn len(&self) -> usize {
        self.newest.len() + self.settled.len()
    }

    fn iter(&self) -> impl Iterator<Item = (SessionId, Timestamp)> {
        self.settled.iter().chain(&self.newest).map(|(id, until)| (*id, *until))
    }
}

#[cfg(test)]
mod tests;

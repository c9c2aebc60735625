//! Why somebody is let in or not: the rules in the order in which they are judged, by the functions that judge viewers.
//! Nothing is spent, and no session begins.

pub(super) mod address;
mod by_gate;
mod demands;
mod reusable;
mod trace;

use admit_db::videos;
use admit_domain::{
    asker::Asker,
    asset::Asset,
    claims::Fault,
    decision::Decision,
    dialects::apivideo::PrivateToken,
    handle::HANDLE_CHARS,
    id::{ProjectId, RequestId, VideoId},
    jose,
    revocation::Seq,
    session::{Client, Presented},
    shown::Shown,
    time::Timestamp,
    verdict::Denial,
    video::Published,
};

pub use self::trace::{Explained, Step};
use self::{
    address::{Address, Place},
    trace::{Stop, Trace},
};
use super::published::published;
use crate::{app::App, error::ApiError, ledger::Refusal, secrets};

/// What is to be explained.
pub enum What {
    /// As a viewer would ask for it.
    Url(String),
    Token {
        text: String,
        video: Option<VideoId>,
    },
    /// A request that was refused.
    Request(RequestId),
}

/// One explanation in the making.
struct Case<'a> {
    app: &'a App,
    project: ProjectId,
    asker: Asker,
    now: Timestamp,
    trace: Trace,
}

/// Explains to the owner of a project; what is another's is not there.
pub async fn explain(
    app: &App,
    project: ProjectId,
    what: What,
    asker: Asker,
    now: Timestamp,
) -> Result<Explained, ApiError> {
    let mut case = Case { app, project, asker, now, trace: Trace::default() };
    let judged = match what {
        What::Url(url) => case.url(&url).await,
        What::Token { text, video } => case.token(text, video).await,
        What::Request(id) => case.request(&id).await,
    };
    match judged {
        Ok(()) => Ok(case.trace.allowed()),
        Err(Stop::Refused(fault)) => Ok(case.trace.refused(fault)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

impl Case<'_> {
    async fn url(&mut self, url: &str) -> Result<(), Stop> {
        let place = Place::of(url, &self.app.bases.vod);
        let Some(address) = Address::parse(&place) else {
            let fault = Fault::new(Denial::NotFound, "path", "an address of a video, such as /vod/<videoId>/…");
            return self.trace.judge("address", "", Err(fault));
        };
        match address {
            Address::Session { handle, video, asset } => self.by_handle(handle, video, asset).await,
            Address::Signed { signature, video, asset } => self.by_signature(signature, video, asset).await,
            Address::Private { video, token, asset } => self.by_private_token(video, &token, asset).await,
            Address::Open { video, asset } => {
                let facts = self.facts(video).await?;
                let is_open = facts.visibility.is_public() || facts.has_open_poster && asset == Asset::Thumbnail;
                if is_open {
                    return self.openly(&facts, video, asset);
                }
                self.trace.pass("visibility", "the video is private, so a credential is needed");
                let presented = self.presented(Some(video), None, place.shown(None, self.asker.ip));
                self.reusable(&presented, asset).await
            }
            Address::InPath { token, video, asset } => {
                self.facts(video).await?;
                let presented = self.presented(Some(video), None, place.shown(Some(token), self.asker.ip));
                self.reusable(&presented, asset).await
            }
            Address::Link(code) => {
                let presented = self.presented(None, Some(code.to_owned()), place.shown(None, self.asker.ip));
                self.reusable(&presented, Asset::HlsMaster).await
            }
        }
    }

    async fn token(&mut self, text: String, video: Option<VideoId>) -> Result<(), Stop> {
        let asset = Asset::HlsMaster;
        let video = match video {
            Some(video) => Some(video),
            None if secrets::is_embed_token(&text) => self.video_of_embed_token(&text).await?,
            None => jose::peek_video(&text),
        };
        let video = video.ok_or_else(|| ApiError::attribute_required("videoId"))?;
        if let Some(token) = PrivateToken::parse(&text) {
            return self.by_private_token(video, &token, asset).await;
        }
        if text.len() == HANDLE_CHARS && !text.contains('.') {
            return self.by_handle(&text, video, asset).await;
        }
        self.facts(video).await?;
        let shown = Shown {
            origin: self.app.bases.vod.clone(),
            path: format!("/vod/{video}/hls/manifest.m3u8"),
            path_token: Some(text),
            ip: self.asker.ip,
            ..Shown::default()
        };
        let presented = self.presented(Some(video), None, shown);
        self.reusable(&presented, asset).await
    }

    /// The cause is its owner's to know. Of a video that is nobody's there is nothing to be known but the code.
    async fn request(&mut self, id: &RequestId) -> Result<(), Stop> {
        let Some(refusal) = self.app.ledger.find(id) else { return self.let_in(id) };
        let Refusal { at, seq, video, fault } = refusal;
        let fault = match video {
            Some(video) if self.owns(&video).await? => fault,
            Some(video) if videos::exists(&self.app.db, &video).await.map_err(ApiError::from)? => {
                return Err(ApiError::not_remembered().into());
            }
            _ => fault.denial.into(),
        };
        let rule = if fault.field.is_empty() { fault.denial.code() } else { fault.field };
        self.trace.judge(rule, format!("{}; {}", fault.denial, decided_at(at, seq)), Err(fault))
    }

    /// A request that began a session.
    fn let_in(&mut self, id: &RequestId) -> Result<(), Stop> {
        let is_it = |decision: &Decision| {
            decision.request.as_ref() == Some(id)
                && decision.newcomer.project == self.project
                && decision.verdict.is_ok()
        };
        let decisions = self.app.ledger.decisions(is_it);
        let decision = decisions.first().ok_or_else(ApiError::not_remembered)?;
        self.trace.pass("session", format!("one began; {}", decided_at(decision.at, decision.seq)));
        Ok(())
    }

    /// The facts about a video of this project.
    async fn facts(&mut self, video: VideoId) -> Result<Published, Stop> {
        let facts = published(self.app, video).await?.filter(|facts| facts.project == self.project);
        let facts = facts.ok_or_else(|| ApiError::not_found("videoId"))?;
        self.trace.say(&facts.rules);
        Ok(facts)
    }

    /// Discarded videos are somebody's too.
    async fn owns(&self, video: &VideoId) -> Result<bool, ApiError> {
        let (db, project) = (&self.app.db, &self.project);
        Ok(videos::get(db, project, video).await?.is_some()
            || videos::get_discarded(db, project, video).await?.is_some())
    }

    fn presented(&self, video: Option<VideoId>, link: Option<String>, shown: Shown) -> Presented {
        Presented {
            video,
            link,
            shown,
            nonce: None,
            client: Client::default(),
            asker: self.asker.clone(),
            renews: None,
            request: None,
        }
    }
}

fn decided_at(at: Timestamp, Seq(seq): Seq) -> String {
    format!("at {at}, after entry {seq} of the log")
}

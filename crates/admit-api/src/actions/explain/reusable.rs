//! Credentials that may be shown again: embed tokens, share links, and what a signing key has signed.

use admit_db::{
    embed_tokens::{self, Kind},
    projects, sessions, signing_keys,
};
use admit_domain::{
    asset::Asset,
    claims::Fault,
    id::{SigningKeyId, VideoId},
    jose,
    secret::Fingerprint,
    session::Presented,
    shown::Shown,
    time::Timestamp,
    verdict::Denial,
};

use super::{
    Case,
    demands::demands,
    trace::{Stop, Trace},
};
use crate::{
    actions::{
        present::{Believed, Reading, counted, decide, opaque, readings},
        published::published,
    },
    error::ApiError,
    secrets,
};

impl Case<'_> {
    pub(super) async fn reusable(&mut self, presented: &Presented, asset: Asset) -> Result<(), Stop> {
        let shown = presented.shown.token();
        self.trace.judge("shown", "at most one token is shown", shown.as_ref().map(drop).map_err(Clone::clone))?;
        let shown = shown.map_err(Stop::Refused)?;
        let believed = match (&presented.link, shown.filter(|token| secrets::is_embed_token(token))) {
            (Some(code), _) => self.opaque(Kind::Link, code, None).await?,
            (None, Some(token)) => self.opaque(Kind::Embed, token, presented.video).await?,
            (None, None) => self.signed(presented, shown).await?,
        };
        let facts = published(self.app, believed.claims.video).await?;
        let facts = facts.ok_or_else(|| ApiError::not_found("videoId"))?;
        let rules = facts.rules.clone().and(believed.claims.rules.clone());
        self.trace.say(&rules);
        let (visitor, now) = (presented.asker.visitor(&*self.app.country_of), self.now);
        let verdict = rules.judge_entry(&visitor, now);
        demands(&mut self.trace, &rules, (&visitor, now), verdict)?;
        if let Some(plays_max) = rules.plays_max {
            let plays = sessions::count_of(&self.app.db, &self.project, &believed.credential).await?;
            let fault = || Fault::new(Denial::PlaysExhausted, "maxPlays", "a play that is left");
            let verdict = if plays < u64::from(plays_max) { Ok(()) } else { Err(fault()) };
            self.trace.judge("maxPlays", format!("{plays} of {plays_max} sessions have begun"), verdict)?;
        }
        if !rules.rights.allows(asset.right()) {
            let fault = Fault::new(Denial::MissingRight, "rights", "a credential with the right to this kind of asset");
            self.trace.judge("rights", rules.in_words(), Err(fault))?;
        }
        self.is_there(&facts, asset)
    }

    /// The video of an embed token of this project.
    pub(super) async fn video_of_embed_token(&self, text: &str) -> Result<Option<VideoId>, ApiError> {
        let credential = Fingerprint::of(&self.app.keys.pepper, text);
        let found = embed_tokens::find(&self.app.db, Kind::Embed, &credential).await?;
        let ours = found.filter(|token| token.project == self.project);
        ours.map(|token| token.video).map(Some).ok_or_else(|| ApiError::not_found("token"))
    }

    async fn opaque(&mut self, kind: Kind, text: &str, video: Option<VideoId>) -> Result<Believed, Stop> {
        let credential = Fingerprint::of(&self.app.keys.pepper, text);
        let found = embed_tokens::find(&self.app.db, kind, &credential).await?;
        if found.as_ref().is_some_and(|token| token.project != self.project) {
            return Err(ApiError::not_found("token").into());
        }
        let verdict = opaque(self.app, kind, text, video, self.now).await;
        let Some(token) = found else {
            self.trace.judge("token", "no such token is kept here", verdict.map(drop))?;
            return Err(ApiError::not_found("token").into());
        };
        self.trace.pass("token", format!("{} is kept here", token.id));
        let (rule, says) = match &verdict {
            Err(fault) if fault.denial == Denial::TokenForOtherVideo => ("video", format!("it is for {}", token.video)),
            _ => {
                self.trace.pass("video", format!("it is for {}", token.video));
                ("expiresAt", token.expires_at.map_or_else(|| "it does not end".to_owned(), ends))
            }
        };
        self.trace.judge(rule, says, verdict.as_ref().map(drop).map_err(Clone::clone))?;
        verdict.map_err(Stop::Refused)
    }

    async fn signed(&mut self, presented: &Presented, shown: Option<&str>) -> Result<Believed, Stop> {
        let video = presented.video.ok_or_else(|| ApiError::attribute_required("videoId"))?;
        let settings = projects::settings(&self.app.db, &self.project).await?;
        let off = || Fault::new(Denial::TokenAccessOff, "tokenAccess", "true, in the settings of the project");
        let verdict = if settings.token_access { Ok(()) } else { Err(off()) };
        self.trace.judge("tokenAccess", "does the project take signed tokens?", verdict)?;
        let readings = readings(self.app, &self.project, (&presented.shown, video), self.now).await;
        let readings = readings.map_err(Stop::Refused)?;
        let decided = decide(&readings, &presented.shown);
        let fault = decided.as_ref().err();
        note_keys(&mut self.trace, &readings, fault);
        let (claims, source) = match decided {
            Ok(decided) => decided,
            Err(fault) => {
                let says = match self.revoked(&presented.shown).await? {
                    Some((key, at)) => format!("{key}, which is named, was revoked at {at}"),
                    None => format!("none of {} active keys signed it", readings.len()),
                };
                let is_read = readings.iter().any(|reading| matches!(reading.found, Some(Err(_))));
                let rule = if is_read { fault.field } else { "signingKey" };
                self.trace.judge(rule, if is_read { String::new() } else { says }, Err(fault))?;
                return Err(ApiError::not_found("token").into());
            }
        };
        let viewer = claims.viewer.as_ref().map_or("nobody in particular", |viewer| viewer.as_str());
        self.trace.pass("times", ends(claims.expires_at));
        self.trace.pass("viewer", format!("it means {viewer}"));
        Ok(counted(self.app, claims, source, shown))
    }

    /// The key that is named, if it is one that was revoked.
    async fn revoked(&self, shown: &Shown) -> Result<Option<(SigningKeyId, Timestamp)>, ApiError> {
        let token = shown.token().ok().flatten();
        let named = token.and_then(jose::peek_kid);
        let named = named.or_else(|| shown.parameter("kid").map(str::to_owned));
        let Some(id) = named.and_then(|named| named.parse().ok()) else { return Ok(None) };
        let found = signing_keys::get(&self.app.db, &self.project, &id, self.now).await?;
        Ok(found.and_then(|found| Some((id, found.key.revoked_at?))))
    }
}

/// Each key that was asked, and what it made of what is shown. The one that decides is told by the step that follows.
fn note_keys(trace: &mut Trace, readings: &[Reading], fault: Option<&Fault>) {
    for Reading { key, dialect, found } in readings {
        // A template's settings are lines of their own.
        let dialect = dialect.to_string();
        let name = dialect.lines().next().unwrap_or_default();
        let says = match found {
            None => format!("{key} ({name}) reads nothing here: another key is named, or another dialect is spoken"),
            Some(Ok(claims)) => format!("{key} ({name}) signed this, for {}", claims.video),
            Some(Err(found)) if Some(found) == fault => format!("{key} ({name}) is meant"),
            Some(Err(found)) => format!("{key} ({name}) does not believe it: {}, wanted {}", found.field, found.wanted),
        };
        trace.pass("key", says);
    }
}

fn ends(at: Timestamp) -> String {
    format!("it ends at {at}")
}

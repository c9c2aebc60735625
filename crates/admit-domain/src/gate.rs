//! The gate: the one function that says yes. A pure function of a snapshot, an ask and a time.

mod seen;

use std::sync::Arc;

use self::seen::Seen;
use crate::{
    asset::Asset,
    claims::Fault,
    handle::Handle,
    id::{SessionId, VideoId},
    key::DeliveryKeys,
    object_key::ObjectKey,
    revocation::Revoked,
    rights::Rights,
    rules::{Rules, Visitor},
    signed::Signed,
    time::Timestamp,
    verdict::Denial,
    video::Visibility,
};

/// What somebody wants, and by what right.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    pub video: VideoId,
    pub asset: Asset,
    pub carriage: Carriage<'a>,
    pub visitor: Visitor<'a>,
}

/// How the request shows its right.
#[derive(Clone, Copy, Debug)]
pub enum Carriage<'a> {
    /// A session's handle.
    Handle(&'a str),
    /// A signed address.
    Signed(&'a str),
    /// Nothing; the video must be public, or the asset one that everybody may fetch.
    Open(Visibility),
}

/// The right to fetch one asset of one video. Only what [`Gate::admit`] saw becomes one, and storage opens for nothing
/// else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    video: VideoId,
    asset: Asset,
    session: Option<SessionId>,
    not_after: Option<Timestamp>,
}

impl Permit {
    pub const fn video(&self) -> VideoId {
        self.video
    }

    pub const fn asset(&self) -> Asset {
        self.asset
    }

    /// The session that is watching; none when the video is public.
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// May this stored thing be read on the way to answering? Its own bytes, or the index to find them by.
    pub fn covers(&self, key: &ObjectKey) -> bool {
        let of_asset = match (self.asset, key) {
            (_, ObjectKey::Presentation { .. })
            | (Asset::Mp4, ObjectKey::Mp4 { .. })
            | (Asset::Thumbnail, ObjectKey::Thumbnail { .. }) => true,
            (Asset::Init(wanted) | Asset::Segment(wanted, _), ObjectKey::Track { track, .. }) => wanted == *track,
            (Asset::Text(wanted, of), ObjectKey::TimedText { kind, language, .. }) => {
                wanted == *kind && of == *language
            }
            (Asset::StoryboardSheet(wanted), ObjectKey::StoryboardSheet { sheet, .. }) => wanted == *sheet,
            _ => false,
        };
        of_asset && key.video() == Some(self.video)
    }
}

/// Somebody has shown a right. What the video demands of them is not yet judged, so storage does not open for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    video: VideoId,
    asset: Asset,
    session: Option<SessionId>,
    not_after: Option<Timestamp>,
}

impl Admitted {
    /// The right to fetch, if the visitor meets the rules of the video and its project.
    pub fn under(self, rules: &Rules, visitor: &Visitor<'_>, now: Timestamp) -> Result<Permit, Fault> {
        if !rules.rights.allows(self.asset.right()) {
            return Err(Fault::new(Denial::MissingRight, "rights", "an asset that the rules of the video allow"));
        }
        rules.judge_request(visitor, now)?;
        let Self { video, asset, session, not_after } = self;
        Ok(Permit { video, asset, session, not_after })
    }
}

/// A snapshot of everything that decides: keys and revocations. Swapped whole when either changes.
#[derive(Clone)]
pub struct Gate {
    keys: DeliveryKeys,
    revoked: Revoked,
    /// Handles whose MAC was right under `keys`. Only verified ones enter, so a flood of forgeries evicts
    /// nothing; end and revocation are judged anew each time.
    seen: Arc<Seen>,
}

impl Gate {
    pub fn new(keys: DeliveryKeys, revoked: Revoked) -> Self {
        Self { keys, revoked, seen: Arc::new(Seen::new()) }
    }

    /// The same keys with a newer view of what was revoked.
    #[must_use]
    pub fn with_revoked(&self, revoked: Revoked) -> Self {
        Self { revoked, ..self.clone() }
    }

    pub const fn keys(&self) -> &DeliveryKeys {
        &self.keys
    }

    pub const fn revoked(&self) -> &Revoked {
        &self.revoked
    }

    pub fn admit(&self, ask: &Ask<'_>, now: Timestamp) -> Result<Admitted, Denial> {
        let (video, asset) = (ask.video, ask.asset);
        let (session, not_after, rights) = match ask.carriage {
            Carriage::Open(Visibility::Private) => return Err(Denial::NoHandle),
            Carriage::Open(Visibility::Public) => {
                self.revoked.judge_video(&video)?;
                (None, None, Rights::ALL)
            }
            Carriage::Handle(text) => {
                let handle = self.open(text, &video, &ask.visitor, now)?;
                (Some(handle.session), Some(handle.not_after), handle.rights)
            }
            Carriage::Signed(text) => {
                let signed = self.verify(text, &video, &ask.visitor, now)?;
                (None, Some(signed.not_after), signed.rights)
            }
        };
        if !rights.allows(asset.right()) {
            return Err(Denial::MissingRight);
        }
        Ok(Admitted { video, asset, session, not_after })
    }

    /// Reads a handle and judges the session behind it.
    pub fn open(&self, text: &str, video: &VideoId, visitor: &Visitor<'_>, now: Timestamp) -> Result<Handle, Denial> {
        let Ok(spelled) = text.as_bytes().try_into() else { return Err(Denial::MalformedHandle) };
        let handle = self
            .seen
            .recall(spelled, video, visitor, || Handle::read(text, video, |bound| bound.values(visitor), &self.keys))?;
        if handle.not_after <= now {
            return Err(Denial::SessionExpired);
        }
        self.revoked.judge(&handle.session, video)?;
        Ok(handle)
    }

    fn verify(&self, text: &str, video: &VideoId, visitor: &Visitor<'_>, now: Timestamp) -> Result<Signed, Denial> {
        let signed = Signed::read(text, video, |bound| bound.values(visitor), &self.keys)?;
        if signed.not_after <= now {
            return Err(Denial::SignatureExpired);
        }
        self.revoked.judge_video(video)?;
        Ok(signed)
    }

    /// Does what was permitted before still hold? For bodies that outlive their request.
    pub fn stands(&self, permit: &Permit, now: Timestamp) -> Result<(), Denial> {
        if permit.not_after.is_some_and(|end| end <= now) {
            return Err(if permit.session.is_some() { Denial::SessionExpired } else { Denial::SignatureExpired });
        }
        match &permit.session {
            Some(session) => self.revoked.judge(session, &permit.video),
            None => self.revoked.judge_video(&permit.video),
        }
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("revoked", &self.revoked.seq).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

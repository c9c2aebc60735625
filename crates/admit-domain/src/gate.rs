//! The gate: the one function that says yes. A pure function of a snapshot, an ask and a time.

mod seen;

use std::sync::Arc;

use self::seen::Seen;
use crate::{
    asset::Asset,
    handle::{Handle, Rights},
    id::{SessionId, VideoId},
    key::DeliveryKeys,
    object_key::ObjectKey,
    revocation::Revoked,
    time::Timestamp,
    verdict::Denial,
    video::Visibility,
};

/// What somebody wants, and by what right.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub video: VideoId,
    pub asset: Asset,
    pub carriage: Carriage<'a>,
}

/// How the request shows its right.
#[derive(Clone, Copy, Debug)]
pub enum Carriage<'a> {
    /// A session's handle.
    Handle(&'a str),
    /// Nothing; the video must be public.
    Open(Visibility),
}

/// The right to fetch one asset of one video. Nobody but [`Gate::admit`] can make one, and storage opens
/// for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    video: VideoId,
    asset: Asset,
    session: Option<SessionId>,
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

    pub fn admit(&self, ask: &Ask<'_>, now: Timestamp) -> Result<Permit, Denial> {
        let session = match ask.carriage {
            Carriage::Open(Visibility::Private) => return Err(Denial::NoHandle),
            Carriage::Open(Visibility::Public) => {
                self.revoked.judge_video(&ask.video)?;
                None
            }
            Carriage::Handle(text) => Some(self.open(text, &ask.video, now)?.session),
        };
        Ok(Permit { video: ask.video, asset: ask.asset, session })
    }

    /// Reads a handle and judges the session behind it.
    pub fn open(&self, text: &str, video: &VideoId, now: Timestamp) -> Result<Handle, Denial> {
        let handle = self.read(text, video)?;
        if handle.not_after <= now {
            return Err(Denial::SessionExpired);
        }
        if !handle.rights.allows(Rights::WATCH) {
            return Err(Denial::MissingRight);
        }
        self.revoked.judge(&handle.session, video)?;
        Ok(handle)
    }

    fn read(&self, text: &str, video: &VideoId) -> Result<Handle, Denial> {
        let Ok(spelled) = text.as_bytes().try_into() else { return Err(Denial::MalformedHandle) };
        self.seen.recall(spelled, video, || Handle::read(text, video, &self.keys))
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("revoked", &self.revoked.seq).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

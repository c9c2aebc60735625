//! The gate: the one function that says yes. A pure function of a snapshot, an ask and a time.

mod seen;

use std::sync::Arc;

use self::seen::Seen;
use crate::{
    asset::Asset,
    claims::Fault,
    handle::Handle,
    id::{ProjectId, SessionId, VideoId},
    key::DeliveryKeys,
    object_key::ObjectKey,
    revocation::Revoked,
    rights::Rights,
    rules::Visitor,
    signed::Signed,
    time::Timestamp,
    verdict::Denial,
    video::{OnStale, Published, Visibility},
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
    /// By whom the video is kept.
    project: ProjectId,
    shown: Option<Proof>,
}

/// What was shown, and is not an address that is open to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Proof {
    /// None for a signed address.
    session: Option<SessionId>,
    begun_at: Timestamp,
    not_after: Timestamp,
    /// It must have a seat, whatever the video and its project say.
    seat: bool,
}

impl Proof {
    /// What its bearer is told when it was taken back.
    const fn ended(&self) -> Denial {
        if self.session.is_some() { Denial::SessionEnded } else { Denial::CredentialRevoked }
    }

    const fn expired(&self) -> Denial {
        if self.session.is_some() { Denial::SessionExpired } else { Denial::SignatureExpired }
    }
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
        match &self.shown {
            Some(proof) => proof.session,
            None => None,
        }
    }

    /// The session that must have a seat before this is fetched, if its credential, the video or the project limits how many
    /// watch at once.
    pub fn takes_seat(&self, facts: &Published) -> Option<SessionId> {
        let proof = self.shown.filter(|proof| proof.seat || facts.rules.seats.is_some())?;
        proof.session.filter(|_| self.asset.is_film())
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
    shown: Option<Proof>,
}

/// A snapshot of everything that decides: keys, revocations, and until when they are known to hold. Swapped whole when
/// any of them changes.
#[derive(Clone)]
pub struct Gate {
    keys: DeliveryKeys,
    revoked: Revoked,
    fresh_until: Timestamp,
    /// Handles whose MAC was right under `keys`. Only verified ones enter, so a flood of forgeries evicts
    /// nothing; end and revocation are judged anew each time.
    seen: Arc<Seen>,
}

impl Gate {
    /// A gate that has heard nothing yet, and judges nothing private until it has.
    pub fn new(keys: DeliveryKeys, revoked: Revoked) -> Self {
        Self { keys, revoked, fresh_until: Timestamp::EPOCH, seen: Arc::new(Seen::new()) }
    }

    /// The same keys with a newer view of what was revoked.
    #[must_use]
    pub fn with_revoked(&self, revoked: Revoked) -> Self {
        Self { revoked, ..self.clone() }
    }

    /// The same, known to hold until then.
    #[must_use]
    pub fn fresh_until(&self, fresh_until: Timestamp) -> Self {
        Self { fresh_until, ..self.clone() }
    }

    /// Other keys. What was verified under the old ones is verified anew.
    #[must_use]
    pub fn with_keys(&self, keys: DeliveryKeys) -> Self {
        Self { keys, seen: Arc::new(Seen::new()), ..self.clone() }
    }

    pub const fn keys(&self) -> &DeliveryKeys {
        &self.keys
    }

    pub const fn revoked(&self) -> &Revoked {
        &self.revoked
    }

    /// Judges what is shown, before anything is known of the video.
    pub fn admit(&self, ask: &Ask<'_>, now: Timestamp) -> Result<Admitted, Denial> {
        let (video, asset) = (ask.video, ask.asset);
        let (shown, rights) = match ask.carriage {
            Carriage::Open(Visibility::Private) => return Err(Denial::NoHandle),
            Carriage::Open(Visibility::Public) => {
                self.revoked.judge_video(&video)?;
                (None, Rights::ALL)
            }
            Carriage::Handle(text) => {
                let Handle { session, begun_at, not_after, rights, bound, .. } =
                    self.open(text, &video, &ask.visitor, now)?;
                (Some(Proof { session: Some(session), begun_at, not_after, seat: bound.seat }), rights)
            }
            Carriage::Signed(text) => {
                let Signed { signed_at, not_after, rights, .. } = self.verify(text, &video, &ask.visitor, now)?;
                (Some(Proof { session: None, begun_at: signed_at, not_after, seat: false }), rights)
            }
        };
        if !rights.allows(asset.right()) {
            return Err(Denial::MissingRight);
        }
        Ok(Admitted { video, asset, shown })
    }

    /// The right to fetch, if what was shown was not taken back with others, and the visitor meets what the video and its
    /// project demand.
    pub fn under(
        &self,
        admitted: Admitted,
        facts: &Published,
        visitor: &Visitor<'_>,
        now: Timestamp,
    ) -> Result<Permit, Fault> {
        let Admitted { video, asset, shown } = admitted;
        let permit = Permit { video, asset, project: facts.project, shown };
        if shown.is_some_and(|proof| proof.session.is_none()) && !facts.token_access {
            return Err(Denial::TokenAccessOff.into());
        }
        if shown.is_some_and(|proof| proof.session.is_none()) && facts.rules.seats.is_some() {
            return Err(Fault::new(Denial::NoHandle, "seats", "a session, for signed addresses are not counted"));
        }
        if shown.is_some() && now >= self.fresh_until && facts.on_stale == OnStale::Closed {
            return Err(Denial::Stale.into());
        }
        self.judge_access(&permit)?;
        if !facts.rules.rights.allows(asset.right()) {
            return Err(Fault::new(Denial::MissingRight, "rights", "an asset that the rules of the video allow"));
        }
        facts.rules.judge_request(visitor, now)?;
        Ok(permit)
    }

    fn judge_access(&self, permit: &Permit) -> Result<(), Denial> {
        let Some(proof) = &permit.shown else { return Ok(()) };
        self.revoked.judge_access((&permit.video, &permit.project), proof.begun_at, proof.ended())
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

    /// Does what was permitted before still hold? For bodies that outlive their request. That nothing was heard for long does
    /// not cut them: they end, and the next request is judged.
    pub fn stands(&self, permit: &Permit, now: Timestamp) -> Result<(), Denial> {
        let Some(proof) = &permit.shown else { return self.revoked.judge_video(&permit.video) };
        if proof.not_after <= now {
            return Err(proof.expired());
        }
        match &proof.session {
            Some(session) => self.revoked.judge(session, &permit.video)?,
            None => self.revoked.judge_video(&permit.video)?,
        }
        self.judge_access(permit)
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("revoked", &self.revoked.seq).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

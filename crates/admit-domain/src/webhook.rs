//! What happens that a customer may wish to hear of, and the secret by which it knows that it heard it from us.

use std::fmt;

use crate::{
    id::{EventId, ProjectId, WebhookId},
    secret::MacKey,
    time::Timestamp,
};

/// The closed list; api.video's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    QualityCompleted,
    CaptionGenerated,
    SummaryGenerated,
    SourceRecorded,
    BroadcastStarted,
    BroadcastEnded,
}

impl EventKind {
    pub const ALL: [Self; 6] = [
        Self::QualityCompleted,
        Self::CaptionGenerated,
        Self::SummaryGenerated,
        Self::SourceRecorded,
        Self::BroadcastStarted,
        Self::BroadcastEnded,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::QualityCompleted => "video.encoding.quality.completed",
            Self::CaptionGenerated => "video.caption.generated",
            Self::SummaryGenerated => "video.summary.generated",
            Self::SourceRecorded => "video.source.recorded",
            Self::BroadcastStarted => "live-stream.broadcast.started",
            Self::BroadcastEnded => "live-stream.broadcast.ended",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// An address that wishes to hear of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub project: ProjectId,
    pub created_at: Timestamp,
    pub url: String,
    pub events: Vec<EventKind>,
}

/// Something that happened, in the words in which it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub kind: EventKind,
    /// JSON text, sent byte for byte.
    pub body: String,
}

/// How far the telling of one event to one webhook has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    Waiting,
    Delivering,
    Delivered,
    Failed,
}

impl DeliveryState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivering => "delivering",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Delivering, Self::Delivered, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A webhook's own secret. Derived, so that it can be shown again and is stored nowhere.
#[derive(Clone)]
pub struct SignatureSecret(String);

impl SignatureSecret {
    pub fn of(key: &MacKey, webhook: &WebhookId) -> Self {
        const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let letters = key.tag(&[webhook.as_str().as_bytes()]).into_iter().take(22);
        let letters = letters.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
        Self("sig_sec_".chars().chain(letters).collect())
    }

    /// For its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// HMAC-SHA256 with the text of the secret as the key.
    pub fn sign(&self, message: &[u8]) -> [u8; 32] {
        MacKey::of_text(&self.0).tag_of(message)
    }
}

impl fmt::Debug for SignatureSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignatureSecret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{Secret, hex};

    #[test]
    fn a_secret_is_its_webhooks_own_and_shows_nothing() {
        let key = Secret::new([1; 32]).mac();
        let (one, two) = (WebhookId::from_random([1; 22]), WebhookId::from_random([2; 22]));
        let secret = SignatureSecret::of(&key, &one);
        assert_eq!(secret.expose(), SignatureSecret::of(&key, &one).expose());
        assert_ne!(secret.expose(), SignatureSecret::of(&key, &two).expose());
        assert_eq!((secret.expose().len(), &secret.expose()[..8]), (30, "sig_sec_"));
        assert_eq!(format!("{secret:?}"), "SignatureSecret(***)");
    }

    /// RFC 4231, test case 2, whose key is a text.
    #[test]
    fn the_signature_is_hmac_sha256_by_the_text() {
        let signed = SignatureSecret("Jefe".to_owned()).sign(b"what do ya want for nothing?");
        assert_eq!(hex(&signed), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn every_event_has_one_name() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(EventKind::parse("video.deleted"), None);
    }
}

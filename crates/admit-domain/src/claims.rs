//! What a credential says, whatever dialect it is written in.

pub use crate::fault::Fault;
use crate::{id::VideoId, limits::VIEWER_CHARS_MAX, rules::Rules, time::Timestamp};

/// What a credential says once its signature, its times and its video are found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The video it opens.
    pub video: VideoId,
    /// Whom its signer means, for the audit trail.
    pub viewer: Option<Viewer>,
    /// From here on it begins no session. The session it began goes on.
    pub expires_at: Timestamp,
    /// It was not issued before this instant; the signer says so, or its longest life does. `None` where neither is known.
    pub issued_at: Option<Timestamp>,
    /// The name of a credential that begins one session and no more.
    pub once: Option<String>,
    /// What the signer demands of whoever shows it.
    pub rules: Rules,
}

/// A viewer by the signer's name for them: printable, and bounded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Viewer(String);

impl Viewer {
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.chars().count() <= VIEWER_CHARS_MAX;
        (fits && !text.chars().any(char::is_control)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

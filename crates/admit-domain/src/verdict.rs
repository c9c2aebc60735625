//! Why something was refused: one closed list for the whole house.

/// A refusal. The viewer is told the code; the operator is told the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Denial {
    #[error("the address carries no handle, and the video is private")]
    NoHandle,
    #[error("the handle is not spelled as handles are")]
    MalformedHandle,
    #[error("the handle is signed with a key that is not in the ring")]
    UnknownDeliveryKey,
    #[error("the handle's signature does not match")]
    ForgedHandle,
    #[error("the handle is for another video")]
    OtherVideo,
    #[error("the session has reached its absolute end")]
    SessionExpired,
    #[error("the session was ended by an operator")]
    SessionEnded,
    #[error("the session does not have the right to this kind of asset")]
    MissingRight,
    #[error("the video has been deleted")]
    VideoGone,
    #[error("the private token is not one of ours, or is for another video")]
    UnknownCredential,
    #[error("the private token was not redeemed in time")]
    CredentialExpired,
    #[error("the private token has already been redeemed")]
    CredentialSpent,
    #[error("a preview, a prefetch or a probe may not redeem a credential")]
    NotARedeem,
    #[error("the request was sent before the connection was proven fresh")]
    EarlyData,
    #[error("the request's nonce is missing or malformed")]
    BadNonce,
    #[error("there is no such video or asset")]
    NotFound,
    #[error("the method is not one this address answers")]
    MethodNotAllowed,
    #[error("too many redeems are waiting")]
    Overloaded,
    #[error("the control plane cannot be asked right now")]
    CannotKnow,
}

impl Denial {
    /// Every refusal there is, for tests and documents that must miss none.
    pub const ALL: [Self; 19] = [
        Self::NoHandle,
        Self::MalformedHandle,
        Self::UnknownDeliveryKey,
        Self::ForgedHandle,
        Self::OtherVideo,
        Self::SessionExpired,
        Self::SessionEnded,
        Self::MissingRight,
        Self::VideoGone,
        Self::UnknownCredential,
        Self::CredentialExpired,
        Self::CredentialSpent,
        Self::NotARedeem,
        Self::EarlyData,
        Self::BadNonce,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Overloaded,
        Self::CannotKnow,
    ];

    /// The stable name of the refusal, as `Admit-Reason` carries it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoHandle => "no_handle",
            Self::MalformedHandle => "malformed_handle",
            Self::UnknownDeliveryKey => "unknown_delivery_key",
            Self::ForgedHandle => "forged_handle",
            Self::OtherVideo => "other_video",
            Self::SessionExpired => "session_expired",
            Self::SessionEnded => "session_ended",
            Self::MissingRight => "missing_right",
            Self::VideoGone => "video_gone",
            Self::UnknownCredential => "unknown_credential",
            Self::CredentialExpired => "credential_expired",
            Self::CredentialSpent => "credential_spent",
            Self::NotARedeem => "not_a_redeem",
            Self::EarlyData => "early_data",
            Self::BadNonce => "bad_nonce",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Overloaded => "overloaded",
            Self::CannotKnow => "cannot_know",
        }
    }

    /// The HTTP status of our own dialect: 401 not proven or expired, 403 proven but not allowed,
    /// 404 hides existence, 410 spent or ended, 425 too early, 429 too many, 503 cannot know.
    pub const fn status(self) -> u16 {
        match self {
            Self::NoHandle
            | Self::MalformedHandle
            | Self::UnknownDeliveryKey
            | Self::ForgedHandle
            | Self::SessionExpired => 401,
            Self::OtherVideo | Self::MissingRight => 403,
            Self::UnknownCredential | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::SessionEnded | Self::VideoGone | Self::CredentialExpired | Self::CredentialSpent => 410,
            Self::BadNonce => 422,
            Self::EarlyData => 425,
            Self::Overloaded => 429,
            Self::NotARedeem | Self::CannotKnow => 503,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_distinct() {
        let codes: HashSet<_> = Denial::ALL.iter().map(|denial| denial.code()).collect();
        assert_eq!(codes.len(), Denial::ALL.len());
    }
}

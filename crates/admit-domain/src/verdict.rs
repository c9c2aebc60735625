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
    #[error("the signed address is not spelled as signed addresses are")]
    MalformedSignature,
    #[error("the address's signature does not match")]
    ForgedSignature,
    #[error("the signed address has expired")]
    SignatureExpired,
    #[error("the handle is forged, or is bound to another network, country or program")]
    BoundElsewhere,
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
    #[error("the token or signature proves nothing: misspelled, forged, expired, or of a key that is not there")]
    InvalidToken,
    #[error("the token is right, and for another video")]
    TokenForOtherVideo,
    #[error("two credentials are shown where there must be one")]
    AmbiguousToken,
    #[error("the project does not take signed tokens")]
    TokenAccessOff,
    #[error("the video may not be shown on this site")]
    DomainNotAllowed,
    #[error("the video may not be watched from this network")]
    NetworkNotAllowed,
    #[error("the video may not be watched in this country")]
    CountryNotAllowed,
    #[error("the video may not be watched with this program")]
    AgentNotAllowed,
    #[error("the credential has begun as many sessions as it may")]
    PlaysExhausted,
    #[error("as many are watching as may at once")]
    SeatsTaken,
    #[error("as many are watching as may at once, and the viewer may have the oldest ended")]
    SeatTakeover,
    #[error("the video may not be watched yet")]
    NotYet,
    #[error("the video may no longer be watched")]
    NoLonger,
    #[error("the credential was taken back")]
    CredentialRevoked,
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
    #[error("too many redeems are waiting, or too many credentials were shown in vain")]
    Overloaded,
    #[error("the control plane cannot be asked right now")]
    CannotKnow,
    #[error("nothing has been heard of revocations for too long")]
    Stale,
}

impl Denial {
    /// Every refusal there is, for tests and documents that must miss none.
    pub const ALL: [Self; 38] = [
        Self::NoHandle,
        Self::MalformedHandle,
        Self::UnknownDeliveryKey,
        Self::ForgedHandle,
        Self::OtherVideo,
        Self::MalformedSignature,
        Self::ForgedSignature,
        Self::SignatureExpired,
        Self::BoundElsewhere,
        Self::SessionExpired,
        Self::SessionEnded,
        Self::MissingRight,
        Self::VideoGone,
        Self::UnknownCredential,
        Self::CredentialExpired,
        Self::CredentialSpent,
        Self::InvalidToken,
        Self::TokenForOtherVideo,
        Self::AmbiguousToken,
        Self::TokenAccessOff,
        Self::DomainNotAllowed,
        Self::NetworkNotAllowed,
        Self::CountryNotAllowed,
        Self::AgentNotAllowed,
        Self::PlaysExhausted,
        Self::SeatsTaken,
        Self::SeatTakeover,
        Self::NotYet,
        Self::NoLonger,
        Self::CredentialRevoked,
        Self::NotARedeem,
        Self::EarlyData,
        Self::BadNonce,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Overloaded,
        Self::CannotKnow,
        Self::Stale,
    ];

    /// The stable name of the refusal, as `Admit-Reason` carries it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoHandle => "no_handle",
            Self::MalformedHandle => "malformed_handle",
            Self::UnknownDeliveryKey => "unknown_delivery_key",
            Self::ForgedHandle => "forged_handle",
            Self::OtherVideo => "other_video",
            Self::MalformedSignature => "malformed_signature",
            Self::ForgedSignature => "forged_signature",
            Self::SignatureExpired => "signature_expired",
            Self::BoundElsewhere => "bound_elsewhere",
            Self::SessionExpired => "session_expired",
            Self::SessionEnded => "session_ended",
            Self::MissingRight => "missing_right",
            Self::VideoGone => "video_gone",
            Self::UnknownCredential => "unknown_credential",
            Self::CredentialExpired => "credential_expired",
            Self::CredentialSpent => "credential_spent",
            Self::InvalidToken => "invalid_token",
            Self::TokenForOtherVideo => "token_for_other_video",
            Self::AmbiguousToken => "ambiguous_token",
            Self::TokenAccessOff => "token_access_off",
            Self::DomainNotAllowed => "domain_not_allowed",
            Self::NetworkNotAllowed => "network_not_allowed",
            Self::CountryNotAllowed => "country_not_allowed",
            Self::AgentNotAllowed => "agent_not_allowed",
            Self::PlaysExhausted => "plays_exhausted",
            Self::SeatsTaken => "seats_taken",
            Self::SeatTakeover => "seat_takeover",
            Self::NotYet => "not_yet",
            Self::NoLonger => "no_longer",
            Self::CredentialRevoked => "credential_revoked",
            Self::NotARedeem => "not_a_redeem",
            Self::EarlyData => "early_data",
            Self::BadNonce => "bad_nonce",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Overloaded => "overloaded",
            Self::CannotKnow => "cannot_know",
            Self::Stale => "stale",
        }
    }

    /// What a viewer may know: the kind of refusal, not its details.
    pub const fn title(self) -> &'static str {
        match self {
            Self::CredentialSpent => "This link has already been used.",
            Self::CredentialExpired | Self::SignatureExpired => "This link has expired.",
            Self::CredentialRevoked => "This link is not valid any more.",
            Self::PlaysExhausted => "This link has been used as often as it may be.",
            Self::SeatsTaken | Self::SeatTakeover => "As many are watching as may at once.",
            Self::NotYet => "This video is not available yet.",
            Self::NoLonger => "This video is not available any more.",
            Self::DomainNotAllowed => "This video may not be shown on this site.",
            Self::NetworkNotAllowed => "This video may not be watched from this network.",
            Self::CountryNotAllowed => "This video may not be watched in this country.",
            Self::AgentNotAllowed => "This video may not be watched with this program.",
            Self::AmbiguousToken => "More than one credential is shown.",
            Self::SessionExpired | Self::SessionEnded => "This session has ended.",
            Self::CannotKnow | Self::Stale | Self::Overloaded => "Access cannot be checked right now.",
            Self::NotFound | Self::UnknownCredential | Self::VideoGone => "The requested resource was not found.",
            Self::NotARedeem | Self::EarlyData => "This request cannot open a session.",
            Self::MethodNotAllowed => "Method is not allowed for this route.",
            Self::BadNonce => "The nonce is missing or malformed.",
            _ => "Access denied.",
        }
    }

    /// Reads what [`Denial::code`] says.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|denial| denial.code() == code)
    }

    /// The HTTP status of our own dialect: 401 not proven or expired, 403 proven but not allowed,
    /// 404 hides existence, 410 spent or ended, 425 too early, 429 too many, 503 cannot know.
    pub const fn status(self) -> u16 {
        match self {
            Self::AmbiguousToken => 400,
            Self::NoHandle
            | Self::MalformedHandle
            | Self::UnknownDeliveryKey
            | Self::ForgedHandle
            | Self::SessionExpired
            | Self::MalformedSignature
            | Self::ForgedSignature
            | Self::SignatureExpired
            | Self::InvalidToken
            | Self::CredentialRevoked => 401,
            Self::OtherVideo
            | Self::BoundElsewhere
            | Self::MissingRight
            | Self::TokenForOtherVideo
            | Self::TokenAccessOff
            | Self::DomainNotAllowed
            | Self::NetworkNotAllowed
            | Self::CountryNotAllowed
            | Self::AgentNotAllowed
            | Self::SeatsTaken
            | Self::SeatTakeover => 403,
            Self::UnknownCredential | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::SessionEnded
            | Self::VideoGone
            | Self::CredentialExpired
            | Self::CredentialSpent
            | Self::PlaysExhausted
            | Self::NoLonger => 410,
            Self::BadNonce => 422,
            Self::EarlyData | Self::NotYet => 425,
            Self::Overloaded => 429,
            Self::NotARedeem | Self::CannotKnow | Self::Stale => 503,
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
        assert!(Denial::ALL.iter().all(|denial| Denial::parse(denial.code()) == Some(*denial)));
        assert_eq!(Denial::parse("Not_found"), None);
    }
}

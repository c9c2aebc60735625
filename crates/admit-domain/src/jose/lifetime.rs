//! The times of a token: `iat`, `nbf` and `exp` (RFC 7519 §4.1), in whole seconds.

use std::time::Duration;

use super::claim_set::ClaimSet;
use crate::{
    claims::Fault,
    json::Value,
    limits::{TOKEN_CLOCK_SKEW, TOKEN_SECS_MAX},
    time::Timestamp,
};

/// Must a token say when it was issued?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IssuedAt {
    Required,
    Optional,
}

/// How a dialect spells a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seconds {
    Integer,
    /// An integer, or a string of its digits.
    IntegerOrDigits,
}

/// What a dialect demands of times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    /// From `iat` to `exp`; from now on, where no `iat` is given.
    pub max: Duration,
    pub issued_at: IssuedAt,
    pub seconds: Seconds,
}

/// From when until when a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    /// By `iat`; without it, as early as a token with this end can have been issued.
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Lifetime {
    /// Takes the times out of the claims.
    pub(crate) fn judge(&self, claims: &mut ClaimSet, now: Timestamp) -> Result<Life, Fault> {
        let latest = now.plus(TOKEN_CLOCK_SKEW);
        let ends = self.take(claims, "exp")?.ok_or_else(|| Fault::invalid("exp", "the time the token ends"))?;
        if ends <= now {
            return Err(Fault::invalid("exp", "a time to come"));
        }
        let issued = self.take(claims, "iat")?;
        if issued.is_none() && self.issued_at == IssuedAt::Required {
            return Err(Fault::invalid("iat", "the time the token was issued"));
        }
        if issued.is_some_and(|issued| issued > latest || issued > ends) {
            return Err(Fault::invalid("iat", "a time that is past"));
        }
        if ends.since(issued.unwrap_or(latest)) > self.max {
            let hours = self.max.as_secs() / 3_600;
            return Err(Fault::invalid("exp", format!("a time within {hours} hours after the token is issued")));
        }
        if self.take(claims, "nbf")?.is_some_and(|begins| begins > latest || begins > ends) {
            return Err(Fault::invalid("nbf", "a time that has come"));
        }
        Ok(Life { issued_at: issued.unwrap_or(ends.minus(self.max)), expires_at: ends })
    }

    fn take(&self, claims: &mut ClaimSet, name: &'static str) -> Result<Option<Timestamp>, Fault> {
        let Some(value) = claims.take(name) else { return Ok(None) };
        let seconds = match (&value, self.seconds) {
            (Value::Integer(seconds), _) => Some(*seconds),
            (Value::String(digits), Seconds::IntegerOrDigits) => from_digits(digits),
            _ => None,
        };
        let known = seconds.filter(|seconds| (0..=TOKEN_SECS_MAX).contains(seconds)).map(Timestamp::from_secs);
        known.map(Some).ok_or_else(|| Fault::invalid(name, "whole seconds since 1970, as an integer"))
    }
}

/// Digits as an integer is spelled: no sign, and no zeros before it.
fn from_digits(digits: &str) -> Option<i64> {
    let seconds: i64 = digits.parse().ok()?;
    (seconds.to_string() == digits).then_some(seconds)
}

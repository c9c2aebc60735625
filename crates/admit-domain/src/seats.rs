//! Seats: how many may watch at the same time by one right, and what becomes of one more.

use std::time::Duration;

use crate::{
    id::{SessionId, VideoId},
    time::Timestamp,
    verdict::Denial,
};

/// A seat is held this long after the last request for media: whoever closes a page has left it by then.
pub const SEAT_GRACE: Duration = Duration::from_secs(30);

/// A session that wants to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatWish {
    pub session: SessionId,
    pub video: VideoId,
    /// The viewer was asked, and has another session ended for this one.
    pub takes_over: bool,
}

/// At most so many sessions at once, of one viewer; of one credential where that names no viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    pub max: u32,
    pub when_full: WhenFull,
}

/// What becomes of one more, from the most generous to the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhenFull {
    /// It watches, and the session that has watched longest is ended.
    EndOldest,
    /// The same, once the viewer has said so.
    Ask,
    /// It does not watch.
    RefuseNewest,
}

impl WhenFull {
    const ALL: [Self; 3] = [Self::EndOldest, Self::Ask, Self::RefuseNewest];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EndOldest => "endOldest",
            Self::Ask => "ask",
            Self::RefuseNewest => "refuseNewest",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text)
    }
}

/// Somebody who is watching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seated {
    pub session: SessionId,
    pub since: Timestamp,
}

impl Seats {
    /// Both limits at once: the smaller number, and the stricter choice.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self { max: self.max.min(other.max), when_full: self.when_full.max(other.when_full) }
    }

    /// May one more watch, where these came before, the first first? Which of them are ended for it. `takes_over` says
    /// that the viewer was asked.
    pub fn judge<'a>(&self, before: &'a [Seated], takes_over: bool) -> Result<&'a [Seated], Denial> {
        let max = usize::try_from(self.max).unwrap_or(usize::MAX);
        let Some(over) = before.len().checked_sub(max) else { return Ok(&[]) };
        match self.when_full {
            WhenFull::RefuseNewest => Err(Denial::SeatsTaken),
            WhenFull::Ask if !takes_over => Err(Denial::SeatTakeover),
            WhenFull::EndOldest | WhenFull::Ask => Ok(&before[..=over.min(before.len().saturating_sub(1))]),
        }
    }

    /// "at most 2 at once, whoever came first is ended for one more"
    pub fn in_words(&self) -> String {
        let more = match self.when_full {
            WhenFull::EndOldest => "one more ends the oldest",
            WhenFull::Ask => "one more may end the oldest",
            WhenFull::RefuseNewest => "no more than that",
        };
        format!("at most {} at once ({more})", self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seated(count: u8) -> Vec<Seated> {
        let one = |n| Seated { session: SessionId::from_bytes([n; 12]), since: Timestamp::from_secs(n.into()) };
        (0..count).map(one).collect()
    }

    #[test]
    fn there_is_room_until_there_is_none() {
        for when_full in WhenFull::ALL {
            let seats = Seats { max: 2, when_full };
            for count in 0..2 {
                assert_eq!(seats.judge(&seated(count), false), Ok(&[][..]), "{count} {when_full:?}");
            }
            assert_ne!(seats.judge(&seated(2), false), Ok(&[][..]), "{when_full:?}");
        }
    }

    #[test]
    fn who_is_one_too_many_is_refused_asked_or_let_in_for_the_oldest() {
        let of = |when_full| Seats { max: 2, when_full };
        let all = seated(4);
        for takes_over in [false, true] {
            assert_eq!(of(WhenFull::RefuseNewest).judge(&all[..2], takes_over), Err(Denial::SeatsTaken));
            assert_eq!(of(WhenFull::EndOldest).judge(&all[..2], takes_over), Ok(&all[..1]));
            // The limit was lowered meanwhile: as many go as are too many.
            assert_eq!(of(WhenFull::EndOldest).judge(&all, takes_over), Ok(&all[..3]));
        }
        assert_eq!(of(WhenFull::Ask).judge(&all[..2], false), Err(Denial::SeatTakeover));
        assert_eq!(of(WhenFull::Ask).judge(&all[..2], true), Ok(&all[..1]));
    }

    #[test]
    fn two_limits_are_never_wider_than_either() {
        for (one, other) in WhenFull::ALL.into_iter().flat_map(|one| WhenFull::ALL.map(|other| (one, other))) {
            let (one, other) = (Seats { max: 1, when_full: one }, Seats { max: 3, when_full: other });
            let both = one.and(&other);
            assert_eq!(both, other.and(&one));
            for part in [one, other] {
                assert!(both.max <= part.max && both.when_full >= part.when_full);
                for count in 0..5 {
                    let refused = part.judge(&seated(count), false).is_err();
                    assert!(!refused || both.judge(&seated(count), false).is_err(), "{part:?} refuses {count}");
                }
            }
        }
    }
}

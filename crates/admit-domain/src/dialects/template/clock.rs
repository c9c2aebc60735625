//! How an address spells a time.

use crate::{
    dialects::address,
    time::{Timestamp, civil},
};

const MINUTE_SECONDS: i64 = 60;
const DAY_SECONDS: i64 = 86_400;
/// The largest offset of a zone, in minutes.
const OFFSET_MINUTES_MAX: i64 = 14 * 60;

/// A spelling of times. Each has a fixed length, so that nothing beside it in a signed text can be taken for part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Seconds since 1970: ten digits.
    Seconds,
    /// Seconds since 1970: eight hexadecimal digits in lower case.
    Hex,
    /// `YYYYMMDDHHMM` in a zone that is that many minutes ahead of UTC.
    Minutes(i64),
    /// Milliseconds since 1970: thirteen digits.
    Milliseconds,
}

impl Clock {
    /// Length of a time in characters.
    pub const fn chars(self) -> usize {
        match self {
            Self::Seconds => address::SECONDS_DIGITS,
            Self::Hex => 8,
            Self::Minutes(_) => 12,
            Self::Milliseconds => 13,
        }
    }

    /// `None` for times that have no spelling.
    pub fn spell(self, at: Timestamp) -> Option<String> {
        let text = match self {
            Self::Seconds => at.as_secs().to_string(),
            Self::Hex => format!("{:x}", at.as_secs()),
            Self::Minutes(offset) => minutes(at.as_secs() + offset * MINUTE_SECONDS),
            Self::Milliseconds => at.as_millis().to_string(),
        };
        (text.len() == self.chars() && !text.starts_with('-')).then_some(text)
    }

    /// Reads the one spelling of a time.
    pub fn read(self, text: &str) -> Option<Timestamp> {
        let at = match self {
            Self::Seconds => Timestamp::from_secs(text.parse().ok()?),
            Self::Hex => Timestamp::from_secs(i64::from_str_radix(text, 16).ok()?),
            Self::Minutes(offset) => Timestamp::from_secs(seconds(text)? - offset * MINUTE_SECONDS),
            Self::Milliseconds => Timestamp::from_millis(text.parse().ok()?),
        };
        (self.spell(at)? == text).then_some(at)
    }

    pub fn name(self) -> String {
        match self {
            Self::Seconds => "seconds".to_owned(),
            Self::Hex => "hex".to_owned(),
            Self::Milliseconds => "milliseconds".to_owned(),
            Self::Minutes(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                format!("minutes{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
            }
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        let clock = match name {
            "seconds" => Self::Seconds,
            "hex" => Self::Hex,
            "milliseconds" => Self::Milliseconds,
            _ => {
                let (hours, minutes) = name.strip_prefix("minutes")?.split_once(':')?;
                let (sign, hours) = if let Some(hours) = hours.strip_prefix('-') { (-1, hours) } else { (1, hours) };
                let offset = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
                Self::Minutes(sign * offset)
            }
        };
        let is_zone = !matches!(clock, Self::Minutes(offset) if offset.abs() > OFFSET_MINUTES_MAX);
        (is_zone && clock.name() == name).then_some(clock)
    }
}

/// `YYYYMMDDHHMM` of seconds since 1970 on the clock of the zone.
fn minutes(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(DAY_SECONDS), seconds.rem_euclid(DAY_SECONDS));
    let (year, month, day) = civil(days);
    format!("{year:04}{month:02}{day:02}{:02}{:02}", rest / 3_600, rest % 3_600 / 60)
}

/// The reverse; a date that is none comes out as another one, which its reader notices.
fn seconds(text: &str) -> Option<i64> {
    if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let days = days_of(year, month, day);
    Some(days * DAY_SECONDS + number(8, 10)? * 3_600 + number(10, 12)? * MINUTE_SECONDS)
}

/// Days since 1970 of a Gregorian date: years begin in March, so that a leap day is the last of its year.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_one_spelling() {
        let cases = [
            (Clock::Seconds, "1700000000", 1_700_000_000),
            (Clock::Hex, "6553f100", 1_700_000_000),
            (Clock::Minutes(0), "202311142213", 1_699_999_980),
            (Clock::Minutes(480), "202311150613", 1_699_999_980),
            (Clock::Minutes(-90), "202311142043", 1_699_999_980),
            (Clock::Minutes(0), "202402290000", 1_709_164_800),
            (Clock::Milliseconds, "1700000000000", 1_700_000_000),
        ];
        for (clock, text, seconds) in cases {
            assert_eq!(clock.read(text), Some(Timestamp::from_secs(seconds)), "{text}");
            assert_eq!(clock.spell(Timestamp::from_secs(seconds)).as_deref(), Some(text));
            assert_eq!(Clock::named(&clock.name()), Some(clock));
        }
        let wrong = [
            (Clock::Seconds, "+700000000"),
            (Clock::Seconds, "0700000000"),
            (Clock::Seconds, "17000000000"),
            (Clock::Hex, "6553F100"),
            (Clock::Hex, "+553f100"),
            (Clock::Minutes(0), "202302290000"),
            (Clock::Minutes(0), "202313010000"),
            (Clock::Minutes(0), "202312012400"),
            (Clock::Minutes(0), "20231201 100"),
            (Clock::Milliseconds, "1700000000"),
        ];
        for (clock, text) in wrong {
            assert_eq!(clock.read(text), None, "{text}");
        }
        for name in ["", "Seconds", "minutes", "minutes+8:00", "minutes+08:60", "minutes+15:00", "minutes-00:00"] {
            assert_eq!(Clock::named(name), None, "{name}");
        }
    }
}

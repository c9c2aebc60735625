//! Instants and spans in milliseconds. Nothing here reads a clock: `now` is always an argument.

use std::{fmt, time::Duration};

/// Milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const EPOCH: Self = Self(0);
    /// Never.
    pub const END: Self = Self(i64::MAX);

    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The instant `span` later; saturates at the end of time.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was; zero when it is not in the past.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// `2026-12-01 00:00 UTC`, with seconds and milliseconds where there are any. Years as ISO 8601 counts them.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.as_secs().div_euclid(86_400));
        let (seconds, millis) = (self.as_secs().rem_euclid(86_400), self.0.rem_euclid(1_000));
        write!(f, "{year:04}-{month:02}-{day:02} {:02}:{:02}", seconds / 3_600, seconds / 60 % 60)?;
        match (seconds % 60, millis) {
            (0, 0) => {}
            (second, 0) => write!(f, ":{second:02}")?,
            (second, millis) => write!(f, ":{second:02}.{millis:03}")?,
        }
        f.write_str(" UTC")
    }
}

/// Year, month and day of the Gregorian calendar, by days since 1970-01-01. Years are counted from March, so that the
/// leap day is their last; 400 of them always have 146 097 days.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let since_march_of_0 = days + 719_468;
    let (era, day) = (since_march_of_0.div_euclid(146_097), since_march_of_0.rem_euclid(146_097));
    // Leap days before this one: each 4 years but the hundredths. The last day of an era is its 400th year's.
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    // From March on, five months have 153 days.
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let is_next = month >= 10;
    (era * 400 + year + i64::from(is_next), if is_next { month - 9 } else { month + 3 }, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_in_utc() {
        for (millis, text) in [
            (0, "1970-01-01 00:00 UTC"),
            (-1, "1969-12-31 23:59:59.999 UTC"),
            (951_782_400_000, "2000-02-29 00:00 UTC"),
            (1_709_164_800_000, "2024-02-29 00:00 UTC"),
            (1_709_251_199_000, "2024-02-29 23:59:59 UTC"),
            (1_709_251_200_000, "2024-03-01 00:00 UTC"),
            (4_107_542_400_000, "2100-03-01 00:00 UTC"),
            (4_107_456_000_000, "2100-02-28 00:00 UTC"),
            (1_796_083_200_000, "2026-12-01 00:00 UTC"),
            (1_735_603_200_000, "2024-12-31 00:00 UTC"),
            (253_402_300_799_000, "9999-12-31 23:59:59 UTC"),
            (-62_167_219_200_000, "0000-01-01 00:00 UTC"),
        ] {
            assert_eq!(Timestamp::from_millis(millis).to_string(), text);
        }
        let _ = (Timestamp::from_millis(i64::MAX).to_string(), Timestamp::from_millis(i64::MIN).to_string());
    }

    /// Counted day by day, as a calendar does, over more than one era.
    #[test]
    fn each_day_follows_the_one_before() {
        let mut today = (1_600, 1, 1);
        for days in -135_140..20_000 {
            assert_eq!(civil(days), today, "day {days}");
            let (year, month, day) = today;
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + i64::from(is_leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            today = match (day < length, month < 12) {
                (true, _) => (year, month, day + 1),
                (false, true) => (year, month + 1, 1),
                (false, false) => (year + 1, 1, 1),
            };
        }
    }
}

//! A moment in a film as a customer writes it: `hh:mm:ss`, `hh:mm:ss.ms`, `hh:mm:ss:frame`, or seconds.

use std::fmt;

use crate::source::FrameRate;

/// What a frame number is counted in before the film is there to say.
const FRAME_RATE_ASSUMED: FrameRate = FrameRate::new(25, 1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timecode {
    /// Milliseconds from the start.
    Millis(u64),
    /// So many frames, from zero, after a whole second.
    Frame { seconds: u64, frame: u32 },
}

impl Timecode {
    /// api.video's pattern, `^(?:\d{2,3}:[0-5]\d:[0-5]\d(?:\.\d{1,3}|\:\d{1,2})?|\d{1,7})$`. What follows the point
    /// is a fraction: `.5` is half a second.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((hours, rest)) = text.split_once(':') else {
            return Some(Self::Millis(digits(text, 1, 7)? * 1_000));
        };
        let (minutes, rest) = rest.split_once(':')?;
        let (seconds, fine) = rest.find(['.', ':']).map_or((rest, ""), |at| rest.split_at(at));
        let whole = digits(hours, 2, 3)? * 3_600 + sixtieth(minutes)? * 60 + sixtieth(seconds)?;
        if let Some(frame) = fine.strip_prefix(':') {
            return Some(Self::Frame { seconds: whole, frame: u32::try_from(digits(frame, 1, 2)?).ok()? });
        }
        let millis = match fine.strip_prefix('.') {
            Some(fraction) => digits(fraction, 1, 3).and_then(|_| format!("{fraction:0<3}").parse().ok())?,
            None => 0,
        };
        Some(Self::Millis(whole * 1_000 + millis))
    }

    /// Milliseconds from the start of a film with that many frames a second.
    pub fn millis(self, rate: Option<FrameRate>) -> u64 {
        match self {
            Self::Millis(millis) => millis,
            Self::Frame { seconds, frame } => {
                let rate = rate.filter(|rate| rate.frames > 0 && rate.seconds > 0).unwrap_or(FRAME_RATE_ASSUMED);
                // Rounded up: a picture is never sought before it begins.
                let after = u64::from(frame) * 1_000 * u64::from(rate.seconds);
                seconds * 1_000 + after.div_ceil(u64::from(rate.frames))
            }
        }
    }
}

/// What [`Timecode::parse`] reads as the same moment.
impl fmt::Display for Timecode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |seconds: u64| format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
        match self {
            Self::Millis(millis) if millis % 1_000 == 0 => write!(f, "{}", millis / 1_000),
            Self::Millis(millis) => write!(f, "{}.{:03}", clock(millis / 1_000), millis % 1_000),
            Self::Frame { seconds, frame } => write!(f, "{}:{frame}", clock(*seconds)),
        }
    }
}

fn digits(text: &str, min: usize, max: usize) -> Option<u64> {
    let is_number = (min..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// Minutes of an hour, or seconds of a minute.
fn sixtieth(text: &str) -> Option<u64> {
    digits(text, 2, 2).filter(|number| *number < 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_a_moment() {
        let film = Some(FrameRate::new(30_000, 1_001));
        for (text, rate, millis) in [
            ("00:00:00", None, 0),
            ("00:00:03", None, 3_000),
            ("01:02:03", film, 3_723_000),
            ("999:59:59", None, 3_599_999_000),
            ("00:00:01.5", None, 1_500),
            ("00:00:01.05", None, 1_050),
            ("00:00:01.007", film, 1_007),
            ("00:00:01:0", film, 1_000),
            ("00:00:01:15", Some(FrameRate::new(30, 1)), 1_500),
            ("00:00:01:15", film, 1_501),
            ("00:00:01:5", None, 1_200),
            ("00:00:01:5", Some(FrameRate::new(0, 0)), 1_200),
            ("00:00:01:99", Some(FrameRate::new(25, 1)), 4_960),
            ("0", None, 0),
            ("3", None, 3_000),
            ("0000090", None, 90_000),
            ("9999999", film, 9_999_999_000),
        ] {
            let moment = Timecode::parse(text).expect("a moment");
            assert_eq!(moment.millis(rate), millis, "{text}");
            assert_eq!(Timecode::parse(&moment.to_string()), Some(moment), "{text} is written as {moment}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            " ",
            ":",
            "::",
            "12345678",
            "-1",
            "+1",
            "1.5",
            "1s",
            "0:00:00",
            "0000:00:00",
            "00:00",
            "00:60:00",
            "00:00:60",
            "00:0:00",
            "00:00:0",
            "00:00:+1",
            "00:00:00.",
            "00:00:00.1234",
            "00:00:00.+1",
            "00:00:00:",
            "00:00:00:100",
            "00:00:00:1.5",
            "00:00:00.1:1",
            "00:00:00 ",
            "\u{663}",
            "00:00:0\u{e9}",
        ] {
            assert_eq!(Timecode::parse(text), None, "{text:?}");
        }
    }
}

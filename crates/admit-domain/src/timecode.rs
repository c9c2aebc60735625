//! A moment in a film as a customer writes it: `hh:mm:ss`, `hh:mm:ss.ms`, `hh:mm:ss:frame`, or seconds.

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
            assert_eq!(Timecode::parse(text).map(|moment| moment.millis(rate)), Some(millis), "{text}");
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

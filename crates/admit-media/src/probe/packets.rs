//! Counting packets: how long a stream really is, how heavy, how even, and where it can be cut.

use admit_domain::source::FrameRate;

/// What was counted in the streams a film is made from.
#[derive(Default)]
pub(super) struct Counts {
    video_index: Option<u32>,
    audio_index: Option<u32>,
    pub(super) video: Stretch,
    pub(super) audio: Stretch,
}

/// One stream, as counted. Times are in microseconds since the start of the file.
pub(super) struct Stretch {
    packets: u64,
    bytes: u64,
    first: i64,
    end: i64,
    last_key: Option<i64>,
    longest_gop: i64,
    pub(super) complete_timestamps: bool,
}

impl Default for Stretch {
    fn default() -> Self {
        let (first, end) = (i64::MAX, i64::MIN);
        Self { packets: 0, bytes: 0, first, end, last_key: None, longest_gop: 0, complete_timestamps: true }
    }
}

impl Counts {
    pub(super) fn of(video_index: Option<u32>, audio_index: Option<u32>) -> Self {
        Self { video_index, audio_index, ..Self::default() }
    }

    /// Takes one line: stream, presentation time, decoding time, duration, size, flags. Other lines are not packets.
    pub(super) fn add(&mut self, line: &str) {
        let mut fields = line.split(',');
        let mut next = || fields.next().unwrap_or_default();
        let Ok(index) = next().parse::<u32>() else { return };
        let (shown, decoded, lasts, size, flags) = (next(), next(), next(), next(), next());
        let stretch = match Some(index) {
            index if index == self.video_index => &mut self.video,
            index if index == self.audio_index => &mut self.audio,
            _ => return,
        };
        let shown_at = micros(shown);
        stretch.packets += 1;
        stretch.bytes = stretch.bytes.saturating_add(size.parse().unwrap_or(0));
        stretch.complete_timestamps &= shown_at.is_some();
        if let Some(at) = shown_at.or(micros(decoded)) {
            stretch.see(at, micros(lasts).unwrap_or(0), flags.starts_with('K'));
        }
    }

    /// From the first sound to the first picture; nothing when the picture is first.
    pub(super) fn video_starts_late_ms(&self) -> u32 {
        let sound_first = self.video.first.saturating_sub(self.audio.first) / 1_000;
        u32::try_from(sound_first).unwrap_or(0)
    }

    /// Until the last picture or sound has ended, from the first.
    pub(super) fn duration_ms(&self) -> u64 {
        let first = self.video.first.min(self.audio.first);
        let end = self.video.end.max(self.audio.end);
        u64::try_from(end.saturating_sub(first) / 1_000).unwrap_or(0)
    }
}

impl Stretch {
    fn see(&mut self, at: i64, lasts: i64, key: bool) {
        self.first = self.first.min(at);
        self.end = self.end.max(at.saturating_add(lasts.max(0)));
        if key {
            self.longest_gop = self.longest_gop.max(at.saturating_sub(self.last_key.unwrap_or(at)));
            self.last_key = Some(at);
        }
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.end.saturating_sub(self.first)).unwrap_or(0)
    }

    pub(super) fn seconds(&self) -> u32 {
        u32::try_from(self.micros() / 1_000_000).unwrap_or(u32::MAX)
    }

    pub(super) fn bits_per_second(&self) -> u32 {
        let bits = u128::from(self.bytes) * 8_000_000;
        bits.checked_div(self.micros().into()).map_or(0, |rate| u32::try_from(rate).unwrap_or(u32::MAX))
    }

    /// Rounded to thousandths.
    pub(super) fn packets_per_second(&self) -> FrameRate {
        let millis = u128::from(self.packets) * 1_000_000_000;
        let rate = millis.checked_div(self.micros().into()).map_or(0, |rate| u32::try_from(rate).unwrap_or(u32::MAX));
        FrameRate::new(rate, 1_000)
    }

    /// The last stretch counts too; a stream without any keyframe is one stretch.
    pub(super) fn longest_gop_ms(&self) -> u32 {
        let last = self.end.saturating_sub(self.last_key.unwrap_or(self.first));
        u32::try_from(self.longest_gop.max(last) / 1_000).unwrap_or(u32::MAX)
    }
}

/// Seconds as the program prints them, such as `-0.021333`; `N/A` where there are none.
fn micros(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let part = part.get(..6).unwrap_or(part);
    let scale = 10_i64.pow(6_u32.checked_sub(u32::try_from(part.len()).ok()?)?);
    let micros = whole.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(part.parse::<i64>().ok()? * scale)?;
    Some(sign * micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Counts {
        let mut counts = Counts::of(Some(0), Some(1));
        for line in lines {
            counts.add(line);
        }
        counts
    }

    #[test]
    fn times_are_read_to_the_microsecond() {
        for (text, expected) in [
            ("0.000000", Some(0)),
            ("-0.021333", Some(-21_333)),
            ("12.5", Some(12_500_000)),
            ("7", Some(7_000_000)),
            ("N/A", None),
            ("", None),
            ("99999999999999999999", None),
            ("1.é", None),
            ("1.aééé", None),
        ] {
            assert_eq!(micros(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_film_is_measured_from_its_packets() {
        let counts = counted(&[
            "0,0.000000,-0.040000,0.040000,1000,K__",
            "1,0.000000,0.000000,1.000000,50,K__",
            "0,1.000000,0.900000,0.040000,1000,__",
            "0,2.000000,1.900000,0.040000,1000,K__",
            "7,99.000000,99.000000,1.0,1,K__",
            "not a packet",
            "0,4.960000,4.900000,0.040000,2000,__",
        ]);
        assert_eq!(counts.duration_ms(), 5_000);
        assert_eq!(counts.video_starts_late_ms(), 0);
        assert_eq!(counts.video.longest_gop_ms(), 3_000, "from the keyframe at 2 s to the end");
        assert_eq!(counts.video.bits_per_second(), 8_000);
        assert_eq!(counts.video.packets_per_second(), FrameRate::new(800, 1_000));
        assert_eq!(counts.audio.bits_per_second(), 400);
        assert!(counts.video.complete_timestamps);
    }

    #[test]
    fn pictures_may_start_after_the_sound() {
        let late = |video: &str, audio: &str| {
            let lines = [format!("0,{video},0,1.0,1,K__"), format!("1,{audio},0,1.0,1,K__")];
            counted(&lines.each_ref().map(String::as_str)).video_starts_late_ms()
        };
        assert_eq!(late("0.500000", "0.100000"), 400);
        assert_eq!(late("0.100000", "0.500000"), 0);
        assert_eq!(counted(&["0,7.0,7.0,1.0,1,K__"]).video_starts_late_ms(), 0, "there is no sound");
    }

    #[test]
    fn missing_times_are_noticed_and_survived() {
        let counts = counted(&["0,N/A,0.500000,0.500000,10,K__", "0,N/A,N/A,N/A,N/A,__"]);
        assert!(!counts.video.complete_timestamps);
        assert_eq!(counts.duration_ms(), 500);
        assert_eq!(counted(&[]).duration_ms(), 0);
        assert_eq!(
            counted(&["0,9000000000000.0,0,0,0,K", "0,-9000000000000.0,0,0,0,K"]).video.longest_gop_ms(),
            u32::MAX
        );
    }
}

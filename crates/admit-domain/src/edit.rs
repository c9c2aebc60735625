//! What a customer wishes to be done to a film before anybody sees it: cut to a clip, marked with an image.

use std::ops::Range;

use crate::{
    id::WatermarkId,
    image::Image,
    ladder::{self, Step},
    placement::{Overlay, Placement},
    source::{FrameRate, SourceFacts, Unsupported},
    timecode::Timecode,
};

/// Said when the video is created, and never changed: what is made of the source is made of the edited one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub clip: Option<Clip>,
    pub mark: Option<Mark>,
}

/// A watermark, and where it is laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub watermark: WatermarkId,
    pub place: Placement,
}

/// A stretch of the film. Without a start it begins where the film does, without an end it ends there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip {
    pub start: Option<Timecode>,
    pub end: Option<Timecode>,
}

impl Clip {
    /// Milliseconds of a film of that length and rate; of what lies behind its end nothing is left.
    pub fn span(&self, rate: Option<FrameRate>, duration_ms: u64) -> Result<Range<u64>, Unsupported> {
        let start = self.start.map_or(0, |start| start.millis(rate));
        let end = self.end.map_or(duration_ms, |end| end.millis(rate).min(duration_ms));
        if start < end { Ok(start..end) } else { Err(Unsupported::EmptyClip) }
    }
}

/// The one run of the encoder that makes the edited film out of the one that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remake {
    /// What is left of the film that was sent, in milliseconds of it.
    pub span: Range<u64>,
    pub step: Step,
    pub overlay: Option<Overlay>,
}

impl Edit {
    /// Nothing is wished but the film as it is sent.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Remake {
    /// Decides everything about the run. Sound alone is not marked.
    pub fn plan(
        source: &SourceFacts,
        clip: Option<Clip>,
        mark: Option<(Placement, Image)>,
    ) -> Result<Self, Unsupported> {
        let step = ladder::remake(source, clip.is_some())?;
        let rate = source.video.as_ref().map(|video| video.frame_rate);
        let span = clip.map_or(Ok(0..source.duration_ms), |clip| clip.span(rate, source.duration_ms))?;
        let overlay = step.video.zip(mark).map(|(rung, (place, image))| place.lay((rung.width, rung.height), &image));
        Ok(Self { span, step, overlay })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_is_what_of_it_the_film_has() {
        let film = |start: &str, end: &str| {
            let clip = Clip { start: Timecode::parse(start), end: Timecode::parse(end) };
            clip.span(Some(FrameRate::new(30, 1)), 10_000).ok()
        };
        for (start, end, span) in [
            ("2", "5", Some(2_000..5_000)),
            ("", "5", Some(0..5_000)),
            ("00:00:02.25", "", Some(2_250..10_000)),
            ("0", "99:00:00", Some(0..10_000)),
            ("00:00:01:15", "00:00:01:18", Some(1_500..1_600)),
            ("9", "", Some(9_000..10_000)),
            ("10", "", None),
            ("10", "12", None),
            ("5", "5", None),
            ("5", "2", None),
            ("0", "0", None),
            ("", "", Some(0..10_000)),
        ] {
            assert_eq!(film(start, end), span, "{start} to {end}");
        }
    }
}

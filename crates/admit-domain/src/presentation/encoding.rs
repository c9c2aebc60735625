//! A presentation as stored bytes: one version byte, then counted fields. Reading is strict and bounded.
//!
//! Every value has exactly one spelling, so equal presentations have equal bytes, and nothing may follow the last field.

use super::{
    ByteRange, MAX_SEGMENTS, MAX_TEXT_BYTES, MAX_TRACKS, Presentation, Segment, Storyboard, Track, TrackKind, TrackName,
};
use crate::{id::Edition, source::FrameRate};

const VERSION: u8 = 1;
const VIDEO: u64 = 0;
const AUDIO: u64 = 1;

/// Stored bytes that are not a presentation. There is nothing a caller could do about the details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored presentation is damaged or of an unknown version")]
pub struct Damaged;

impl Presentation {
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        number(&mut out, self.duration_ms);
        number(&mut out, self.tracks.len() as u64);
        for track in &self.tracks {
            write_track(&mut out, track);
        }
        match &self.storyboard {
            None => number(&mut out, 0),
            Some(board) => {
                number(&mut out, 1);
                number(&mut out, board.edition.0.cast_unsigned());
                let sides =
                    [board.tile_width.into(), board.tile_height.into(), board.columns.into(), board.rows.into()];
                sides
                    .into_iter()
                    .chain([board.tiles.into(), board.interval_ms.into()])
                    .for_each(|field| number(&mut out, field));
            }
        }
        out
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, Damaged> {
        let (version, rest) = bytes.split_first().ok_or(Damaged)?;
        if *version != VERSION {
            return Err(Damaged);
        }
        let mut input = Input { rest };
        let duration_ms = input.number()?;
        let mut presentation = Self { duration_ms, ..Self::default() };
        for _ in 0..input.count(MAX_TRACKS)? {
            let track = read_track(&mut input)?;
            if presentation.track(&track.name).is_some() {
                return Err(Damaged);
            }
            presentation.tracks.push(track);
        }
        if input.count(1)? == 1 {
            presentation.storyboard = Some(read_storyboard(&mut input)?);
        }
        input.rest.is_empty().then_some(presentation).ok_or(Damaged)
    }
}

fn write_track(out: &mut Vec<u8>, track: &Track) {
    text(out, track.name.as_str());
    match track.kind {
        TrackKind::Video { width, height, frame_rate } => {
            for field in [VIDEO, width.into(), height.into(), frame_rate.frames.into(), frame_rate.seconds.into()] {
                number(out, field);
            }
        }
        TrackKind::Audio { channels, sample_rate_hz } => {
            for field in [AUDIO, channels.into(), sample_rate_hz.into()] {
                number(out, field);
            }
        }
    }
    text(out, &track.codecs);
    number(out, track.edition.0.cast_unsigned());
    for field in [track.timescale, track.peak_bits_per_second, track.average_bits_per_second] {
        number(out, field.into());
    }
    number(out, track.init.offset);
    number(out, track.init.len.into());
    number(out, track.segments.len() as u64);
    let (mut byte, mut tick) = (0_u64, 0_u64);
    for segment in &track.segments {
        // Segments nearly always follow each other without a gap, so each costs about six bytes.
        number(out, segment.offset.saturating_sub(byte));
        number(out, segment.len.into());
        number(out, segment.start.saturating_sub(tick));
        number(out, segment.duration.into());
        (byte, tick) = (segment.offset + u64::from(segment.len), segment.start + u64::from(segment.duration));
    }
}

fn read_track(input: &mut Input<'_>) -> Result<Track, Damaged> {
    let name: TrackName = input.text()?.parse().map_err(|_| Damaged)?;
    let kind = match input.number()? {
        VIDEO => {
            let (width, height) = (input.small()?, input.small()?);
            TrackKind::Video { width, height, frame_rate: FrameRate::new(input.small()?, input.small()?) }
        }
        AUDIO => TrackKind::Audio { channels: input.small()?, sample_rate_hz: input.small()? },
        _ => return Err(Damaged),
    };
    let codecs = input.text()?.to_owned();
    let edition = Edition(input.number()?.cast_signed());
    let timescale: u32 = input.small()?;
    if timescale == 0 {
        return Err(Damaged);
    }
    let (peak_bits_per_second, average_bits_per_second) = (input.small()?, input.small()?);
    let init = ByteRange { offset: input.number()?, len: input.small()? };
    let mut segments = Vec::new();
    let (mut byte, mut tick) = (0_u64, 0_u64);
    for _ in 0..input.count(MAX_SEGMENTS)? {
        let offset = byte.checked_add(input.number()?).ok_or(Damaged)?;
        let len: u32 = input.small()?;
        let start = tick.checked_add(input.number()?).ok_or(Damaged)?;
        let duration: u32 = input.small()?;
        byte = offset.checked_add(len.into()).ok_or(Damaged)?;
        tick = start.checked_add(duration.into()).ok_or(Damaged)?;
        segments.push(Segment { offset, len, start, duration });
    }
    Ok(Track { name, kind, codecs, timescale, peak_bits_per_second, average_bits_per_second, edition, init, segments })
}

fn read_storyboard(input: &mut Input<'_>) -> Result<Storyboard, Damaged> {
    let edition = Edition(input.number()?.cast_signed());
    let (tile_width, tile_height) = (input.small()?, input.small()?);
    let (columns, rows) = (input.small()?, input.small()?);
    if columns == 0 || rows == 0 {
        return Err(Damaged);
    }
    Ok(Storyboard {
        edition,
        tile_width,
        tile_height,
        columns,
        rows,
        tiles: input.small()?,
        interval_ms: input.small()?,
    })
}

/// Seven bits a byte, least significant first, the high bit set on all but the last.
fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

fn text(out: &mut Vec<u8>, value: &str) {
    number(out, value.len() as u64);
    out.extend_from_slice(value.as_bytes());
}

struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    fn number(&mut self) -> Result<u64, Damaged> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(Damaged)?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(Damaged);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                // A last byte of zero would be a second spelling of a shorter number.
                return if bits == 0 && shift > 0 { Err(Damaged) } else { Ok(value) };
            }
        }
        Err(Damaged)
    }

    fn small<T: TryFrom<u64>>(&mut self) -> Result<T, Damaged> {
        T::try_from(self.number()?).map_err(|_| Damaged)
    }

    fn count(&mut self, most: usize) -> Result<usize, Damaged> {
        self.small().and_then(|count| if count <= most { Ok(count) } else { Err(Damaged) })
    }

    /// Text that is safe in a playlist and in XML: no quotes, no slashes, no line ends.
    fn text(&mut self) -> Result<&'a str, Damaged> {
        let len = self.count(MAX_TEXT_BYTES)?;
        let (text, rest) = self.rest.split_at_checked(len).ok_or(Damaged)?;
        self.rest = rest;
        let plain = text.iter().all(|c| c.is_ascii_alphanumeric() || b"._-,".contains(c));
        if plain { std::str::from_utf8(text).map_err(|_| Damaged) } else { Err(Damaged) }
    }
}

#[cfg(test)]
mod tests;

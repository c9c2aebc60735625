//! Reading the index of a track out of the file an encoder left: where its header and its segments lie.

use std::{
    fs::File,
    io::{self, BufReader},
    path::Path,
};

use admit_domain::{
    id::Edition,
    ladder::SEGMENT_MS,
    presentation::{MAX_SEGMENTS, Segment, Track, TrackKind, TrackName},
    source::FrameRate,
};

use crate::MediaError;

mod boxes;

use boxes::{Fragment, bad};

/// A segment is closed when it is this close to its aim: fragments of sound are never exactly two seconds.
const CLOSE_ENOUGH_MS: u32 = SEGMENT_MS - 100;
/// A last segment shorter than this is not worth a request of its own.
const SHORTEST_LAST_MS: u32 = 1_000;
const PROGRAM: &str = "ffmpeg";

/// Indexes the fragmented file at `path`. `frame_rate` is what the pictures were made at; sound ignores it.
pub(crate) async fn index(path: &Path, name: TrackName, frame_rate: FrameRate) -> Result<Track, MediaError> {
    let path = path.to_owned();
    let indexed = tokio::task::spawn_blocking(move || {
        let file = BufReader::new(File::open(&path)?);
        read(file, name, frame_rate)
    });
    match indexed.await {
        Ok(Ok(track)) => Ok(track),
        Ok(Err(error)) => Err(MediaError::unexpected(PROGRAM, format!("track {name}: {error}"))),
        Err(join) => Err(io::Error::other(join).into()),
    }
}

fn read(file: impl io::Read + io::Seek, name: TrackName, frame_rate: FrameRate) -> io::Result<Track> {
    let (header, fragments) = boxes::read(file)?;
    let segments = segments(&fragments, header.timescale)?;
    let kind = match header.kind {
        TrackKind::Video { width, height, .. } => TrackKind::Video { width, height, frame_rate },
        audio @ TrackKind::Audio { .. } => audio,
    };
    let bytes: u64 = segments.iter().map(|segment| u64::from(segment.len)).sum();
    let ticks: u64 = segments.iter().map(|segment| u64::from(segment.duration)).sum();
    let average = bits_per_second(bytes, ticks, header.timescale);
    Ok(Track {
        name,
        kind,
        // The whole film is a stretch of it too, so the peak is never below the average.
        peak_bits_per_second: peak(&segments, header.timescale).max(average),
        average_bits_per_second: average,
        codecs: header.codecs,
        timescale: header.timescale,
        edition: Edition::default(),
        init: header.range,
        segments,
    })
}

/// Gathers fragments into segments of about [`SEGMENT_MS`]. Each begins with a keyframe, so that it can be played alone.
fn segments(fragments: &[Fragment], timescale: u32) -> io::Result<Vec<Segment>> {
    let ticks = |ms: u32| u64::from(ms) * u64::from(timescale) / 1_000;
    let mut segments: Vec<Segment> = Vec::new();
    for fragment in fragments {
        match segments.last_mut() {
            Some(open) if u64::from(open.duration) < ticks(CLOSE_ENOUGH_MS) || !fragment.starts_with_keyframe => {
                extend(open, fragment)?;
            }
            None if !fragment.starts_with_keyframe => return Err(bad("it does not begin with a keyframe")),
            _ => segments.push(fragment.segment),
        }
    }
    if let [.., _, last] = segments.as_slice()
        && u64::from(last.duration) < ticks(SHORTEST_LAST_MS)
    {
        let last = Fragment { segment: *last, starts_with_keyframe: true };
        segments.pop();
        segments.last_mut().map_or(Ok(()), |open| extend(open, &last))?;
    }
    match segments.len() {
        0 => Err(bad("it holds nothing to play")),
        1..=MAX_SEGMENTS => Ok(segments),
        _ => Err(bad("it has more segments than a presentation holds")),
    }
}

fn extend(open: &mut Segment, fragment: &Fragment) -> io::Result<()> {
    let next = &fragment.segment;
    let end = next.start + u64::from(next.duration);
    let (len, duration) = (next.offset + u64::from(next.len) - open.offset, end.saturating_sub(open.start));
    let small = |value: u64| u32::try_from(value).map_err(|_| bad("a segment is too large"));
    (open.len, open.duration) = (small(len)?, small(duration)?);
    Ok(())
}

/// The busiest segment. A short last one says little about the bandwidth a player needs, unless it is the only one.
fn peak(segments: &[Segment], timescale: u32) -> u32 {
    let rate = |segment: &Segment| bits_per_second(segment.len.into(), segment.duration.into(), timescale);
    let whole = segments.split_last().map_or(segments, |(_, whole)| if whole.is_empty() { segments } else { whole });
    whole.iter().map(rate).max().unwrap_or(0)
}

fn bits_per_second(bytes: u64, ticks: u64, timescale: u32) -> u32 {
    let bits = u128::from(bytes) * 8 * u128::from(timescale);
    bits.checked_div(ticks.into()).map_or(u32::MAX, |rate| u32::try_from(rate).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;

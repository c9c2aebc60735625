//! What a prepared video is made of: its tracks, where each segment lies in its track's file, and its storyboard.
//!
//! One presentation is stored per video and written anew whenever a rung is added. Playlists are rendered from it,
//! so nothing per viewer and nothing per playlist format ever lies in storage.

use std::{fmt, str::FromStr};

use crate::{id::Edition, source::FrameRate};

mod encoding;

pub use encoding::Damaged;

/// Ten rungs and a handful of languages; a reader may allocate this many without asking further.
pub const MAX_TRACKS: usize = 32;
/// Twelve hours in segments of about four seconds, and half as much again.
pub const MAX_SEGMENTS: usize = 16_384;
/// Longest codec string in a presentation, in bytes.
pub const MAX_TEXT_BYTES: usize = 64;
/// Five tiles across and five down keep a sheet below 1000 × 1000 pixels.
const SHEET_SIDE_TILES: u8 = 5;
/// A film is shown in at most this many tiles: twelve sheets.
const MAX_TILES: u64 = 300;
/// Tiles closer together than keyframes would repeat themselves.
const MIN_TILE_INTERVAL_MS: u64 = 2_000;
/// The long side of a tile in pixels.
const TILE_PIXELS: u32 = 160;

/// Everything a player can be told about a video.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presentation {
    pub duration_ms: u64,
    pub tracks: Vec<Track>,
    pub storyboard: Option<Storyboard>,
}

/// One stream of pictures or sound, in one stored file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    pub name: TrackName,
    pub kind: TrackKind,
    /// RFC 6381, such as `avc1.640028`.
    pub codecs: String,
    /// Ticks per second of every `start` and `duration` below.
    pub timescale: u32,
    /// The busiest segment.
    pub peak_bits_per_second: u32,
    pub average_bits_per_second: u32,
    /// Which making of the track's file is meant: whoever stores it counts, so that a second run never overwrites the first.
    pub edition: Edition,
    /// Where the header every segment needs lies in the file.
    pub init: ByteRange,
    pub segments: Vec<Segment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrackKind {
    Video { width: u32, height: u32, frame_rate: FrameRate },
    Audio { channels: u8, sample_rate_hz: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    pub offset: u64,
    pub len: u32,
}

/// A stretch of a track that can be played by itself after the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub offset: u64,
    pub len: u32,
    /// In ticks since the start of the film.
    pub start: u64,
    pub duration: u32,
}

/// Small pictures of the film at regular intervals, tiled on sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storyboard {
    /// Which making of the sheets is meant, as in a track.
    pub edition: Edition,
    pub tile_width: u16,
    pub tile_height: u16,
    pub columns: u8,
    pub rows: u8,
    pub tiles: u32,
    pub interval_ms: u32,
}

/// The name of a track in URLs: 1 to 16 characters of `a-z0-9`, such as `v720` or `a1`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackName {
    text: [u8; Self::MAX_LEN],
    len: u8,
}

/// A track name that is not spelled as the house spells them. The text is not repeated: it came from a stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed track name")]
pub struct BadTrackName;

impl TrackName {
    pub const MAX_LEN: usize = 16;

    pub fn as_str(&self) -> &str {
        self.text.get(..usize::from(self.len)).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl FromStr for TrackName {
    type Err = BadTrackName;

    fn from_str(name: &str) -> Result<Self, BadTrackName> {
        let spelled_well = name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let len = u8::try_from(name.len()).map_err(|_| BadTrackName)?;
        let mut text = [0; Self::MAX_LEN];
        if name.is_empty() || !spelled_well {
            return Err(BadTrackName);
        }
        text.get_mut(..name.len()).ok_or(BadTrackName)?.copy_from_slice(name.as_bytes());
        Ok(Self { text, len })
    }
}

impl fmt::Display for TrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for TrackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Presentation {
    pub fn track(&self, name: &TrackName) -> Option<&Track> {
        self.tracks.iter().find(|track| track.name == *name)
    }

    /// Adds a track, or replaces the one of the same name: a job may run twice.
    pub fn put(&mut self, track: Track) {
        self.tracks.retain(|other| other.name != track.name);
        self.tracks.push(track);
    }

    pub fn video(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(|track| track.is_video())
    }

    pub fn audio(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(|track| !track.is_video())
    }
}

impl Track {
    pub fn is_video(&self) -> bool {
        matches!(self.kind, TrackKind::Video { .. })
    }

    /// The bytes of segment `index` in the track's file.
    pub fn segment(&self, index: usize) -> Option<ByteRange> {
        self.segments.get(index).map(|segment| ByteRange { offset: segment.offset, len: segment.len })
    }
}

impl Storyboard {
    /// How a film of this size and length is shown in small; `None` when there is nothing to show.
    pub fn plan(width: u32, height: u32, duration_ms: u64) -> Option<Self> {
        let long = width.max(height);
        let side = |pixels: u32| {
            let scaled = u64::from(TILE_PIXELS) * u64::from(pixels) / u64::from(long.max(1));
            u16::try_from(scaled).ok().map(|side| (side & !1).max(2))
        };
        let interval = duration_ms.div_ceil(MAX_TILES).max(MIN_TILE_INTERVAL_MS);
        if long == 0 || duration_ms == 0 {
            return None;
        }
        Some(Self {
            edition: Edition::default(),
            tile_width: side(width)?,
            tile_height: side(height)?,
            columns: SHEET_SIDE_TILES,
            rows: SHEET_SIDE_TILES,
            tiles: u32::try_from(duration_ms.div_ceil(interval)).ok()?,
            interval_ms: u32::try_from(interval).ok()?,
        })
    }

    pub fn tiles_per_sheet(&self) -> u32 {
        u32::from(self.columns) * u32::from(self.rows)
    }

    pub fn sheets(&self) -> u32 {
        self.tiles.div_ceil(self.tiles_per_sheet().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_name_has_one_spelling() {
        for name in ["a", "v720", "a1", "0123456789abcdef"] {
            assert_eq!(name.parse::<TrackName>().map(|name| name.to_string()), Ok(name.to_owned()));
        }
        for wrong in ["", "V720", "v-720", "v.m3u8", "..", "v/1", "é", "0123456789abcdefg"] {
            assert_eq!(wrong.parse::<TrackName>(), Err(BadTrackName), "{wrong:?}");
        }
    }

    #[test]
    fn a_storyboard_stays_small_whatever_the_film() {
        for (width, height, duration_ms, tile, tiles, sheets) in [
            (1920, 1080, 60_000, (160, 90), 30, 2),
            (1080, 1920, 3_000, (90, 160), 2, 1),
            (1920, 1080, 12 * 3_600_000, (160, 90), 300, 12),
            (16_384, 2, 1, (160, 2), 1, 1),
        ] {
            let board = Storyboard::plan(width, height, duration_ms).expect("a film has a storyboard");
            assert_eq!(
                (board.tile_width, board.tile_height, board.tiles, board.sheets()),
                (tile.0, tile.1, tiles, sheets)
            );
        }
        assert_eq!(Storyboard::plan(0, 0, 1_000), None);
        assert_eq!(Storyboard::plan(100, 100, 0), None);
    }
}

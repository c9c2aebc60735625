//! The storyboard as a text track: for each stretch of the film, where on which sheet its small picture is.

use std::fmt::Write as _;

use crate::presentation::Storyboard;

/// A `WebVTT` file whose addresses are relative to it: `storyboard/<n>.jpg#xywh=…`.
pub fn storyboard(board: &Storyboard) -> String {
    let mut out = String::from("WEBVTT\n");
    let columns = u32::from(board.columns.max(1));
    for tile in 0..board.tiles {
        let (sheet, place) = (tile / board.tiles_per_sheet().max(1), tile % board.tiles_per_sheet().max(1));
        let (x, y) = (place % columns * u32::from(board.tile_width), place / columns * u32::from(board.tile_height));
        let time = |tile: u32| clock(u64::from(tile) * u64::from(board.interval_ms));
        let _ = writeln!(out, "\n{} --> {}", time(tile), time(tile + 1));
        let _ = writeln!(out, "storyboard/{sheet}.jpg#xywh={x},{y},{},{}", board.tile_width, board.tile_height);
    }
    out
}

/// `hours:minutes:seconds.millis`, the hours always there.
fn clock(ms: u64) -> String {
    let (seconds, millis) = (ms / 1_000, ms % 1_000);
    format!("{:02}:{:02}:{:02}.{millis:03}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stretch_has_a_place_on_a_sheet() {
        let board = Storyboard {
            edition: crate::id::Edition::default(),
            tile_width: 160,
            tile_height: 90,
            columns: 2,
            rows: 1,
            tiles: 3,
            interval_ms: 2_500,
        };
        let expected = "\
WEBVTT

00:00:00.000 --> 00:00:02.500
storyboard/0.jpg#xywh=0,0,160,90

00:00:02.500 --> 00:00:05.000
storyboard/0.jpg#xywh=160,0,160,90

00:00:05.000 --> 00:00:07.500
storyboard/1.jpg#xywh=0,0,160,90
";
        assert_eq!(storyboard(&board), expected);
    }

    #[test]
    fn the_clock_counts_past_an_hour() {
        for (ms, expected) in [
            (0, "00:00:00.000"),
            (61_001, "00:01:01.001"),
            (43_199_999, "11:59:59.999"),
            (360_000_000, "100:00:00.000"),
        ] {
            assert_eq!(clock(ms), expected);
        }
    }
}

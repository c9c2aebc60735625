//! Still pictures of a film: one poster, and a storyboard for the seek bar.

use std::{
    ffi::OsString,
    fs::File,
    path::{Path, PathBuf},
};

use admit_domain::{
    presentation::Storyboard,
    source::{SourceFacts, VideoFacts},
};

use crate::{
    MediaError, Toolbox, input,
    jail::Layers,
    limits::Bounds,
    toolbox::existing,
    transcode::{filters, seconds},
};

const POSTER: &str = "poster.jpg";
/// The long side of a poster in pixels: sharp on a large screen, and below 200 kilobytes.
const POSTER_PIXELS: u32 = 1_280;
/// Out of this many keyframes the most typical one becomes the poster, so it is rarely black or half faded.
const POSTER_CANDIDATES: u32 = 12;
/// The last instant of a film at which there is surely a picture to be shown.
const BEFORE_END_MS: u64 = 500;

/// Where in the film a poster is looked for.
#[derive(Clone, Copy)]
pub(crate) enum Moment {
    /// Milliseconds from the start.
    At(u64),
    /// The most typical of the keyframes that follow the first tenth of the film.
    AfterTheOpening,
    /// The most typical of its first keyframes.
    FromTheStart,
}

pub(crate) fn argv_poster(layers: &Layers, source: &SourceFacts, video: &VideoFacts, moment: Moment) -> Vec<OsString> {
    let (width, height) = poster_size(video);
    let picture = filters(video, width, height);
    let typical = |before: String| (before, format!("thumbnail={POSTER_CANDIDATES},{picture}"));
    let (before, filter) = match moment {
        Moment::At(at) => {
            let at = at.min(source.duration_ms.saturating_sub(BEFORE_END_MS));
            (format!("-ss {}", seconds(at)), picture.clone())
        }
        Moment::AfterTheOpening => {
            typical(format!("-skip_frame nokey -noaccurate_seek -ss {}", seconds(source.duration_ms / 10)))
        }
        Moment::FromTheStart => typical("-skip_frame nokey".to_owned()),
    };
    argv(layers, &before, &filter, &format!("-frames:v 1 -q:v 3 -update 1 {POSTER}"))
}

/// Sheets of tiles. Only keyframes are decoded, so an hour takes seconds; the last tile fills what is left of its sheet.
pub(crate) fn argv_storyboard(layers: &Layers, video: &VideoFacts, board: &Storyboard) -> Vec<OsString> {
    let rate = format!("fps=1000/{}:start_time=0:round=up", board.interval_ms);
    let picture = filters(video, board.tile_width.into(), board.tile_height.into());
    let tiles = format!(
        "tpad=stop={}:stop_mode=clone,tile={}x{}",
        board.tiles + board.tiles_per_sheet(),
        board.columns,
        board.rows
    );
    let filter = format!("{rate},{picture},{tiles}");
    argv(layers, "-skip_frame nokey", &filter, &format!("-frames:v {} -q:v 5 -start_number 0 {SHEETS}", board.sheets()))
}

/// The program's own counting; the names are read back by [`sheet_path`].
const SHEETS: &str = "sheet%04d.jpg";

fn sheet_path(scratch: &Path, sheet: u32) -> PathBuf {
    scratch.join(format!("sheet{sheet:04}.jpg"))
}

fn argv(layers: &Layers, before: &str, filter: &str, output: &str) -> Vec<OsString> {
    let mut args: Vec<OsString> = "-v error -nostdin -y -nostats".split(' ').map(OsString::from).collect();
    args.extend(input::guards(layers));
    args.extend(before.split(' ').map(OsString::from));
    args.extend(["-i".into(), input::source(layers)]);
    let rest = format!(
        "-map 0:V:0 -vf {filter},format=yuvj420p -map_metadata -1 -fflags +bitexact -c:v mjpeg -f image2 {output}"
    );
    args.extend(rest.split(' ').map(OsString::from));
    args
}

fn poster_size(video: &VideoFacts) -> (u32, u32) {
    let long = video.width.max(video.height).max(1);
    let target = long.min(POSTER_PIXELS);
    let side = |pixels: u32| {
        let scaled = u64::from(pixels) * u64::from(target) / u64::from(long);
        u32::try_from(scaled & !1).unwrap_or(POSTER_PIXELS).max(2)
    };
    (side(video.width), side(video.height))
}

impl Toolbox {
    /// A JPEG of the film, at `at_ms` or of a frame that is typical of it. A film without pictures has none.
    pub async fn poster(
        &self,
        file: &File,
        source: &SourceFacts,
        at_ms: Option<u64>,
        scratch: &Path,
    ) -> Result<Option<PathBuf>, MediaError> {
        let Some(video) = &source.video else { return Ok(None) };
        // A short film may have its only keyframe at its start, and none where a better picture is looked for.
        let moments = match at_ms {
            Some(at) => [Moment::At(at), Moment::FromTheStart],
            None => [Moment::AfterTheOpening, Moment::FromTheStart],
        };
        let mut found = Err(MediaError::unexpected("ffmpeg", "no picture"));
        for moment in moments {
            let args = argv_poster(&self.jail.layers, source, video, moment);
            self.ffmpeg(args, Some(file), scratch, Bounds::pictures(source), &mut |_| {}).await?;
            found = existing(scratch.join(POSTER), "no picture").await;
            if found.is_ok() {
                break;
            }
        }
        found.map(Some)
    }

    /// The sheets of the film's storyboard, in order. A film without pictures has none.
    pub async fn storyboard(
        &self,
        file: &File,
        source: &SourceFacts,
        scratch: &Path,
    ) -> Result<Option<(Storyboard, Vec<PathBuf>)>, MediaError> {
        let Some(video) = &source.video else { return Ok(None) };
        let Some(board) = Storyboard::plan(video.width, video.height, source.duration_ms) else { return Ok(None) };
        let args = argv_storyboard(&self.jail.layers, video, &board);
        self.ffmpeg(args, Some(file), scratch, Bounds::pictures(source), &mut |_| {}).await?;
        let mut sheets = Vec::new();
        for sheet in 0..board.sheets() {
            sheets.push(existing(sheet_path(scratch, sheet), "no picture").await?);
        }
        Ok(Some((board, sheets)))
    }
}

#[cfg(test)]
mod tests;

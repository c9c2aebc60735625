//! One file with everything in it, for downloads and players that know nothing else: no picture is encoded again.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use admit_domain::presentation::TrackName;

use crate::{
    MediaError, Toolbox,
    limits::Bounds,
    toolbox::{existing, track_path},
};

const OUTPUT: &str = "film.mp4";

/// Joins our own track files. They are ours, and still read as nothing but MP4 and from nowhere but the scratch folder.
pub(crate) fn argv(tracks: &[TrackName]) -> Vec<OsString> {
    let mut words: Vec<String> = ["-v", "error", "-nostdin", "-y", "-nostats"].map(String::from).to_vec();
    for track in tracks {
        words.extend(["-protocol_whitelist", "file", "-f", "mov", "-i"].map(String::from));
        words.push(format!("{track}.mp4"));
    }
    for index in 0..tracks.len() {
        words.extend(["-map".into(), format!("{index}:0")]);
    }
    words
        .extend(["-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"].map(String::from));
    words.extend(["-movflags", "+faststart", "-f", "mp4", OUTPUT].map(String::from));
    words.into_iter().map(OsString::from).collect()
}

impl Toolbox {
    /// Joins tracks that lie in `scratch` (as [`track_path`] names them) into one MP4 that plays while it loads.
    pub async fn progressive(&self, tracks: &[TrackName], scratch: &Path) -> Result<PathBuf, MediaError> {
        let mut size_bytes = 0;
        for track in tracks {
            size_bytes += tokio::fs::metadata(track_path(scratch, *track)).await?.len();
        }
        self.ffmpeg(argv(tracks), None, scratch, Bounds::copy(size_bytes), &mut |_| {}).await?;
        existing(scratch.join(OUTPUT), "no film").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_a_fixed_text() {
        let tracks: Vec<TrackName> = ["v720", "a1"].iter().map(|name| name.parse().unwrap()).collect();
        let words: Vec<_> = argv(&tracks).into_iter().map(|word| word.into_string().unwrap()).collect();
        assert_eq!(
            words.join(" "),
            "-v error -nostdin -y -nostats -protocol_whitelist file -f mov -i v720.mp4 -protocol_whitelist file -f mov -i a1.mp4 \
             -map 0:0 -map 1:0 -c copy -map_metadata -1 -map_chapters -1 -fflags +bitexact -movflags +faststart -f mp4 film.mp4"
        );
    }
}

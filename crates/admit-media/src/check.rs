//! Asking the programs who they are, before the first film depends on it.

use std::{collections::BTreeSet, ffi::OsString, path::Path};

use crate::{MediaError, Toolbox, limits::Bounds};

/// Without these names no ladder can be made. A build that lacks a rarer decoder refuses the films that need it.
const NEEDED: [(&str, &[&str]); 3] = [
    ("-demuxers", &["mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "mp3"]),
    ("-decoders", &["h264", "hevc", "vp8", "vp9", "mpeg4", "aac", "opus", "vorbis"]),
    ("-encoders", &["libx264", "aac", "mjpeg"]),
];

impl Toolbox {
    /// The program's version, for the operator. Fails when the program is missing, cannot be confined on this
    /// machine, or does not know a name our command lines use. Meant for start-up.
    pub async fn check(&self, scratch: &Path) -> Result<String, MediaError> {
        let version = self.ask("-version", scratch).await?;
        for (question, needed) in NEEDED {
            let answer = self.ask(question, scratch).await?;
            // A line is a few flags, the name, and what it is for.
            let known: BTreeSet<_> = answer.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
            if let Some(missing) = needed.iter().find(|name| !known.contains(*name)) {
                return Err(MediaError::unexpected("ffmpeg", format!("{question} does not list {missing}")));
            }
        }
        // "ffmpeg version 5.1.9-0+deb12u1 Copyright …"
        let named = version.split_whitespace().nth(2).map(str::to_owned);
        named.ok_or_else(|| MediaError::unexpected("ffmpeg", "no version"))
    }

    async fn ask(&self, question: &str, scratch: &Path) -> Result<String, MediaError> {
        let mut answer = String::new();
        let mut hear = |line: &str| {
            answer.push_str(line);
            answer.push('\n');
        };
        let args: Vec<OsString> = vec!["-hide_banner".into(), question.into()];
        self.ffmpeg(args, None, scratch, Bounds::probe(0), &mut hear).await?;
        Ok(answer)
    }
}

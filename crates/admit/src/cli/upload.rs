//! `admit video upload`: creates the video, sends what the server does not have yet, and waits until it can be played.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, anyhow};
use indicatif::ProgressBar;
use reqwest::StatusCode;

use super::{
    args::Upload,
    failure::{Failure, HintExt as _},
    output::Output,
    progress,
    resume::{Begun, Memory},
    video,
};
use crate::client::{Client, ClientError, NewVideo, Part, Status};

const MIB: u64 = 1_024 * 1_024;
/// As many parts as an upload may have; a larger file gets larger parts.
const MAX_PARTS: u64 = 10_000;
const POLL: Duration = Duration::from_secs(1);
/// A day is longer than any film takes; after that something is wrong that waiting does not mend.
const MAX_POLLS: u32 = 24 * 3_600;

/// The file and how it is cut.
struct Source<'a> {
    path: &'a Path,
    name: String,
    bytes: u64,
}

pub(super) async fn run(client: &Client, asked: &Upload, output: &Output) -> Result<(), Failure> {
    let source = Source::open(&asked.file)?;
    let memory =
        Memory::of(&asked.file, client.server()).with_context(|| format!("cannot read {}", asked.file.display()))?;
    let (begun, status) = match resumed(client, &memory).await? {
        Some(resumed) => resumed,
        None => (begin(client, asked, &source, &memory).await?, Status::default()),
    };
    if !status.is_uploaded() {
        send_missing(client, &source, &begun, &status).await?;
    }
    if !asked.no_wait {
        wait_until_playable(client, &begun.video_id).await?;
    }
    let shown = client.video(&begun.video_id).await?;
    memory.forget().context("cannot forget the finished upload")?;
    Ok(output.tell(&shown, || video::described(&shown))?)
}

impl<'a> Source<'a> {
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let about = path.metadata().with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        match name {
            Some(name) if about.is_file() && about.len() > 0 => Ok(Self { path, name, bytes: about.len() }),
            Some(_) if about.is_file() => Err(anyhow!("{} is empty", path.display()).into()),
            _ => Err(anyhow!("{} is not a file", path.display()).into()),
        }
    }

    /// The parts of this file, first to last; all but the last have `part_bytes`.
    fn parts(&self, part_bytes: u64) -> impl Iterator<Item = Part<'_>> {
        let total = self.bytes.div_ceil(part_bytes);
        (0..total).map(move |index| {
            let offset = index * part_bytes;
            let length = part_bytes.min(self.bytes - offset);
            Part { file: self.path, name: &self.name, offset, length, number: index + 1, total }
        })
    }
}

/// The upload that was begun earlier, unless the server has lost or deleted its video.
async fn resumed(client: &Client, memory: &Memory) -> Result<Option<(Begun, Status)>, Failure> {
    let Some(begun) = memory.recall() else { return Ok(None) };
    match client.status(&begun.video_id).await {
        Ok(status) => Ok(Some((begun, status))),
        Err(ClientError::Refused(problem)) if problem.status == StatusCode::NOT_FOUND => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn begin(client: &Client, asked: &Upload, source: &Source<'_>, memory: &Memory) -> Result<Begun, Failure> {
    let public = if asked.private { Some(false) } else { asked.public.then_some(true) };
    let title = asked.title.clone().unwrap_or_else(|| source.name.clone());
    let video = client.create_video(&NewVideo { title, public }).await?;
    let part_bytes = (asked.part_mib * MIB).max(source.bytes.div_ceil(MAX_PARTS));
    let begun = Begun { video_id: video.video_id, part_bytes };
    memory.keep(&begun).context("cannot remember the upload, so it could not be continued")?;
    Ok(begun)
}

async fn send_missing(client: &Client, source: &Source<'_>, begun: &Begun, status: &Status) -> Result<(), Failure> {
    let bar = progress::bytes(source.bytes);
    for part in source.parts(begun.part_bytes) {
        if !status.received().contains(&part.number) {
            let sent = shown_on(&bar, part.offset);
            let sending = client.upload(&begun.video_id, &part, sent).await;
            sending
                .with_context(|| format!("cannot send part {} of {}", part.number, part.total))
                .map_err(continues)?;
        }
        bar.set_position(part.offset + part.length);
    }
    bar.finish_and_clear();
    Ok(())
}

fn shown_on(bar: &ProgressBar, offset: u64) -> impl Fn(u64) + Clone + Send + Sync + 'static {
    let bar = bar.clone();
    move |bytes| bar.set_position(offset + bytes)
}

/// What has arrived stays there, which is worth knowing unless something more particular is.
fn continues(error: anyhow::Error) -> Failure {
    Failure::or_hint(error, "what has arrived is kept; run the same command again to continue")
}

async fn wait_until_playable(client: &Client, id: &str) -> Result<(), Failure> {
    let line = progress::encoding();
    for _ in 0..MAX_POLLS {
        let status = client.status(id).await?;
        if status.encoding.playable {
            line.finish_and_clear();
            return Ok(());
        }
        if status.has_failed() {
            line.finish_and_clear();
            return Err(anyhow!("{id} cannot be encoded: {}", progress::qualities(&status)))
                .hint("is it a video that ffmpeg can read? the server's log says more");
        }
        line.set_message(progress::qualities(&status));
        tokio::time::sleep(POLL).await;
    }
    Err(anyhow!("{id} is still not playable")).hint("the server's log says what its worker is doing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_file_once() {
        for (bytes, part_bytes, lengths) in
            [(1, 5, vec![1]), (5, 5, vec![5]), (6, 5, vec![5, 1]), (15, 5, vec![5, 5, 5])]
        {
            let source = Source { path: Path::new("x"), name: "x".to_owned(), bytes };
            let parts: Vec<_> = source.parts(part_bytes).collect();
            assert_eq!(parts.iter().map(|part| part.length).collect::<Vec<_>>(), lengths);
            let numbers: Vec<_> = parts.iter().map(|part| part.number).collect();
            assert_eq!(numbers, (1..=parts.len() as u64).collect::<Vec<_>>());
            assert!(parts.iter().all(|part| part.total == parts.len() as u64));
            assert!(parts.windows(2).all(|pair| pair[0].offset + pair[0].length == pair[1].offset));
        }
    }
}

//! What was found inside a source, as far as its owner is told.

use admit_domain::id::{ProjectId, VideoId};

use crate::{
    db::{Db, Tx},
    error::Result,
    row::{Row, signed},
    statement::{exec, opt},
};

/// Every fact may be missing: a source may have no picture, no sound, or not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSummary {
    pub bytes: Option<u64>,
    pub duration_ms: Option<u64>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub bits_per_second: Option<u64>,
    /// Whole frames per second.
    pub frame_rate: Option<u32>,
    /// In hertz.
    pub sample_rate: Option<u32>,
    pub video_codec: Option<String>,
    pub audio_codec: Option<String>,
    /// As `16/9`.
    pub aspect_ratio: Option<String>,
}

/// Records the facts in the place of any others.
pub async fn put(tx: &mut Tx, project: &ProjectId, video: &VideoId, facts: &SourceSummary) -> Result<()> {
    let text = "INSERT INTO source_facts (video_id, project_id, bytes, duration_ms, width, height, bitrate,
            framerate, samplerate, video_codec, audio_codec, aspect_ratio)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (video_id) DO UPDATE SET bytes = excluded.bytes, duration_ms = excluded.duration_ms,
            width = excluded.width, height = excluded.height, bitrate = excluded.bitrate,
            framerate = excluded.framerate, samplerate = excluded.samplerate,
            video_codec = excluded.video_codec, audio_codec = excluded.audio_codec,
            aspect_ratio = excluded.aspect_ratio
        WHERE source_facts.project_id = excluded.project_id";
    exec!(
        tx,
        text,
        video.as_str(),
        project.as_str(),
        facts.bytes.map(signed),
        facts.duration_ms.map(signed),
        facts.width.map(i64::from),
        facts.height.map(i64::from),
        facts.bits_per_second.map(signed),
        facts.frame_rate.map(i64::from),
        facts.sample_rate.map(i64::from),
        &facts.video_codec,
        &facts.audio_codec,
        &facts.aspect_ratio,
    )?;
    Ok(())
}

pub async fn get(db: &Db, project: &ProjectId, video: &VideoId) -> Result<Option<SourceSummary>> {
    let text = "SELECT bytes, duration_ms, width, height, bitrate, framerate, samplerate, video_codec,
            audio_codec, aspect_ratio
        FROM source_facts WHERE project_id = $1 AND video_id = $2";
    opt!(db, FactsRow, text, project.as_str(), video.as_str())?.map(|row| row.read(video)).transpose()
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    bytes: Option<i64>,
    duration_ms: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
    bitrate: Option<i64>,
    framerate: Option<i64>,
    samplerate: Option<i64>,
    video_codec: Option<String>,
    audio_codec: Option<String>,
    aspect_ratio: Option<String>,
}

impl FactsRow {
    fn read(self, video: &VideoId) -> Result<SourceSummary> {
        let row = Row::of("source_facts", video.as_str());
        Ok(SourceSummary {
            bytes: self.bytes.map(|bytes| row.number("bytes", bytes)).transpose()?,
            duration_ms: self.duration_ms.map(|duration| row.number("duration_ms", duration)).transpose()?,
            width: self.width.map(|width| row.number("width", width)).transpose()?,
            height: self.height.map(|height| row.number("height", height)).transpose()?,
            bits_per_second: self.bitrate.map(|rate| row.number("bitrate", rate)).transpose()?,
            frame_rate: self.framerate.map(|rate| row.number("framerate", rate)).transpose()?,
            sample_rate: self.samplerate.map(|rate| row.number("samplerate", rate)).transpose()?,
            video_codec: self.video_codec,
            audio_codec: self.audio_codec,
            aspect_ratio: self.aspect_ratio,
        })
    }
}

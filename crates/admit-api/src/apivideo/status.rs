//! `/videos/{videoId}/status`: how far upload and encoding have come.

use admit_db::{
    renditions,
    source_facts::{self, SourceSummary},
    uploads,
};
use admit_domain::{
    upload::{Progress, StoredPart, Total},
    video::{Ingest, Rendition, RenditionKind, Video},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::videos::{read, read_id};
use crate::{
    app::App,
    caller::Caller,
    error::{ApiError, Problem},
};

#[derive(Serialize, ToSchema)]
pub struct StatusBody {
    /// Absent until something was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingest: Option<IngestBody>,
    pub encoding: EncodingBody,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IngestBody {
    /// `uploading` or `uploaded`; `ingesting` or `ingested` when we fetch the source ourselves.
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filesize: Option<u64>,
    pub received_bytes: Vec<BytesBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_parts: Option<PartsBody>,
}

#[derive(Serialize, ToSchema)]
pub struct BytesBody {
    pub from: u64,
    pub to: u64,
    pub total: u64,
}

#[derive(Serialize, ToSchema)]
pub struct PartsBody {
    pub parts: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
}

#[derive(Serialize, ToSchema)]
pub struct EncodingBody {
    pub playable: bool,
    pub qualities: Vec<QualityBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<MetadataBody>,
}

#[derive(Serialize, ToSchema)]
pub struct QualityBody {
    /// `hls` or `mp4`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub quality: &'static str,
    /// `waiting`, `encoding`, `encoded` or `failed`.
    pub status: &'static str,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetadataBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bitrate: Option<u64>,
    /// Whole seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framerate: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samplerate: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_codec: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_codec: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect_ratio: Option<String>,
}

/// Show upload and encoding progress.
#[utoipa::path(get, path = "/videos/{videoId}/status", tag = "Videos", params(("videoId" = String, Path)), responses(
    (status = 200, body = StatusBody), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn status(
    caller: Caller,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<StatusBody>, ApiError> {
    let id = read_id(&id)?;
    // What is made follows from what was sent: read backwards, no answer shows the effect without its cause.
    let renditions = renditions::list(&app.db, &caller.project, &id).await?;
    let facts = source_facts::get(&app.db, &caller.project, &id).await?;
    let video = read(&app, caller, id).await?;
    let upload = uploads::progress(&app.db, &caller.project, &id).await?;
    Ok(Json(StatusBody {
        ingest: ingest(&video, &upload, facts.as_ref()),
        encoding: EncodingBody {
            playable: video.shelf.presentation.is_some(),
            qualities: renditions.into_iter().filter(|line| is_offered(*line, &video)).map(quality).collect(),
            metadata: facts.map(metadata),
        },
    }))
}

fn ingest(video: &Video, upload: &Progress, facts: Option<&SourceSummary>) -> Option<IngestBody> {
    let was_sent = !upload.parts.is_empty();
    let status = match video.ingest {
        Ingest::Empty => return None,
        Ingest::Uploading => "uploading",
        Ingest::Ingesting => "ingesting",
        // api.video's list has no word for a source that cannot be used; its encodings say "failed".
        Ingest::Failed if was_sent => "uploaded",
        Ingest::Uploaded => "uploaded",
        Ingest::Ingested | Ingest::Failed => "ingested",
    };
    let places = || upload.parts.iter().filter_map(|part| u32::try_from(part.place).ok()).collect();
    let (received_bytes, received_parts) = match upload.total {
        Total::Bytes(total) => (upload.parts.iter().map(|part| bytes_of(part, total)).collect(), None),
        // One request is no upload in parts.
        Total::Parts(Some(1)) => (Vec::new(), None),
        Total::Parts(total) => (Vec::new(), (!upload.parts.is_empty()).then(|| PartsBody { parts: places(), total })),
    };
    Some(IngestBody {
        status,
        filesize: match video.ingest {
            Ingest::Uploading => None,
            _ if was_sent => Some(upload.bytes()),
            _ => facts.and_then(|facts| facts.bytes),
        },
        received_bytes,
        received_parts,
    })
}

/// As the range came: its last byte is its own.
const fn bytes_of(part: &StoredPart, total: u64) -> BytesBody {
    BytesBody { from: part.place, to: part.place + part.bytes.saturating_sub(1), total }
}

/// The progressive file is always made, so that it can be offered at once when the customer asks for it.
fn is_offered(rendition: Rendition, video: &Video) -> bool {
    rendition.kind != RenditionKind::Mp4 || video.about.mp4_support
}

fn quality(rendition: Rendition) -> QualityBody {
    QualityBody {
        kind: rendition.kind.as_str(),
        quality: rendition.quality.as_str(),
        status: rendition.status.as_str(),
    }
}

fn metadata(facts: SourceSummary) -> MetadataBody {
    MetadataBody {
        width: facts.width,
        height: facts.height,
        bitrate: facts.bits_per_second,
        duration: facts.duration_ms.map(|millis| millis / 1_000),
        framerate: facts.frame_rate,
        samplerate: facts.sample_rate,
        video_codec: facts.video_codec,
        audio_codec: facts.audio_codec,
        aspect_ratio: facts.aspect_ratio,
    }
}

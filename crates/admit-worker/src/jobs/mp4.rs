//! One progressive file of the best rung, joined from the tracks that are already there.

use std::fs::File;

use admit_db::{deliveries, renditions, revocations, videos};
use admit_domain::{
    ladder::Quality,
    object_key::ObjectKey,
    presentation::{Presentation, Track, TrackKind},
    video::{Rendition, RenditionKind, RenditionStatus},
};
use admit_media::track_path;

use crate::context::{Context, JobError};

pub(crate) async fn run(context: &Context<'_>) -> Result<(), JobError> {
    let (worker, lease) = (context.worker, context.lease);
    let published = videos::published(&worker.db, &lease.video).await?.ok_or(JobError::Lost)?;
    let shelf = published.shelf;
    let presentation = context.presentation(shelf.presentation).await?;
    let tracks = best_tracks(&presentation);
    for track in &tracks {
        let key = ObjectKey::Track { video: lease.video, track: track.name, edition: track.edition };
        let from = worker.objects.file(&key).await?;
        let to = track_path(&context.scratch, track.name);
        let copied = tokio::task::spawn_blocking(move || std::io::copy(&mut &from, &mut File::create(to)?)).await;
        copied.map_err(std::io::Error::other)??;
    }
    let names: Vec<_> = tracks.iter().map(|track| track.name).collect();
    let film = worker.toolbox.progressive(&names, &context.scratch).await?;
    let edition = context.edition()?;
    context.store_file(ObjectKey::Mp4 { video: lease.video, edition }, &film).await?;
    let encoded = quality_of(&tracks).map(|quality| Rendition {
        kind: RenditionKind::Mp4,
        quality,
        status: RenditionStatus::Encoded,
        percent: 100,
    });
    // It is made in any case, and told of where it is offered.
    let told = encoded.filter(|_| published.mp4_support);
    let event = told.map(|line| context.quality_completed(line.kind, line.quality)).transpose()?;
    context
        .finish(async |tx| {
            videos::set_mp4(tx, &lease.project, &lease.video, shelf.mp4, Some(edition)).await?;
            revocations::changed(tx, &lease.project, lease.video, (worker.now)()).await?;
            if let Some(line) = encoded {
                renditions::set(tx, &lease.project, &lease.video, &line).await?;
            }
            if let Some(event) = &event {
                deliveries::enqueue(tx, &lease.project, event, (worker.now)()).await?;
            }
            Ok(())
        })
        .await?;
    worker.log_grew.notify_one();
    Ok(())
}

/// The dearest picture and the first sound.
fn best_tracks(presentation: &Presentation) -> Vec<&Track> {
    let picture = presentation.video().max_by_key(|track| match track.kind {
        TrackKind::Video { width, height, .. } => u64::from(width) * u64::from(height),
        TrackKind::Audio { .. } => 0,
    });
    picture.into_iter().chain(presentation.audio().next()).collect()
}

fn quality_of(tracks: &[&Track]) -> Option<Quality> {
    tracks.iter().find_map(|track| match track.kind {
        TrackKind::Video { width, height, .. } => Some(Quality::of_short_side(width.min(height))),
        TrackKind::Audio { .. } => None,
    })
}

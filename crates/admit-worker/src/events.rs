//! What happened, in the words in which webhooks are told of it. Nothing in them opens anything.

use admit_domain::{
    id::EventId,
    ladder::Quality,
    time::Timestamp,
    video::RenditionKind,
    webhook::{Event, EventKind},
};
use serde::Serialize;

use crate::context::{Context, JobError};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QualityCompleted<'a> {
    r#type: &'static str,
    emitted_at: String,
    video_id: &'a str,
    encoding: &'static str,
    quality: &'static str,
}

impl Context<'_> {
    /// A quality of the video is made. To be written down in the transaction that shows it.
    pub(crate) fn quality_completed(&self, kind: RenditionKind, quality: Quality) -> Result<Event, JobError> {
        let chance = (self.worker.chance)().map_err(JobError::Chance)?;
        let told = QualityCompleted {
            r#type: EventKind::QualityCompleted.as_str(),
            emitted_at: atom((self.worker.now)()),
            video_id: self.lease.video.as_str(),
            encoding: kind.as_str(),
            quality: quality.as_str(),
        };
        Ok(Event {
            id: EventId::from_random(chance.first_chunk().copied().unwrap_or_default()),
            kind: EventKind::QualityCompleted,
            body: serde_json::to_string(&told).unwrap_or_else(|_| unreachable!("texts are JSON")),
        })
    }
}

/// As api.video writes the times of events: with milliseconds, and a numeric offset.
fn atom(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_atom_with_milliseconds() {
        assert_eq!(atom(Timestamp::from_millis(1_716_894_907_009)), "2024-05-28T11:15:07.009+00:00");
    }
}

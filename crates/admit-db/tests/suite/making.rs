//! Things to put into a database: told apart by a number, and otherwise alike.

use std::time::Duration;

use admit_domain::{
    id::{ApiKeyId, JobId, ProjectId, SessionId, VideoId},
    job::{NewJob, Work},
    secret::Fingerprint,
    session::{Client, Redeem, Session},
    time::Timestamp,
    video::{Description, Video, Visibility},
};

use admit_db::{transaction, videos};

use crate::store::Store;

/// The instant at which tests begin.
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(crate) fn after(span: Duration) -> Timestamp {
    NOW.plus(span)
}

fn chance(number: u64) -> [u8; 22] {
    let mut bytes = [0; 22];
    bytes[14..].copy_from_slice(&number.to_be_bytes());
    // The alphabet has 62 letters: one digit of base 62 a byte keeps different numbers apart.
    let mut rest = number;
    for byte in bytes.iter_mut().rev() {
        *byte = u8::try_from(rest % 62).expect("a digit");
        rest /= 62;
    }
    bytes
}

pub(crate) fn project_id(number: u64) -> ProjectId {
    ProjectId::from_random(chance(number))
}

pub(crate) fn video_id(number: u64) -> VideoId {
    VideoId::from_random(chance(number))
}

pub(crate) fn key_id(number: u64) -> ApiKeyId {
    ApiKeyId::from_random(chance(number))
}

pub(crate) fn job_id(number: u64) -> JobId {
    JobId::from_random(chance(number))
}

pub(crate) fn session_id(number: u64) -> SessionId {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&number.to_be_bytes());
    SessionId::from_bytes(bytes)
}

pub(crate) fn fingerprint(of: &str) -> Fingerprint {
    Fingerprint::unkeyed(of)
}

pub(crate) fn about(title: &str) -> Description {
    Description { title: title.to_owned(), ..Description::unsaid(Visibility::Private) }
}

pub(crate) fn video(project: &ProjectId, number: u64) -> Video {
    Video::empty(video_id(number), *project, about(&format!("film {number}")), NOW)
}

/// Stores a video of ours.
pub(crate) async fn stored_video(store: &Store, number: u64) -> Video {
    let video = video(&store.ours, number);
    transaction!(store.db, |tx| videos::insert(tx, &video).await).expect("a video is stored");
    video
}

pub(crate) fn job(project: &ProjectId, number: u64, work: Work) -> NewJob {
    NewJob { id: job_id(number), project: *project, video: video_id(number), work, priority: 0 }
}

/// A wish of one viewer, as the API makes it: the session follows from the credential and the nonce.
pub(crate) fn redeem(project: &ProjectId, credential: u64, nonce: u64) -> Redeem {
    let session = Session {
        id: session_id(credential << 32 | nonce),
        project: *project,
        video: video_id(1),
        credential: fingerprint(&format!("credential {credential}")),
        created_at: NOW,
        ends_at: after(Duration::from_hours(24)),
        ended_at: None,
        client: Client { network: "192.0.2.0/24".into(), agent: "a browser".into() },
    };
    Redeem { session, nonce: fingerprint(&format!("nonce {nonce}")) }
}

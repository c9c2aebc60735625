//! Things to put into a database: told apart by a number, and otherwise alike.

use std::time::Duration;

use admit_domain::{
    bound::Bound,
    handle::Rights,
    id::{
        ApiKeyId, EmbedTokenId, JobId, LiveStreamId, PlayerId, ProjectId, PublishableKeyId, SessionId, SigningKeyId,
        VideoId, WatermarkId,
    },
    job::{NewJob, Work},
    live_stream::{LiveDescription, LiveStream, Restream},
    player::{Player, Theme},
    revocation::Subject,
    secret::{Fingerprint, Sealed},
    session::{Client, Redeem, Session, Source},
    time::Timestamp,
    video::{Description, Video, Visibility},
};

use admit_db::{embed_tokens, publishable_keys, signing_keys, transaction, videos};

use crate::store::Store;

/// The instant at which tests begin.
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(crate) fn after(span: Duration) -> Timestamp {
    NOW.plus(span)
}

pub(crate) fn chance(number: u64) -> [u8; 22] {
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

pub(crate) fn signing_id(number: u64) -> SigningKeyId {
    SigningKeyId::from_random(chance(number))
}

pub(crate) fn signing_key(project: &ProjectId, number: u64) -> signing_keys::Record {
    signing_keys::Record {
        id: signing_id(number),
        project: *project,
        name: format!("key {number}"),
        dialect: "moviie".into(),
        secret: Some(Sealed(format!("sealed {number}"))),
        public_keys: None,
        jwks_url: None,
        created_at: after(Duration::from_secs(number)),
        last_used_at: None,
        revoked_at: None,
    }
}

pub(crate) fn publishable_key(project: &ProjectId, number: u64) -> publishable_keys::Record {
    let id = PublishableKeyId::from_random(chance(number));
    publishable_keys::Record { id, project: *project, name: format!("page {number}"), created_at: NOW }
}

pub(crate) fn embed_id(number: u64) -> EmbedTokenId {
    EmbedTokenId::from_random(chance(number))
}

pub(crate) fn embed_token(project: &ProjectId, number: u64) -> embed_tokens::Record {
    embed_tokens::Record {
        id: embed_id(number),
        project: *project,
        video: video_id(1),
        name: format!("token {number}"),
        rules: "{}".into(),
        created_at: after(Duration::from_secs(number)),
        expires_at: None,
    }
}

/// A session of a credential that may be shown again.
pub(crate) fn session_of(project: &ProjectId, source: Source, credential: u64, number: u64) -> Session {
    Session { id: session_id(credential << 32 | number), source, ..redeem(project, credential, number).session }
}

pub(crate) fn live_id(number: u64) -> LiveStreamId {
    LiveStreamId::from_random(chance(number))
}

pub(crate) fn live_stream(project: &ProjectId, number: u64) -> LiveStream {
    let restream = Restream {
        name: "elsewhere".into(),
        server_url: "rtmp://example.org/app".into(),
        stream_key: Sealed("sealed".into()),
    };
    let about = LiveDescription {
        name: format!("Stream {number}"),
        visibility: Visibility::Private,
        player_id: None,
        restreams: vec![restream],
    };
    let id = live_id(number);
    LiveStream { id, project: *project, about, thumbnail: None, created_at: NOW, updated_at: NOW }
}

pub(crate) fn player_id(number: u64) -> PlayerId {
    PlayerId::from_random(chance(number))
}

pub(crate) fn player(project: &ProjectId, number: u64) -> Player {
    let theme = Theme { name: format!("theme {number}"), ..Theme::default() };
    Player { id: player_id(number), project: *project, theme, logo: None, created_at: NOW, updated_at: NOW }
}

pub(crate) fn watermark_id(number: u64) -> WatermarkId {
    WatermarkId::from_random(chance(number))
}

pub(crate) fn job_id(number: u64) -> JobId {
    JobId::from_random(chance(number))
}

pub(crate) fn session_id(number: u64) -> SessionId {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&number.to_be_bytes());
    SessionId::from_bytes(bytes)
}

/// That the session ended, as the log says it.
pub(crate) fn ended(id: SessionId) -> Subject {
    Subject::Session { id, until: after(Duration::from_hours(1)) }
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
        source: Source::PrivateToken,
        viewer: None,
        rights: Rights::ALL,
        bound: Bound::default(),
        seats: None,
        issued_at: NOW,
        created_at: NOW,
        ends_at: after(Duration::from_hours(24)),
        ended_at: None,
        client: Client { network: "192.0.2.0/24".into(), agent: "a browser".into() },
    };
    Redeem { session, nonce: fingerprint(&format!("nonce {nonce}")) }
}

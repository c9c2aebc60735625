//! An edge with one video of every kind of asset, and nobody behind it: a story says itself what the control plane knows.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use admit_domain::{
    bound::Bound,
    decision::Refused,
    dialects::apivideo::PrivateToken,
    gate::Gate,
    handle::{BoundValues, Handle, Rights},
    id::{ProjectId, SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    object_key::{Edition, ObjectKey},
    player::Screen,
    presentation::{ByteRange, Presentation, Segment, Storyboard, Track, TrackKind},
    revocation::{Revoked, Seq, Subject},
    rules::{Country, Rules},
    seats::SeatWish,
    secret::Secret,
    session::{Entered, Entry, Presented},
    signed::Signed,
    source::FrameRate,
    time::Timestamp,
    timed_text::{TextKind, TimedText},
    verdict::Denial,
    video::{Ingest, OnStale, Published, Shelf, Visibility},
};
use admit_edge::{
    About, Edge, SharedGate,
    control::{Answer, ControlPlane, Picture},
};
use admit_objects::{Keep, Objects, Slices};
use arc_swap::ArcSwap;
use bytes::Bytes;

const EDITION: Edition = Edition(1);
/// Small, of one slice, and of eight.
pub(crate) const SEGMENTS_BYTES: [u32; 3] = [2_000, 200 * 1_024, 2 * 1_024 * 1_024];
/// More than the kernel takes for a peer that reads nothing: copied, which only so much is, or from a file, for which it
/// counts less.
const MP4_BYTES: [usize; 2] = [4_000_000, 16_000_000];
/// Paths below the session of everything there is, except what the player is told.
pub(crate) const ASSETS: [&str; 17] = [
    "hls/master.m3u8",
    "hls/v720.m3u8",
    "hls/a1.m3u8",
    "hls/subtitles-fr.m3u8",
    "dash/manifest.mpd",
    "media/v720/init.mp4",
    "media/v720/0.m4s",
    "media/v720/1.m4s",
    "media/v720/2.m4s",
    "media/a1/init.mp4",
    "media/a1/0.m4s",
    "mp4/source.mp4",
    "thumbnail.jpg",
    "storyboard.vtt",
    "storyboard/0.jpg",
    "captions/fr.vtt",
    "chapters/fr.vtt",
];

/// What the control plane knows.
pub(crate) struct Knowledge {
    pub(crate) facts: Mutex<Published>,
    /// How often it was asked for the facts.
    pub(crate) asked: AtomicUsize,
}

pub(crate) struct Gallery {
    pub(crate) edge: Edge,
    pub(crate) gate: SharedGate,
    pub(crate) video: VideoId,
    pub(crate) mp4_bytes: usize,
    pub(crate) knowledge: Arc<Knowledge>,
    /// What the edge has told of its refusals.
    pub(crate) refused: Arc<Mutex<Vec<Refused>>>,
    pub(crate) ends: Timestamp,
    keys: DeliveryKeys,
    begun_at: Timestamp,
}

impl Gallery {
    pub(crate) async fn open(folder: &Path, keep: Keep, now: Timestamp) -> Self {
        let keys = DeliveryKeys::new(DeliveryKey::new(1, &Secret::new([7; 32])), None);
        let video = VideoId::from_random([5; 22]);
        let objects = Objects::on_disk(folder).unwrap();
        let mp4_bytes = MP4_BYTES[usize::from(keep.files)];
        hang(&objects, video, mp4_bytes).await;
        let ends = now.plus(Duration::from_hours(1));
        let gate = Gate::new(keys.clone(), Revoked::default()).fresh_until(ends);
        let gate = Arc::new(ArcSwap::from_pointee(gate));
        let knowledge = Arc::new(Knowledge { facts: Mutex::new(facts()), asked: AtomicUsize::new(0) });
        let refused = Arc::new(Mutex::new(Vec::new()));
        let told = refused.clone();
        let about = About {
            secure: false,
            country_of: Arc::new(|ip| if ip.is_loopback() { "FR".parse::<Country>().ok() } else { None }),
            refusals: Arc::new(move |refusal| told.lock().unwrap().push(refusal)),
            upstream: None,
        };
        let control = Arc::new(Control(knowledge.clone()));
        let edge = Edge::new(gate.clone(), control, objects.reader(keep), Arc::new(move || now), about);
        Self { edge, gate, video, mp4_bytes, knowledge, refused, ends, keys, begun_at: now }
    }

    /// The handle of a session, bound to what a caller has such values of.
    pub(crate) fn handle(&self, session: u8, rights: Rights, bound: Bound, values: &BoundValues) -> String {
        let session = SessionId::from_bytes([session; 12]);
        let (video, begun_at, not_after) = (self.video, self.begun_at, self.ends);
        Handle { session, video, begun_at, not_after, rights, bound }.mint(values, &self.keys)
    }

    /// The path of an asset, by the session of that number, free and with all rights.
    pub(crate) fn path(&self, session: u8, asset: &str) -> String {
        let handle = self.handle(session, Rights::ALL, Bound::default(), &BoundValues::default());
        format!("/s/{handle}/{}/{asset}", self.video)
    }

    pub(crate) fn signed_path(&self, asset: &str) -> String {
        let (video, signed_at, not_after) = (self.video, self.begun_at, self.ends);
        let signed = Signed { video, signed_at, not_after, rights: Rights::ALL, bound: Bound::default() };
        format!("/u/{}/{}/{asset}", signed.mint(&BoundValues::default(), &self.keys), self.video)
    }

    /// Keys under which no handle of ours was signed.
    pub(crate) fn other_keys() -> DeliveryKeys {
        DeliveryKeys::new(DeliveryKey::new(2, &Secret::new([8; 32])), None)
    }

    pub(crate) fn end(&self, session: u8) {
        let id = SessionId::from_bytes([session; 12]);
        let revoked = Revoked::of(Seq(1), [Subject::Session { id, until: self.ends }]);
        self.gate.store(Arc::new(self.gate.load().with_revoked(revoked)));
    }

    /// The facts change, and the edge is told.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Published)) {
        change(&mut self.knowledge.facts.lock().unwrap());
        self.edge.forget(self.video);
    }

    pub(crate) fn asked(&self) -> usize {
        self.knowledge.asked.load(Ordering::SeqCst)
    }
}

fn facts() -> Published {
    let text = |kind| TimedText { kind, language: "fr".parse().unwrap(), edition: EDITION, is_default: true };
    Published {
        project: ProjectId::from_random([1; 22]),
        visibility: Visibility::Private,
        mp4_support: true,
        ingest: Ingest::Ingested,
        shelf: Shelf { presentation: Some(EDITION), mp4: Some(EDITION), thumbnail: Some(EDITION) },
        texts: vec![text(TextKind::Captions), text(TextKind::Chapters)],
        rules: Rules::default(),
        has_open_poster: false,
        token_access: true,
        on_stale: OnStale::Closed,
        encryption: None,
    }
}

/// Puts everything where the facts say that it is. No byte of it is media, and each is told from its neighbours.
async fn hang(objects: &Objects, video: VideoId, mp4_bytes: usize) {
    let noise = |bytes: usize| (0..=250_u8).cycle().take(bytes).collect::<Bytes>();
    let video_kind = TrackKind::Video { width: 1_280, height: 720, frame_rate: FrameRate { frames: 25, seconds: 1 } };
    let tracks = [
        track("v720", video_kind, "avc1.64001f", &SEGMENTS_BYTES),
        track("a1", TrackKind::Audio { channels: 2, sample_rate_hz: 48_000 }, "mp4a.40.2", &[900; 3]),
    ];
    for track in &tracks {
        let whole = track.segments.last().map_or(0, |last| last.offset + u64::from(last.len));
        let key = ObjectKey::Track { video, track: track.name, edition: EDITION };
        objects.put(&key, noise(usize::try_from(whole).unwrap())).await.unwrap();
    }
    let storyboard = Storyboard {
        edition: EDITION,
        tile_width: 160,
        tile_height: 90,
        columns: 5,
        rows: 5,
        tiles: 6,
        interval_ms: 2_000,
    };
    let presentation = Presentation { duration_ms: 12_000, tracks: tracks.into(), storyboard: Some(storyboard) };
    let text = |kind| ObjectKey::TimedText { video, kind, language: "fr".parse().unwrap(), edition: EDITION };
    for (key, bytes) in [
        (ObjectKey::Presentation { video, edition: EDITION }, presentation.encode().into()),
        (ObjectKey::Mp4 { video, edition: EDITION }, noise(mp4_bytes)),
        (ObjectKey::Thumbnail { video, edition: EDITION }, noise(5_000)),
        (ObjectKey::StoryboardSheet { video, edition: EDITION, sheet: 0 }, noise(7_000)),
        (text(TextKind::Captions), Bytes::from_static(b"WEBVTT\n\n00:00.000 --> 00:01.000\nbonjour\n")),
        (text(TextKind::Chapters), Bytes::from_static(b"WEBVTT\n\n00:00.000 --> 00:01.000\nun\n")),
    ] {
        objects.put(&key, bytes).await.unwrap();
    }
}

fn track(name: &str, kind: TrackKind, codecs: &str, segments: &[u32]) -> Track {
    const INIT_BYTES: u32 = 700;
    let mut offset = u64::from(INIT_BYTES);
    let mut start = 0;
    let segments = segments.iter().map(|len| {
        let segment = Segment { offset, len: *len, start, duration: 4_000 };
        offset += u64::from(*len);
        start += 4_000;
        segment
    });
    Track {
        name: name.parse().unwrap(),
        kind,
        codecs: codecs.into(),
        timescale: 1_000,
        peak_bits_per_second: 4_000_000,
        average_bits_per_second: 2_000_000,
        edition: EDITION,
        segments: segments.collect(),
        init: ByteRange { offset: 0, len: INIT_BYTES },
    }
}

struct Control(Arc<Knowledge>);

fn nothing<T: Send>() -> Answer<'static, T> {
    Box::pin(async { Err(Denial::NotFound) })
}

impl ControlPlane for Control {
    fn published(&self, _: VideoId) -> Answer<'_, Option<Published>> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let facts = self.0.facts.lock().unwrap().clone();
        Box::pin(async { Ok(Some(facts)) })
    }

    fn screen(&self, _: VideoId) -> Answer<'_, Option<Screen>> {
        Box::pin(async { Ok(Some(Screen { title: "a film".into(), panoramic: false, player: None })) })
    }

    fn picture(&self, _: Picture) -> Answer<'_, Slices> {
        nothing()
    }

    fn vouch(&self, _: VideoId, _: PrivateToken, _: Timestamp) -> Answer<'_, ()> {
        nothing()
    }

    fn present(&self, _: Presented, _: Timestamp) -> Answer<'_, Entered> {
        nothing()
    }

    fn redeem(&self, _: Entry, _: Timestamp) -> Answer<'_, Entered> {
        nothing()
    }

    fn seat(&self, _: SeatWish, _: Timestamp) -> Answer<'_, Duration> {
        nothing()
    }
}

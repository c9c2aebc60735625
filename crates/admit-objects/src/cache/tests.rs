//! The cache through a reader's eyes: one fetch a slice, whoever waits and whoever goes, and never a wrong byte.

mod on_disk;

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, Mutex},
    time::Duration,
};

use admit_domain::{
    id::{Edition, VideoId},
    limits::{BODY_SLICE_BYTES, EDGE_MEMORY_BYTES_MIN},
    object_key::ObjectKey,
};
use bytes::Bytes;
use tokio::sync::watch;

use super::*;
use crate::{
    origin::{Fetched, Fetching, Opening},
    slices::Slices,
};

/// An origin that counts, and that answers when it is told to.
struct Counting {
    bytes: Bytes,
    open: watch::Receiver<bool>,
    /// How often each slice was fetched.
    fetched: Mutex<HashMap<u64, u32>>,
    /// Fetches that fail before others succeed.
    failures: Mutex<u32>,
}

struct Story {
    origin: Arc<Counting>,
    cache: Arc<Cache>,
    door: watch::Sender<bool>,
}

fn object() -> ObjectKey {
    ObjectKey::Mp4 { video: VideoId::from_random([1; 22]), edition: Edition(1) }
}

fn place(at: u64) -> usize {
    at.try_into().unwrap()
}

impl Origin for Counting {
    fn fetch(&self, _: ObjectKey, range: Range<u64>) -> Fetching<'_> {
        *self.fetched.lock().unwrap().entry(range.start / OBJECT_SLICE_BYTES).or_default() += 1;
        Box::pin(async move {
            let mut open = self.open.clone();
            open.wait_for(|open| *open).await.unwrap();
            let left = self.failures.lock().unwrap().checked_sub(1);
            if let Some(left) = left {
                *self.failures.lock().unwrap() = left;
                return Err(ObjectError::unavailable("not now"));
            }
            let object_bytes = self.bytes.len() as u64;
            let end = range.end.min(object_bytes);
            let bytes = self.bytes.slice(place(range.start.min(end))..place(end));
            Ok(Fetched { object_bytes, bytes })
        })
    }
}

impl Counting {
    fn times(&self) -> u32 {
        self.fetched.lock().unwrap().values().sum()
    }
}

impl Story {
    fn of(bytes: u64, keep: Keep) -> Self {
        let (door, open) = watch::channel(true);
        let bytes: Vec<u8> = (0..bytes).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect();
        let origin =
            Arc::new(Counting { bytes: bytes.into(), open, fetched: Mutex::default(), failures: Mutex::new(0) });
        Self { cache: Arc::new(Cache::new(origin.clone(), keep)), origin, door }
    }

    async fn read(&self, range: Range<u64>) -> Result<Vec<u8>, ObjectError> {
        let mut slices = Slices::kept(self.cache.clone(), object(), Some(range)).await?;
        let mut whole = Vec::new();
        while let Some(piece) = slices.next().await? {
            assert!(piece.len() <= BODY_SLICE_BYTES && !piece.is_empty());
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }

    async fn expect(&self, range: Range<u64>) {
        let read = self.read(range.clone()).await.unwrap();
        assert!(read == self.origin.bytes[place(range.start)..place(range.end)], "other bytes of {range:?}");
    }
}

const MIB: u64 = OBJECT_SLICE_BYTES;

#[tokio::test]
async fn each_range_is_what_the_object_has_there() {
    let story = Story::of(3 * MIB + 7, Keep::default());
    for range in
        [0..1, 0..MIB, 0..MIB + 1, MIB - 1..MIB + 1, MIB..2 * MIB, 5..3 * MIB + 7, 3 * MIB + 6..3 * MIB + 7, 9..9]
    {
        story.expect(range).await;
    }
    assert_eq!(story.origin.times(), 4, "each slice was fetched once");
    for range in [0..3 * MIB + 8, 3 * MIB + 8..3 * MIB + 9, 9 * MIB..9 * MIB + 1] {
        assert!(matches!(story.read(range.clone()).await, Err(ObjectError::OutOfRange)), "{range:?}");
    }
}

#[tokio::test]
async fn an_empty_object_has_no_bytes_and_a_size() {
    let story = Story::of(0, Keep::default());
    let mut slices = Slices::kept(story.cache.clone(), object(), None).await.unwrap();
    assert_eq!(slices.object_bytes(), 0);
    assert!(slices.next().await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_who_wait_share_one_fetch() {
    let story = Arc::new(Story::of(2 * MIB, Keep::default()));
    story.door.send(false).unwrap();
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let story = story.clone();
        readers.spawn(async move { story.expect(0..2 * MIB).await });
    }
    story.door.send(true).unwrap();
    readers.join_all().await;
    assert_eq!(*story.origin.fetched.lock().unwrap(), HashMap::from([(0, 1), (1, 1)]));
}

#[tokio::test]
async fn whoever_began_a_fetch_may_go() {
    let story = Story::of(MIB, Keep::default());
    story.door.send(false).unwrap();
    let at = SliceKey::of(object(), 0);
    let mut leader = Box::pin(story.cache.get(at));
    let mut follower = Box::pin(story.cache.get(at));
    assert!(futures_util::poll!(&mut leader).is_pending() && futures_util::poll!(&mut follower).is_pending());
    drop(leader);
    story.door.send(true).unwrap();
    assert_eq!(follower.await.unwrap().bytes, story.origin.bytes);
    assert_eq!(story.origin.times(), 1);
}

#[tokio::test]
async fn a_fetch_that_all_have_left_is_begun_anew() {
    let story = Story::of(MIB, Keep::default());
    story.door.send(false).unwrap();
    let at = SliceKey::of(object(), 0);
    let mut only = Box::pin(story.cache.get(at));
    assert!(futures_util::poll!(&mut only).is_pending());
    drop(only);
    story.door.send(true).unwrap();
    story.expect(0..MIB).await;
    assert_eq!(story.origin.times(), 2);
}

#[tokio::test]
async fn a_failure_is_told_and_not_remembered() {
    let story = Story::of(MIB, Keep::default());
    *story.origin.failures.lock().unwrap() = 1;
    assert!(matches!(story.read(0..1).await, Err(ObjectError::Unavailable(_))));
    story.expect(0..1).await;
}

#[tokio::test]
async fn an_origin_that_gives_less_is_not_believed() {
    struct Short;
    impl Origin for Short {
        fn fetch(&self, _: ObjectKey, _: Range<u64>) -> Fetching<'_> {
            Box::pin(async { Ok(Fetched { object_bytes: 10, bytes: Bytes::from_static(b"nine byte") }) })
        }
    }
    let cache = Arc::new(Cache::new(Arc::new(Short), Keep::default()));
    assert!(matches!(Slices::kept(cache, object(), None).await, Err(ObjectError::Unavailable(_))));
}

#[tokio::test]
async fn memory_is_bounded() {
    let keep = Keep { memory_bytes: EDGE_MEMORY_BYTES_MIN, ..Keep::default() };
    let story = Story::of(32 * MIB, keep);
    story.expect(0..32 * MIB).await;
    assert!(story.cache.stock.memory.weight() <= EDGE_MEMORY_BYTES_MIN);
    assert!(story.cache.stock.memory.len() >= 4, "and used");
}

/// One file for all who send from it, until its video is forgotten: what was deleted shall leave the disk.
#[tokio::test]
async fn a_file_is_open_until_its_video_is_forgotten() {
    struct OnThisMachine(std::path::PathBuf);
    impl Origin for OnThisMachine {
        fn fetch(&self, _: ObjectKey, _: Range<u64>) -> Fetching<'_> {
            unreachable!("nobody reads")
        }

        fn file(&self, _: ObjectKey) -> Opening<'_> {
            Box::pin(async { Ok(Some(File::open(&self.0).unwrap())) })
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("object");
    std::fs::write(&path, b"bytes").unwrap();
    let mp4 = |video| ObjectKey::Mp4 { video: VideoId::from_random([video; 22]), edition: Edition(1) };
    let origin = Arc::new(OnThisMachine(path));
    let cache = Cache::new(origin.clone(), Keep { files: true, ..Keep::default() });
    let (one, again) = (cache.file(mp4(1)).await.unwrap().unwrap(), cache.file(mp4(1)).await.unwrap().unwrap());
    let other = cache.file(mp4(2)).await.unwrap().unwrap();
    assert!(Weak::ptr_eq(&one, &again) && !Weak::ptr_eq(&one, &other));
    cache.close_files(Some(VideoId::from_random([1; 22])));
    assert!(one.upgrade().is_none() && other.upgrade().is_some());
    cache.close_files(None);
    assert!(other.upgrade().is_none());

    for video in 0..200 {
        for edition in 0..4 {
            let key = ObjectKey::Mp4 { video: VideoId::from_random([video; 22]), edition: Edition(edition) };
            assert!(cache.file(key).await.unwrap().is_some());
        }
    }
    let open = cache.files.iter().count();
    assert!(open <= OPEN_OBJECTS_MAX, "{open}");
    let cache = Cache::new(origin, Keep::default());
    assert!(cache.file(mp4(1)).await.unwrap().is_none(), "who encrypts sends no files");
}

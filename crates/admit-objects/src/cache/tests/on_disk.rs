//! Slices on disk: whatever happens to the files, the bytes are right.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use super::*;

fn keep(folder: &Path, slices: u64) -> Keep {
    let disk = DiskSettings { folder: folder.join("cache"), bytes: slices * (MIB + 80) };
    Keep { memory_bytes: EDGE_MEMORY_BYTES_MIN, disk: Some(disk), ..Keep::default() }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder.join("cache")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

impl Story {
    /// Nobody waits for what is written to the disk, so stories do.
    async fn written(&self) {
        let settled = self.cache.stock.disk.as_ref().unwrap().settled();
        tokio::time::timeout(Duration::from_secs(20), settled).await.expect("the slices are on the disk");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_disk_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = Story::of(3 * MIB + 5, keep(folder.path(), 10));
    first.expect(0..3 * MIB + 5).await;
    first.written().await;
    assert_eq!(files(folder.path()).len(), 4);
    let second = Story::of(3 * MIB + 5, keep(folder.path(), 10));
    second.expect(0..3 * MIB + 5).await;
    assert_eq!(second.origin.times(), 0);
    assert_eq!(second.cache.counts().from_disk, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_as_it_was_written_is_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = Story::of(2 * MIB, keep(folder.path(), 10));
    first.expect(0..2 * MIB).await;
    first.written().await;
    let [one, two] = <[_; 2]>::try_from(files(folder.path())).unwrap();
    let whole = fs::read(&one).unwrap();
    let turned = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    let spoilt = [
        Vec::new(),
        whole[..40].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        [&whole[..], b"x"].concat(),
        turned(0),
        turned(9),
        turned(47),
        turned(50),
        turned(whole.len() - 1),
        vec![0; whole.len()],
        // Another slice's file under this one's name.
        fs::read(&two).unwrap(),
    ];
    for (case, bytes) in spoilt.iter().enumerate() {
        fs::write(&one, bytes).unwrap();
        let story = Story::of(2 * MIB, keep(folder.path(), 10));
        story.expect(0..2 * MIB).await;
        assert_eq!(story.origin.times(), 1, "case {case}");
        story.written().await;
        assert!(fs::read(&one).unwrap() == whole, "case {case} is not written anew");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_takes_nothing_is_done_without() {
    let folder = tempfile::tempdir().unwrap();
    // Root may write anywhere, so the folder is a file.
    fs::write(folder.path().join("cache"), b"in the way").unwrap();
    let story = Story::of(2 * MIB, keep(folder.path(), 10));
    story.expect(0..2 * MIB).await;
    story.written().await;
    fs::remove_file(folder.path().join("cache")).unwrap();
    fs::create_dir(folder.path().join("cache")).unwrap();
    fs::set_permissions(folder.path().join("cache"), fs::Permissions::from_mode(0o500)).unwrap();
    let story = Story::of(2 * MIB, keep(folder.path(), 10));
    story.expect(0..2 * MIB).await;
    assert_eq!(story.origin.times(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_is_bounded_and_what_is_not_ours_stays() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    fs::create_dir(&cache).unwrap();
    fs::write(cache.join("notes"), b"somebody's").unwrap();
    fs::write(cache.join(format!("{}.new", "0".repeat(64))), b"half").unwrap();
    let story = Story::of(12 * MIB, keep(folder.path(), 3));
    story.expect(0..12 * MIB).await;
    story.written().await;
    // Three slices and somebody's notes; what was half written is gone.
    let names: Vec<_> = files(folder.path()).iter().map(|file| file.file_name().unwrap().len()).collect();
    assert_eq!(names, [64, 64, 64, "notes".len()]);
    // A smaller bound holds from the start on.
    let story = Story::of(12 * MIB, keep(folder.path(), 1));
    assert_eq!(files(folder.path()).len(), 2);
    story.expect(0..MIB).await;
}

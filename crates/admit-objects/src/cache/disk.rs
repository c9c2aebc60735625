//! Slices on disk: one file each, whole or not at all. Nothing here is needed: whatever goes wrong with a file, the slice
//! is fetched again, and whatever goes wrong with the disk, nothing is kept on it.

mod file;
mod ledger;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use admit_domain::limits::SLICE_WRITES_MAX;
use tokio::sync::Semaphore;

use self::{
    file::{Name, decode, encode},
    ledger::Ledger,
};
use crate::slice::{Slice, SliceKey};

/// Where slices lie on disk, and how much they may fill.
#[derive(Clone, Debug)]
pub struct DiskSettings {
    /// A folder of ours alone; it is made if it is missing.
    pub folder: PathBuf,
    pub bytes: u64,
}

/// A folder with slices.
#[derive(Clone)]
pub(super) struct Disk {
    folder: Arc<Path>,
    /// Which files there are, and which were used last.
    ledger: Arc<Mutex<Ledger>>,
    writes: Arc<Semaphore>,
}

impl Disk {
    /// Takes up what an earlier run left, oldest first, as far as it still fits. A folder that cannot be read or made is
    /// an empty one.
    pub(super) fn open(settings: DiskSettings) -> Self {
        let mut ledger = Ledger::new(settings.bytes);
        match scan(&settings.folder) {
            Ok(found) => {
                for (name, bytes) in found {
                    remove_all(&settings.folder, &ledger.add(name, bytes));
                }
            }
            Err(error) => tracing::warn!(%error, folder = %settings.folder.display(), "read the cache folder"),
        }
        Self {
            folder: settings.folder.into(),
            ledger: Arc::new(Mutex::new(ledger)),
            writes: Arc::new(Semaphore::new(SLICE_WRITES_MAX)),
        }
    }

    pub(super) async fn read(&self, at: SliceKey) -> Option<Slice> {
        let name = Name::of(&at);
        if !self.ledger().touch(&name) {
            return None;
        }
        let disk = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let path = disk.folder.join(name.as_str());
            let slice = read_file(&path).ok().and_then(|bytes| decode(bytes, &name)).filter(|slice| slice.fits(&at));
            if slice.is_none() {
                tracing::warn!(file = name.as_str(), "a damaged slice is fetched again");
                remove(&path);
                disk.ledger().forget(&name);
            }
            slice
        });
        read.await.ok().flatten()
    }

    /// Keeps a slice if the disk can take it. Nobody waits for that, so a slow disk slows nobody.
    pub(super) fn keep(&self, at: SliceKey, slice: Slice) {
        let Ok(turn) = self.writes.clone().try_acquire_owned() else { return };
        let disk = self.clone();
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let name = Name::of(&at);
            match write(&disk.folder, &name, &encode(&name, &slice)) {
                Ok(bytes) => {
                    let gone = disk.ledger().add(name, bytes);
                    remove_all(&disk.folder, &gone);
                }
                Err(error) => tracing::debug!(%error, "a slice was not kept on disk"),
            }
        });
    }

    /// Comes back when nothing is being written.
    #[cfg(test)]
    pub(super) async fn settled(&self) {
        let all = u32::try_from(SLICE_WRITES_MAX).expect("a small bound");
        let _turns = self.writes.acquire_many(all).await.expect("the turns are never closed");
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The slices in a folder with their sizes, the one that was used longest ago first. What was being written when the last
/// run ended goes; what is not called as we call things is not ours to touch.
fn scan(folder: &Path) -> io::Result<Vec<(Name, u64)>> {
    fs::create_dir_all(folder)?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file_name = entry.file_name();
        let Some(text) = file_name.to_str() else { continue };
        if text.strip_suffix(ASIDE).and_then(Name::parse).is_some() {
            remove(&entry.path());
        } else if let (Some(name), Ok(facts)) = (Name::parse(text), entry.metadata()) {
            found.push((facts.modified()?, name, facts.len()));
        }
    }
    found.sort_by_key(|(used, ..)| *used);
    Ok(found.into_iter().map(|(_, name, bytes)| (name, bytes)).collect())
}

/// What the name of a file ends with that is not whole.
const ASIDE: &str = ".new";

/// A crash may lose the file or leave zeros in it, and its checksum tells; so nothing waits for the disk here.
fn write(folder: &Path, name: &Name, bytes: &[u8]) -> io::Result<u64> {
    let aside = folder.join(format!("{}{ASIDE}", name.as_str()));
    let written = fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, folder.join(name.as_str())));
    if written.is_err() {
        remove(&aside);
    }
    written.map(|()| bytes.len() as u64)
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(path)?;
    // The time of change is the time of use, so that the next run knows what is wanted.
    if let Ok(file) = fs::File::open(path) {
        let now = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };
        let times = rustix::fs::Timestamps { last_access: now, last_modification: now };
        let _ = rustix::fs::futimens(&file, &times);
    }
    Ok(bytes)
}

fn remove_all(folder: &Path, names: &[Name]) {
    for name in names {
        remove(&folder.join(name.as_str()));
    }
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "remove a slice");
    }
}

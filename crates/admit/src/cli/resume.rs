//! What is remembered of an upload that has begun, so that the same command continues it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use admit_domain::secret::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::config;

/// An upload's parts are cut the same way when it continues, whatever the flags say by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) video_id: String,
    pub(super) part_bytes: u64,
}

/// Where one upload is remembered: named by the file, its size, its time and the server, so that a changed file is new.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    /// `None` where a user has no home: then nothing is remembered.
    path: Option<PathBuf>,
}

impl Memory {
    pub(super) fn of(file: &Path, server: &str) -> io::Result<Self> {
        let folder = config::user_state_dir().map(|state| state.join("uploads"));
        Self::within(folder, file, server)
    }

    fn within(folder: Option<PathBuf>, file: &Path, server: &str) -> io::Result<Self> {
        let file = file.canonicalize()?;
        let about = file.metadata()?;
        let modified = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let mut digest = Sha256::new();
        digest.update(file.as_os_str().as_encoded_bytes());
        digest.update(format!("\0{}\0{modified}\0{server}", about.len()));
        let name = hex(&digest.finalize());
        Ok(Self { path: folder.map(|folder| folder.join(name).with_extension("json")) })
    }

    /// What cannot be read was not begun.
    pub(super) fn recall(&self) -> Option<Begun> {
        let text = fs::read(self.path.as_ref()?).ok()?;
        let begun: Begun = serde_json::from_slice(&text).ok()?;
        (begun.part_bytes > 0).then_some(begun)
    }

    pub(super) fn keep(&self, begun: &Begun) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // Written aside and renamed, so that what is found later is whole.
        let aside = path.with_extension("new");
        fs::write(&aside, serde_json::to_vec(begun)?)?;
        fs::rename(aside, path)
    }

    pub(super) fn forget(&self) -> io::Result<()> {
        match self.path.as_ref().map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_remembered_until_its_file_or_server_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("film.mp4");
        let memory = |server| Memory::within(Some(folder.path().join("state")), &file, server).unwrap();
        fs::write(&file, "one").unwrap();
        let begun = Begun { video_id: "vi1".to_owned(), part_bytes: 5 };
        memory("http://a").keep(&begun).unwrap();
        assert_eq!(memory("http://a").recall(), Some(begun.clone()));
        assert_eq!(memory("http://b").recall(), None);
        fs::write(&file, "other").unwrap();
        assert_eq!(memory("http://a").recall(), None, "the file has changed");

        memory("http://a").keep(&begun).unwrap();
        memory("http://a").forget().unwrap();
        memory("http://a").forget().unwrap();
        assert_eq!(memory("http://a").recall(), None);
    }
}

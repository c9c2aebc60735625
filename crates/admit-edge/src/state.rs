//! What an edge keeps between two runs, in its data folder and for its owner alone: who it is, its delivery keys, and all
//! it knows to have been taken back. A restart forgets no revocation.
//!
//! `edge.json` says who it is. `edge.state` has all that was known at one time; `edge.log` has the entries since. A line of
//! either is a checksum and a JSON value; only the last line of the log may be unfinished, and then nobody was told of it.

mod line;
mod load;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use admit_domain::{
    limits::EDGE_LOG_ENTRIES_MAX,
    revocation::{Entry, Revoked},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use self::load::{Kept, StateError};
use self::{
    line::{entry_line, line, subject_value},
    load::{LOG, STATE},
};
use crate::{
    key_ring::KeyRing,
    remote::{EdgeSecret, Identity},
};

const IDENTITY: &str = "edge.json";
const ONLY_OURS: u32 = 0o600;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdentityFile {
    edge_id: String,
    secret: String,
}

/// The files of one edge.
#[derive(Debug)]
pub struct State {
    folder: PathBuf,
    log: Option<File>,
    entries: usize,
}

impl State {
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), log: None, entries: 0 }
    }

    /// Who this is; none before it has joined.
    pub fn identity(&self) -> Result<Option<Identity>, StateError> {
        let bytes = match fs::read(self.folder.join(IDENTITY)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let file: IdentityFile = serde_json::from_slice(&bytes).map_err(|_| StateError::Damaged(IDENTITY))?;
        Ok(Some(Identity { id: file.edge_id, secret: EdgeSecret::new(file.secret) }))
    }

    pub fn keep_identity(&self, identity: &Identity) -> Result<(), StateError> {
        let file = IdentityFile { edge_id: identity.id.clone(), secret: identity.secret.expose().to_owned() };
        let text = serde_json::to_vec(&file).map_err(io::Error::other)?;
        Ok(self.replace(IDENTITY, &text)?)
    }

    /// What an earlier run knew; none before the first. What is damaged is nothing: it says so, and the caller decides.
    pub fn load(&self) -> Result<Option<Kept>, StateError> {
        load::load(&self.folder)
    }

    /// Writes down all that is known; what was written before is over.
    pub(crate) fn keep_all(&mut self, keys: &KeyRing, revoked: &Revoked) -> io::Result<()> {
        let mut text = line(&json!(["state", 1, revoked.seq.0, revoked.len()]));
        text.push_str(&line(&json!(["keys", keys.spelled()])));
        for subject in revoked.subjects() {
            text.push_str(&line(&subject_value(&subject)));
        }
        text.push_str(&line(&json!(["end"])));
        self.replace(STATE, text.as_bytes())?;
        // Entries that are in both are passed over when they are read.
        self.replace(LOG, b"")?;
        self.log = Some(OpenOptions::new().append(true).open(self.folder.join(LOG))?);
        self.entries = 0;
        Ok(())
    }

    /// Writes down entries that follow each other. `false` when it is time to write all anew.
    pub(crate) fn keep(&mut self, entries: &[Entry]) -> io::Result<bool> {
        let Some(log) = &mut self.log else { return Ok(false) };
        let text: String = entries.iter().map(entry_line).collect();
        let written = log.write_all(text.as_bytes()).and_then(|()| log.sync_data());
        if written.is_err() {
            // Half a line may stand there now: nothing may be written after it.
            self.log = None;
        }
        written?;
        self.entries += entries.len();
        Ok(self.entries < EDGE_LOG_ENTRIES_MAX)
    }

    /// The old file or the new one, whole, whatever happens meanwhile.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let aside = self.folder.join(format!("{name}.new"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(ONLY_OURS).open(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&aside, self.folder.join(name))?;
        File::open(&self.folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests;

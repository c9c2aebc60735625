//! Reads what an earlier run wrote down: all of it, or nothing.

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
};

use admit_domain::revocation::{Revoked, Seq};
use serde_json::Value;

use super::line::{read_entry, read_line, read_subject};
use crate::key_ring::KeyRing;

pub(super) const STATE: &str = "edge.state";
pub(super) const LOG: &str = "edge.log";

/// What an edge knew when its last run ended.
#[derive(Clone, Debug)]
pub struct Kept {
    pub keys: KeyRing,
    pub revoked: Revoked,
}

/// Why the files of an edge cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("{0} is damaged")]
    Damaged(&'static str),
    #[error(transparent)]
    Disk(#[from] io::Error),
}

pub(super) fn load(folder: &Path) -> Result<Option<Kept>, StateError> {
    let Some(state) = read(&folder.join(STATE), STATE)? else { return Ok(None) };
    let Kept { keys, mut revoked } = read_state(&state).ok_or(StateError::Damaged(STATE))?;
    if let Some(log) = read(&folder.join(LOG), LOG)? {
        read_log(&log, &mut revoked).ok_or(StateError::Damaged(LOG))?;
    }
    Ok(Some(Kept { keys, revoked }))
}

fn read(path: &Path, name: &'static str) -> Result<Option<String>, StateError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(StateError::Damaged(name)),
        Err(error) => Err(error.into()),
    }
}

fn read_state(text: &str) -> Option<Kept> {
    let mut lines = text.strip_suffix('\n')?.split('\n').map(read_line);
    let (word, version, seq, count): (String, u32, i64, usize) = serde_json::from_value(lines.next()??).ok()?;
    let (keys_word, keys): (String, Vec<(u8, String)>) = serde_json::from_value(lines.next()??).ok()?;
    if (word.as_str(), version, keys_word.as_str()) != ("state", 1, "keys") {
        return None;
    }
    let mut values = lines.collect::<Option<Vec<Value>>>()?;
    let last = values.pop()?;
    let subjects = values.into_iter().map(read_subject).collect::<Option<Vec<_>>>()?;
    let is_whole = last == serde_json::json!(["end"]) && subjects.len() == count;
    let keys = KeyRing::read(keys)?;
    is_whole.then(|| Kept { keys, revoked: Revoked::of(Seq(seq), subjects) })
}

/// What has no end was never finished, so nobody was told of it.
fn read_log(text: &str, revoked: &mut Revoked) -> Option<()> {
    let (finished, _) = text.rsplit_once('\n').unwrap_or_default();
    for line in finished.split('\n').filter(|line| !line.is_empty()) {
        let entry = read_entry(read_line(line)?)?;
        if entry.seq <= revoked.seq {
            continue;
        }
        if entry.seq != revoked.seq.next() {
            return None;
        }
        revoked.apply(entry);
    }
    Some(())
}

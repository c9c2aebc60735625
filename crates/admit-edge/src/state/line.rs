//! A line of the state's files: the first half of a SHA-256, a space, and what it is of.

use admit_domain::{
    revocation::{Entry, Seq, Subject},
    secret::hex,
    time::Timestamp,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const SUM_CHARS: usize = 32;

pub(super) fn line(value: &Value) -> String {
    let text = value.to_string();
    format!("{} {text}\n", sum(&text))
}

/// The value of a line without its end; none when it is not as it was written.
pub(super) fn read_line(line: &str) -> Option<Value> {
    let (said, text) = line.split_at_checked(SUM_CHARS)?;
    let text = text.strip_prefix(' ')?;
    if said == sum(text) { serde_json::from_str(text).ok() } else { None }
}

/// It guards against what breaks, not against whoever may write here.
fn sum(text: &str) -> String {
    let mut sum = hex(&Sha256::digest(text.as_bytes()));
    sum.truncate(SUM_CHARS);
    sum
}

pub(super) fn subject_value(subject: &Subject) -> Value {
    json!([subject.kind(), subject.id(), subject.at().as_millis()])
}

pub(super) fn entry_line(entry: &Entry) -> String {
    let Entry { seq, subject } = entry;
    line(&json!([seq.0, subject.kind(), subject.id(), subject.at().as_millis()]))
}

pub(super) fn read_subject(value: Value) -> Option<Subject> {
    let (kind, id, at): (String, String, i64) = serde_json::from_value(value).ok()?;
    Subject::parse(&kind, &id, Timestamp::from_millis(at))
}

pub(super) fn read_entry(value: Value) -> Option<Entry> {
    let (seq, kind, id, at): (i64, String, String, i64) = serde_json::from_value(value).ok()?;
    Some(Entry { seq: Seq(seq), subject: Subject::parse(&kind, &id, Timestamp::from_millis(at))? })
}

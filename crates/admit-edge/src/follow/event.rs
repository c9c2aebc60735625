//! What the feed says, read strictly: an edge that does not understand what was taken back must not go on.

use admit_domain::{
    revocation::{Entry, Revoked, Seq, Subject},
    time::Timestamp,
};
use serde::Deserialize;

use super::sse::Event;
use crate::key_ring::KeyRing;

/// One thing said.
#[derive(Debug)]
pub(super) enum Said {
    Keys(KeyRing),
    Snapshot(Revoked),
    Entry(Entry),
    Heartbeat {
        seq: Seq,
        now: Timestamp,
    },
    /// Of a kind of event that came later than this release: nothing depends on it.
    Other,
}

/// A text that is no event of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotUnderstood(pub(super) &'static str);

#[derive(Deserialize)]
struct KeysData {
    delivery: Vec<KeyData>,
}

#[derive(Deserialize)]
struct KeyData {
    id: u8,
    secret: String,
}

#[derive(Deserialize)]
struct SnapshotData {
    seq: i64,
    entries: Vec<(String, String, i64)>,
}

#[derive(Deserialize)]
struct HeartbeatData {
    seq: i64,
    now: i64,
}

impl Said {
    pub(super) fn read(event: &Event) -> Result<Self, NotUnderstood> {
        match event.name.as_str() {
            "keys" => {
                let data: KeysData = parse(event, "its keys")?;
                let keys = data.delivery.into_iter().map(|key| (key.id, key.secret)).collect();
                KeyRing::read(keys).map(Self::Keys).ok_or(NotUnderstood("its keys"))
            }
            "snapshot" => {
                let data: SnapshotData = parse(event, "a snapshot")?;
                let subjects = data.entries.iter().map(|(kind, id, at)| subject(kind, id, *at));
                let subjects = subjects.collect::<Result<Vec<_>, _>>()?;
                Ok(Self::Snapshot(Revoked::of(Seq(data.seq), subjects)))
            }
            "entry" => {
                let (seq, kind, id, at): (i64, String, String, i64) = parse(event, "an entry")?;
                Ok(Self::Entry(Entry { seq: Seq(seq), subject: subject(&kind, &id, at)? }))
            }
            "heartbeat" => {
                let data: HeartbeatData = parse(event, "a heartbeat")?;
                Ok(Self::Heartbeat { seq: Seq(data.seq), now: Timestamp::from_millis(data.now) })
            }
            _ => Ok(Self::Other),
        }
    }
}

fn parse<'a, T: Deserialize<'a>>(event: &'a Event, what: &'static str) -> Result<T, NotUnderstood> {
    serde_json::from_str(&event.data).map_err(|_| NotUnderstood(what))
}

fn subject(kind: &str, id: &str, at: i64) -> Result<Subject, NotUnderstood> {
    Subject::parse(kind, id, Timestamp::from_millis(at)).ok_or(NotUnderstood("a kind of entry"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, data: &str) -> Result<Said, NotUnderstood> {
        Said::read(&Event { name: name.to_owned(), data: data.to_owned() })
    }

    #[test]
    fn what_is_said_is_read() {
        let key = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI";
        assert!(matches!(read("keys", &format!(r#"{{"delivery":[{{"id":1,"secret":"{key}"}}]}}"#)), Ok(Said::Keys(_))));
        let snapshot = r#"{"seq":4,"entries":[["session","se00112233445566778899aabb",1795720000000]]}"#;
        assert!(
            matches!(read("snapshot", snapshot), Ok(Said::Snapshot(told)) if told.seq == Seq(4) && told.len() == 1)
        );
        let entry = r#"[5,"video-changed","vi0000000000000000000000",0]"#;
        assert!(matches!(read("entry", entry), Ok(Said::Entry(entry)) if entry.seq == Seq(5)));
        assert!(matches!(read("heartbeat", r#"{"seq":5,"now":7,"more":1}"#), Ok(Said::Heartbeat { seq: Seq(5), .. })));
        assert!(matches!(read("weather", "sunny"), Ok(Said::Other)));
    }

    #[test]
    fn what_is_not_understood_is_not_passed_over() {
        for (name, data) in [
            ("keys", r#"{"delivery":[]}"#),
            ("keys", r#"{"delivery":[{"id":1,"secret":"short"}]}"#),
            ("snapshot", r#"{"seq":4,"entries":[["planet","x",0]]}"#),
            ("entry", r#"[5,"planet","x",0]"#),
            ("entry", r#"[5,"session","se0",0]"#),
            ("heartbeat", "{}"),
        ] {
            assert!(read(name, data).is_err(), "{name} {data}");
        }
    }
}

//! A restart forgets nothing, and what is damaged is not believed.

use std::os::unix::fs::PermissionsExt as _;

use admit_domain::{
    id::{SessionId, VideoId},
    revocation::{Seq, Subject},
    time::Timestamp,
};

use super::*;

fn session(n: u8) -> Subject {
    Subject::Session { id: SessionId::from_bytes([n; 12]), until: Timestamp::from_secs(2_000_000_000) }
}

fn ring() -> KeyRing {
    KeyRing::read(vec![(2, "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI".to_owned())]).unwrap()
}

fn entries(from: i64, to: i64) -> Vec<Entry> {
    (from..=to).map(|seq| Entry { seq: Seq(seq), subject: session(u8::try_from(seq).unwrap()) }).collect()
}

fn written() -> (tempfile::TempDir, State) {
    let folder = tempfile::tempdir().unwrap();
    let mut state = State::in_folder(folder.path());
    let known = [session(100), Subject::Video(VideoId::from_random([1; 22]))];
    state.keep_all(&ring(), &Revoked::of(Seq(5), known)).unwrap();
    assert!(state.keep(&entries(6, 8)).unwrap());
    (folder, state)
}

#[test]
fn what_was_kept_is_known_again() {
    let (folder, mut state) = written();
    for name in [STATE, LOG] {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let kept = State::in_folder(folder.path()).load().unwrap().unwrap();
    assert_eq!((kept.revoked.seq, kept.revoked.len()), (Seq(8), 5));
    assert_eq!(kept.keys.spelled(), ring().spelled());
    state.keep_all(&kept.keys, &kept.revoked).unwrap();
    assert_eq!(state.load().unwrap().unwrap().revoked.len(), 5);
    assert_eq!(fs::read(folder.path().join(LOG)).unwrap(), b"");
}

#[test]
fn the_first_run_knows_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = State::in_folder(folder.path());
    assert!(state.load().unwrap().is_none() && state.identity().unwrap().is_none());
    assert!(!state.keep(&entries(1, 1)).unwrap(), "there is nothing yet that an entry could follow");
    let identity = Identity { id: "ed1".to_owned(), secret: EdgeSecret::new("s".to_owned()) };
    state.keep_identity(&identity).unwrap();
    let mode = fs::metadata(folder.path().join(IDENTITY)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(state.identity().unwrap().unwrap().secret.expose(), "s");
}

#[test]
fn an_unfinished_line_at_the_end_is_passed_over() {
    let (folder, state) = written();
    let whole = fs::read_to_string(folder.path().join(LOG)).unwrap();
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    for end in last..whole.len() {
        fs::write(folder.path().join(LOG), &whole[..end]).unwrap();
        assert_eq!(state.load().unwrap().unwrap().revoked.seq, Seq(7), "{end}");
    }
}

#[test]
fn what_is_damaged_is_not_believed() {
    let (folder, state) = written();
    let whole = fs::read(folder.path().join(STATE)).unwrap();
    for at in 0..whole.len() {
        let mut turned = whole.clone();
        turned[at] ^= 1;
        fs::write(folder.path().join(STATE), &turned).unwrap();
        assert!(matches!(state.load(), Err(StateError::Damaged(STATE))), "byte {at}");
        fs::write(folder.path().join(STATE), &whole[..at]).unwrap();
        assert!(matches!(state.load(), Err(StateError::Damaged(STATE))), "cut at {at}");
    }
    fs::write(folder.path().join(STATE), &whole).unwrap();
    let log = fs::read_to_string(folder.path().join(LOG)).unwrap();
    let lines: Vec<_> = log.lines().collect();
    let without_one = format!("{}\n{}\n", lines[0], lines[2]);
    let turned = log.replacen("se06", "se07", 1);
    for damaged in [without_one, turned] {
        fs::write(folder.path().join(LOG), damaged).unwrap();
        assert!(matches!(state.load(), Err(StateError::Damaged(LOG))));
    }
}

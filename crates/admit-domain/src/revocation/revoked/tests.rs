//! What was taken back stays so, in whatever order and however often it is told.

use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn session(number: u16) -> SessionId {
    let mut bytes = [0; SessionId::LEN];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    SessionId::from_bytes(bytes)
}

fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

fn project(seed: u8) -> ProjectId {
    ProjectId::from_random([seed; 22])
}

fn after(secs: i64) -> Timestamp {
    Timestamp::from_secs(NOW.as_secs() + secs)
}

#[test]
fn many_sessions_end_and_are_forgotten_when_they_would_be_over() {
    let mut revoked = Revoked::default();
    let count = u16::try_from(3 * ENDED_SESSIONS_NEWEST_MAX + 7).expect("a few thousand");
    for number in 0..count {
        let subject = Subject::Session { id: session(number), until: after(i64::from(number)) };
        revoked.apply(Entry { seq: revoked.seq.next(), subject });
    }
    assert_eq!((revoked.len(), revoked.seq), (usize::from(count), Seq(i64::from(count))));
    assert!((0..count).all(|number| revoked.judge(&session(number), &video(1)) == Err(Denial::SessionEnded)));
    assert_eq!(revoked.judge(&session(count), &video(1)), Ok(()));
    let before = revoked.clone();
    revoked.forget_past(after(9));
    assert_eq!(revoked.len(), usize::from(count) - 10);
    assert_eq!(before.len(), usize::from(count), "a snapshot that is in use does not change");
}

#[test]
fn what_began_later_goes_on() {
    let mut revoked = Revoked::default();
    let ended = Denial::SessionEnded;
    let judge =
        |revoked: &Revoked, of: u8, secs: i64| revoked.judge_access((&video(of), &project(of)), after(secs), ended);
    revoked.apply(Entry { seq: Seq(1), subject: Subject::VideoAccess { id: video(1), until: after(5) } });
    revoked.apply(Entry { seq: Seq(2), subject: Subject::VideoAccess { id: video(1), until: after(3) } });
    revoked.apply(Entry { seq: Seq(3), subject: Subject::ProjectAccess { id: project(2), until: after(7) } });
    for (of, secs, expected) in [(1, 5, Err(ended)), (1, 6, Ok(())), (2, 7, Err(ended)), (2, 8, Ok(())), (3, 0, Ok(()))]
    {
        assert_eq!(judge(&revoked, of, secs), expected, "video {of}, {secs}");
    }
}

fn subjects() -> impl Strategy<Value = Subject> {
    let until = (0_i64..50).prop_map(after);
    prop_oneof![
        (0_u16..20, until.clone()).prop_map(|(id, until)| Subject::Session { id: session(id), until }),
        (0_u8..5).prop_map(|id| Subject::Video(video(id))),
        (0_u8..5).prop_map(|id| Subject::Restored(video(id))),
        (0_u8..5, until.clone()).prop_map(|(id, until)| Subject::VideoAccess { id: video(id), until }),
        (0_u8..5, until).prop_map(|(id, until)| Subject::ProjectAccess { id: project(id), until }),
        (0_u8..5).prop_map(|id| Subject::VideoChanged(video(id))),
    ]
}

proptest! {
    #[test]
    fn a_snapshot_says_what_the_log_says(log in proptest::collection::vec(subjects(), 0..60)) {
        let whole = Revoked::of(Seq(60), log);
        let read = Revoked::of(Seq(60), whole.subjects());
        for number in 0..20 {
            prop_assert_eq!(read.judge(&session(number), &video(9)), whole.judge(&session(number), &video(9)));
        }
        for id in 0..5 {
            prop_assert_eq!(read.judge_video(&video(id)), whole.judge_video(&video(id)));
            for secs in 0..51 {
                let of = |revoked: &Revoked| {
                    revoked.judge_access((&video(id), &project(id)), after(secs), Denial::SessionEnded)
                };
                prop_assert_eq!(of(&read), of(&whole));
            }
        }
    }

    #[test]
    fn a_subject_is_read_as_it_is_written(subject in subjects()) {
        prop_assert_eq!(Subject::parse(subject.kind(), &subject.id(), subject.at()), Some(subject));
    }
}

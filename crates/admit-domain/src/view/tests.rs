//! An edge acts on nothing that is old, misses no entry without noticing, and begins nothing again that had ended.

use super::*;
use crate::{
    id::{SessionId, VideoId},
    revocation::Subject,
    verdict::Denial,
};

const STALE_AFTER: Duration = Duration::from_secs(3);

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + millis)
}

fn session(seed: u8) -> SessionId {
    SessionId::from_bytes([seed; 12])
}

fn ended(seq: i64) -> Entry {
    let id = session(u8::try_from(seq).expect("few entries"));
    Entry { seq: Seq(seq), subject: Subject::Session { id, until: at(86_400_000) } }
}

fn is_ended(view: &View, seed: u8) -> bool {
    view.revoked().judge(&session(seed), &VideoId::from_random([1; 22])) == Err(Denial::SessionEnded)
}

fn fresh() -> View {
    View::new(Revoked::default(), STALE_AFTER)
}

#[test]
fn it_boots_closed_and_closes_when_nothing_is_heard() {
    let mut view = View::new(Revoked::of(Seq(1), [ended(1).subject]), STALE_AFTER);
    assert!(view.fresh_until() < at(0), "what was kept is not fresh");
    assert!(is_ended(&view, 1), "and is kept");
    let mut talk = Conversation::asked(at(0));
    view.heartbeat(&mut talk, Seq(1), at(0), at(0)).expect("no gap");
    assert_eq!(view.fresh_until(), at(3_000));
    view.heartbeat(&mut talk, Seq(1), at(500), at(500)).expect("no gap");
    assert_eq!(view.fresh_until(), at(3_500));
}

#[test]
fn what_was_long_on_the_way_is_old() {
    let mut view = fresh();
    let mut talk = Conversation::asked(at(10_000));
    view.heartbeat(&mut talk, Seq(0), at(0), at(10_000)).expect("a clock that is ten seconds ahead");
    assert_eq!(view.fresh_until(), at(13_000));
    view.heartbeat(&mut talk, Seq(0), at(500), at(70_000)).expect("a minute late");
    assert_eq!(view.fresh_until(), at(13_500), "said a minute ago");
    let mut talk = Conversation::asked(at(200_000));
    view.heartbeat(&mut talk, Seq(0), at(60_000), at(200_000)).expect("our clock was set");
    assert_eq!(view.fresh_until(), at(203_000));
}

#[test]
fn the_first_word_of_a_conversation_is_as_old_as_the_question() {
    let (mut view, mut talk) = (fresh(), Conversation::asked(at(0)));
    view.heartbeat(&mut talk, Seq(0), at(0), at(60_000)).expect("it waited a minute in somebody's buffer");
    assert_eq!(view.fresh_until(), at(3_000));
    view.heartbeat(&mut talk, Seq(0), at(60_000), at(60_010)).expect("no gap");
    assert_eq!(view.fresh_until(), at(60_010 + 3_000 - 10), "the clocks agree");
    view.heartbeat(&mut talk, Seq(0), at(3_660_500), at(60_500)).expect("their clock was set an hour ahead");
    assert_eq!(view.fresh_until(), at(63_500), "nothing is said in the future");
}

#[test]
fn entries_come_in_order_once_and_without_gaps() {
    let (mut view, mut talk) = (fresh(), Conversation::asked(at(0)));
    assert_eq!(view.entry(ended(1)), Ok(true));
    assert_eq!(view.entry(ended(1)), Ok(false), "told by another control plane too");
    assert_eq!(view.entry(ended(3)), Err(Gap { known: Seq(1), told: Seq(3) }));
    assert!(!is_ended(&view, 3), "and is not acted on: the snapshot will have it");
    assert_eq!(view.heartbeat(&mut talk, Seq(2), at(0), at(0)), Err(Gap { known: Seq(1), told: Seq(2) }));
    assert!(view.fresh_until() < at(0), "who has missed something is not fresh");
    assert_eq!(view.entry(ended(2)), Ok(true));
    assert!(is_ended(&view, 1) && is_ended(&view, 2));
}

#[test]
fn a_control_plane_that_is_behind_freshens_nothing() {
    let (mut view, mut talk) = (fresh(), Conversation::asked(at(0)));
    view.entry(ended(1)).expect("no gap");
    view.heartbeat(&mut talk, Seq(0), at(0), at(0)).expect("no gap");
    assert!(view.fresh_until() < at(0));
}

#[test]
fn each_control_plane_has_a_clock_of_its_own() {
    let (mut view, mut first, mut other) = (fresh(), Conversation::asked(at(0)), Conversation::asked(at(0)));
    view.heartbeat(&mut first, Seq(0), at(90_000), at(0)).expect("a clock that is ninety seconds ahead");
    assert_eq!(view.fresh_until(), at(3_000));
    view.heartbeat(&mut other, Seq(0), at(500), at(500)).expect("and one that is right");
    assert_eq!(view.fresh_until(), at(3_000), "its first word is as old as our question, too");
    other = Conversation::asked(at(60_000));
    view.heartbeat(&mut first, Seq(0), at(91_000), at(60_000)).expect("late, while another conversation begins");
    assert_eq!(view.fresh_until(), at(4_000));
    view.heartbeat(&mut other, Seq(0), at(60_000), at(60_000)).expect("no gap");
    assert_eq!(view.fresh_until(), at(63_000));
}

#[test]
fn a_log_that_was_set_back_begins_nothing_again() {
    let mut view = fresh();
    for seq in 1..=5 {
        view.entry(ended(seq)).expect("no gap");
    }
    assert!(view.snapshot(Revoked::of(Seq(3), (1..=3).map(|seq| ended(seq).subject))));
    assert_eq!(view.revoked().seq, Seq(3));
    assert!((1..=5).all(|seed| is_ended(&view, seed)));
    assert_eq!(view.entry(ended(4)), Ok(true), "its numbers hold from now on");
}

#[test]
fn a_longer_snapshot_is_believed_about_videos() {
    let mut view = fresh();
    let video = VideoId::from_random([1; 22]);
    view.entry(Entry { seq: Seq(1), subject: Subject::Video(video) }).expect("no gap");
    assert!(!view.snapshot(Revoked::of(Seq(9), [ended(2).subject])));
    assert_eq!(view.revoked().judge_video(&video), Ok(()), "it was restored meanwhile");
    assert!(is_ended(&view, 2));
}

#[test]
fn a_log_that_was_set_back_and_has_outgrown_us_begins_no_session_again() {
    let mut view = fresh();
    view.entry(ended(1)).expect("no gap");
    assert!(!view.snapshot(Revoked::of(Seq(2), [ended(2).subject])), "nobody can see that it was set back");
    assert!(is_ended(&view, 1) && is_ended(&view, 2));
}

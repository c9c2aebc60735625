//! The gate says yes to exactly one spelling of one handle for one video, until its end or its revocation.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{
    bound::{Bound, Width},
    handle::BoundValues,
    key::{DeliveryKey, DeliveryKeys},
    revocation::{Entry, Seq, Subject},
    rules::Rules,
    secret::Secret,
    video::{Ingest, Shelf},
};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const ENDS: Timestamp = Timestamp::from_secs(1_800_086_400);

fn ring(current: u8, previous: Option<u8>) -> DeliveryKeys {
    let key = |id: u8| DeliveryKey::new(id, &Secret::new([id; 32]));
    DeliveryKeys::new(key(current), previous.map(key))
}

fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

fn session(seed: u8) -> SessionId {
    SessionId::from_bytes([seed; 12])
}

fn of_session_1(rights: Rights, bound: Bound) -> Handle {
    Handle { session: session(1), video: video(1), begun_at: NOW, not_after: ENDS, rights, bound }
}

fn handle() -> String {
    of_session_1(Rights::ALL, Bound::default()).mint(&BoundValues::default(), &ring(1, None))
}

fn gate() -> Gate {
    heard(ring(1, None), Revoked::default())
}

/// A gate that has just heard from its control plane.
fn heard(keys: DeliveryKeys, revoked: Revoked) -> Gate {
    Gate::new(keys, revoked).fresh_until(ENDS.plus(Duration::from_mins(1)))
}

fn admit(gate: &Gate, text: &str, of: VideoId, now: Timestamp) -> Result<Permit, Denial> {
    let ask = Ask { video: of, asset: Asset::HlsMaster, carriage: Carriage::Handle(text), visitor: NOBODY };
    permit(gate, &ask, now)
}

const NOBODY: Visitor<'static> = Visitor { ip: None, origin: None, referrer: None, agent: "", country_of: &|_| None };

fn facts() -> Published {
    Published {
        project: ProjectId::from_random([1; 22]),
        visibility: Visibility::Private,
        mp4_support: true,
        ingest: Ingest::Ingested,
        shelf: Shelf::default(),
        texts: Vec::new(),
        rules: Rules::default(),
        has_open_poster: false,
        token_access: true,
        on_stale: OnStale::Closed,
        encryption: None,
    }
}

fn permit(gate: &Gate, ask: &Ask<'_>, now: Timestamp) -> Result<Permit, Denial> {
    gate.under(gate.admit(ask, now)?, &facts(), &ask.visitor, now).map_err(|fault| fault.denial)
}

#[test]
fn a_handle_opens_its_video_until_its_end() {
    let gate = gate();
    let permit = admit(&gate, &handle(), video(1), NOW).expect("a permit");
    assert_eq!((permit.video(), permit.session()), (video(1), Some(session(1))));
    let last = Timestamp::from_millis(ENDS.as_millis() - 1);
    for (of, at, expected) in [
        (video(1), last, Ok(())),
        (video(1), ENDS, Err(Denial::SessionExpired)),
        (video(1), ENDS.plus(Duration::from_secs(1)), Err(Denial::SessionExpired)),
        (video(2), NOW, Err(Denial::OtherVideo)),
    ] {
        assert_eq!(admit(&gate, &handle(), of, at).map(drop), expected, "{of} at {at:?}");
    }
}

#[test]
fn what_was_seen_before_is_still_judged() {
    let mut revoked = Revoked::default();
    let gate = gate();
    admit(&gate, &handle(), video(1), NOW).expect("seen once");
    revoked.apply(Entry { seq: Seq(1), subject: Subject::Session { id: session(2), until: ENDS } });
    assert!(admit(&gate.with_revoked(revoked.clone()), &handle(), video(1), NOW).is_ok(), "another session's end");
    revoked.apply(Entry { seq: Seq(2), subject: Subject::Session { id: session(1), until: ENDS } });
    assert_eq!(admit(&gate.with_revoked(revoked), &handle(), video(1), NOW), Err(Denial::SessionEnded));
    let mut gone = Revoked::default();
    gone.apply(Entry { seq: Seq(1), subject: Subject::Video(video(1)) });
    assert_eq!(admit(&gate.with_revoked(gone), &handle(), video(1), NOW), Err(Denial::VideoGone));
    assert_eq!(admit(&gate, &handle(), video(1), ENDS), Err(Denial::SessionExpired));
}

#[test]
fn two_keys_live_at_once() {
    let rotated = heard(ring(2, Some(1)), Revoked::default());
    assert!(admit(&rotated, &handle(), video(1), NOW).is_ok());
    let retired = heard(ring(2, None), Revoked::default());
    assert_eq!(admit(&retired, &handle(), video(1), NOW), Err(Denial::UnknownDeliveryKey));
    let stranger = DeliveryKeys::new(DeliveryKey::new(1, &Secret::new([99; 32])), None);
    assert_eq!(admit(&heard(stranger, Revoked::default()), &handle(), video(1), NOW), Err(Denial::ForgedHandle));
}

#[test]
fn only_public_videos_open_without_a_handle() {
    let open = |visibility| {
        let ask = Ask { video: video(1), asset: Asset::Mp4, carriage: Carriage::Open(visibility), visitor: NOBODY };
        permit(&gate(), &ask, NOW).map(drop)
    };
    assert_eq!(open(Visibility::Public), Ok(()));
    assert_eq!(open(Visibility::Private), Err(Denial::NoHandle));
}

#[test]
fn a_permit_covers_one_asset_of_one_video() {
    use crate::object_key::Edition;
    let gate = gate();
    let track = |name: &str| name.parse().expect("a track name");
    let ask = Ask {
        video: video(1),
        asset: Asset::Segment(track("v720"), 3),
        carriage: Carriage::Handle(&handle()),
        visitor: NOBODY,
    };
    let permit = permit(&gate, &ask, NOW).expect("a permit");
    let edition = Edition(5);
    for (key, covered) in [
        (ObjectKey::Track { video: video(1), track: track("v720"), edition }, true),
        (ObjectKey::Presentation { video: video(1), edition }, true),
        (ObjectKey::Track { video: video(1), track: track("v480"), edition }, false),
        (ObjectKey::Track { video: video(2), track: track("v720"), edition }, false),
        (ObjectKey::Presentation { video: video(2), edition }, false),
        (ObjectKey::Mp4 { video: video(1), edition }, false),
        (ObjectKey::Thumbnail { video: video(1), edition }, false),
        (ObjectKey::Source { video: video(1) }, false),
        (ObjectKey::UploadPart { video: video(1), place: 1, edition }, false),
    ] {
        assert_eq!(permit.covers(&key), covered, "{key:?}");
    }
}

#[test]
fn no_flipped_bit_opens() {
    let gate = gate();
    let text = handle();
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(forged) = String::from_utf8(bytes) else { continue };
            assert!(admit(&gate, &forged, video(1), NOW).is_err(), "byte {at}, bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn a_mutated_handle_never_opens(at in 0_usize..=68, kind in 0_u8..3, byte in any::<u8>()) {
        let gate = gate();
        let text = handle();
        let mut bytes = text.clone().into_bytes();
        match kind {
            0 => bytes.insert(at.min(bytes.len()), byte),
            1 if at < bytes.len() => { bytes.remove(at); }
            _ if at < bytes.len() => bytes[at] = byte,
            _ => {}
        }
        if let Ok(mutated) = String::from_utf8(bytes) {
            prop_assert_eq!(admit(&gate, &mutated, video(1), NOW).is_ok(), mutated == text);
        }
    }

    #[test]
    fn nothing_opens_by_chance(text in "[A-Za-z0-9_-]{68}") {
        prop_assert!(admit(&gate(), &text, video(1), NOW).is_err());
    }
}

#[test]
fn a_bound_handle_opens_where_it_is_bound_and_its_text_does_not_say_where() {
    let gate = gate();
    let bound = Bound { network: Some(Width::V4(24)), ..Bound::default() };
    let from = |ip: &str| Visitor { ip: ip.parse().ok(), ..NOBODY };
    let mint = |ip: &str| {
        let handle = of_session_1(Rights::ALL, bound);
        handle.mint(&bound.values(&from(ip)).expect("an address"), &ring(1, None))
    };
    let text = mint("203.0.113.7");
    assert_eq!(text[..38], mint("198.51.100.7")[..38], "all but the MAC is the same wherever it is bound to");
    // Twice: what was verified for one visitor is no proof for another.
    for _ in 0..2 {
        assert!(gate.open(&text, &video(1), &from("203.0.113.200"), NOW).is_ok());
        for elsewhere in ["198.51.100.7", "2001:db8::1", "nowhere"] {
            assert_eq!(gate.open(&text, &video(1), &from(elsewhere), NOW).err(), Some(Denial::BoundElsewhere));
        }
    }
}

#[test]
fn each_kind_of_asset_takes_its_own_right() {
    let gate = gate();
    for (rights, allowed) in [
        (Rights::ALL, [true, true, true]),
        (Rights::WATCH, [true, false, false]),
        (Rights::WATCH.or(Rights::PICTURES), [true, true, false]),
        (Rights::DOWNLOAD, [false, false, true]),
        (Rights::NONE, [false; 3]),
    ] {
        let bound = Bound::default();
        let handle = of_session_1(rights, bound);
        let signed = Signed { video: video(1), signed_at: NOW, not_after: ENDS, rights, bound };
        let (handle, signed) = (
            handle.mint(&BoundValues::default(), &ring(1, None)),
            signed.mint(&BoundValues::default(), &ring(1, None)),
        );
        for carriage in [Carriage::Handle(&handle), Carriage::Signed(&signed)] {
            for (asset, allowed) in [Asset::HlsMaster, Asset::Thumbnail, Asset::Mp4].into_iter().zip(allowed) {
                let ask = Ask { video: video(1), asset, carriage, visitor: NOBODY };
                let expected = if allowed { Ok(()) } else { Err(Denial::MissingRight) };
                assert_eq!(permit(&gate, &ask, NOW).map(drop), expected, "{rights:?} {asset:?}");
            }
        }
        let ruled = Published { rules: Rules { rights, ..Rules::default() }, ..facts() };
        let open =
            Ask { video: video(1), asset: Asset::Mp4, carriage: Carriage::Open(Visibility::Public), visitor: NOBODY };
        assert_eq!(gate.under(gate.admit(&open, NOW).expect("shown"), &ruled, &NOBODY, NOW).is_ok(), allowed[2]);
    }
}

#[test]
fn a_signed_address_ends_with_its_time_and_with_its_video() {
    let signed =
        Signed { video: video(1), signed_at: NOW, not_after: ENDS, rights: Rights::ALL, bound: Bound::default() };
    let text = signed.mint(&BoundValues::default(), &ring(1, None));
    let ask = Ask { video: video(1), asset: Asset::HlsMaster, carriage: Carriage::Signed(&text), visitor: NOBODY };
    let permitted = permit(&gate(), &ask, NOW).expect("a permit");
    assert_eq!(permitted.session(), None);
    assert_eq!(permit(&gate(), &ask, ENDS), Err(Denial::SignatureExpired));
    assert_eq!(gate().stands(&permitted, ENDS), Err(Denial::SignatureExpired));
    let mut gone = Revoked::default();
    gone.apply(Entry { seq: Seq(1), subject: Subject::Video(video(1)) });
    let gone = gate().with_revoked(gone);
    assert_eq!(permit(&gone, &ask, NOW), Err(Denial::VideoGone));
    assert_eq!(gone.stands(&permitted, NOW), Err(Denial::VideoGone), "a body under way stops too");
    let off = Published { token_access: false, ..facts() };
    let admitted = gate().admit(&ask, NOW).expect("shown");
    let refused = gate().under(admitted, &off, &NOBODY, NOW).map_err(|fault| fault.denial);
    assert_eq!(refused, Err(Denial::TokenAccessOff), "its project takes no signed addresses");
    let session = handle();
    let session = gate().admit(&Ask { carriage: Carriage::Handle(&session), ..ask }, NOW).expect("shown");
    assert!(gate().under(session, &off, &NOBODY, NOW).is_ok(), "and sessions go on");
}

#[test]
fn what_began_before_the_access_ended_is_over_and_what_begins_after_it_is_not() {
    let facts = facts();
    let moment_later = NOW.plus(Duration::from_millis(1));
    let later = Handle { begun_at: moment_later, ..of_session_1(Rights::ALL, Bound::default()) };
    let later = later.mint(&BoundValues::default(), &ring(1, None));
    let signed = |signed_at| {
        let signed =
            Signed { video: video(1), signed_at, not_after: ENDS, rights: Rights::ALL, bound: Bound::default() };
        signed.mint(&BoundValues::default(), &ring(1, None))
    };
    let (early_address, late_address) = (signed(NOW), signed(moment_later));
    let ask = |carriage| Ask { video: video(1), asset: Asset::HlsMaster, carriage, visitor: NOBODY };
    let early = handle();
    let before = permit(&gate(), &ask(Carriage::Handle(&early)), NOW).expect("a permit");
    for subject in
        [Subject::VideoAccess { id: video(1), until: NOW }, Subject::ProjectAccess { id: facts.project, until: NOW }]
    {
        let gate = gate().with_revoked(Revoked::of(Seq(1), [subject]));
        let judge = |carriage| permit(&gate, &ask(carriage), NOW).map(drop);
        assert_eq!(judge(Carriage::Handle(&early)), Err(Denial::SessionEnded), "{subject:?}");
        assert_eq!(judge(Carriage::Handle(&later)), Ok(()), "{subject:?}");
        assert_eq!(judge(Carriage::Signed(&early_address)), Err(Denial::CredentialRevoked), "{subject:?}");
        assert_eq!(judge(Carriage::Signed(&late_address)), Ok(()), "{subject:?}");
        assert_eq!(gate.stands(&before, NOW), Err(Denial::SessionEnded), "a body under way stops too");
        assert_eq!(judge(Carriage::Open(Visibility::Public)), Ok(()), "nobody's access to a public video had begun");
    }
}

#[test]
fn who_has_heard_nothing_for_too_long_lets_nobody_watch_what_is_private() {
    let (text, open) = (handle(), Published { on_stale: OnStale::Open, ..facts() });
    let private = Ask { video: video(1), asset: Asset::HlsMaster, carriage: Carriage::Handle(&text), visitor: NOBODY };
    let public = Ask { carriage: Carriage::Open(Visibility::Public), ..private };
    let boots = Gate::new(ring(1, None), Revoked::default());
    let heard = boots.fresh_until(NOW.plus(Duration::from_millis(1)));
    assert_eq!(permit(&boots, &private, NOW), Err(Denial::Stale), "before it has heard anything");
    assert_eq!(permit(&boots.fresh_until(NOW), &private, NOW), Err(Denial::Stale));
    let begun = permit(&heard, &private, NOW).expect("a permit");
    assert!(permit(&boots, &public, NOW).is_ok());
    let by_choice = boots.under(boots.admit(&private, NOW).expect("shown"), &open, &NOBODY, NOW);
    assert!(by_choice.is_ok(), "the project lets them");
    assert_eq!(boots.stands(&begun, NOW), Ok(()));
}

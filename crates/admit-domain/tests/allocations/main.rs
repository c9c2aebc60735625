//! The gate's way to yes asks for no memory: counted by an allocator that counts, in a program of its own.

use std::time::Duration;

use admit_domain::{
    asset::Asset,
    bound::{Bound, Width},
    gate::{Ask, Carriage, Gate},
    handle::{BoundValues, Handle, Rights},
    id::{ProjectId, SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    revocation::{Revoked, Seq, Subject},
    rules::{Rules, Visitor},
    secret::Secret,
    signed::Signed,
    time::Timestamp,
    video::{Ingest, OnStale, Published, Shelf, Visibility},
};
use allocation_counter::measure;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const ENDS: Timestamp = Timestamp::from_secs(1_800_086_400);

fn facts() -> Published {
    Published {
        project: ProjectId::from_random([1; 22]),
        visibility: Visibility::Private,
        mp4_support: true,
        ingest: Ingest::Ingested,
        shelf: Shelf::default(),
        texts: Vec::new(),
        rules: Rules { valid_until: Some(ENDS), ..Rules::default() },
        has_open_poster: false,
        token_access: true,
        on_stale: OnStale::Closed,
        encryption: None,
    }
}

/// A gate that knows of others' ends, so that every look-up is made.
fn gate(keys: DeliveryKeys) -> Gate {
    let others = [
        Subject::Session { id: SessionId::from_bytes([9; 12]), until: ENDS },
        Subject::Video(VideoId::from_random([9; 22])),
        Subject::VideoAccess { id: VideoId::from_random([8; 22]), until: NOW },
        Subject::ProjectAccess { id: ProjectId::from_random([8; 22]), until: NOW },
    ];
    Gate::new(keys, Revoked::of(Seq(1), others)).fresh_until(ENDS.plus(Duration::from_mins(1)))
}

#[test]
fn to_judge_a_handle_or_a_signed_address_takes_no_memory() {
    let keys = DeliveryKeys::new(DeliveryKey::new(1, &Secret::new([7; 32])), None);
    let video = VideoId::from_random([1; 22]);
    let visitor = Visitor {
        ip: "203.0.113.7".parse().ok(),
        origin: Some("https://shop.example"),
        referrer: None,
        agent: "Mozilla/5.0",
        country_of: &|_| None,
    };
    let (gate, facts) = (gate(keys.clone()), facts());
    for bound in [Bound::default(), Bound { network: Some(Width::V4(24)), agent: true, ..Bound::default() }] {
        let values = bound.values(&visitor).expect("what is bound is known");
        let session = SessionId::from_bytes([1; 12]);
        let handle = Handle { session, video, begun_at: NOW, not_after: ENDS, rights: Rights::ALL, bound };
        let signed = Signed { video, signed_at: NOW, not_after: ENDS, rights: Rights::ALL, bound };
        let (handle, signed) = (handle.mint(&values, &keys), signed.mint(&values, &keys));
        let asks = [Carriage::Handle(&handle), Carriage::Handle(&handle), Carriage::Signed(&signed)];
        for (carriage, what) in asks.into_iter().zip(["never seen", "seen before", "signed"]) {
            let ask = Ask { video, asset: Asset::HlsMaster, carriage, visitor };
            let mut judged = None;
            let counted = measure(|| {
                judged = gate.admit(&ask, NOW).ok().and_then(|shown| gate.under(shown, &facts, &visitor, NOW).ok());
                judged = judged.filter(|permit| gate.stands(permit, NOW).is_ok());
            });
            assert!(judged.is_some(), "{what}");
            assert_eq!(counted.count_total, 0, "{what}, {bound:?}");
        }
    }
    // Control: the measure sees what is there to be seen.
    let counted = measure(|| drop(Handle::mint(&some(video), &BoundValues::default(), &keys)));
    assert!(counted.count_total > 0);
}

fn some(video: VideoId) -> Handle {
    let (session, bound) = (SessionId::from_bytes([1; 12]), Bound::default());
    Handle { session, video, begun_at: NOW, not_after: ENDS, rights: Rights::ALL, bound }
}

//! Nanoseconds of one decision: a handle seen before, one never seen, and what each is made of.

use std::hint::black_box;

use admit_domain::{
    asset::Asset,
    bound::Bound,
    gate::{Ask, Carriage, Gate},
    handle::{BoundValues, Handle, Rights},
    id::{SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    revocation::Revoked,
    rules::Visitor,
    secret::Secret,
    time::Timestamp,
};

use crate::{median, seconds};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const HANDLES: u32 = 1_000;
const BATCHES: u32 = 101;

pub(crate) fn run() {
    let keys = DeliveryKeys::new(DeliveryKey::new(1, &Secret::new([7; 32])), None);
    let video = VideoId::from_random([9; 22]);
    let handles: Vec<String> = (0..HANDLES).map(|number| mint(&keys, video, number)).collect();

    let warm = Gate::new(keys.clone(), Revoked::default());
    // A gate that has been open for a while: newcomers displace others.
    let mut batch = 0;
    let new = per_call(|| {
        batch += 1;
        let newcomers: Vec<String> = (0..HANDLES).map(|number| mint(&keys, video, batch * HANDLES + number)).collect();
        let gate = &warm;
        move || judge(gate, video, &newcomers)
    });
    let seen = per_call(|| || judge(&warm, video, &handles));
    let forged: Vec<String> = handles.iter().map(|handle| format!("{}AAAA", &handle[..64])).collect();
    let refused = per_call(|| || judge(&warm, video, &forged));

    println!("one decision of the gate, median of {BATCHES} batches of {HANDLES} handles");
    println!("  handle never seen      {new:7.1} ns   (aim: at most 300)");
    println!("  handle seen before     {seen:7.1} ns   (aim: at most 60)");
    println!("  forged handle          {refused:7.1} ns");
    macs();
}

/// What a MAC over a handle's fields costs, by the code we use and by the library that also does our TLS.
fn macs() {
    let ours = Secret::new([7; 32]).mac();
    let theirs = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &[7; 32]);
    let message = [5; 51];
    let each = |tag: &dyn Fn()| per_call(|| || (0..HANDLES).for_each(|_| tag()));
    let ours = each(&|| {
        black_box(ours.tag_of(black_box(&message)));
    });
    let theirs = each(&|| {
        black_box(aws_lc_rs::hmac::sign(&theirs, black_box(&message)));
    });
    println!("  HMAC-SHA256 of 53 bytes: sha2 {ours:.1} ns, aws-lc-rs {theirs:.1} ns\n");
}

/// Median nanoseconds of one of the calls that `prepare`'s work makes.
fn per_call<W: FnOnce()>(mut prepare: impl FnMut() -> W) -> f64 {
    let batches = (0..BATCHES).map(|_| {
        let work = prepare();
        seconds(work).0 * 1e9 / f64::from(HANDLES)
    });
    median(batches.collect())
}

pub(crate) const NOBODY: Visitor<'static> =
    Visitor { ip: None, origin: None, referrer: None, agent: "", country_of: &|_| None };

fn judge(gate: &Gate, video: VideoId, handles: &[String]) {
    for handle in handles {
        let ask = Ask { video, asset: Asset::HlsMaster, carriage: Carriage::Handle(handle), visitor: NOBODY };
        let _ = black_box(gate.admit(black_box(&ask), NOW));
    }
}

fn mint(keys: &DeliveryKeys, video: VideoId, number: u32) -> String {
    let mut session = [0; SessionId::LEN];
    session[..4].copy_from_slice(&number.to_be_bytes());
    let session = SessionId::from_bytes(session);
    let not_after = Timestamp::from_secs(1_800_086_400);
    Handle { session, video, begun_at: NOW, not_after, rights: Rights::ALL, bound: Bound::default() }
        .mint(&BoundValues::default(), keys)
}

//! Fastly's VCL, which cannot be run here: the text alone is compared.

use std::path::Path;

use admit_domain::{
    key::DeliveryKeys,
    revocation::{Revoked, Seq, Subject},
    time::Timestamp,
    validators::{Front, Knowledge},
};

use crate::world::{key, session, video};

#[test]
fn the_text_for_fastly_changes_on_purpose_only() {
    let now = Timestamp::from_secs(1_800_000_000);
    let keys = DeliveryKeys::new(key(200, 2), Some(key(1, 1)));
    let subjects = [
        Subject::Session { id: session(7), until: now.plus(std::time::Duration::from_secs(9)) },
        Subject::Video(video(2)),
        Subject::VideoAccess { id: video(3), until: now },
    ];
    let revoked = Revoked::of(Seq(41), subjects);
    let pages = Front::Fastly.write(&Knowledge { keys: &keys, revoked: &revoked, now, folder: "" }).expect("a page");
    let golden = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/validators/fastly.vcl"));
    let expected = std::fs::read_to_string(golden).unwrap_or_default();
    if expected != pages[0].text {
        let new = golden.with_extension("vcl.new");
        std::fs::write(&new, &pages[0].text).expect("a file");
        panic!("it differs from {}; read {} and put it in its place", golden.display(), new.display());
    }
}

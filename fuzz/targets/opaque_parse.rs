//! Reads what says nothing by itself: private tokens, handles, upload tokens, sealed secrets and ids. What is read is
//! spelled as it was, and what is believed was made here.
#![no_main]

use std::{fmt::Display, str::FromStr, sync::LazyLock, time::Duration};

use admit_domain::{
    bound::Bound,
    dialects::apivideo::PrivateToken,
    handle::{Handle, Rights},
    id::{
        ApiKeyId, EdgeId, EmbedTokenId, EventId, JobId, LiveStreamId, PlayerId, ProjectId, PublishableKeyId, RequestId,
        RevocationId, SessionId, SigningKeyId, VideoId, WatermarkId, WebhookId,
    },
    key::InstallKeys,
    secret::{SEAL_NONCE_BYTES, Sealed},
    session::Source,
    upload_token::UploadTokenId,
};
use admit_fuzz::{
    lay,
    world::{self, BOUND, NOW, values, video},
};
use libfuzzer_sys::fuzz_target;

const DAY: Duration = Duration::from_hours(24);
const PLACE: &str = "a place";

static KEYS: LazyLock<InstallKeys> = LazyLock::new(world::install);

/// Everything that may be believed.
static MINTED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let handle = |rights, bound: Bound| {
        let session = SessionId::from_bytes([5; 12]);
        let handle = Handle { session, video: video(), begun_at: NOW, not_after: NOW.plus(DAY), rights, bound };
        handle.mint(&values(&bound).expect("a visitor with everything"), &KEYS.delivery)
    };
    vec![
        PrivateToken::mint(&KEYS.private_tokens, &video(), NOW, 0x0123_4567_89ab_cdef).text(),
        UploadTokenId::from_random([9; 10]).text(&KEYS.upload_tokens),
        handle(Rights::ALL, Bound::default()),
        handle(Rights::WATCH, BOUND),
        KEYS.seal.seal(PLACE, "whsec", [3; SEAL_NONCE_BYTES]).0,
    ]
});

static IDS: [&str; 6] = [
    "vi1111111111111111111111",
    "webhook_1111111111111111111111",
    "watermark_1111111111111111111111",
    "sk1111111111111111111111",
    "et1111111111111111111111",
    "se0505050505050505050505",
];

/// An id is spelled as it was read.
fn assert_id<T: FromStr + Display>(text: &str) {
    assert!(text.parse::<T>().is_ok_and(|id| id.to_string() == text) || text.parse::<T>().is_err(), "{text}");
}

fn assert_ids(text: &str) {
    assert_id::<ProjectId>(text);
    assert_id::<VideoId>(text);
    assert_id::<PlayerId>(text);
    assert_id::<LiveStreamId>(text);
    assert_id::<WatermarkId>(text);
    assert_id::<ApiKeyId>(text);
    assert_id::<SigningKeyId>(text);
    assert_id::<PublishableKeyId>(text);
    assert_id::<EmbedTokenId>(text);
    assert_id::<EdgeId>(text);
    assert_id::<RevocationId>(text);
    assert_id::<JobId>(text);
    assert_id::<WebhookId>(text);
    assert_id::<EventId>(text);
    assert_id::<RequestId>(text);
    assert_id::<SessionId>(text);
    assert_id::<UploadTokenId>(text);
    assert!(Source::parse(text).is_none_or(|source| source.as_str() == text), "{text}");
}

fuzz_target!(init: lay(MINTED.iter().map(String::as_str).chain(IDS)), |text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    assert_ids(text);
    let token = PrivateToken::parse(text);
    assert!(token.as_ref().is_none_or(|token| token.text() == text), "{text}");
    let is_believed = token.is_some_and(|token| token.judge(&KEYS.private_tokens, &video(), DAY, NOW).is_ok())
        || UploadTokenId::of_text(text, &KEYS.upload_tokens).is_some()
        || Handle::read(text, &video(), values, &KEYS.delivery).is_ok()
        || KEYS.seal.open(PLACE, &Sealed(text.to_owned())).is_some();
    assert!(!is_believed || MINTED.iter().any(|minted| minted == text), "{text}");
});

//! A handle says what it was minted with, up to what its bytes can hold. Who may use it is the gate's to try.

use super::*;
use crate::{bound::Width, secret::Secret};

fn keys() -> DeliveryKeys {
    DeliveryKeys::new(DeliveryKey::new(7, &Secret::new([7; 32])), None)
}

fn handle() -> Handle {
    Handle {
        session: SessionId::from_bytes(std::array::from_fn(|index| u8::try_from(index + 1).unwrap())),
        video: VideoId::from_random([1; 22]),
        begun_at: Timestamp::from_millis(1_800_000_000_123),
        not_after: Timestamp::from_secs(1_800_086_400),
        rights: Rights::WATCH.or(Rights::DOWNLOAD),
        bound: Bound::default(),
    }
}

/// What comes back of a handle that whoever it was minted for shows.
fn again(handle: Handle) -> Handle {
    let values = std::array::from_fn(|index| u8::try_from(index).unwrap());
    let text = handle.mint(&values, &keys());
    assert_eq!(text.len(), HANDLE_CHARS, "{text}");
    Handle::read(&text, &handle.video, |_| Some(values), &keys()).unwrap()
}

#[test]
fn what_is_minted_is_read() {
    let free = handle();
    assert_eq!(again(free), free);
    for flags in 1..8_u8 {
        let [country, agent, seat] = [1, 2, 4].map(|flag| flags & flag != 0);
        let bound = Handle { bound: Bound { network: Some(Width::V6(56)), country, agent, seat }, ..free };
        assert_eq!(again(bound), bound);
    }
}

#[test]
fn a_time_that_does_not_fit_is_the_last_that_does() {
    let (last_secs, last_millis) = ((1 << 40) - 1, (1 << 48) - 1);
    for (secs, millis, expected) in [
        (last_secs, last_millis, (last_secs, last_millis)),
        (last_secs + 1, last_millis + 1, (last_secs, last_millis)),
        (last_secs * 2, last_millis * 2, (last_secs, last_millis)),
        (-1, -1, (0, 0)),
    ] {
        let (not_after, begun_at) = (Timestamp::from_secs(secs), Timestamp::from_millis(millis));
        let read = again(Handle { begun_at, not_after, ..handle() });
        assert_eq!((read.not_after.as_secs(), read.begun_at.as_millis()), expected, "{secs} {millis}");
    }
}

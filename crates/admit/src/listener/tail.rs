//! The headers that are each answer's own: its name and its date. Both are made without asking the system: chance comes from
//! a pool, and the text of a date serves for its second.

use std::{
    cell::Cell,
    time::{Duration, UNIX_EPOCH},
};

use admit_domain::{id::RequestId, time::Timestamp};

use crate::random;

const NAME: &[u8] = b"admit-request-id: ";
const DATE: &[u8] = b"\r\ndate: ";
const END: &[u8] = b"\r\n\r\n";
/// `Thu, 26 Nov 2026 18:00:00 GMT` (RFC 9110 §5.6.7).
const DATE_CHARS: usize = 29;
const ID_AT: usize = NAME.len();
const DATE_AT: usize = ID_AT + RequestId::LEN + DATE.len();
const END_AT: usize = DATE_AT + DATE_CHARS;

/// What stands between an answer's own headers and its body.
pub(super) type Tail = [u8; END_AT + END.len()];

thread_local! {
    /// The last date that was spelled, as its second and the tail that says it.
    static SPELLED: Cell<(i64, Tail)> = const { Cell::new((i64::MIN, [0; END_AT + END.len()])) };
}

/// A tail, and the name in it. `None` where there is no chance to draw a name from, or the time has no spelling.
pub(super) fn tail(now: Timestamp) -> Option<(RequestId, Tail)> {
    let id = RequestId::from_random(random::pooled().ok()?);
    let (second, mut tail) = SPELLED.get();
    if second != now.as_secs() {
        tail = spell(now)?;
        SPELLED.set((now.as_secs(), tail));
    }
    tail[ID_AT..ID_AT + RequestId::LEN].copy_from_slice(id.as_bytes());
    Some((id, tail))
}

fn spell(now: Timestamp) -> Option<Tail> {
    let since_epoch = Duration::from_secs(u64::try_from(now.as_secs()).ok()?);
    let date = httpdate::fmt_http_date(UNIX_EPOCH.checked_add(since_epoch)?);
    let id = [0; RequestId::LEN];
    [NAME, &id, DATE, date.as_bytes(), END].concat().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_names_the_answer_and_tells_the_time() {
        let now = Timestamp::from_millis(1_795_629_723_456);
        let text = |(_, tail): (RequestId, Tail)| String::from_utf8(tail.to_vec()).unwrap();
        let (one, other) = (text(tail(now).unwrap()), text(tail(now).unwrap()));
        assert_ne!(one, other, "each has a name of its own");
        for tail in [&one, &other] {
            let (name, rest) = tail.strip_prefix("admit-request-id: ").unwrap().split_at(RequestId::LEN);
            assert!(name.parse::<RequestId>().is_ok(), "{name}");
            assert_eq!(rest, "\r\ndate: Wed, 25 Nov 2026 18:02:03 GMT\r\n\r\n");
        }
        let later = text(tail(now.plus(Duration::from_millis(544))).unwrap());
        assert!(later.ends_with("\r\ndate: Wed, 25 Nov 2026 18:02:04 GMT\r\n\r\n"), "{later}");
    }
}

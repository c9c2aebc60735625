//! A signed address has one spelling, for one video, from where it was bound to.

use proptest::prelude::*;

use super::*;
use crate::{bound::Width, rules::Visitor, secret::Secret};

const NOBODY: Visitor<'static> = Visitor { ip: None, origin: None, referrer: None, agent: "", country_of: &|_| None };

fn keys(id: u8) -> DeliveryKeys {
    DeliveryKeys::new(DeliveryKey::new(id, &Secret::new([id; 32])), None)
}

fn video(seed: u8) -> VideoId {
    VideoId::from_random([seed; 22])
}

fn from(ip: &str) -> Visitor<'_> {
    Visitor { ip: ip.parse().ok(), ..NOBODY }
}

fn signed(bound: Bound) -> Signed {
    let signed_at = Timestamp::from_secs(1_799_000_000);
    Signed { video: video(1), signed_at, not_after: Timestamp::from_secs(1_800_000_000), rights: Rights::ALL, bound }
}

fn read(text: &str, of: u8, visitor: &Visitor<'_>) -> Result<Signed, Denial> {
    Signed::read(text, &video(of), |bound| bound.values(visitor), &keys(1))
}

#[test]
fn it_says_what_was_signed() {
    let home = Bound { network: Some(Width::V4(24)), ..Bound::default() };
    for (rights, bound) in [
        (Rights::ALL, Bound::default()),
        (Rights::WATCH, Bound::default()),
        (Rights::ALL, home),
        (Rights::WATCH.or(Rights::PICTURES), home),
    ] {
        let wish = Signed { rights, ..signed(bound) };
        let text = wish.mint(&bound.values(&from("203.0.113.7")).expect("an address"), &keys(1));
        assert_eq!(read(&text, 1, &from("203.0.113.99")), Ok(wish), "{text}");
        assert!(read(&text, 2, &from("203.0.113.99")).is_err(), "{text}");
        assert!(Signed::read(&text, &video(1), |_| None, &keys(2)).is_err(), "{text}");
    }
    let text = signed(home).mint(&home.values(&from("203.0.113.7")).expect("an address"), &keys(1));
    for elsewhere in ["203.0.112.7", "2001:db8::1", "nowhere"] {
        assert_eq!(read(&text, 1, &from(elsewhere)), Err(Denial::BoundElsewhere), "{elsewhere}");
    }
}

#[test]
fn no_other_spelling_is_read() {
    let text = signed(Bound::default()).mint(&BoundValues::default(), &keys(1));
    let (expiry, rest) = text.split_once('.').expect("parts");
    let sig = rest.split_once('.').expect("parts").1;
    for other in [
        format!("0{text}"),
        format!("+{text}"),
        format!(" {text}"),
        format!("{text}."),
        format!("{text}="),
        format!("{expiry}.01.{sig}"),
        format!("{expiry}.1-0700.{sig}"),
        format!("{expiry}.1-.{sig}"),
        format!("{expiry}.1-07.{sig}"),
        format!("{expiry}.1-070G.{sig}"),
        format!("0x6b49d200.1.{sig}"),
        format!("-{expiry}.1.{sig}"),
        format!("99999999999999.1.{sig}"),
        format!("{expiry}.{sig}"),
        String::new(),
    ] {
        assert_eq!(read(&other, 1, &NOBODY), Err(Denial::MalformedSignature), "{other:?}");
    }
    assert_eq!(read(&format!("{expiry}.2.{sig}"), 1, &NOBODY), Err(Denial::UnknownDeliveryKey));
    assert_eq!(read(&format!("1800000001.1.{sig}"), 1, &NOBODY), Err(Denial::ForgedSignature));
    assert_eq!(read(&format!("{expiry}.1-0100.{sig}"), 1, &NOBODY), Err(Denial::ForgedSignature));
}

proptest! {
    #[test]
    fn a_mutated_address_never_opens(at in 0_usize..=48, kind in 0_u8..3, byte in any::<u8>()) {
        let text = signed(Bound::default()).mint(&BoundValues::default(), &keys(1));
        let mut bytes = text.clone().into_bytes();
        match kind {
            0 => bytes.insert(at.min(bytes.len()), byte),
            1 if at < bytes.len() => { bytes.remove(at); }
            _ if at < bytes.len() => bytes[at] = byte,
            _ => {}
        }
        if let Ok(mutated) = String::from_utf8(bytes) {
            prop_assert_eq!(read(&mutated, 1, &NOBODY).is_ok(), mutated == text);
        }
    }
}

//! What is written, as text; that it judges rightly is tested with the servers themselves.

use std::time::Duration;

use super::*;
use crate::{
    id::{ProjectId, SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    revocation::{Revoked, Seq, Subject},
    secret::{MacKey, Secret},
    time::Timestamp,
};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn keys() -> DeliveryKeys {
    let key = |id| DeliveryKey::new(id, &Secret::new([id; Secret::LEN]));
    DeliveryKeys::new(key(2), Some(key(1)))
}

fn session(seed: u16) -> SessionId {
    let [high, low] = seed.to_be_bytes();
    SessionId::from_bytes([high, low, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7])
}

fn ended(sessions: u16) -> Revoked {
    let until = NOW.plus(Duration::from_secs(1));
    Revoked::of(Seq(7), (0..sessions).map(|seed| Subject::Session { id: session(seed), until }))
}

fn written(front: Front, revoked: &Revoked) -> Result<Vec<Page>, Unwritable> {
    front.write(&Knowledge { keys: &keys(), revoked, now: NOW, folder: front.usual_folder() })
}

fn whole(front: Front, revoked: &Revoked) -> String {
    written(front, revoked).expect("pages").into_iter().map(|page| page.text).collect()
}

#[test]
fn each_front_has_one_name() {
    for front in Front::ALL {
        assert_eq!(Front::parse(front.as_str()), Some(front));
    }
    assert_eq!(Front::parse("Nginx"), None);
}

#[test]
fn nothing_is_left_to_fill_in() {
    for front in Front::ALL {
        let text = whole(front, &ended(2));
        assert!(!text.contains("{{") && !text.contains("}}\n"), "{front:?}: {text}");
        assert!(text.contains("2027-01-15") && text.contains("number 7"), "{front:?} says as of when");
    }
}

#[test]
fn what_was_revoked_is_listed() {
    let video = |seed| VideoId::from_random([seed; 22]);
    let access = NOW.minus(Duration::from_mins(1));
    let subjects = [
        Subject::Session { id: session(1), until: NOW.plus(Duration::from_secs(1)) },
        Subject::Session { id: session(2), until: NOW },
        Subject::Video(video(1)),
        Subject::VideoAccess { id: video(2), until: access },
        Subject::ProjectAccess {
            id: ProjectId::from_random([1; 22]),
            until: Timestamp::from_millis(1_234_567_890_123),
        },
    ];
    let revoked = Revoked::of(Seq(7), subjects);
    for front in Front::ALL {
        let text = whole(front, &revoked);
        for listed in [session(1).to_string(), video(1).to_string(), video(2).to_string()] {
            assert!(text.contains(&listed), "{front:?}: {listed}");
        }
        assert!(text.contains(&access.as_millis().to_string()), "{front:?}");
        assert!(text.contains("1234567890123"), "{front:?}");
        assert!(!text.contains(&session(2).to_string()), "{front:?}: its handle says that it is over");
    }
}

#[test]
fn the_same_is_written_in_the_same_way() {
    let (one, other) = (ended(50), ended(50));
    for front in Front::ALL {
        assert_eq!(written(front, &one), written(front, &other), "{front:?}");
    }
}

#[test]
fn keys_are_in_the_text_and_not_in_debug() {
    let secret = crate::secret::hex(&[2; Secret::LEN]);
    let pages = written(Front::Worker, &ended(0)).expect("pages");
    assert!(pages[0].text.contains(&secret));
    let debug = format!("{pages:?} {:?}", keys());
    assert!(!debug.contains(&secret) && !debug.contains("2, 2"), "{debug}");
}

#[test]
fn a_folder_cannot_say_more_than_a_folder() {
    let revoked = ended(0);
    for folder in ["/etc/a b", "/etc/'x", "/etc/\"x", "/etc/x;", "/etc/x\n", "/etc/${X}", "/etc/x\\"] {
        let by = Knowledge { keys: &keys(), revoked: &revoked, now: NOW, folder };
        for front in Front::ALL {
            assert_eq!(front.write(&by), Err(Unwritable::Folder), "{folder:?}");
        }
    }
}

#[test]
fn cloudfront_is_not_given_more_than_it_takes() {
    assert!(written(Front::Cloudfront, &ended(100)).is_ok());
    assert_eq!(written(Front::Cloudfront, &ended(300)), Err(Unwritable::TooLarge));
    assert!(written(Front::Worker, &ended(300)).is_ok());
}

/// Where a language has a hash and no HMAC, two hashes that begin with these blocks are one.
#[test]
fn two_hashes_are_an_hmac() {
    use sha2::{Digest as _, Sha256};
    let key = known::KeyParts { id: 1, secret: *b"any secret of thirty-two letters" };
    let (inner, outer) = key.blocks();
    let first = Sha256::new().chain_update(inner).chain_update(b"a message").finalize();
    let second: [u8; 32] = Sha256::new().chain_update(outer).chain_update(first).finalize().into();
    assert_eq!(second, MacKey::of(&key.secret).tag_of(b"a message"));
}

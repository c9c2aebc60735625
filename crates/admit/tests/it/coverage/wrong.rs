//! Everything that is almost a handle or almost a token: made from right ones, from other keys, and out of the air.

use std::time::Duration;

use admit_domain::time::Timestamp;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use crate::house::{
    Answer, Customer, House, Viewer, clip,
    forge::{Forge, now},
    seed::Seed,
};

/// How a wrong request must end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    Refused(u16, &'static str),
    /// Refused with one of these: which of its parts is seen to be wrong first depends on the part.
    RefusedFor(&'static [&'static str]),
    /// Two readings of the address, so it does not get in at all.
    NotLetIn,
}

impl Expected {
    pub(super) const fn of(status: u16, reason: &'static str) -> Self {
        Self::Refused(status, reason)
    }

    /// Where a token is never judged, because it is not to be spent there, all that are well-formed are the same.
    pub(super) fn before_any_session(self) -> Self {
        match self {
            Self::Refused(_, reason) if reason != "not_found" => Self::of(404, "no_handle"),
            other => other,
        }
    }

    #[track_caller]
    pub(super) fn judge(self, answer: &Answer, name: &str, truth: &[u8]) {
        let answer = &Answer { asked: format!("{name}: {}", answer.asked), ..answer.clone() };
        match self {
            Self::Refused(status, reason) => answer.expect_refused(status, reason, truth),
            Self::RefusedFor(reasons) => {
                let reason = answer.header("admit-reason").unwrap_or_default().to_owned();
                assert!(reasons.contains(&reason.as_str()), "{}: {reason:?}", answer.asked);
                answer.expect_refused(answer.status, &reason, truth);
                assert!(matches!(answer.status, 401 | 403 | 404 | 410), "{}: {}", answer.asked, answer.status);
            }
            Self::NotLetIn => answer.expect_not_let_in(400, "path-not-canonical", truth),
        }
    }
}

/// Where a wrong handle goes: `{below}` and `{public}` stand for the place.
pub(super) struct WrongHandles {
    pub(super) carriages: Vec<(String, String, Expected)>,
    /// A private token that was carried where handles are, and must still be whole afterwards.
    pub(super) unspent: String,
}

pub(super) struct WrongTokens {
    pub(super) tokens: Vec<(&'static str, String, Expected)>,
    pub(super) unspent: String,
}

const MALFORMED: Expected = Expected::of(401, "malformed_handle");
const FORGED: Expected = Expected::of(401, "forged_handle");

pub(super) async fn handles(
    house: &House,
    customer: &Customer,
    viewer: &Viewer,
    video: &str,
    handle: &str,
) -> WrongHandles {
    let (forge, unspent) = (house.forge(), customer.token(video).await);
    let other = customer.private_film(clip::small()).await;
    let of_other = viewer.enter(&other, &customer.token(&other).await).await;
    let ended = viewer.enter(video, &customer.token(video).await).await;
    customer.delete(&format!("/sessions/{}", forge.session_of(&ended, video))).await.expect(204);
    let expired = forge.handle_until(handle, video, now());
    let (head, tail) = handle.split_at(handle.len() - 1);

    let mut texts = vec![
        ("another video's", of_other, Expected::of(403, "other_video")),
        ("expired this second", expired, Expected::of(401, "session_expired")),
        ("expired long ago", forge.handle_until(handle, video, Timestamp::EPOCH), Expected::of(401, "session_expired")),
        ("of an ended session", ended, Expected::of(410, "session_ended")),
        ("by the house next door", Forge::next_door().handle(video), FORGED),
        ("by an unknown key", Forge::of_an_unknown_key().handle(video), Expected::of(401, "unknown_delivery_key")),
        ("a token in its place", unspent.clone(), MALFORMED),
        ("an API key in its place", customer.key.clone(), MALFORMED),
        ("the video in its place", video.to_owned(), MALFORMED),
        ("one letter short", head.to_owned(), MALFORMED),
        ("four letters short", handle[..handle.len() - 4].to_owned(), MALFORMED),
        ("half of it", handle[..handle.len() / 2].to_owned(), MALFORMED),
        ("one letter", tail.to_owned(), MALFORMED),
        ("one letter more", format!("{handle}A"), MALFORMED),
        ("four letters more", format!("{handle}AAAA"), MALFORMED),
        ("twice", format!("{handle}{handle}"), MALFORMED),
        ("padded", format!("{handle}="), MALFORMED),
        ("padded twice", format!("{handle}=="), MALFORMED),
        ("padded in its length", format!("{head}="), MALFORMED),
        ("in the standard alphabet", handle.replace('-', "+").replace('_', "~"), MALFORMED),
        ("with a matrix parameter", format!("{handle};v=1"), MALFORMED),
        ("with a blank", format!("{handle}%20"), MALFORMED),
        ("upper case", handle.to_uppercase(), Expected::RefusedFor(BROKEN)),
        ("lower case", handle.to_lowercase(), Expected::RefusedFor(BROKEN)),
        ("backwards", handle.chars().rev().collect(), Expected::RefusedFor(BROKEN)),
        ("null", "null".to_owned(), MALFORMED),
        ("undefined", "undefined".to_owned(), MALFORMED),
        ("percent-encoded", percent_encoded(handle), Expected::NotLetIn),
        ("its first letter percent-encoded", percent_encoded(&handle[..1]) + &handle[1..], Expected::NotLetIn),
        ("empty", String::new(), Expected::NotLetIn),
    ];
    let bytes = URL_SAFE_NO_PAD.decode(handle).unwrap();
    assert_ne!(STANDARD.encode(&bytes), *handle, "the alphabets differ for this handle");
    texts.extend(flipped(&bytes).into_iter().map(|text| ("with a bit flipped", text, Expected::RefusedFor(BROKEN))));

    let mut carriages: Vec<_> = texts
        .into_iter()
        .map(|(name, text, expected)| (name.to_owned(), format!("/s/{text}/{video}/{{below}}"), expected))
        .collect();
    let no_handle = Expected::of(404, "no_handle");
    carriages.extend([
        ("no handle".to_owned(), format!("/vod/{video}/{{public}}"), no_handle),
        ("the handle as a query".to_owned(), format!("/vod/{video}/{{public}}?avh={handle}"), no_handle),
        (
            "a token as a query".to_owned(),
            format!("/vod/{video}/{{public}}?token={unspent}"),
            Expected::of(401, "invalid_token"),
        ),
        ("for another video".to_owned(), format!("/s/{handle}/{other}/{{below}}"), Expected::of(403, "other_video")),
        ("in another role".to_owned(), format!("/vod/{handle}/{video}/{{below}}"), Expected::of(404, "not_found")),
    ]);
    WrongHandles { carriages, unspent }
}

/// What is wrong with a handle of which a piece was changed.
const BROKEN: &[&str] =
    &["malformed_handle", "unknown_delivery_key", "other_video", "forged_handle", "bound_elsewhere"];

/// One bit of every byte, another in every run.
fn flipped(bytes: &[u8]) -> Vec<String> {
    let mut seed = Seed::new("a bit of every byte of a handle");
    let flip = |at: usize, bit: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1 << bit;
        URL_SAFE_NO_PAD.encode(bytes)
    };
    (0..bytes.len()).map(|at| flip(at, seed.below(8))).collect()
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |spelled, byte| format!("{spelled}%{byte:02X}"))
}

pub(super) async fn tokens(
    house: &House,
    customer: &Customer,
    viewer: &Viewer,
    video: &str,
    handle: &str,
) -> WrongTokens {
    let (forge, unspent) = (house.forge(), customer.token(video).await);
    let other = customer.private_film(clip::small()).await;
    let spent = customer.token(video).await;
    viewer.enter(video, &spent).await;
    let unknown = Expected::of(404, "unknown_credential");
    let nowhere = Expected::of(404, "not_found");
    let last = if unspent.ends_with('0') { "1" } else { "0" };
    let day = Duration::from_hours(24);
    let tokens = vec![
        ("spent", spent, Expected::of(404, "credential_spent")),
        ("another video's", customer.token(&other).await, unknown),
        ("a day old", forge.token(video, day, 1), Expected::of(404, "credential_expired")),
        ("a year old", forge.token(video, day * 365, 2), Expected::of(404, "credential_expired")),
        ("by the house next door", Forge::next_door().token(video, Duration::ZERO, 3), unknown),
        ("out of the air", "c77d7bf3-4e2f-4a85-9e15-5c35992c11fc".to_owned(), unknown),
        ("with its last digit changed", format!("{}{last}", &unspent[..35]), unknown),
        ("upper case", format!("{}A{}", &unspent[..8].to_uppercase(), &unspent[8..]), nowhere),
        ("without hyphens", unspent.replace('-', ""), nowhere),
        ("in braces", format!("%7B{unspent}%7D"), nowhere),
        ("as a URN", format!("urn:uuid:{unspent}"), nowhere),
        ("short", unspent[..35].to_owned(), nowhere),
        ("long", format!("{unspent}0"), nowhere),
        ("a handle in its place", handle.to_owned(), nowhere),
        ("an API key in its place", customer.key.clone(), nowhere),
        ("percent-encoded", percent_encoded(&unspent), Expected::NotLetIn),
        ("empty", String::new(), Expected::NotLetIn),
    ];
    WrongTokens { tokens, unspent }
}

//! Who asked for which token with which nonce, and what they were told: the one list that a crash must not contradict.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use crate::house::{Answer, House, Viewer, seed::Seed};

/// Viewers for each token.
const RIVALS: usize = 2;
/// Wishes on their way at once, when everybody asks again.
const AT_ONCE: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// No answer: it may or may not have happened.
    Unknown,
    /// Told a session, and this is its handle.
    Entered(String),
    Spent,
}

#[derive(Debug)]
struct Wish {
    token: String,
    nonce: String,
    /// Every answer this viewer ever got.
    told: Vec<Outcome>,
}

/// Rivals for one token stand side by side.
pub(super) struct History {
    wishes: Vec<Wish>,
}

impl History {
    pub(super) fn new(tokens: Vec<String>, seed: &mut Seed) -> Self {
        let rivals = |token: String| (0..RIVALS).map(move |_| token.clone());
        let wishes =
            tokens.into_iter().flat_map(rivals).map(|token| Wish { token, nonce: seed.nonce(), told: Vec::new() });
        Self { wishes: wishes.collect() }
    }

    /// Everybody's place, token and nonce, in an order of chance.
    pub(super) fn wishes(&self, seed: &mut Seed) -> Vec<(usize, String, String)> {
        let all = self.wishes.iter().enumerate().map(|(place, wish)| (place, wish.token.clone(), wish.nonce.clone()));
        let mut all: Vec<_> = all.collect();
        for end in (1..all.len()).rev() {
            all.swap(end, seed.below(end + 1));
        }
        all
    }

    pub(super) fn note(&mut self, place: usize, answer: Option<Answer>) {
        let outcome = match answer {
            None => Outcome::Unknown,
            Some(answer) if answer.status == 200 => Outcome::Entered(answer.text_at("/session_token")),
            // Too many at once, or a server on its way out, is no word on the token.
            Some(answer) if matches!(answer.status, 429 | 503) => Outcome::Unknown,
            Some(answer) => {
                answer.expect_refused(410, "credential_spent", b"");
                Outcome::Spent
            }
        };
        self.wishes[place].told.push(outcome);
    }

    pub(super) fn count(&self, outcome: &Outcome) -> usize {
        self.wishes.iter().filter(|wish| wish.told.last() == Some(outcome)).count()
    }

    /// First those who were left in the dark, then all.
    pub(super) async fn ask_again(&mut self, viewer: &Viewer, video: &str) {
        let is_in_the_dark = |wish: &Wish| wish.told.last() == Some(&Outcome::Unknown);
        let (dark, all): (Vec<_>, Vec<_>) = (
            (0..self.wishes.len()).filter(|place| is_in_the_dark(&self.wishes[*place])).collect(),
            (0..self.wishes.len()).collect(),
        );
        for places in [dark, all] {
            let asking = places.into_iter().map(|place| {
                let Wish { token, nonce, .. } = &self.wishes[place];
                let asked = viewer.redeem(video, token, nonce);
                async move { (place, asked.await) }
            });
            let answers: Vec<_> = stream::iter(asking).buffer_unordered(AT_ONCE).collect().await;
            for (place, answer) in answers {
                self.note(place, Some(answer));
            }
        }
    }

    /// Of all who ever asked for a token exactly one was ever let in, always to the same session, and the others know
    /// by now. Returns the handles.
    pub(super) fn expect_one_viewer_each(&self, kill: usize) -> Vec<String> {
        let mut handles = Vec::new();
        for rivals in self.wishes.chunks(RIVALS) {
            let entered = |wish: &&Wish| wish.told.iter().any(|told| matches!(told, Outcome::Entered(_)));
            let viewers: Vec<_> = rivals.iter().filter(entered).collect();
            assert_eq!(viewers.len(), 1, "kill {kill}: one viewer for a token: {rivals:#?}");
            let told: BTreeSet<_> =
                viewers[0].told.iter().filter(|told| **told != Outcome::Unknown).map(handle_of).collect();
            assert_eq!(told.len(), 1, "kill {kill}: one session, and never refused afterwards: {rivals:#?}");
            handles.extend(told.into_iter().flatten().map(str::to_owned));
            let last = rivals.iter().filter(|wish| wish.told.last() == Some(&Outcome::Spent)).count();
            assert_eq!(last, RIVALS - 1, "kill {kill}: the others are refused: {rivals:#?}");
        }
        handles
    }
}

fn handle_of(told: &Outcome) -> Option<&str> {
    match told {
        Outcome::Entered(handle) => Some(handle),
        Outcome::Unknown | Outcome::Spent => None,
    }
}

/// What was acknowledged opens media.
pub(super) async fn expect_open(viewer: &Viewer, video: &str, handles: &[String]) {
    let asking = handles.iter().map(|handle| async move {
        viewer.get(&format!("/s/{handle}/{video}/thumbnail.jpg")).await.expect(200);
    });
    stream::iter(asking).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
}

/// What was acknowledged can be seen, and so be ended.
pub(super) fn expect_listed(house: &House, video: &str, handles: &[String], listed: &[Value]) {
    let forge = house.forge();
    let listed: BTreeSet<_> = listed.iter().filter_map(|session| session["sessionId"].as_str()).collect();
    let missing: Vec<_> = handles
        .iter()
        .map(|handle| forge.session_of(handle, video))
        .filter(|id| !listed.contains(id.as_str()))
        .collect();
    assert!(missing.is_empty(), "{} acknowledged sessions are lost: {missing:?}", missing.len());
}

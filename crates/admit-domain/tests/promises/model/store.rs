//! The one store, and the control planes that work on it step by step.

use super::{
    bounds::Flaw,
    subjects::{OTHER, SESSIONS, Written},
};

/// What is committed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Store {
    /// By which nonce the first token was spent, and the session that it began.
    pub(super) spent: Option<(u8, u8)>,
    pub(super) revoked: [bool; 2],
    pub(super) log: Vec<Written>,
    /// How often the log was set back.
    pub(super) life: u8,
}

impl Store {
    /// One transaction: whoever is first has it, and whoever asks again with the same nonce has the same.
    pub(super) fn redeem(&mut self, nonce: u8, session: u8, flaw: Option<Flaw>) -> Outcome {
        match self.spent {
            _ if self.revoked[0] => Outcome::Refused,
            None => {
                self.spent = Some((nonce, session));
                Outcome::Session(session)
            }
            Some((first, begun)) if first == nonce || flaw == Some(Flaw::NonceIgnored) => Outcome::Session(begun),
            Some(_) => Outcome::Refused,
        }
    }

    /// One transaction: the token begins nothing any more, and what it began is in the log.
    pub(super) fn revoke(&mut self, token: usize) {
        let begun = if token == 0 { self.spent.map(|(_, session)| session) } else { Some(OTHER) };
        if !self.revoked[token] {
            self.log.extend(begun.map(|session| Written { session, life: self.life }));
        }
        self.revoked[token] = true;
    }

    /// An older log is put back. Of the rest of the store the model keeps the newer state, for what a restored backup does
    /// to one-time tokens is told to operators, and no edge can mend it.
    pub(super) fn set_back(&mut self, to: usize) {
        self.log.truncate(to);
        self.life += 1;
        for (token, is_revoked) in self.revoked.iter_mut().enumerate() {
            *is_revoked &= self.log.iter().any(|line| (line.session == OTHER) == (token == 1));
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Outcome {
    Session(u8),
    Refused,
    Revoked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Request {
    Redeem { client: u8, nonce: u8 },
    Revoke { token: usize },
}

/// A control plane may crash after each of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Asked,
    /// Only in flawed houses: it has seen that the token is unspent.
    Looked,
    /// Only in flawed houses: it has answered, and not yet committed.
    Answered,
    Committed(Outcome),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Work {
    pub(super) request: Request,
    pub(super) session: u8,
    pub(super) step: Step,
}

impl Work {
    pub(super) fn new(replica: usize, request: Request) -> Self {
        let session = match request {
            Request::Redeem { client, nonce } => u8::try_from(replica).unwrap_or(0) * 4 + client * 2 + nonce,
            Request::Revoke { .. } => SESSIONS.start,
        };
        Self { request, session, step: Step::Asked }
    }

    pub(super) fn commit(&self, store: &mut Store, flaw: Option<Flaw>) -> Outcome {
        match self.request {
            Request::Redeem { nonce, .. } => store.redeem(nonce, self.session, flaw),
            Request::Revoke { token } => {
                store.revoke(token);
                Outcome::Revoked
            }
        }
    }

    /// What a house says that does not wait for its commit.
    pub(super) fn hoped(&self, store: &Store) -> Outcome {
        self.commit(&mut store.clone(), None)
    }
}

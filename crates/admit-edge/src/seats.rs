//! Concurrent viewers: whoever fetches a film has a seat, which the control plane lends for a while.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use admit_domain::{
    id::SessionId,
    limits::SEATS_REMEMBERED_MAX,
    seats::{SEAT_GRACE, SeatWish},
    time::Timestamp,
    verdict::Denial,
};
use quick_cache::sync::Cache;

use crate::control::ControlPlane;

/// A seat that is lent for no longer than this is asked for again: media requests come every few seconds.
const ASKED_AGAIN: Duration = Duration::from_secs(SEAT_GRACE.as_secs() / 3 * 2);
/// Whoever was refused asks no more often than this.
const REFUSED_FOR: Duration = Duration::from_secs(1);

/// The seats this edge knows of, by session.
pub(crate) struct Seats(Cache<SessionId, Arc<Seat>>);

struct Seat {
    state: Mutex<State>,
    /// Held by whoever asks, so that all requests of a session ask once.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy)]
struct State {
    held_until: Timestamp,
    refused: Option<(Denial, Timestamp)>,
}

impl Seat {
    fn state(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

impl State {
    const NONE: Self = Self { held_until: Timestamp::EPOCH, refused: None };

    /// Nobody need be asked.
    fn said(&self, now: Timestamp) -> Option<Result<(), Denial>> {
        if now.plus(ASKED_AGAIN) <= self.held_until {
            return Some(Ok(()));
        }
        self.refused.filter(|(_, until)| now < *until).map(|(denial, _)| Err(denial))
    }
}

impl Seats {
    pub(crate) fn new() -> Self {
        Self(Cache::new(SEATS_REMEMBERED_MAX))
    }

    /// Does the session have its seat, so that nobody need be asked?
    pub(crate) fn has(&self, session: &SessionId, now: Timestamp) -> bool {
        self.0.get(session).is_some_and(|seat| seat.state().said(now) == Some(Ok(())))
    }

    fn of(&self, session: &SessionId) -> Arc<Seat> {
        let fresh = || Ok::<_, Infallible>(Arc::new(Seat { state: State::NONE.into(), asking: ().into() }));
        let Ok(seat) = self.0.get_or_insert_with(session, fresh);
        seat
    }

    /// Sees to it that the session has a seat.
    pub(crate) async fn take(
        &self,
        control: &dyn ControlPlane,
        wish: SeatWish,
        clock: &(dyn Fn() -> Timestamp + Send + Sync),
    ) -> Result<(), Denial> {
        let seat = self.of(&wish.session);
        let is_said = |now| seat.state().said(now).filter(|said| said.is_ok() || !wish.takes_over);
        if let Some(said) = is_said(clock()) {
            return said;
        }
        let _asking = seat.asking.lock().await;
        let now = clock();
        if let Some(said) = is_said(now) {
            return said;
        }
        match control.seat(wish, now).await {
            // By our own clock, from when we asked: it is lent for no longer than the control plane thinks.
            Ok(lent) => seat.set(State { held_until: now.plus(lent), refused: None }),
            // A seat that is still lent outlasts a control plane that cannot be asked.
            Err(Denial::CannotKnow | Denial::Overloaded) if now < seat.state().held_until => {}
            Err(denial) => {
                seat.set(State { refused: Some((denial, now.plus(REFUSED_FOR))), ..State::NONE });
                return Err(denial);
            }
        }
        Ok(())
    }
}

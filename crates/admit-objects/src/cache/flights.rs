//! One fetch for all who want the same slice at the same time.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};

use crate::{
    error::ObjectError,
    slice::{Slice, SliceKey},
};

type Flight = BoxFuture<'static, Result<Slice, ObjectError>>;
/// By slice: the fetch, and a number that tells it from later ones.
type UnderWay = HashMap<SliceKey, (u64, WeakShared<Flight>)>;

/// Fetches under way. Each is carried on by whichever of its readers is left, and ends with the last of them; nothing of a
/// failed one is remembered.
#[derive(Clone, Default)]
pub(super) struct Flights {
    under_way: Arc<Mutex<UnderWay>>,
    begun: Arc<AtomicU64>,
}

impl Flights {
    /// Joins the fetch of a slice, or begins it with `find`. `landed` is asked once more before: another may just have
    /// ended.
    pub(super) async fn join<F>(
        &self,
        at: SliceKey,
        landed: impl FnOnce() -> Option<Slice>,
        find: impl FnOnce() -> F,
    ) -> Result<Slice, ObjectError>
    where
        F: Future<Output = Result<Slice, ObjectError>> + Send + 'static,
    {
        let flight = match self.board(at, landed, find) {
            Ok(slice) => return Ok(slice),
            Err(flight) => flight,
        };
        flight.await
    }

    fn board<F>(
        &self,
        at: SliceKey,
        landed: impl FnOnce() -> Option<Slice>,
        find: impl FnOnce() -> F,
    ) -> Result<Slice, Shared<Flight>>
    where
        F: Future<Output = Result<Slice, ObjectError>> + Send + 'static,
    {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = under_way.get(&at).and_then(|(_, flight)| flight.upgrade()) {
            return Err(flight);
        }
        if let Some(slice) = landed() {
            return Ok(slice);
        }
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let landing = Landing { flights: self.clone(), at, number };
        let find = find();
        let flight = async move {
            let _landing = landing;
            find.await
        };
        let flight = flight.boxed().shared();
        if let Some(weak) = flight.downgrade() {
            under_way.insert(at, (number, weak));
        }
        Err(flight)
    }
}

/// Takes the fetch off the list, however it ends.
struct Landing {
    flights: Flights,
    at: SliceKey,
    number: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut under_way = self.flights.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if under_way.get(&self.at).is_some_and(|(number, _)| *number == self.number) {
            under_way.remove(&self.at);
        }
    }
}

//! What can be answered without ado: whoever serves media tells the listener by this trait, and plain requests for media
//! are then answered below hyper. The trait may always say no; then the request goes the long way.

use std::{convert::Infallible, net::IpAddr};

use admit_domain::time::Timestamp;

/// A plain `GET` or `HEAD`: without a query, a body, a range, a condition or a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The target, all of which is text.
    pub path: &'a str,
    pub host: &'a str,
    pub origin: Option<&'a str>,
    pub referrer: Option<&'a str>,
    /// Empty where there is none.
    pub agent: &'a str,
}

pub trait Shortcut: Clone + Send + Sync + 'static {
    type Answer: Send + Sync;

    /// An answer with status 200, if whoever asks from this address may have it and it is there.
    fn at_hand(&self, asked: &Asked<'_>, from: IpAddr, now: Timestamp) -> Option<Self::Answer>;

    /// Status line and headers, with `Content-Length` and without `Date`, `Admit-Request-Id` and the empty line.
    fn head<'a>(&self, answer: &'a Self::Answer) -> &'a [u8];

    /// The body, a slice at a time; `None` behind its end.
    fn slice<'a>(&self, answer: &'a Self::Answer, index: usize) -> Option<&'a [u8]>;

    /// Asked before each slice but the first: may the rest still be given?
    fn stands(&self, answer: &Self::Answer, now: Timestamp) -> bool;
}

/// Everything goes the long way.
impl Shortcut for () {
    type Answer = Infallible;

    fn at_hand(&self, _: &Asked<'_>, _: IpAddr, _: Timestamp) -> Option<Infallible> {
        None
    }

    fn head<'a>(&self, never: &'a Infallible) -> &'a [u8] {
        match *never {}
    }

    fn slice<'a>(&self, never: &'a Infallible, _: usize) -> Option<&'a [u8]> {
        match *never {}
    }

    fn stands(&self, never: &Infallible, _: Timestamp) -> bool {
        match *never {}
    }
}

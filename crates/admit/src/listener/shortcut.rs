//! What can be answered without ado: whoever serves media tells the listener by this trait, and plain requests for media
//! are then answered below hyper. The trait may always say no; then the request goes the long way.

use std::{convert::Infallible, fs::File, net::IpAddr, ops::Range};

use admit_domain::{id::RequestId, time::Timestamp};
use bytes::Bytes;

/// A plain `GET` or `HEAD`: without a query, a body, a range, a condition or a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// It is a `HEAD`: the body is not given.
    pub is_head: bool,
    /// The target, all of which is text.
    pub path: &'a str,
    pub host: &'a str,
    pub origin: Option<&'a str>,
    pub referrer: Option<&'a str>,
    /// Empty where there is none.
    pub agent: &'a str,
}

/// Where the body of an answer lies.
#[derive(Debug)]
pub enum Lies<'a> {
    /// In bounded slices.
    InMemory(&'a [Bytes]),
    InFile(&'a File, Range<u64>),
}

pub trait Shortcut: Clone + Send + Sync + 'static {
    type Answer: Send + Sync;

    /// What whoever asks from this address is to be answered, if that is plain.
    fn at_hand(&self, asked: &Asked<'_>, from: IpAddr, now: Timestamp) -> Option<Self::Answer>;

    /// The answer is given under this name.
    fn named(&self, answer: &Self::Answer, request: RequestId, now: Timestamp);

    /// Status line and headers, with `Content-Length` and without `Date`, `Admit-Request-Id` and the empty line.
    fn head<'a>(&self, answer: &'a Self::Answer) -> &'a [u8];

    fn body<'a>(&self, answer: &'a Self::Answer) -> Lies<'a>;

    /// Asked before each slice of the body but the first: may the rest still be given?
    fn stands(&self, answer: &Self::Answer, now: Timestamp) -> bool;
}

/// Everything goes the long way.
impl Shortcut for () {
    type Answer = Infallible;

    fn at_hand(&self, _: &Asked<'_>, _: IpAddr, _: Timestamp) -> Option<Infallible> {
        None
    }

    fn named(&self, never: &Infallible, _: RequestId, _: Timestamp) {
        match *never {}
    }

    fn head<'a>(&self, never: &'a Infallible) -> &'a [u8] {
        match *never {}
    }

    fn body<'a>(&self, never: &'a Infallible) -> Lies<'a> {
        match *never {}
    }

    fn stands(&self, never: &Infallible, _: Timestamp) -> bool {
        match *never {}
    }
}

//! The load: one thread that polls without sleeping, keeps its connections, and reads the server's clock itself.

pub(crate) mod answer;
pub(crate) mod connection;
pub(crate) mod histogram;

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use rustix::{
    buffer::spare_capacity,
    event::{
        Timespec,
        epoll::{self, CreateFlags, Event, EventData, EventFlags},
    },
};
use rustls::ClientConfig;

use self::{
    connection::{Connection, PATIENCE},
    histogram::Histogram,
};
use crate::machine::{Spent, Used};

/// Answers that are waited for before anything is counted: caches are warm then, and connections have grown.
const WARM_UP: Duration = Duration::from_millis(60);
/// A window lasts until so many answers have come, however short it was meant to be.
const LEAST: u64 = 20;
const SCRATCH_BYTES: usize = 1 << 20;

/// What is sent, to whom, and how.
pub(crate) struct Load<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) tls: Option<Arc<ClientConfig>>,
    /// Ready to be sent, in an order without a pattern.
    pub(crate) requests: &'a [Request],
    pub(crate) connections: usize,
    pub(crate) window: Duration,
    /// The server's processes.
    pub(crate) family: &'a [u32],
}

/// One request, and what must be answered.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) bytes: Vec<u8>,
    /// Whether it must be served; otherwise it must be refused.
    pub(crate) good: bool,
}

/// A server that has stopped answering: told apart, because that is a finding and no failure of the benchmark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stalled;

impl std::fmt::Display for Stalled {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "it answered nothing for {} s", PATIENCE.as_secs())
    }
}

impl std::error::Error for Stalled {}

/// What happened within the window.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) seconds: f64,
    pub(crate) answers: u64,
    pub(crate) body_bytes: u64,
    /// Latencies of the good requests.
    pub(crate) latency: Histogram,
    pub(crate) used: Used,
    /// Seconds in which the loader worked, and did not merely look for work.
    pub(crate) busy: f64,
}

impl Load<'_> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    pub(crate) fn run(&self) -> Result<Outcome> {
        let mut running = Running::open(self)?;
        running.until(Instant::now() + WARM_UP, LEAST)?;
        running.forget();
        let (before, begun) = (Spent::read(self.family)?, Instant::now());
        running.until(begun + self.window, LEAST)?;
        let (after, ended) = (Spent::read(self.family)?, Instant::now());
        Ok(Outcome {
            seconds: (ended - begun).as_secs_f64(),
            answers: running.answers,
            body_bytes: running.body_bytes,
            latency: running.latency,
            used: after.since(&before),
            busy: running.busy.as_secs_f64(),
        })
    }
}

struct Running<'a> {
    requests: &'a [Request],
    next: usize,
    epoll: rustix::fd::OwnedFd,
    events: Vec<Event>,
    connections: Vec<(Connection, bool)>,
    scratch: Vec<u8>,
    answers: u64,
    body_bytes: u64,
    latency: Histogram,
    busy: Duration,
}

impl<'a> Running<'a> {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    fn open(load: &Load<'a>) -> Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let mut running = Self {
            requests: load.requests,
            next: 0,
            epoll,
            events: Vec::with_capacity(load.connections),
            connections: Vec::new(),
            scratch: vec![0; SCRATCH_BYTES],
            answers: 0,
            body_bytes: 0,
            latency: Histogram::new(),
            busy: Duration::ZERO,
        };
        for number in 0..load.connections {
            let connection = Connection::open(load.address, load.tls.as_ref())?;
            let data = EventData::new_u64(number as u64);
            epoll::add(&running.epoll, &connection.stream, data, EventFlags::IN)?;
            running.connections.push((connection, true));
        }
        for number in 0..load.connections {
            running.send(number, Instant::now())?;
        }
        Ok(running)
    }

    fn send(&mut self, number: usize, now: Instant) -> Result<()> {
        let request = self.requests.get(self.next).context("a request")?;
        self.next = (self.next + 1) % self.requests.len();
        let (connection, good) = self.connections.get_mut(number).context("a connection")?;
        *good = request.good;
        connection.send(&request.bytes, now)
    }

    fn forget(&mut self) {
        (self.answers, self.body_bytes, self.busy) = (0, 0, Duration::ZERO);
        self.latency = Histogram::new();
    }

    /// A loader that sleeps costs the server a wake-up for each answer, which is a cost of the loader and no server's.
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    fn until(&mut self, end: Instant, enough: u64) -> Result<()> {
        const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
        let mut last = Instant::now();
        loop {
            self.events.clear();
            epoll::wait(&self.epoll, spare_capacity(&mut self.events), Some(&AT_ONCE))?;
            let begun = Instant::now();
            if begun >= end && self.answers >= enough {
                return Ok(());
            }
            if self.events.is_empty() {
                ensure!(begun - last < PATIENCE, Stalled);
                continue;
            }
            let events = std::mem::take(&mut self.events);
            for event in &events {
                last = self.serve(usize::try_from(event.data.u64())?)?;
            }
            self.events = events;
            self.busy += last - begun;
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    fn serve(&mut self, number: usize) -> Result<Instant> {
        let (connection, good) = self.connections.get_mut(number).context("a connection")?;
        let answer = connection.receive(&mut self.scratch)?;
        let now = Instant::now();
        let Some(answer) = answer else { return Ok(now) };
        let served = answer.status == 200;
        ensure!(served == *good, "{} where {} was due", answer.status, if *good { "200" } else { "a refusal" });
        if served {
            self.latency.add(now - connection.sent_at);
            self.body_bytes += answer.body_bytes as u64;
        }
        self.answers += 1;
        self.send(number, now)?;
        Ok(now)
    }
}

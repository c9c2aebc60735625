//! What one connection, one request and one stranger may cost. The house rules are constants; tests shorten the waits.

use std::time::Duration;

/// RFC 9110 §4.1 asks for at least 8000 octets; nothing of ours comes near.
pub(super) const MAX_URI_BYTES: usize = 8_192;
/// Request line and headers together. Browsers send one or two KiB.
pub(super) const MAX_HEADER_BYTES: usize = 16 * 1_024;
pub(super) const MAX_HEADER_COUNT: usize = 100;
/// hyper's buffer for one HTTP/1 connection, each way: wide enough for uploads, bounded for ten thousand viewers.
pub(super) const H1_BUFFER_BYTES: usize = 64 * 1_024;

pub(super) const H2_MAX_STREAMS_COUNT: u32 = 100;
/// RFC 9113's Rapid Reset: streams opened and reset before we looked. Above this the connection is closed.
pub(super) const H2_MAX_PENDING_RESETS_COUNT: usize = 20;
/// Streams we reset for the peer's errors. Without a bound each error costs memory (hyper#3782).
pub(super) const H2_MAX_LOCAL_RESETS_COUNT: usize = 1_024;
/// Bytes we hold for a stream whose reader is slow; a hundred slow streams are then 6.4 MiB.
pub(super) const H2_SEND_BUFFER_BYTES: usize = 64 * 1_024;
/// What an uploader may have on its way: a gigabit at 8 ms.
pub(super) const H2_STREAM_WINDOW_BYTES: u32 = 1_024 * 1_024;
pub(super) const H2_CONNECTION_WINDOW_BYTES: u32 = 2 * 1_024 * 1_024;
pub(super) const H2_PING_INTERVAL: Duration = Duration::from_secs(20);
pub(super) const H2_PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Bounds that an operator sets or a test shortens.
#[derive(Clone, Debug)]
pub struct Limits {
    pub max_connections: usize,
    pub max_connections_per_ip: usize,
    /// From the first byte of a request's head (or from the connection's start) to its last.
    pub header_read: Duration,
    /// From one answer to the end of the next request's head, and for HTTP/2 to its beginning.
    pub keep_alive_idle: Duration,
    /// A request body of which nothing arrives.
    pub body_stall: Duration,
    /// How long a request body may be slower than `body_min_bytes_per_second`.
    pub body_grace: Duration,
    pub body_min_bytes_per_second: u64,
    /// A write of which the peer takes nothing.
    pub write_stall: Duration,
    pub tls_handshake: Duration,
    /// How long a refused client's remaining bytes are read away, so that it can read the refusal before a reset.
    pub linger: Duration,
    /// From the wish to stop to cutting what is still open.
    pub drain: Duration,
}

impl Limits {
    pub fn new(max_connections: usize, max_connections_per_ip: usize) -> Self {
        Self {
            max_connections,
            max_connections_per_ip,
            header_read: Duration::from_secs(10),
            keep_alive_idle: Duration::from_secs(30),
            body_stall: Duration::from_secs(30),
            body_grace: Duration::from_secs(10),
            body_min_bytes_per_second: 1_024,
            write_stall: Duration::from_secs(30),
            tls_handshake: Duration::from_secs(10),
            linger: Duration::from_secs(2),
            drain: Duration::from_secs(10),
        }
    }
}

/// Asks the system for as many file descriptors as it grants this user, and says how many that is. The usual start value
/// of 1024 is kept for programs that use `select(2)`, which nothing here does.
pub fn raise_file_limit() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: now.maximum, maximum: now.maximum };
    let granted = if setrlimit(Resource::Nofile, wanted).is_ok() { now.maximum } else { now.current };
    granted.unwrap_or(u64::MAX)
}

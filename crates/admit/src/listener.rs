//! The front door: accepts connections, bounds what each may cost, and lets only well-formed requests reach a handler.
//!
//! From the wire inwards: `seats` counts connections, `stall` watches writes, `transport` speaks TLS, `inlet` reads HTTP/1
//! strictly and answers media that is at hand; for all else hyper parses, `face` names the request and asks `strict`, and
//! then the service is called.

mod body;
mod connection;
mod face;
mod inlet;
mod limits;
mod pulse;
mod refusal;
mod seats;
mod sendfile;
mod shortcut;
mod signal;
mod stall;
pub mod strict;
mod tail;
mod transport;

use std::{convert::Infallible, error::Error, pin::pin, sync::Arc, time::Duration};

use http::{Request, Response};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use crate::clock::Clock;

pub use body::{BodyError, RequestBody};
pub use limits::{Limits, raise_file_limit};
pub use refusal::Refusal;
pub use shortcut::{Asked, Lies, Shortcut};
pub use signal::stop_asked;

/// Out of file descriptors or memory, accepting again at once would only spin.
const ACCEPT_BACK_OFF: Duration = Duration::from_millis(100);

/// Serves until `shutdown` is ready and all connections have ended, or `limits.drain` has passed since.
///
/// Every request that reaches `service` carries three extensions: its [`RequestId`](admit_domain::id::RequestId), the
/// [`Timestamp`](admit_domain::time::Timestamp) it came in at, and the peer's [`SocketAddr`](std::net::SocketAddr).
/// Plain requests that `shortcut` has an answer for do not reach it; `()` has none.
pub async fn serve<S, B, X>(
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
    service: S,
    shortcut: X,
    limits: Limits,
    clock: Clock,
    shutdown: impl Future<Output = ()>,
) where
    X: Shortcut,
    S: Service<Request<RequestBody>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let drain = limits.drain;
    let seats = seats::Seats::new(limits.max_connections, limits.max_connections_per_ip);
    let house = Arc::new(connection::House { shortcut, tls, limits, clock });
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);

    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => report(ended),
            (stream, seat) = accept(&socket, &seats) => {
                connections.spawn(connection::run(Arc::clone(&house), service.clone(), stream, seat, stopped.clone()));
            }
        }
    }

    drop(socket);
    // Nobody listens when the last connection has already gone.
    let _ = stop.send(true);
    let all_ended = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    if tokio::time::timeout(drain, all_ended).await.is_err() {
        tracing::warn!(open = connections.len(), "connections did not end in time and are cut");
        connections.shutdown().await;
    }
}

/// The next connection that finds a seat. One that finds none is closed at once: waiting would hold its descriptor.
async fn accept(socket: &TcpListener, seats: &seats::Seats) -> (TcpStream, seats::Seat) {
    loop {
        match socket.accept().await {
            Ok((stream, peer)) => {
                if let Some(seat) = seats.take(peer) {
                    return (stream, seat);
                }
                tracing::debug!(%peer, "no seat for another connection");
            }
            Err(error) if concerns_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections for the moment");
                tokio::time::sleep(ACCEPT_BACK_OFF).await;
            }
        }
    }
}

fn concerns_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a connection's task panicked");
    }
}

//! One connection from its first byte to its last: which HTTP, with which bounds, and when it is over.

use std::{
    convert::Infallible,
    error::Error,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, sync::watch};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use super::{
    body::RequestBody,
    face::Face,
    inlet::{Counter, Inlet},
    limits::{self, Limits},
    pulse::{Care, Pulse},
    seats::Seat,
    shortcut::Shortcut,
    transport::{self, Speech, Transport},
};
use crate::clock::Clock;

/// What all connections share.
pub(super) struct House<X> {
    pub(super) shortcut: X,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
}

pub(super) async fn run<S, B, X>(
    house: Arc<House<X>>,
    service: S,
    stream: TcpStream,
    seat: Seat,
    stop: watch::Receiver<bool>,
) where
    X: Shortcut,
    S: Service<Request<RequestBody>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let limits = &house.limits;
    let patience = if house.tls.is_some() { limits.tls_handshake } else { limits.header_read };
    let mut stop_before = stop.clone();
    let opened = tokio::select! {
        opened = transport::open(stream, house.tls.as_ref(), limits.write_stall, patience) => opened,
        // Nothing has been asked yet, so nothing is owed.
        _ = stop_before.wait_for(|stop| *stop) => return,
    };
    let (transport, speech) = match opened {
        Ok(opened) => opened,
        Err(error) => return tracing::debug!(peer = %seat.peer, %error, "a connection was not opened"),
    };
    let pulse = Pulse::new();
    let face =
        Face { service, limits: limits.clone(), clock: house.clock.clone(), peer: seat.peer, pulse: pulse.clone() };
    let ended: Result<(), Box<dyn Error + Send + Sync>> = match speech {
        Speech::Http1 => {
            let counter = Counter { shortcut: &house.shortcut, clock: &house.clock, from: seat.peer.ip() };
            let inlet = Inlet::new(transport, limits.clone(), pulse);
            speak_http1(inlet, face, &counter, stop).await
        }
        // Large, and not to be held room for by every connection.
        Speech::Http2 => Box::pin(speak_http2(transport, face, &pulse, limits, stop)).await.map_err(Into::into),
    };
    if let Err(error) = ended {
        tracing::debug!(peer = %seat.peer, %error, "a connection broke");
    }
}

/// What is at hand is answered at the counter; for everything else hyper is called, for one request at a time. So a viewer
/// who fetches only media holds no more than a socket and a timer.
async fn speak_http1<S, B, X>(
    mut inlet: Inlet,
    mut face: Face<S>,
    counter: &Counter<'_, X>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Box<dyn Error + Send + Sync>>
where
    X: Shortcut,
    Face<S>: hyper::service::Service<Request<hyper::body::Incoming>, Response = Response<B>, Error = Infallible>,
    <Face<S> as hyper::service::Service<Request<hyper::body::Incoming>>>::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut stopped = pin!(async move {
        let _ = stop.wait_for(|stop| *stop).await;
    });
    while inlet.next(counter, stopped.as_mut()).await? {
        match Box::pin(answer_by_hyper(inlet, face, stopped.as_mut())).await? {
            Some(rested) => (inlet, face) = rested,
            None => return Ok(()),
        }
        inlet.await_head();
    }
    Ok(inlet.shutdown().await?)
}

/// The one request that the inlet has for hyper. None is the end of the connection.
async fn answer_by_hyper<S, B>(
    inlet: Inlet,
    face: Face<S>,
    stopped: Pin<&mut impl Future<Output = ()>>,
) -> hyper::Result<Option<(Inlet, Face<S>)>>
where
    Face<S>: hyper::service::Service<Request<hyper::body::Incoming>, Response = Response<B>, Error = Infallible>,
    B: http_body::Body<Data = Bytes> + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let pulse = face.pulse.clone();
    let mut connection = http1::Builder::new()
        // The head is there already, and the inlet awaits the next.
        .header_read_timeout(None)
        .max_headers(limits::MAX_HEADER_COUNT)
        .max_buf_size(limits::H1_BUFFER_BYTES)
        .half_close(false)
        .serve_connection(TokioIo::new(inlet), face);
    let rested = poll_fn(|cx| match Pin::new(&mut connection).poll(cx) {
        Poll::Ready(ended) => Poll::Ready(Some(ended)),
        Poll::Pending if pulse.rests() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    });
    tokio::select! {
        biased;
        rested = rested => if let Some(ended) = rested {
            return ended.map(|()| None);
        },
        () = stopped => {
            Pin::new(&mut connection).graceful_shutdown();
            return connection.await.map(|()| None);
        }
    }
    let parts = connection.into_parts();
    Ok(Some((parts.io.into_inner(), parts.service)).filter(|_| parts.read_buf.is_empty()))
}

async fn speak_http2<S, B>(
    transport: Transport,
    face: Face<S>,
    pulse: &Pulse,
    limits: &Limits,
    mut stop: watch::Receiver<bool>,
) -> hyper::Result<()>
where
    Face<S>: hyper::service::Service<Request<hyper::body::Incoming>, Response = Response<B>, Error = Infallible>,
    <Face<S> as hyper::service::Service<Request<hyper::body::Incoming>>>::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits::H2_MAX_STREAMS_COUNT)
        .max_header_list_size(u32::try_from(limits::MAX_HEADER_BYTES).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(limits::H2_MAX_PENDING_RESETS_COUNT)
        .max_local_error_reset_streams(limits::H2_MAX_LOCAL_RESETS_COUNT)
        .max_send_buf_size(limits::H2_SEND_BUFFER_BYTES)
        .initial_stream_window_size(limits::H2_STREAM_WINDOW_BYTES)
        .initial_connection_window_size(limits::H2_CONNECTION_WINDOW_BYTES)
        .keep_alive_interval(limits::H2_PING_INTERVAL)
        .keep_alive_timeout(limits::H2_PING_TIMEOUT)
        .serve_connection(TokioIo::new(transport), face);
    let mut connection = pin!(connection);
    let care = loop {
        tokio::select! {
            ended = connection.as_mut() => return ended,
            _ = stop.wait_for(|stop| *stop) => break Care::Nothing,
            () = tokio::time::sleep(look_again(limits)) => match pulse.care(limits) {
                Care::Nothing => {}
                care => break care,
            },
        }
    };
    if care == Care::Cut {
        return Ok(());
    }
    connection.as_mut().graceful_shutdown();
    if care == Care::Nothing {
        return connection.await;
    }
    // A peer that does not take the goodbye either is not waited for, unless it asked for something before it came.
    loop {
        tokio::select! {
            ended = connection.as_mut() => return ended,
            () = tokio::time::sleep(limits.linger) => {
                if pulse.is_idle() || pulse.care(limits) == Care::Cut {
                    return Ok(());
                }
            }
        }
    }
}

/// Often enough that a connection outlives its patience by a quarter at most.
fn look_again(limits: &Limits) -> Duration {
    limits.header_read.min(limits.keep_alive_idle).min(limits.write_stall) / 4
}

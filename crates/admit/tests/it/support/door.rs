//! The listener in front of a service that tells what reached it, so that a story can assert that nothing did.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use admit::{
    clock::Clock,
    listener::{self, BodyError, Limits, RequestBody},
};
use admit_domain::{id::RequestId, time::Timestamp};
use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

type Body = UnsyncBoxBody<Bytes, Infallible>;

#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) addr: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

/// Bounds as in the house, waits so short that no story has to be long.
pub(crate) fn short() -> Limits {
    Limits {
        header_read: Duration::from_millis(200),
        keep_alive_idle: Duration::from_millis(80),
        body_stall: Duration::from_millis(200),
        body_grace: Duration::from_millis(300),
        write_stall: Duration::from_millis(300),
        tls_handshake: Duration::from_secs(2),
        linger: Duration::from_millis(200),
        drain: Duration::from_millis(500),
        ..Limits::new(1_000, 1_000)
    }
}

impl Door {
    pub(crate) async fn open(limits: Limits, tls: Option<TlsAcceptor>) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = socket.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = oneshot::channel::<()>();
        let log = Arc::clone(&seen);
        let service = tower::service_fn(move |request| answer(request, Arc::clone(&log)));
        let stopped = async move { drop(stopped.await) };
        #[expect(clippy::disallowed_methods, reason = "joined in `close`")]
        let serving = tokio::spawn(listener::serve(socket, tls, service, (), limits, Clock::default(), stopped));
        Self { addr, seen, stop, serving }
    }

    /// `METHOD target` of every request that reached the service, oldest first.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Asks the listener to stop and waits until it has.
    pub(crate) async fn close(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }
}

async fn answer(request: Request<RequestBody>, seen: Arc<Mutex<Vec<String>>>) -> Result<Response<Body>, Infallible> {
    let (parts, body) = request.into_parts();
    seen.lock().unwrap().push(format!("{} {}", parts.method, parts.uri.path_and_query().unwrap()));
    assert!(parts.extensions.get::<RequestId>().is_some(), "every request has a name");
    assert!(parts.extensions.get::<Timestamp>().is_some(), "and a time");
    assert!(parts.extensions.get::<SocketAddr>().is_some_and(|peer| peer.ip().is_loopback()), "and a peer");
    match parts.uri.path() {
        "/panic" => panic!("as the story wants it"),
        "/unread" => Ok(Response::new(text("not read"))),
        "/endless" => Ok(Response::new(endless())),
        "/pending" => Ok(Response::new(pending())),
        "/slow" => {
            // sleep: a handler that takes its time
            tokio::time::sleep(Duration::from_millis(700)).await;
            Ok(Response::new(text("at last")))
        }
        _ => Ok(read(body).await),
    }
}

async fn read(body: RequestBody) -> Response<Body> {
    match body.collect().await {
        Ok(whole) => Response::new(text(&format!("{} bytes", whole.to_bytes().len()))),
        // The listener must not let a handler's opinion of a broken body stand.
        Err(BodyError::TooSlow | BodyError::Broken(_)) => {
            let mut answer = Response::new(text("a handler's own idea"));
            *answer.status_mut() = StatusCode::IM_A_TEAPOT;
            answer
        }
    }
}

fn text(text: &str) -> Body {
    Full::new(Bytes::from(text.to_owned())).boxed_unsync()
}

fn endless() -> Body {
    let block = Bytes::from(vec![b'x'; 64 * 1_024]);
    let frame = move || Ok(Frame::data(block.clone()));
    StreamBody::new(stream::repeat_with(frame)).boxed_unsync()
}

/// One frame, and then none for ever, as a feed whose next event has not happened.
fn pending() -> Body {
    let first = stream::iter([Ok(Frame::data(Bytes::from_static(b"first")))]);
    StreamBody::new(futures_util::StreamExt::chain(first, stream::pending())).boxed_unsync()
}

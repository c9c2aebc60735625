//! A gallery behind a listener that may answer from what is at hand, and a visitor on one connection.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{self, Poll},
};

use admit::{
    clock::Clock,
    listener::{self, Limits, RequestBody},
};
use admit_domain::time::Timestamp;
use admit_edge::{Body, Edge};
use admit_objects::Keep;
use http::{Request, Response};
use tempfile::TempDir;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket},
    sync::oneshot,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use crate::support::gallery::Gallery;

/// The edge as hyper reaches it, counting.
#[derive(Clone)]
struct LongWay {
    edge: Edge,
    taken: Arc<AtomicUsize>,
}

impl Service<Request<RequestBody>> for LongWay {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        self.taken.fetch_add(1, Ordering::SeqCst);
        let (edge, now) = (self.edge.clone(), *request.extensions().get::<Timestamp>().unwrap());
        Box::pin(async move { Ok(edge.answer(request, now).await) })
    }
}

pub(super) struct House {
    pub(super) gallery: Gallery,
    pub(super) addr: SocketAddr,
    taken: Arc<AtomicUsize>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    _folder: TempDir,
}

impl House {
    /// As the program is wired: in clear, files are sent as they lie on the disk.
    pub(super) async fn open(limits: Limits, tls: Option<TlsAcceptor>) -> Self {
        let keep = Keep { files: tls.is_none(), ..Keep::default() };
        Self::keeping(keep, limits, tls).await
    }

    pub(super) async fn keeping(keep: Keep, limits: Limits, tls: Option<TlsAcceptor>) -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::default());
        let gallery = Gallery::open(folder.path(), keep, clock.now()).await;
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = socket.local_addr().unwrap();
        let taken = Arc::new(AtomicUsize::new(0));
        let service = LongWay { edge: gallery.edge.clone(), taken: taken.clone() };
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async move { drop(stopped.await) };
        let edge = gallery.edge.clone();
        #[expect(clippy::disallowed_methods, reason = "joined in `close`")]
        let serving = tokio::spawn(listener::serve(socket, tls, service, edge, limits, clock, stopped));
        Self { gallery, addr, taken, stop, serving, _folder: folder }
    }

    /// How many requests went the long way.
    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    pub(super) async fn visit(&self) -> Visitor {
        let socket = TcpSocket::new_v4().unwrap();
        // A visitor who reads nothing shall not have much in the kernel either.
        socket.set_recv_buffer_size(16 * 1_024).unwrap();
        Visitor { stream: Box::new(socket.connect(self.addr).await.unwrap()), ahead: Vec::new() }
    }

    /// A visitor by whom this was fetched once, so that it is at hand.
    pub(super) async fn having(&self, asset: &str) -> Visitor {
        let mut visitor = self.visit().await;
        let before = self.taken();
        assert_eq!(visitor.get(&self.gallery.path(1, asset)).await.status, 200);
        assert_eq!(self.taken(), before + 1, "nothing is at hand before it was given");
        visitor
    }

    pub(super) async fn close(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub(super) struct Visitor {
    pub(super) stream: Box<dyn Stream>,
    ahead: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Sorted, as their order says nothing.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
    }

    /// Without what is each answer's own.
    pub(super) fn common(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "date" && name != "admit-request-id");
        self
    }
}

impl Visitor {
    pub(super) fn on(stream: impl Stream + 'static) -> Self {
        Self { stream: Box::new(stream), ahead: Vec::new() }
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "").await
    }

    pub(super) async fn ask(&mut self, method: &str, path: &str, headers: &str) -> Answer {
        self.say(&head(method, path, headers)).await;
        self.hear(method == "HEAD").await
    }

    pub(super) async fn hear(&mut self, is_head: bool) -> Answer {
        let end = loop {
            match self.ahead.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(at) => break at + 4,
                None => assert!(self.read().await > 0, "{}", String::from_utf8_lossy(&self.ahead)),
            }
        };
        let head = String::from_utf8(self.ahead.drain(..end).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap()["HTTP/1.1 ".len()..][..3].parse().unwrap();
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut headers: Vec<_> = lines.map(|line| header(line).unwrap()).collect();
        headers.sort();
        let length = headers.iter().find(|header| header.0 == "content-length");
        let length = length.map_or(0, |header| header.1.parse().unwrap());
        let length: usize = if is_head { 0 } else { length };
        while self.ahead.len() < length {
            assert!(self.read().await > 0, "the body breaks off");
        }
        Answer { status, headers, body: self.ahead.drain(..length).collect() }
    }

    pub(super) async fn read(&mut self) -> usize {
        self.stream.read_buf(&mut self.ahead).await.unwrap_or(0)
    }

    /// Everything until the end of the connection.
    pub(super) async fn hear_out(mut self) -> Vec<u8> {
        while self.read().await > 0 {}
        self.ahead
    }
}

pub(super) fn head(method: &str, path: &str, headers: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: house.example\r\n{headers}\r\n")
}

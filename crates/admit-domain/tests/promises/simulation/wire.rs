//! The wire between hosts: requests and answers of one connection each, and lines of server-sent events.

use std::{io, time::Duration};

use admit_domain::{
    revocation::{Entry, Seq, Subject},
    time::Timestamp,
};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    time::timeout,
};
use turmoil::net::TcpStream;

pub(super) const PORT: u16 = 80;
const PATIENCE: Duration = Duration::from_millis(900);

pub(super) async fn connect(host: &str) -> io::Result<TcpStream> {
    timeout(PATIENCE, TcpStream::connect((host, PORT))).await?
}

/// The request line, `Last-Event-ID` where there is one, and the body.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) last_event: Option<i64>,
    pub(super) body: String,
}

pub(super) async fn read_request(stream: &mut TcpStream) -> io::Result<Request> {
    let mut lines = BufReader::new(stream);
    let mut request = Request { method: String::new(), path: String::new(), last_event: None, body: String::new() };
    let (mut length, mut line) = (0, String::new());
    while lines.read_line(&mut line).await? > 0 && !line.trim().is_empty() {
        match line.trim().split_once(": ") {
            Some(("Last-Event-ID", id)) => request.last_event = id.parse().ok(),
            Some(("Content-Length", text)) => length = text.parse().unwrap_or(0),
            Some(_) => {}
            None => {
                let mut words = line.split(' ').map(str::to_owned);
                (request.method, request.path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            }
        }
        line.clear();
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).await?;
    request.body = String::from_utf8(body).unwrap_or_default();
    Ok(request)
}

pub(super) async fn answer(stream: &mut TcpStream, status: u16, body: &str) -> io::Result<()> {
    let text = format!("HTTP/1.1 {status} .\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

/// One question and its answer, or none in time.
pub(super) async fn ask(host: &str, method: &str, path: &str, body: &str) -> io::Result<(u16, String)> {
    let talk = async {
        let mut stream = TcpStream::connect((host, PORT)).await?;
        let text = format!("{method} {path} HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(text.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let status = answer.get(9..12).and_then(|status| status.parse().ok());
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        status.zip(body).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    };
    timeout(PATIENCE, talk).await?
}

/// An event of the feed.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) data: Value,
}

pub(super) fn event(name: &str, id: Option<Seq>, data: &Value) -> String {
    let id = id.map_or(String::new(), |Seq(id)| format!("id: {id}\n"));
    format!("event: {name}\n{id}data: {data}\n\n")
}

/// The next event; `None` when the feed ended.
pub(super) async fn next_event(feed: &mut BufReader<TcpStream>) -> io::Result<Option<Event>> {
    let mut event = Event { name: String::new(), data: Value::Null };
    let mut line = String::new();
    while feed.read_line(&mut line).await? > 0 {
        match line.trim_end().split_once(": ") {
            Some(("event", name)) => name.clone_into(&mut event.name),
            Some(("data", text)) => event.data = serde_json::from_str(text)?,
            Some(_) => {}
            None if event.name.is_empty() => {}
            None => return Ok(Some(event)),
        }
        line.clear();
    }
    Ok(None)
}

pub(super) fn subject_value(subject: &Subject) -> Value {
    serde_json::json!([subject.kind(), subject.id(), subject.at().as_millis()])
}

pub(super) fn subject_of(value: &[Value]) -> Option<Subject> {
    let [kind, id, at] = value else { return None };
    Subject::parse(kind.as_str()?, id.as_str()?, Timestamp::from_millis(at.as_i64()?))
}

pub(super) fn entry_of(value: &Value) -> Option<Entry> {
    let (seq, subject) = value.as_array()?.split_first()?;
    Some(Entry { seq: Seq(seq.as_i64()?), subject: subject_of(subject)? })
}

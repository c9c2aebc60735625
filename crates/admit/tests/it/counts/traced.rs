//! What a server asks of the kernel, counted from a trace of it, and the requests that make it do so.

use std::{
    collections::BTreeMap,
    io::{Error, ErrorKind, Read as _, Result, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Requests under way at one time.
const CONNECTIONS: usize = 32;
/// A server that is traced is slow, and one that says nothing for so long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// Keep-alive connections that all ask at once, and then wait for every answer.
pub(crate) struct Clients {
    streams: Vec<TcpStream>,
}

impl Clients {
    pub(crate) fn connect(address: SocketAddr) -> Result<Self> {
        let connect = |_| {
            let stream = TcpStream::connect(address)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        Ok(Self { streams: (0..CONNECTIONS).map(connect).collect::<Result<_>>()? })
    }

    /// Sends all of them; each must be answered 200.
    pub(crate) fn ask(&mut self, requests: &[Vec<u8>]) -> Result<()> {
        for batch in requests.chunks(CONNECTIONS) {
            for (stream, request) in self.streams.iter_mut().zip(batch) {
                stream.write_all(request)?;
            }
            for (stream, _) in self.streams.iter_mut().zip(batch) {
                read_answer(stream)?;
            }
        }
        Ok(())
    }
}

fn read_answer(stream: &mut TcpStream) -> Result<()> {
    let wrong = |what: &str| Error::new(ErrorKind::InvalidData, what.to_owned());
    let (mut answer, mut chunk) = (Vec::new(), [0; 16_384]);
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Err(wrong("the server closed the connection"));
        }
        answer.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let (head, body) = answer.split_at(end + 4);
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        let length = head.split_once("content-length:").and_then(|(_, rest)| rest.lines().next()?.trim().parse().ok());
        let length: usize = length.ok_or_else(|| wrong("an answer of unknown length"))?;
        if body.len() >= length {
            return if head.starts_with("http/1.1 200 ") { Ok(()) } else { Err(wrong(&head)) };
        }
    }
}

/// The calls in what `strace -f -o` writes: one line each, but two for a call that another thread's interrupted.
pub(crate) fn calls(trace: &str) -> BTreeMap<&str, usize> {
    let mut calls = BTreeMap::new();
    for line in trace.lines() {
        let said = line.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
        let Some((name, _)) = said.split_once('(') else { continue };
        if !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_') {
            *calls.entry(name).or_default() += 1;
        }
    }
    calls
}

//! A client for what is not measured: one request on a connection of its own, read whole.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

use anyhow::{Context as _, Result, ensure};
use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};

use crate::loader::{answer::Head, connection::PATIENCE};

/// A status and a body.
pub(crate) type Answer = (u16, Vec<u8>);

pub(crate) fn get(address: SocketAddr, tls: Option<&Arc<ClientConfig>>, path: &str) -> Result<Answer> {
    send(address, tls, request(address, path).as_slice(), &[])
}

/// The request as every loader sends it.
pub(crate) fn request(address: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

pub(crate) fn send(address: SocketAddr, tls: Option<&Arc<ClientConfig>>, head: &[u8], body: &[u8]) -> Result<Answer> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    match tls {
        None => exchange(stream, head, body),
        Some(config) => {
            let client = ClientConnection::new(config.clone(), ServerName::IpAddress(address.ip().into()))?;
            exchange(StreamOwned::new(client, stream), head, body)
        }
    }
}

fn exchange(mut stream: impl Read + Write, head: &[u8], body: &[u8]) -> Result<Answer> {
    stream.write_all(head)?;
    stream.write_all(body)?;
    stream.flush()?;
    let (mut answer, mut chunk) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        if let Some(head) = Head::parse(&answer)? {
            let end = head.bytes + head.body_bytes;
            if answer.len() >= end {
                ensure!(answer.len() == end, "more bytes than the answer said");
                return Ok((head.status, answer.split_off(head.bytes)));
            }
        }
        let read = stream.read(&mut chunk).context("read an answer")?;
        ensure!(read > 0, "the server closed the connection within an answer");
        answer.extend_from_slice(&chunk[..read]);
    }
}

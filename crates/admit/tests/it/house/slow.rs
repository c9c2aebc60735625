//! A viewer who reads so slowly that most of a film waits in the server.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use super::{House, until::within};

const WINDOW_BYTES: u32 = 8 * 1_024;
const BEGINNING_BYTES: usize = 4_096;
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Slow {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Slow {
    /// Asks, and hears the beginning of the answer.
    pub(crate) async fn get(house: &House, path: &str) -> Self {
        Self::get_at(house.origin(), path).await
    }

    /// The same of whoever serves there.
    pub(crate) async fn get_at(origin: &str, path: &str) -> Self {
        let address: SocketAddr = origin.strip_prefix("http://").unwrap().parse().unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(WINDOW_BYTES).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut heard = vec![0; BEGINNING_BYTES];
        stream.read_exact(&mut heard).await.unwrap();
        Self { stream, heard }
    }

    /// Listens until the server closes or cuts the connection; returns the head in lower case, and the body.
    pub(crate) async fn rest(mut self) -> (String, Vec<u8>) {
        // A reset is an end too: whether it came too early, the length tells.
        let _ = within(PATIENCE, "the end of the answer", self.stream.read_to_end(&mut self.heard)).await;
        let body_at = self.heard.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
        let body = self.heard.split_off(body_at);
        (String::from_utf8(self.heard).unwrap().to_ascii_lowercase(), body)
    }
}

pub(crate) fn address_of(house: &House) -> SocketAddr {
    house.origin().strip_prefix("http://").unwrap().parse().unwrap()
}

//! Bytes over a socket, as no well-behaved client would send them.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// No story waits longer than this for a server to close.
const PATIENCE: Duration = Duration::from_secs(5);

/// What came back until the server closed.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) text: String,
}

impl Heard {
    /// The statuses of all answers, in order.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let status = |answer: &str| answer.get(2..5)?.parse().ok();
        self.text.split("HTTP/1.").skip(1).filter_map(status).collect()
    }

    pub(crate) fn has(&self, wanted: &str) -> bool {
        self.text.to_ascii_lowercase().contains(&wanted.to_ascii_lowercase())
    }
}

/// Sends everything at once and listens until the server closes; its limits are short.
pub(crate) async fn say(addr: SocketAddr, bytes: &[u8]) -> Heard {
    say_slowly(addr, &[bytes], Duration::ZERO).await
}

/// Sends piece after piece with a pause before each but the first.
pub(crate) async fn say_slowly(addr: SocketAddr, pieces: &[&[u8]], pause: Duration) -> Heard {
    let (mut reader, mut writer) = TcpStream::connect(addr).await.unwrap().into_split();
    let speak = async move {
        for (index, piece) in pieces.iter().enumerate() {
            if index > 0 {
                // sleep: how slowly a client speaks is the story
                tokio::time::sleep(pause).await;
            }
            // The server may have heard enough before all is said.
            if writer.write_all(piece).await.is_err() {
                break;
            }
        }
        // Kept open: a client that is still there must be closed by the server.
        writer
    };
    let listen = async move {
        let mut heard = Vec::new();
        // A reset after the answer was read is a close too.
        let _ = reader.read_to_end(&mut heard).await;
        heard
    };
    let both = tokio::time::timeout(PATIENCE, async { tokio::join!(speak, listen) });
    let (_writer, heard) = both.await.expect("the server closes");
    Heard { text: String::from_utf8_lossy(&heard).into_owned() }
}

//! Something between the program and its PostgreSQL that counts the statements.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::House;

/// A message of the protocol: its kind, and its length in four bytes that count themselves.
const HEAD_BYTES: usize = 5;
/// What a connection begins with has no kind: a request for TLS, which is declined, is this long, and a greeting is longer.
const TLS_WISH_BYTES: usize = 8;

pub(crate) struct Statements {
    /// The database, by way of us.
    pub(crate) url: String,
    count: Arc<AtomicU64>,
    _running: JoinSet<()>,
}

impl Statements {
    /// `None` where the database is a file.
    pub(crate) async fn watch(house: &House) -> Option<Self> {
        let url = house.database_url()?;
        let (scheme, rest) = url.split_once("://").unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let (user, there) = server.split_once('@').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{scheme}://{user}@{}/{database}", listener.local_addr().unwrap());
        let (count, there) = (Arc::new(AtomicU64::new(0)), there.to_owned());
        let (counted, mut running) = (count.clone(), JoinSet::new());
        running.spawn(async move {
            let mut lines = JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let (there, counted) = (there.clone(), counted.clone());
                lines.spawn(async move {
                    let Ok(far) = TcpStream::connect(there).await else { return };
                    let ((mut from_near, mut to_near), (mut from_far, to_far)) = (near.into_split(), far.into_split());
                    let back = async { copy(&mut from_far, &mut to_near).await.map(drop) };
                    tokio::select! { _ = back => {}, _ = pass(&mut from_near, to_far, &counted) => {} }
                });
            }
        });
        Some(Self { url, count, _running: running })
    }

    /// All so far: whatever was executed, begun, committed or rolled back.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }
}

async fn pass(
    near: &mut (impl tokio::io::AsyncRead + Unpin),
    mut far: impl tokio::io::AsyncWrite + Unpin,
    counted: &AtomicU64,
) -> std::io::Result<()> {
    let (mut buffer, mut unread, mut is_greeted) = (vec![0; 16_384], Vec::new(), false);
    loop {
        let count = near.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        unread.extend_from_slice(&buffer[..count]);
        while let Some((kind, bytes)) = message(&unread, is_greeted) {
            counted.fetch_add(u64::from(matches!(kind, Some(b'E' | b'Q'))), Ordering::SeqCst);
            is_greeted |= bytes > TLS_WISH_BYTES;
            unread.drain(..bytes);
        }
        far.write_all(&buffer[..count]).await?;
    }
}

/// The kind and length of the first message, once it is whole.
fn message(unread: &[u8], is_greeted: bool) -> Option<(Option<u8>, usize)> {
    let kind_bytes = usize::from(is_greeted);
    let head = unread.get(..HEAD_BYTES)?;
    let length: [u8; 4] = head[kind_bytes..kind_bytes + 4].try_into().unwrap();
    let bytes = kind_bytes + u32::from_be_bytes(length) as usize;
    (unread.len() >= bytes).then(|| (is_greeted.then(|| head[0]), bytes))
}

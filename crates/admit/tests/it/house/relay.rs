//! Something between an edge and its control plane that counts what is fetched, and can cut the line.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

use super::{House, slow::address_of};

/// A relay for one house. It passes bytes on as they come.
pub(crate) struct Relay {
    pub(crate) origin: String,
    fetched: Arc<Mutex<HashMap<String, u32>>>,
    open: watch::Sender<bool>,
    _running: JoinSet<()>,
}

impl Relay {
    pub(crate) async fn open(house: &House) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), house)
    }

    /// The same, for whoever is heard there.
    pub(crate) fn on(listener: TcpListener, house: &House) -> Self {
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (open, is_open) = watch::channel(true);
        let fetched = Arc::new(Mutex::new(HashMap::new()));
        let (there, counted) = (address_of(house), fetched.clone());
        let mut running = JoinSet::new();
        running.spawn(async move {
            let mut lines = JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                if !*is_open.borrow() {
                    continue;
                }
                let (mut is_open, counted) = (is_open.clone(), counted.clone());
                lines.spawn(async move {
                    let Ok(far) = TcpStream::connect(there).await else { return };
                    tokio::select! {
                        () = pass(near, far, &counted) => {}
                        _ = is_open.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { origin, fetched, open, _running: running }
    }

    /// Cuts every line, and lets no new one be made.
    pub(crate) fn cut(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn mend(&self) {
        self.open.send_replace(true);
    }

    /// How often each slice was fetched: by path and range.
    pub(crate) fn fetched(&self) -> HashMap<String, u32> {
        self.fetched.lock().unwrap().clone()
    }
}

async fn pass(near: TcpStream, far: TcpStream, counted: &Mutex<HashMap<String, u32>>) {
    let ((mut from_near, mut to_near), (mut from_far, mut to_far)) = (near.into_split(), far.into_split());
    let there = async {
        let (mut buffer, mut unread) = (vec![0; 16_384], Vec::new());
        while let Ok(count @ 1..) = from_near.read(&mut buffer).await {
            unread.extend_from_slice(&buffer[..count]);
            count_heads(&mut unread, counted);
            if to_far.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    };
    let back = async {
        let mut buffer = vec![0; 65_536];
        while let Ok(count @ 1..) = from_far.read(&mut buffer).await {
            if to_near.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! { () = there => {}, () = back => {} }
}

/// Notes the heads of requests for objects; what else is said is passed over.
fn count_heads(unread: &mut Vec<u8>, counted: &Mutex<HashMap<String, u32>>) {
    while let Some(end) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&unread[..end]).into_owned();
        unread.drain(..end + 4);
        let Some(at) = head.find("GET /internal/edge/objects/") else { continue };
        let path = head[at..].split(' ').nth(1).unwrap_or_default();
        let range = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("range: ").map(str::to_owned));
        *counted.lock().unwrap().entry(format!("{path} {}", range.unwrap_or_default())).or_default() += 1;
    }
}

//! A server outside, which counts who connects, remembers what it heard, and answers as a story wants it to.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

const DRIP_EVERY: Duration = Duration::from_millis(100);

/// One request, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// The names of its headers in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Heard {
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::trim)
    }
}

/// What a request gets.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Bytes(Vec<u8>),
    /// Bytes, and then one byte after another, for ever.
    Drip(Vec<u8>),
    /// Bytes, and then nothing, on a connection that stays.
    Hang(Vec<u8>),
    Reset,
}

impl Reply {
    pub(crate) fn ok(body: &[u8]) -> Self {
        let mut bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend(body);
        Self::Bytes(bytes)
    }

    pub(crate) fn status(status: &str) -> Self {
        Self::Bytes(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").into_bytes())
    }

    pub(crate) fn moved(status: u16, location: &str) -> Self {
        let head = format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        Self::Bytes(head.into_bytes())
    }
}

type Script = Arc<dyn Fn(&Heard, usize) -> Reply + Send + Sync>;

#[derive(Default)]
struct Memory {
    connections: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    heard: Mutex<Vec<Heard>>,
}

pub(crate) struct Outside {
    pub(crate) address: SocketAddr,
    memory: Arc<Memory>,
    _serving: JoinSet<()>,
}

impl Outside {
    /// The script is given the request and how many came before it.
    pub(crate) async fn open(at: &str, script: impl Fn(&Heard, usize) -> Reply + Send + Sync + 'static) -> Self {
        let socket = TcpListener::bind(at).await.unwrap_or_else(|error| panic!("{at}: {error}"));
        let (address, memory, script) = (socket.local_addr().unwrap(), Arc::default(), Arc::new(script));
        let mut serving = JoinSet::new();
        serving.spawn(serve(socket, Arc::clone(&memory), script));
        Self { address, memory, _serving: serving }
    }

    /// The same port of this machine's other address, where nobody may be sent.
    pub(crate) async fn inside(&self) -> Self {
        Self::open(&format!("127.0.0.2:{}", self.address.port()), |_, _| Reply::ok(b"a secret")).await
    }

    pub(crate) fn port(&self) -> String {
        self.address.port().to_string()
    }

    pub(crate) fn connections(&self) -> usize {
        self.memory.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn open_now(&self) -> usize {
        self.memory.open.load(Ordering::SeqCst)
    }

    /// The most that were open at one time.
    pub(crate) fn most_open(&self) -> usize {
        self.memory.most_open.load(Ordering::SeqCst)
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.memory.heard.lock().unwrap().clone()
    }
}

async fn serve(socket: TcpListener, memory: Arc<Memory>, script: Script) {
    let mut talks = JoinSet::new();
    loop {
        let Ok((stream, _)) = socket.accept().await else { continue };
        memory.connections.fetch_add(1, Ordering::SeqCst);
        let open = memory.open.fetch_add(1, Ordering::SeqCst) + 1;
        memory.most_open.fetch_max(open, Ordering::SeqCst);
        let (memory, script) = (Arc::clone(&memory), Arc::clone(&script));
        talks.spawn(async move {
            // However a peer leaves, it has left.
            let _ = talk(stream, &memory, &script).await;
            memory.open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn talk(mut stream: TcpStream, memory: &Memory, script: &Script) -> std::io::Result<()> {
    while let Some(heard) = hear(&mut stream).await? {
        let turn = {
            let mut all = memory.heard.lock().unwrap();
            all.push(heard.clone());
            all.len() - 1
        };
        match script(&heard, turn) {
            Reply::Bytes(bytes) => stream.write_all(&bytes).await?,
            Reply::Drip(bytes) => {
                stream.write_all(&bytes).await?;
                loop {
                    stream.write_all(b"a").await?;
                    // sleep: the slowness is what the story is about
                    tokio::time::sleep(DRIP_EVERY).await;
                }
            }
            Reply::Hang(bytes) => {
                stream.write_all(&bytes).await?;
                while stream.read(&mut [0; 64]).await? > 0 {}
                return Ok(());
            }
            // The connection ends without a goodbye.
            Reply::Reset => return stream.set_zero_linger(),
        }
    }
    Ok(())
}

/// One request; nothing when the peer has gone.
async fn hear(stream: &mut TcpStream) -> std::io::Result<Option<Heard>> {
    let mut bytes = Vec::new();
    let head_ends = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_ends]).into_owned();
    let head = lower_names(&head);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    while bytes.len() < head_ends + length.unwrap_or(0) {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Heard { head, body: String::from_utf8_lossy(&bytes[head_ends..]).into_owned() }))
}

/// Names of headers in lower case; their values as they came.
fn lower_names(head: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}\n", name.to_ascii_lowercase()),
        None => format!("{line}\n"),
    };
    head.lines().map(line).collect()
}

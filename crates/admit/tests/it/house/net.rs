//! Networks of a story's own: two of them with one line between, which can be taken down as a cable would be pulled. Whatever
//! was on its way is lost, and nobody is told.

use std::{
    io,
    net::SocketAddr,
    sync::mpsc::{self, Sender},
};

use rustix::thread::{Pid, UnshareFlags, gettid};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    sync::oneshot,
    task::JoinSet,
};

use super::command;

/// Where the far end of the line is, as the near one calls it.
const FAR: &str = "10.213.7.1";
const NEAR: &str = "10.213.7.2";

type Errand = Box<dyn FnOnce() + Send>;

/// A network in which one thread lives, and does what it is asked to. Clones are the same.
#[derive(Clone)]
pub(crate) struct Net {
    errands: Sender<Errand>,
    thread: Pid,
}

impl Net {
    /// Fails where the kernel grants none.
    async fn new() -> io::Result<Self> {
        let (errands, asked) = mpsc::channel::<Errand>();
        let (born, thread) = oneshot::channel();
        std::thread::spawn(move || {
            #[expect(deprecated, reason = "what makes it unsafe is a shared table of files, and that flag is not used")]
            let moved = rustix::thread::unshare(UnshareFlags::NEWNET);
            let told = born.send(moved.map(|()| gettid()));
            // The network ends with its thread, and that with whoever could ask.
            while let (Ok(()), Ok(errand)) = (told, asked.recv()) {
                errand();
            }
        });
        let thread = thread.await.map_err(io::Error::other)??;
        let net = Self { errands, thread };
        net.ip("link set lo up").await;
        Ok(net)
    }

    /// Does something there. What is opened or started there stays there.
    pub(crate) async fn within<T: Send + 'static>(&self, errand: impl FnOnce() -> T + Send + 'static) -> T {
        let (done, result) = oneshot::channel();
        let runtime = Handle::current();
        let errand = move || {
            let _entered = runtime.enter();
            drop(done.send(errand()));
        };
        self.errands.send(Box::new(errand)).unwrap();
        result.await.expect("it was done")
    }

    async fn ip(&self, words: &str) {
        let told = words.to_owned();
        let child = self.within(move || command("ip").args(told.split(' ')).spawn()).await;
        let status = child.expect("ip, of Debian's iproute2").wait().await.unwrap();
        assert!(status.success(), "ip {words}: {status}");
    }

    /// A door in our own network to an address there.
    pub(crate) async fn door(&self, to: SocketAddr) -> Door {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let net = self.clone();
        let mut running = JoinSet::new();
        running.spawn(async move {
            let mut guests = JoinSet::new();
            while let Ok((mut guest, _)) = listener.accept().await {
                let Ok(host) = net.within(move || std::net::TcpStream::connect(to)).await else { continue };
                host.set_nonblocking(true).unwrap();
                let mut host = TcpStream::from_std(host).unwrap();
                guests.spawn(async move { drop(tokio::io::copy_bidirectional(&mut guest, &mut host).await) });
            }
        });
        Door { origin, _running: running }
    }
}

/// It is open for as long as it is held.
pub(crate) struct Door {
    pub(crate) origin: String,
    _running: JoinSet<()>,
}

/// Two networks and the line between them.
pub(crate) struct Line {
    pub(crate) near: Net,
    far: Net,
}

impl Line {
    /// The kernel's own words where it grants no networks.
    pub(crate) async fn open() -> io::Result<Self> {
        let line = Self { near: Net::new().await?, far: Net::new().await? };
        let far = line.far.thread.as_raw_pid();
        line.near.ip(&format!("link add line type veth peer name line netns {far}")).await;
        for (net, address) in [(&line.near, NEAR), (&line.far, FAR)] {
            net.ip(&format!("addr add {address}/30 dev line")).await;
            net.ip("link set line up").await;
        }
        Ok(line)
    }

    /// Where whoever lives near can be heard by whoever takes what comes in here.
    pub(crate) async fn listener(&self) -> TcpListener {
        let bound = self.far.within(|| std::net::TcpListener::bind((FAR, 0))).await.unwrap();
        bound.set_nonblocking(true).unwrap();
        TcpListener::from_std(bound).unwrap()
    }

    pub(crate) async fn cut(&self) {
        self.near.ip("link set line down").await;
    }

    pub(crate) async fn mend(&self) {
        self.near.ip("link set line up").await;
    }
}

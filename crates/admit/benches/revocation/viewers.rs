//! Those who watch: one who asks without pause until refused, and a crowd that comes and goes on.

use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::Instant,
};

use crate::{
    access::{Kind, Office},
    fleet::Fleet,
    http::Connection,
};

/// How often each viewer of the crowd asks: as a player asks for segments, and twice as often.
const PACE: Duration = Duration::from_secs(2);
/// Longer than any refusal may take to arrive; who is still let in by then is a failure, not a figure.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn watch_path(handle: &str, video: &str) -> String {
    format!("/s/{handle}/{video}/hls/master.m3u8")
}

/// Asks again as soon as it is answered.
pub(crate) struct Probe(JoinHandle<Result<Instant>>);

impl Probe {
    /// Returns when the first answer has come.
    pub(crate) async fn start(edge: &str, path: &str) -> Result<Self> {
        let mut connection = Connection::open(edge).await?;
        let first = connection.get(path).await?;
        ensure!(first.status == 200, "{} before anything was taken back", first.status);
        let path = path.to_owned();
        #[expect(
            clippy::disallowed_methods,
            reason = "it is joined when it is refused, and ends with the benchmark otherwise"
        )]
        Ok(Self(tokio::spawn(async move {
            let mut last = Instant::now();
            while connection.get(&path).await?.status == 200 {
                last = Instant::now();
            }
            Ok(last)
        })))
    }

    /// When the last byte came that was still given.
    pub(crate) async fn refused(self) -> Result<Instant> {
        tokio::time::timeout(PATIENCE, self.0).await??
    }
}

pub(crate) struct Crowd {
    stop: watch::Sender<bool>,
    viewers: JoinSet<Result<()>>,
}

impl Crowd {
    /// Whoever would be ended with the project watches what is public.
    pub(crate) async fn gather(office: &Office, fleet: &Fleet, kind: Kind, count: usize) -> Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let mut viewers = JoinSet::new();
        for number in 0..count {
            let edge = fleet.edge_of(number)?;
            let path = if kind == Kind::Project {
                format!("/vod/{}/hls/manifest.m3u8", office.public_video)
            } else {
                watch_path(&office.enter(edge, &office.other_video).await?, &office.other_video)
            };
            viewers.spawn(watch(edge.to_owned(), path, stopped.clone()));
        }
        Ok(Self { stop, viewers })
    }

    /// An error is a viewer who was refused and should not have been.
    pub(crate) async fn leave(mut self) -> Result<()> {
        self.stop.send(true)?;
        while let Some(watched) = self.viewers.join_next().await {
            watched??;
        }
        Ok(())
    }
}

async fn watch(edge: String, path: String, mut stopped: watch::Receiver<bool>) -> Result<()> {
    let mut connection = Connection::open(&edge).await?;
    loop {
        let answer = connection.get(&path).await?;
        ensure!(answer.status == 200, "a viewer whose access was not taken back was answered {}", answer.status);
        tokio::select! {
            // sleep: the pace of a player is what a crowd is made of
            () = tokio::time::sleep(PACE) => {}
            _ = stopped.wait_for(|stop| *stop) => return Ok(()),
        }
    }
}

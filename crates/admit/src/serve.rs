//! Runs every role in one process until it is asked to stop.

use std::{sync::Arc, time::Duration};

use admit_api::app::App;
use admit_domain::{outbound::Rules, time::Timestamp};
use admit_media::{Jail, Preset, Programs, Toolbox};
use admit_worker::{Outbound, Worker};
use anyhow::{Context as _, Result};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    clock::Clock,
    config::{self, Config},
    faces::{Faces, Ground},
    install,
    listener::{self, Limits},
    tls,
    wire::{self, House},
};

/// Serves until SIGTERM or SIGINT, then drains.
pub async fn run(config: Config) -> Result<()> {
    let clock = Clock::default();
    let keys = install::keys(&config.storage.data)?;
    let _held = install::hold(&config.storage.data)?;
    let acceptor = tls::acceptor(&config.server).context("set up TLS")?;
    let ground = Ground::open(&config, keys, clock.now()).await?;
    let socket =
        TcpListener::bind(config.server.listen).await.with_context(|| format!("listen on {}", config.server.listen))?;
    let origin = origin(&config, &socket, acceptor.is_some())?;
    let now = now(&clock);
    let Faces { app, edge } = Faces::wire(&config, &ground, &origin, now.clone()).await?;
    let worker = worker(&config, &app, now)?;

    let stop_asked = listener::stop_asked();
    worker.prepare().await.context("prepare to work with media")?;
    announce(&origin)?;
    let (stop, stopped) = watch::channel(false);
    let shortcut = edge.clone();
    let house = House { edge, api: admit_api::router(app.clone()) };
    let limits = Limits::new(config.server.max_connections, config.server.max_connections_per_ip);
    let (desk, feed) = (app.desk.clone(), app.feed.clone());
    let stop_asked = async move {
        stop_asked.await;
        // Whoever follows the log is told nothing more, so that its connection can end.
        feed.close();
    };
    let serving = async {
        listener::serve(socket, acceptor, house, shortcut, limits, clock, stop_asked).await;
        // Nobody can ask any more; now the roles behind the listener may end.
        let _ = stop.send(true);
    };
    let working = worker.run(config.media.workers, || wire::stopped(stopped.clone()));
    tokio::join!(serving, working, wire::follow(app, wire::stopped(stopped.clone())));
    desk.close().await;
    ground.db.close().await;
    Ok(())
}

fn worker(config: &Config, app: &App, now: Arc<dyn Fn() -> Timestamp + Send + Sync>) -> Result<Worker> {
    Ok(Worker {
        db: app.db.clone(),
        objects: app.objects.clone(),
        toolbox: toolbox(config)?,
        outbound: way_out(config, app.outbound.clone())?,
        webhook_key: app.keys.webhooks.clone(),
        source_bytes_max: config.upload.max_file_bytes,
        scratch: config.storage.data.join("scratch"),
        work_waits: app.signals.work_waits.clone(),
        log_grew: app.signals.log_grew.clone(),
        keys_wait: app.signals.keys_wait.clone(),
        now,
        chance: app.chance.clone(),
    })
}

pub(crate) fn now(clock: &Clock) -> Arc<dyn Fn() -> Timestamp + Send + Sync> {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}

pub(crate) fn origin(config: &Config, socket: &TcpListener, tls: bool) -> Result<String> {
    let scheme = if tls { "https" } else { "http" };
    Ok(match &config.server.public_url {
        Some(url) => url.to_string(),
        None => format!("{scheme}://{}", socket.local_addr()?),
    })
}

fn way_out(config: &Config, rules: Arc<Rules>) -> Result<Outbound> {
    let wait = Duration::from_secs(config.outbound.wait_seconds);
    Outbound::new(rules, config.outbound.dns, wait).context("prepare to call servers outside")
}

fn toolbox(config: &Config) -> Result<Toolbox> {
    let launcher = std::env::current_exe().context("find our own program")?;
    let jail = Jail { allow_unconfined: config.media.allow_unconfined, ..Jail::new(launcher, vec!["jail".into()]) };
    let programs =
        Programs { ffmpeg: config::program(&config.media.ffmpeg)?, ffprobe: config::program(&config.media.ffprobe)? };
    let preset = Preset::parse(&config.media.preset).context("media.preset is not a preset of the encoder")?;
    Ok(Toolbox::new(jail, programs, preset))
}

/// The one line a supervisor, a script or a person waits for.
#[expect(clippy::print_stdout, reason = "the ready line is the program's answer")]
pub(crate) fn announce(origin: &str) -> Result<()> {
    use std::io::Write as _;
    println!("admit is ready at {origin}");
    Ok(std::io::stdout().flush()?)
}

//! Runs every role in one process until it is asked to stop.

use std::{sync::Arc, time::Duration};

use admit_api::{
    app::{App, Bases, Policy, Signals},
    feed::Feed,
};
use admit_db::{Db, desk::RedeemDesk};
use admit_domain::{gate::Gate, id::VideoId, outbound::Rules, revocation::Revoked};
use admit_edge::Edge;
use admit_media::{Jail, Preset, Programs, Toolbox};
use admit_objects::Objects;
use admit_worker::{Outbound, Worker};
use anyhow::{Context as _, Result};
use arc_swap::ArcSwap;
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
};

use crate::{
    clock::Clock,
    config::{self, Config},
    install,
    listener::{self, Limits},
    tls,
    wire::{self, House, LocalControl},
};

const SECONDS_PER_HOUR: u64 = 3_600;

/// Serves until SIGTERM or SIGINT, then drains.
pub async fn run(config: Config) -> Result<()> {
    let clock = Clock::default();
    let keys = Arc::new(install::keys(&config.storage.data)?);
    let _held = install::hold(&config.storage.data)?;
    let acceptor = tls::acceptor(&config.server).context("set up TLS")?;
    let db = Db::open(&wire::database_url(&config)).await.context("open the database")?;
    wire::project(&db, clock.now()).await?;
    let objects = Objects::on_disk(&config.storage.data.join("objects")).context("open the object store")?;
    let socket =
        TcpListener::bind(config.server.listen).await.with_context(|| format!("listen on {}", config.server.listen))?;
    let origin = origin(&config, &socket, acceptor.is_some())?;

    let gate = Arc::new(ArcSwap::from_pointee(Gate::new(keys.delivery.clone(), Revoked::default())));
    let feed = Arc::new(Feed::new(db.clone(), gate.clone()));
    feed.catch_up().await.context("read the revocation log")?;
    let changed = Changed::default();
    let work_waits = Arc::new(Notify::new());
    let rules = Arc::new(rules(&config));
    let app = App {
        desk: Arc::new(RedeemDesk::open(db.clone())),
        db: db.clone(),
        objects: objects.clone(),
        feed,
        keys,
        bases: Arc::new(bases(&config, &origin)),
        policy: policy(&config),
        outbound: rules.clone(),
        signals: Signals { video_changed: changed.teller(), work_waits: work_waits.clone() },
        chance: Arc::new(wire::chance),
    };
    let now = {
        let clock = clock.clone();
        Arc::new(move || clock.now())
    };
    let edge = Edge::new(
        gate,
        Arc::new(LocalControl(app.clone())),
        objects.reader(),
        now.clone(),
        origin.starts_with("https://"),
    );
    changed.set(edge.clone());
    let worker = Worker {
        db: db.clone(),
        objects,
        toolbox: toolbox(&config)?,
        outbound: way_out(&config, rules)?,
        webhook_key: app.keys.webhooks.clone(),
        source_bytes_max: config.upload.max_file_bytes,
        scratch: config.storage.data.join("scratch"),
        video_changed: changed.teller(),
        work_waits,
        now,
        chance: Arc::new(wire::chance),
    };

    let stop_asked = listener::stop_asked();
    worker.prepare().await.context("prepare to work with media")?;
    announce(&origin)?;
    let (stop, stopped) = watch::channel(false);
    let house = House { edge, api: admit_api::router(app.clone()) };
    let limits = Limits::new(config.server.max_connections, config.server.max_connections_per_ip);
    let desk = app.desk.clone();
    let serving = async {
        listener::serve(socket, acceptor, house, limits, clock, stop_asked).await;
        // Nobody can ask any more; now the roles behind the listener may end.
        let _ = stop.send(true);
    };
    let working = worker.run(config.media.workers, || wire::stopped(stopped.clone()));
    tokio::join!(serving, working, wire::follow(app, wire::stopped(stopped.clone())));
    desk.close().await;
    db.close().await;
    Ok(())
}

/// The edge, once there is one: the API must be able to tell it of changes, and it must be able to ask the API.
#[derive(Clone, Default)]
struct Changed(Arc<std::sync::OnceLock<Edge>>);

impl Changed {
    fn set(&self, edge: Edge) {
        let _ = self.0.set(edge);
    }

    fn teller(&self) -> Arc<dyn Fn(VideoId) + Send + Sync> {
        let edge = self.0.clone();
        Arc::new(move |video| {
            if let Some(edge) = edge.get() {
                edge.forget(video);
            }
        })
    }
}

fn origin(config: &Config, socket: &TcpListener, tls: bool) -> Result<String> {
    let scheme = if tls { "https" } else { "http" };
    Ok(match &config.server.public_url {
        Some(url) => url.to_string(),
        None => format!("{scheme}://{}", socket.local_addr()?),
    })
}

fn bases(config: &Config, origin: &str) -> Bases {
    let of = |url: &Option<config::PublicUrl>| url.as_ref().map_or_else(|| origin.to_owned(), ToString::to_string);
    Bases { embed: of(&config.server.embed_url), vod: of(&config.server.vod_url) }
}

fn policy(config: &Config) -> Policy {
    let hours = |hours: u64| Duration::from_secs(hours.saturating_mul(SECONDS_PER_HOUR));
    Policy {
        private_token_ttl: hours(config.access.private_token_ttl_hours),
        session_ttl: hours(config.access.session_ttl_hours),
        default_visibility: config.access.default_visibility.into(),
        part_bytes_min: config.upload.min_part_bytes,
        one_shot_bytes_max: config.upload.one_shot_max_bytes,
        source_bytes_max: config.upload.max_file_bytes,
    }
}

fn rules(config: &Config) -> Rules {
    let config::Outbound { allow, ports, https_only, .. } = &config.outbound;
    Rules { allow: allow.iter().map(|network| network.0).collect(), ports: ports.clone(), https_only: *https_only }
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
fn announce(origin: &str) -> Result<()> {
    use std::io::Write as _;
    println!("admit is ready at {origin}");
    Ok(std::io::stdout().flush()?)
}

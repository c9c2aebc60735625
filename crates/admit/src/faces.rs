//! The faces that answer requests, wired to each other and to what they stand on.

use std::{sync::Arc, time::Duration};

use admit_api::{
    app::{App, Bases, Policy, Signals},
    feed::{Feed, News},
    ledger::Ledger,
    rate::{RateLimits, Rates},
};
use admit_db::{Db, desk::RedeemDesk};
use admit_domain::{
    gate::Gate, key::InstallKeys, outbound::Rules, revocation::Revoked, rules::CountryOf, time::Timestamp,
};
use admit_edge::{About, Edge, Now};
use admit_objects::{DiskSettings, Keep, Objects};
use anyhow::{Context as _, Result};
use arc_swap::ArcSwap;
use tokio::sync::Notify;

use crate::{
    config::{self, Config},
    countries,
    wire::{self, LocalControl},
};

const SECONDS_PER_HOUR: u64 = 3_600;

/// What the faces stand on.
pub struct Ground {
    pub db: Db,
    pub objects: Objects,
    keys: Arc<InstallKeys>,
    country_of: Arc<CountryOf>,
}

impl Ground {
    /// Opens what the configuration names; `now` is when the first project was made, if there was none.
    pub async fn open(config: &Config, keys: InstallKeys, now: Timestamp) -> Result<Self> {
        let country_of = countries::open(config.access.country_database.as_deref())?;
        let db = Db::open(&wire::database_url(config)).await.context("open the database")?;
        wire::project(&db, now).await?;
        let objects = Objects::on_disk(&config.storage.data.join("objects")).context("open the object store")?;
        Ok(Self { db, objects, keys: Arc::new(keys), country_of })
    }
}

/// The roles that answer requests. Each request brings its own time; `now` is asked for what outlives one.
pub struct Faces {
    pub app: App,
    pub edge: Edge,
}

impl Faces {
    pub async fn wire(config: &Config, ground: &Ground, origin: &str, now: Now) -> Result<Self> {
        let Ground { db, objects, keys, country_of } = ground;
        let gate = Arc::new(ArcSwap::from_pointee(Gate::new(keys.delivery.clone(), Revoked::default())));
        let feed = Arc::new(Feed::new(
            db.clone(),
            gate.clone(),
            now.clone(),
            Duration::from_secs(config.edge.max_staleness_seconds),
        ));
        feed.catch_up().await.context("read the revocation log")?;
        let ledger = Arc::new(Ledger::default());
        let app = App {
            desk: Arc::new(RedeemDesk::open(db.clone())),
            db: db.clone(),
            objects: objects.clone(),
            feed,
            edges: Arc::default(),
            keys: keys.clone(),
            bases: Arc::new(bases(config, origin)),
            policy: policy(config),
            rates: Arc::new(Rates::new(rate_limits(config))),
            outbound: Arc::new(rules(config)),
            signals: Signals {
                work_waits: Arc::new(Notify::new()),
                keys_wait: Arc::new(Notify::new()),
                log_grew: Arc::new(Notify::new()),
            },
            country_of: country_of.clone(),
            ledger: ledger.clone(),
            secret_prefix: config.access.secret_prefix.0.as_str().into(),
            chance: Arc::new(wire::chance),
        };
        let about = About {
            secure: origin.starts_with("https://"),
            country_of: country_of.clone(),
            refusals: Arc::new(move |refused| ledger.refused(refused)),
            upstream: None,
        };
        let edge = Edge::new(gate, Arc::new(LocalControl(app.clone())), objects.reader(keep(config, 0)), now, about);
        let told = edge.clone();
        app.feed.tell(Arc::new(move |news| match news {
            News::Of(subject) => told.learn(&subject),
            News::OfAnything => told.forget_all(),
        }));
        Ok(Self { app, edge })
    }
}

/// How much an edge keeps of films; `disk_bytes` where nobody said.
pub fn keep(config: &Config, disk_bytes: u64) -> Keep {
    let bytes = config.edge.disk_bytes.unwrap_or(disk_bytes);
    let disk = (bytes > 0).then(|| DiskSettings { folder: config.storage.data.join("cache"), bytes });
    Keep { memory_bytes: config.edge.memory_bytes, disk, files: config.server.tls_cert.is_none() }
}

fn bases(config: &Config, origin: &str) -> Bases {
    let of = |url: &Option<config::PublicUrl>| url.as_ref().map_or_else(|| origin.to_owned(), ToString::to_string);
    Bases { embed: of(&config.server.embed_url), vod: of(&config.server.vod_url), live: of(&config.server.live_url) }
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

/// Zero is without a limit.
fn rate_limits(config: &Config) -> RateLimits {
    let of = |per_minute: u32| Some(per_minute).filter(|limit| *limit > 0);
    RateLimits {
        uploads: of(config.rate.uploads_per_minute),
        writes: of(config.rate.writes_per_minute),
        reads: of(config.rate.reads_per_minute),
        refusals: of(config.rate.refusals_per_minute),
    }
}

fn rules(config: &Config) -> Rules {
    let config::Outbound { allow, ports, https_only, .. } = &config.outbound;
    Rules { allow: allow.iter().map(|network| network.0).collect(), ports: ports.clone(), https_only: *https_only }
}

//! `admit edge`: delivery alone. No database, no key of the installation, no work on media: what it is told it judges by,
//! and whatever else it needs it asks its control planes.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{self, Poll},
    time::Duration,
};

use admit_domain::{limits::EDGE_DISK_BYTES_DEFAULT, time::Timestamp};
use admit_edge::{
    About, Edge, ForeignOrigin,
    follow::{Follower, Surroundings, Watch},
    remote::{Identity, RemoteControl, RemoteOrigin, Upstreams, refusals},
    state::{Kept, State, StateError},
};
use admit_objects::Reader;
use anyhow::{Context as _, Result, bail, ensure};
use axum::body::Body;
use http::{Request, Response, StatusCode};
use tokio::{net::TcpListener, sync::watch};
use tower_service::Service;

use crate::{
    clock::Clock,
    config::{self, Config},
    countries, faces, install,
    listener::{self, Limits, RequestBody},
    random,
    serve::{announce, now, origin},
    tls, wire,
};

/// Serves until SIGTERM or SIGINT, then drains. `join` is spent at the first start and not looked at later.
pub async fn run(config: Config, join: Option<String>) -> Result<()> {
    let clock = Clock::default();
    let data = &config.storage.data;
    install::folder(data)?;
    let _held = install::hold(data)?;
    let acceptor = tls::acceptor(&config.server).context("set up TLS")?;
    let country_of = countries::open(config.access.country_database.as_deref())?;
    let state = State::in_folder(data);
    let kept = kept(&state)?;
    let upstreams = upstreams(&config, &state, join).await?;
    let socket =
        TcpListener::bind(config.server.listen).await.with_context(|| format!("listen on {}", config.server.listen))?;
    let origin = origin(&config, &socket, acceptor.is_some())?;

    let about = Surroundings {
        now: now(&clock),
        chance: Arc::new(chance),
        max_staleness: Duration::from_secs(config.edge.max_staleness_seconds),
    };
    let (follower, gate) = Follower::new(state, kept, upstreams.clone(), about);
    let watched = follower.watch();
    let objects = Arc::new(RemoteOrigin(upstreams.clone()));
    let reader = Reader::new(objects, faces::keep(&config, EDGE_DISK_BYTES_DEFAULT));
    let (refusals, telling) = refusals(&upstreams);
    let upstream = upstream(&config)?;
    let about = About { secure: origin.starts_with("https://"), country_of, refusals, upstream };
    let edge = Edge::new(gate, Arc::new(RemoteControl(upstreams)), reader, now(&clock), about);

    let stop_asked = listener::stop_asked();
    let (stop, stopped) = watch::channel(false);
    let limits = Limits::new(config.server.max_connections, config.server.max_connections_per_ip);
    let house = House { edge: edge.clone(), watched: watched.clone() };
    let serving = async {
        // Without keys every viewer would look like a forger; until the first word of a control plane nobody is answered.
        let mut stop_asked = std::pin::pin!(stop_asked);
        tokio::select! {
            () = watched.has_keys() => {
                announce(&origin)?;
                listener::serve(socket, acceptor, house, edge.clone(), limits, clock, stop_asked).await;
            }
            () = &mut stop_asked => {}
        }
        let _ = stop.send(true);
        anyhow::Ok(())
    };
    let following = async {
        // Telling never ends by itself.
        tokio::select! {
            () = follower.run(edge.clone(), wire::stopped(stopped)) => {}
            () = telling => {}
        }
    };
    let (served, ()) = tokio::join!(serving, following);
    served
}

/// What an earlier run knew. What is damaged is nothing: then it begins like a first one, and judges nothing private until
/// it was told all.
fn kept(state: &State) -> Result<Option<Kept>> {
    match state.load() {
        Err(error @ StateError::Damaged(_)) => {
            tracing::warn!(%error, "what this edge knew cannot be read: it begins anew, and is closed until it was told all");
            Ok(None)
        }
        loaded => loaded.context("read what this edge knows"),
    }
}

/// The control planes, asked as the edge that this is, or becomes now.
async fn upstreams(config: &Config, state: &State, join: Option<String>) -> Result<Upstreams> {
    ensure!(!config.edge.origins.is_empty(), "no control plane is named: give --origin, or edge.origins in admit.toml");
    let origins: Vec<String> = config.edge.origins.iter().map(ToString::to_string).collect();
    let ca = match &config.edge.ca_cert {
        Some(file) => Some(std::fs::read(file).with_context(|| format!("read {}", file.display()))?),
        None => None,
    };
    let upstreams = Upstreams::new(&origins, ca.as_deref()).context("prepare to ask control planes")?;
    let identity = match (state.identity().context("read who this edge is")?, join) {
        (Some(identity), _) => identity,
        (None, Some(token)) => {
            let identity = Identity::join(&upstreams, &token, &config.edge.name).await.context("join")?;
            state.keep_identity(&identity).context("keep who this edge is")?;
            tracing::info!(edge = identity.id, "joined");
            identity
        }
        (None, None) => {
            bail!("this edge has not joined yet: give --join with the token that `admit edge-token create` prints")
        }
    };
    Ok(upstreams.known_as(&identity.secret))
}

/// Where films lie that are not ours, if it was named.
fn upstream(config: &Config) -> Result<Option<ForeignOrigin>> {
    let config::Edge { upstream, upstream_entry, .. } = &config.edge;
    let open = |folder: &config::FolderUrl| ForeignOrigin::new(folder.as_str().to_owned(), upstream_entry.clone());
    upstream.as_ref().map(open).transpose().context("prepare to ask the upstream")
}

fn chance() -> u64 {
    random::fill().map_or(0, u64::from_ne_bytes)
}

/// Every address of an edge's process: those that [`Edge::owns`], and two for whoever looks after it.
#[derive(Clone)]
struct House {
    edge: Edge,
    watched: Watch,
}

impl Service<Request<RequestBody>> for House {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        // A request without a time of arrival is a fault of ours; at the end of time every session is over.
        let now = request.extensions().get().copied().unwrap_or(Timestamp::END);
        let status = match request.uri().path() {
            path if Edge::owns(path) => {
                let edge = self.edge.clone();
                return Box::pin(async move { Ok(edge.answer(request, now).await.map(Body::new)) });
            }
            "/livez" => StatusCode::NO_CONTENT,
            "/readyz" if self.watched.is_fresh(now) => StatusCode::NO_CONTENT,
            "/readyz" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::NOT_FOUND,
        };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        Box::pin(async move { Ok(response) })
    }
}

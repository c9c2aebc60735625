//! The one place where rooms meet.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{self, Poll},
    time::Duration,
};

use admit_api::{
    actions::{pictures, present::present, published::published, redeem, take_seat},
    app::App,
};
use admit_db::{Db, players, projects, transaction};
use admit_domain::{
    dialects::apivideo::PrivateToken,
    id::{ProjectId, VideoId},
    player::Screen,
    seats::SeatWish,
    session::{Entered, Entry, Presented},
    time::Timestamp,
    verdict::Denial,
    video::Published,
};
use admit_edge::{
    Edge,
    control::{Answer, ControlPlane, Picture},
};
use admit_objects::Slices;
use anyhow::{Context as _, Result};
use axum::{Router, body::Body};
use http::{Request, Response};
use tower_service::Service;

use crate::{config::Config, listener::RequestBody, random};

/// Other processes on the same database write to the revocation log too; this is how often we look.
const FEED_POLL: Duration = Duration::from_millis(250);

/// How often entries are deleted that say nothing any more.
const PRUNE_EVERY: Duration = Duration::from_mins(1);

/// A request without a time of arrival is a fault of ours; at the end of time every session is over.
const END_OF_TIME: Timestamp = Timestamp::from_millis(i64::MAX);

/// Where the database is: as configured, or a file beside the data.
pub fn database_url(config: &Config) -> String {
    match &config.storage.database {
        Some(url) => url.expose().to_owned(),
        None => format!("sqlite://{}", config.storage.data.join("admit.db").display()),
    }
}

/// The project everything belongs to until there are several.
pub async fn project(db: &Db, now: Timestamp) -> Result<ProjectId> {
    if let Some(project) = projects::first(db).await? {
        return Ok(project.id);
    }
    let fresh = ProjectId::from_random(random::fill()?);
    transaction!(db, |tx| projects::ensure(tx, &fresh, "default", now).await)?;
    // Two starts at once may both have made one; the oldest is the one.
    projects::first(db).await?.map(|project| project.id).context("find the project that was just made")
}

/// The control plane of the same process: an edge's questions are function calls.
pub struct LocalControl(pub App);

impl ControlPlane for LocalControl {
    fn published(&self, video: VideoId) -> Answer<'_, Option<Published>> {
        Box::pin(async move {
            published(&self.0, video).await.map_err(|error| {
                tracing::error!(?error, "answer an edge");
                Denial::CannotKnow
            })
        })
    }

    fn screen(&self, video: VideoId) -> Answer<'_, Option<Screen>> {
        Box::pin(async move { players::screen(&self.0.db, &video).await.map_err(|error| cannot_know(&error)) })
    }

    fn picture(&self, picture: Picture) -> Answer<'_, Slices> {
        Box::pin(async move {
            let picture = match picture {
                Picture::Logo(player) => pictures::Picture::Logo(player),
                Picture::LiveThumbnail(live) => pictures::Picture::LiveThumbnail(live),
            };
            pictures::open(&self.0, picture).await
        })
    }

    fn vouch(&self, video: VideoId, token: PrivateToken, now: Timestamp) -> Answer<'_, ()> {
        Box::pin(async move { redeem::vouch(&self.0, video, &token, now) })
    }

    fn present(&self, presented: Presented, now: Timestamp) -> Answer<'_, Entered> {
        Box::pin(async move { present(&self.0, &presented, now).await.map_err(|fault| fault.denial) })
    }

    fn redeem(&self, entry: Entry, now: Timestamp) -> Answer<'_, Entered> {
        Box::pin(redeem::redeem(&self.0, entry, now))
    }

    fn seat(&self, wish: SeatWish, now: Timestamp) -> Answer<'_, Duration> {
        Box::pin(take_seat::take_seat(&self.0, wish, now))
    }
}

fn cannot_know(error: &dyn std::error::Error) -> Denial {
    tracing::error!(%error, "answer an edge");
    Denial::CannotKnow
}

/// Keeps the gate at the head of the revocation log until `stop`.
pub async fn follow(app: App, stop: impl Future<Output = ()>) {
    let follow = async {
        loop {
            if let Err(error) = app.feed.catch_up().await {
                tracing::warn!(%error, "read the revocation log");
            }
            // Either way the log is looked at next.
            let _ = tokio::time::timeout(FEED_POLL, app.signals.log_grew.notified()).await;
        }
    };
    let write = async {
        let mut tick = tokio::time::interval(FEED_POLL);
        loop {
            tick.tick().await;
            if let Err(error) = app.edges.write(&app.db).await {
                tracing::warn!(%error, "write down what edges said");
            }
        }
    };
    let prune = async {
        let mut tick = tokio::time::interval(PRUNE_EVERY);
        loop {
            tick.tick().await;
            if let Err(error) = app.feed.prune().await {
                tracing::warn!(%error, "prune the revocation log");
            }
        }
    };
    tokio::select! { () = follow => {}, () = write => {}, () = prune => {}, () = stop => {} }
}

/// Every address of the process: the edge's own, and the API's.
#[derive(Clone)]
pub struct House {
    pub edge: Edge,
    pub api: Router,
}

impl Service<Request<RequestBody>> for House {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        if !Edge::owns(request.uri().path()) {
            return Box::pin(self.api.call(request.map(Body::new)));
        }
        let edge = self.edge.clone();
        let now = request.extensions().get().copied().unwrap_or(END_OF_TIME);
        Box::pin(async move { Ok(edge.answer(request, now).await.map(Body::new)) })
    }
}

/// A shared stop signal as a future.
pub async fn stopped(mut stop: tokio::sync::watch::Receiver<bool>) {
    // The sender lives as long as the process; if it is gone, so are we.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Random bytes for the API, with the reason as text when there are none.
pub fn chance() -> Result<[u8; 32], String> {
    random::fill().map_err(|error| error.to_string())
}

//! The control planes an edge belongs to: whom it asks, in which order, and for how long.

use std::sync::Arc;

use admit_domain::{
    limits::{EDGE_ANSWER_BYTES_MAX, EDGE_ASK, EDGE_CONNECT},
    verdict::Denial,
};
use bytes::{Bytes, BytesMut};
use http::{HeaderValue, StatusCode, header};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;

use super::wire::Problem;
use crate::told::told;

/// What an edge shows to its control planes. Not `Debug`: whoever has it is that edge.
#[derive(Clone)]
pub struct EdgeSecret(String);

impl EdgeSecret {
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// For the file it is kept in.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// One control plane.
#[derive(Clone)]
pub(crate) struct Upstream {
    client: Client,
    origin: Arc<str>,
    bearer: Option<HeaderValue>,
}

impl Upstream {
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// A request for an address below `/internal/edge/`. It has no end of its own: streams live long.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}/internal/edge/{path}", self.origin));
        match &self.bearer {
            Some(bearer) => request.header(header::AUTHORIZATION, bearer.clone()),
            None => request,
        }
    }
}

/// May a request be sent to the next control plane when nobody knows what became of it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    Safely,
    /// Only when it certainly did not arrive.
    IfNotSent,
}

/// All control planes of an edge; the first that answers is asked.
#[derive(Clone)]
pub struct Upstreams {
    all: Vec<Upstream>,
}

impl Upstreams {
    /// `origins` without a slash at the end; certificates in the PEM bundle `ca` are believed as well as the system's.
    pub fn new(origins: &[String], ca: Option<&[u8]>) -> Result<Self, reqwest::Error> {
        let mut builder = Client::builder()
            .user_agent(concat!("admit-edge/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(EDGE_CONNECT)
            // A secret must not follow a redirect to wherever it points, and nothing in the environment leads elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy();
        if let Some(ca) = ca {
            builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(ca)?);
        }
        let client = builder.build()?;
        let of = |origin: &String| Upstream { client: client.clone(), origin: origin.as_str().into(), bearer: None };
        Ok(Self { all: origins.iter().map(of).collect() })
    }

    /// The same, asked by the edge that has this secret.
    #[must_use]
    pub fn known_as(mut self, secret: &EdgeSecret) -> Self {
        // What is no header value was not given to us by a control plane, and opens nothing.
        let bearer = HeaderValue::from_str(&format!("Bearer {}", secret.0)).ok().map(|mut bearer| {
            bearer.set_sensitive(true);
            bearer
        });
        for upstream in &mut self.all {
            upstream.bearer.clone_from(&bearer);
        }
        self
    }

    pub(crate) fn all(&self) -> &[Upstream] {
        &self.all
    }

    /// The first answer that says something: a success, or a refusal that is about a viewer.
    pub(crate) async fn ask(
        &self,
        repeat: Repeat,
        request: impl Fn(&Upstream) -> RequestBuilder,
    ) -> Result<Response, Denial> {
        for upstream in &self.all {
            let sent = request(upstream).timeout(EDGE_ASK).send().await;
            match sent {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) => {
                    let status = response.status();
                    let is_about_a_viewer = matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
                    match denial_of(response).await {
                        Some(denial) if is_about_a_viewer => return Err(denial),
                        _ => tracing::warn!(origin = upstream.origin(), %status, "a control plane gave no answer"),
                    }
                }
                Err(error) => {
                    tracing::warn!(origin = upstream.origin(), error = %told(&error), "ask a control plane");
                    if repeat == Repeat::IfNotSent && !error.is_connect() {
                        break;
                    }
                }
            }
        }
        Err(Denial::CannotKnow)
    }

    /// Asks, and reads what is said.
    pub(crate) async fn ask_json<T: DeserializeOwned>(
        &self,
        repeat: Repeat,
        request: impl Fn(&Upstream) -> RequestBuilder,
    ) -> Result<T, Denial> {
        let response = self.ask(repeat, request).await?;
        let body = bounded(response, EDGE_ANSWER_BYTES_MAX).await.ok_or(Denial::CannotKnow)?;
        serde_json::from_slice(&body).map_err(|error| {
            tracing::error!(%error, "a control plane says what this release does not understand");
            Denial::CannotKnow
        })
    }
}

/// The whole of a body that has at most so many bytes; none when it has more, or breaks off.
pub(crate) async fn bounded(mut response: Response, bytes_max: usize) -> Option<Bytes> {
    let mut whole = BytesMut::new();
    while let Some(piece) = response.chunk().await.ok()? {
        if whole.len() + piece.len() > bytes_max {
            return None;
        }
        whole.extend_from_slice(&piece);
    }
    Some(whole.freeze())
}

async fn denial_of(response: Response) -> Option<Denial> {
    let body = bounded(response, EDGE_ANSWER_BYTES_MAX).await?;
    let problem: Problem = serde_json::from_slice(&body).ok()?;
    Denial::parse(&problem.code)
}

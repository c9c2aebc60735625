//! The one way out of the house. What is called was judged, and what was judged is what is connected to.

mod failure;
mod names;
mod stream;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use admit_domain::{
    limits::{OUTBOUND_CONNECT, OUTBOUND_REDIRECTS_MAX},
    outbound::{Rules, Target},
};
use bytes::Bytes;
use reqwest::{
    Client, ClientBuilder, Response, StatusCode,
    header::{HeaderMap, LOCATION},
    redirect,
};

use self::names::Names;
pub(crate) use self::{failure::CallError, stream::Stream};

/// Calls servers outside. Cheap to clone; a connection is used for one call.
#[derive(Clone)]
pub struct Outbound {
    rules: Arc<Rules>,
    client: Client,
    wait: Duration,
}

impl Outbound {
    /// `dns` is the name server to ask instead of the system's; `wait` is how long an answer may take to begin.
    pub fn new(rules: Arc<Rules>, dns: Option<SocketAddr>, wait: Duration) -> Result<Self, reqwest::Error> {
        let client = ClientBuilder::new()
            .dns_resolver(Names::new(dns, rules.clone()))
            .connect_timeout(OUTBOUND_CONNECT.min(wait))
            // Each hop is judged by us; nothing in the environment leads elsewhere; tenants share no connection.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .user_agent("admit")
            .build()?;
        Ok(Self { rules, client, wait })
    }

    /// Fetches what lies there, or where it was moved to, up to that many bytes.
    pub(crate) async fn get(&self, address: &str, bytes_max: u64) -> Result<Stream, CallError> {
        let mut target = self.rules.target(address)?;
        for _ in 0..=OUTBOUND_REDIRECTS_MAX {
            let answer = self.answer(self.client.get(target.as_str())).await?;
            match answer.status() {
                StatusCode::OK => return Stream::of(answer, bytes_max, self.wait),
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => target = self.next(&target, answer.headers())?,
                status => return Err(CallError::Status(status)),
            }
        }
        Err(CallError::Redirects)
    }

    /// Hands over a message. Its answer is a status; where it sends us is not followed.
    pub(crate) async fn post(&self, address: &str, headers: HeaderMap, body: Bytes) -> Result<StatusCode, CallError> {
        let target = self.rules.target(address)?;
        let answer = self.answer(self.client.post(target.as_str()).headers(headers).body(body)).await?;
        Ok(answer.status())
    }

    fn next(&self, target: &Target, headers: &HeaderMap) -> Result<Target, CallError> {
        let location = headers.get(LOCATION).and_then(|value| value.to_str().ok()).ok_or(CallError::Redirects)?;
        Ok(self.rules.redirect(target, location)?)
    }

    /// The head of the answer.
    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Response, CallError> {
        let answer = tokio::time::timeout(self.wait, request.send()).await;
        Ok(answer.map_err(|_| CallError::Slow("no answer began in time"))??)
    }
}

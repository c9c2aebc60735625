//! Rate limits: each project's requests are counted by kind, strangers' by network, and every answer tells the count.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use admit_domain::{
    id::ProjectId,
    limits::RATE_COUNTS_MAX,
    quota::{Quota, Window},
    time::Timestamp,
};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::error::ApiError;

/// Requests a minute, by kind; `None` is without a limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct RateLimits {
    pub uploads: Option<u32>,
    pub writes: Option<u32>,
    pub reads: Option<u32>,
    /// Credentials that a viewer's network may show in vain.
    pub refusals: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Upload,
    Write,
    Read,
    Refusal,
}

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    Project(ProjectId),
    /// An IPv4 address, or an IPv6 /64.
    Network(IpAddr),
}

/// All counts of this process.
pub struct Rates {
    limits: RateLimits,
    counts: Mutex<HashMap<(Who, Kind), Window>>,
}

impl Rates {
    pub fn new(limits: RateLimits) -> Self {
        Self { limits, counts: Mutex::default() }
    }

    /// Has this network shown so many credentials in vain that for the rest of the minute nothing it shows is looked at?
    pub(crate) fn is_guessing(&self, ip: IpAddr, now: Timestamp) -> bool {
        let Some(limit) = self.limits.refusals else { return false };
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&(network_of(ip), Kind::Refusal)).is_some_and(|window| window.is_spent(limit, now))
    }

    /// This network has shown one in vain.
    pub(crate) fn count_refusal(&self, ip: IpAddr, now: Timestamp) {
        let _ = self.take(network_of(ip), Kind::Refusal, now);
    }

    fn take(&self, who: Who, kind: Kind, now: Timestamp) -> Option<Quota> {
        let limit = match kind {
            Kind::Upload => self.limits.uploads,
            Kind::Write => self.limits.writes,
            Kind::Read => self.limits.reads,
            Kind::Refusal => self.limits.refusals,
        }?;
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= RATE_COUNTS_MAX {
            counts.retain(|_, window| !window.is_over(now));
        }
        if counts.len() >= RATE_COUNTS_MAX {
            // Strangers beyond counting must not fill the memory; for one minute they are counted anew.
            counts.clear();
        }
        Some(counts.entry((who, kind)).or_insert_with(|| Window::new(now)).take(limit, now))
    }
}

/// Goes with a request until it is known whose it is.
#[derive(Clone)]
pub(crate) struct Meter {
    kind: Kind,
    charged: Arc<OnceLock<Option<Quota>>>,
}

/// Counts the request for its project, or refuses it.
pub(crate) fn charge(rates: &Rates, parts: &Parts, who: Who, now: Timestamp) -> Result<(), ApiError> {
    parts.extensions.get::<Meter>().map_or(Ok(()), |meter| meter.charge(rates, who, now))
}

/// Nobody is charged for the request.
pub(crate) fn waive(parts: &Parts) {
    if let Some(meter) = parts.extensions.get::<Meter>() {
        let _ = meter.charged.set(None);
    }
}

impl Meter {
    fn charge(&self, rates: &Rates, who: Who, now: Timestamp) -> Result<(), ApiError> {
        match *self.charged.get_or_init(|| rates.take(who, self.kind, now)) {
            Some(Quota { is_granted: false, .. }) => Err(ApiError::too_many_requests()),
            _ => Ok(()),
        }
    }
}

/// Counts what no caller was charged for by its network, and tells the count.
pub(crate) async fn metered(State(rates): State<Arc<Rates>>, mut request: Request, next: Next) -> Response {
    let (now, network) = (request.extensions().get().copied(), request.extensions().get().map(network));
    let (Some(now), Some(network), false) = (now, network, is_exempt(request.uri().path())) else {
        return next.run(request).await;
    };
    let meter = Meter { kind: kind(&request), charged: Arc::default() };
    let is_open = request.uri().path().starts_with("/auth/");
    request.extensions_mut().insert(meter.clone());
    let refused = if is_open { meter.charge(&rates, network, now).err() } else { None };
    let mut response = match refused {
        Some(error) => error.into_response(),
        None => next.run(request).await,
    };
    if let Err(error) = meter.charge(&rates, network, now) {
        // Whoever was answered already has been charged before; this is for callers that nobody knows.
        if matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            response = error.into_response();
        }
    }
    if let Some(Some(quota)) = meter.charged.get() {
        tell(&mut response, *quota);
    }
    response
}

fn tell(response: &mut Response, quota: Quota) {
    let is_refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", quota.limit.into());
    headers.insert("x-ratelimit-remaining", quota.remaining.into());
    headers.insert("x-ratelimit-retry-after", quota.resets_in_seconds.into());
    if is_refused {
        headers.insert(header::RETRY_AFTER, quota.resets_in_seconds.into());
    }
}

/// Supervisors ask these as often as they like.
fn is_exempt(path: &str) -> bool {
    matches!(path, "/livez" | "/readyz")
}

fn kind(request: &Request) -> Kind {
    let path = request.uri().path();
    match *request.method() {
        Method::GET | Method::HEAD => Kind::Read,
        Method::POST if path == "/upload" || path.ends_with("/source") => Kind::Upload,
        _ => Kind::Write,
    }
}

fn network(peer: &SocketAddr) -> Who {
    network_of(peer.ip())
}

fn network_of(ip: IpAddr) -> Who {
    Who::Network(match ip.to_canonical() {
        IpAddr::V4(ip) => ip.into(),
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)).into(),
    })
}

//! What every request meets first and every answer passes last: a name, the time, the strict check, and a net for panics.

use std::{convert::Infallible, error::Error, net::SocketAddr, panic::AssertUnwindSafe, pin::Pin};

use admit_domain::{id::RequestId, time::Timestamp};
use futures_util::FutureExt as _;
use http::{HeaderName, HeaderValue, Request, Response, Version, header, request::Parts};
use hyper::body::Incoming;
use tower::ServiceExt as _;
use tower_service::Service;

use super::{
    body::{AnswerBody, RequestBody, Verdict},
    limits::Limits,
    pulse::{Pulse, Turn},
    refusal::Refusal,
    strict,
};
use crate::{clock::Clock, random};

const REQUEST_ID: HeaderName = HeaderName::from_static("admit-request-id");

/// One connection's way to the service.
#[derive(Clone, Debug)]
pub(super) struct Face<S> {
    pub(super) service: S,
    pub(super) limits: Limits,
    pub(super) clock: Clock,
    pub(super) peer: SocketAddr,
    pub(super) pulse: Pulse,
}

impl<S, B> hyper::service::Service<Request<Incoming>> for Face<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<AnswerBody<B>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let turn = self.pulse.begin();
        let now = self.clock.now();
        let (parts, incoming) = request.into_parts();
        let version = parts.version;
        let (body, verdict) = RequestBody::new(incoming, self.limits.clone());
        let prepared = self.prepare(parts, now);
        let service = self.service.clone();
        Box::pin(async move {
            let (parts, id) = match prepared {
                Ok(prepared) => prepared,
                Err((refusal, id)) => return Ok(named(refused(refusal, version, turn), id)),
            };
            let answered = AssertUnwindSafe(service.oneshot(Request::from_parts(parts, body))).catch_unwind().await;
            Ok(named(judged(answered, &verdict, version, turn), Some(id)))
        })
    }
}

impl<S> Face<S> {
    /// Names the request and checks it; whoever is refused is named too, so that an operator can be asked about it.
    fn prepare(&self, mut parts: Parts, now: Timestamp) -> Result<(Parts, RequestId), (Refusal, Option<RequestId>)> {
        let chance = random::pooled().map_err(|_| (Refusal::Internal, None))?;
        let id = RequestId::from_random(chance);
        if let Err(refusal) = strict::check(&parts) {
            tracing::debug!(request = %id, peer = %self.peer, reason = refusal.code(), "refused before routing");
            return Err((refusal, Some(id)));
        }
        strict::collapse_leading_slashes(&mut parts.uri);
        parts.extensions.insert(id);
        parts.extensions.insert(now);
        parts.extensions.insert(self.peer);
        Ok((parts, id))
    }
}

type Answer<B> = Response<AnswerBody<B>>;
type Answered<B> = Result<Result<Response<B>, Infallible>, Box<dyn std::any::Any + Send>>;

/// The service's answer, unless it panicked or the body it was answering failed on the way.
fn judged<B>(answered: Answered<B>, verdict: &Verdict, version: Version, turn: Turn) -> Answer<B> {
    match (verdict.refusal(), answered) {
        (Some(refusal), _) => refused(refusal, version, turn),
        (None, Ok(Ok(mut answer))) => {
            // The rest of the body would be taken for the next request, so this connection has no next one: say so.
            if version < Version::HTTP_2 && !verdict.is_read() {
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            answer.map(|body| AnswerBody::service(body, turn))
        }
        // The panic hook has told the operator what and where.
        (None, Err(_panic)) => refused(Refusal::Internal, version, turn),
    }
}

fn refused<B>(refusal: Refusal, version: Version, turn: Turn) -> Answer<B> {
    refusal.answer(version).map(|body| AnswerBody::house(body, turn))
}

fn named<B>(mut answer: Answer<B>, id: Option<RequestId>) -> Answer<B> {
    if let Some(text) = id.and_then(|id| HeaderValue::from_str(id.as_str()).ok()) {
        answer.headers_mut().insert(REQUEST_ID, text);
    }
    answer
}

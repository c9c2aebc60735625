//! The face viewers see: every request for a playlist, a segment or a picture is judged here before a byte leaves.
//!
//! A request reads top to bottom: [`Edge::answer`] finds the route, `enter` turns a private token into a session,
//! `deliver` asks the gate and fetches the bytes. This room holds no SQL and starts no program.

mod ask;
mod at_hand;
mod below;
mod body;
mod catalog;
pub mod control;
mod deliver;
mod denied;
mod edge;
mod encrypted;
mod enter;
pub mod follow;
mod foreign;
mod key_ring;
mod pictures;
mod player;
mod present;
pub mod remote;
mod reply;
mod route;
mod seats;
mod shelf;
pub mod state;
mod taken_down;
mod told;

use admit_domain::{id::VideoId, time::Timestamp, verdict::Denial};
use http::{Method, Request, Response};

pub use crate::{
    ask::Caller,
    at_hand::AtHand,
    edge::{About, Edge, Now, Refusals, SharedGate},
    foreign::ForeignOrigin,
    key_ring::KeyRing,
    reply::{Body, BodyError},
    route::TEMPLATES,
};
use crate::{
    ask::request_id,
    below::Below,
    denied::{Refused, Spelling, denied},
    route::{Door, Route},
    taken_down::Arrived,
};

impl Edge {
    /// Answers one request. `now` is the time of its arrival.
    pub async fn answer<B>(&self, request: Request<B>, now: Timestamp) -> Response<Body>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BodyError>,
    {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        if let Some((origin, below)) = self.upstream.as_ref().zip(Below::parse(&path)) {
            let video = Some(below.video());
            let outcome = match parts.method {
                Method::OPTIONS => return reply::preflight(),
                Method::GET | Method::HEAD => self.foreign(origin, &parts, below, now).await,
                _ => Err(Denial::MethodNotAllowed),
            };
            return outcome.unwrap_or_else(|denial| self.refuse((&parts, now), video, (denial, Spelling::Own)));
        }
        let Some(route) = Route::parse(&path) else { return denied(Denial::NotFound, Spelling::Own) };
        let own = |denial| (denial, Spelling::Own);
        let apivideo = |denial| (denial, Spelling::ApiVideo);
        let outcome = match (&parts.method, route) {
            (&Method::OPTIONS, _) => return reply::preflight(),
            (&Method::POST, Route::Enter { video, token }) => {
                self.enter_with_nonce(&parts, video, token, body, now).await
            }
            (&Method::POST, Route::Present(door)) => self.present_from_page(&parts, door, body, now).await,
            (&Method::POST, Route::Renew { handle, video }) => {
                self.renew(&parts, handle, video, body, now).await.map_err(own)
            }
            (&Method::POST, Route::Seat { handle, video }) => {
                self.take_over(&parts, handle, video, now).await.map_err(own)
            }
            (&(Method::GET | Method::HEAD), route) => match route {
                Route::Enter { video, token } => self.enter(&parts, video, token, now).await,
                Route::Token { video, token, asset } => self.by_token(&parts, video, token, asset, now).await,
                Route::Session { handle, video, asset } => {
                    self.by_handle(&parts, handle, video, asset, now).await.map_err(own)
                }
                Route::Signed { signature, video, asset } => {
                    self.by_signature(&parts, signature, video, asset, now).await.map_err(own)
                }
                Route::Open { video, asset } => match self.openly(&parts, video, asset, now).await {
                    Err(Denial::NoHandle) if Self::shows_credential(&parts) => {
                        self.by_credential(&parts, Door::Video(video), asset, now).await
                    }
                    outcome => outcome.map_err(apivideo),
                },
                Route::InPath { video, token, asset } => {
                    self.by_credential(&parts, Door::Token { token, video }, asset, now).await
                }
                Route::Page(video) => Ok(self.page(video).await.map(reply::full)),
                Route::Picture(picture) => self.picture(picture).await.map_err(apivideo),
                Route::Bundle { name } => bundle(name),
                Route::Present(_) | Route::Renew { .. } | Route::Seat { .. } => Err(own(Denial::MethodNotAllowed)),
            },
            _ => Err(own(Denial::MethodNotAllowed)),
        };
        let mut response = outcome.unwrap_or_else(|refused| {
            let video = Route::parse(&path).and_then(|route| route.video());
            self.refuse((&parts, now), video, refused)
        });
        if parts.method == Method::HEAD {
            *response.body_mut() = reply::empty();
        }
        response
    }

    fn refuse(&self, arrived: Arrived<'_>, video: Option<VideoId>, (denial, spelling): Refused) -> Response<Body> {
        // The path may hold a bearer secret; the request id is enough to find the rest of the story.
        let (parts, _) = arrived;
        tracing::debug!(request = ?request_id(parts), reason = denial.code(), "refused");
        self.take_down(arrived, video, denial.into(), None);
        denied(denial, spelling)
    }
}

fn bundle(name: &str) -> Result<Response<Body>, Refused> {
    let (bytes, content_type) = player::bundle(name).ok_or((Denial::NotFound, Spelling::Own))?;
    let mut response = Response::new(reply::full(bytes));
    let headers = response.headers_mut();
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
    // The name holds a hash of the contents.
    let forever = http::HeaderValue::from_static("public, max-age=31536000, immutable");
    headers.insert(http::header::CACHE_CONTROL, forever);
    headers.insert(http::header::X_CONTENT_TYPE_OPTIONS, http::HeaderValue::from_static("nosniff"));
    Ok(response)
}

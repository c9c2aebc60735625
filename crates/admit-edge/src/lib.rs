//! The face viewers see: every request for a playlist, a segment or a picture is judged here before a byte leaves.
//!
//! A request reads top to bottom: [`Edge::answer`] finds the route, `enter` turns a private token into a session,
//! `deliver` asks the gate and fetches the bytes. This room holds no SQL and starts no program.

mod ask;
mod body;
mod catalog;
pub mod control;
mod deliver;
mod denied;
mod edge;
mod enter;
mod pictures;
mod player;
mod reply;
mod route;

use admit_domain::{time::Timestamp, verdict::Denial};
use http::{Method, Request, Response, request::Parts};

use crate::{
    denied::{Refused, Spelling, denied},
    route::Route,
};
pub use crate::{
    edge::{Edge, Now, SharedGate},
    reply::{Body, BodyError},
    route::TEMPLATES,
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
        let Some(route) = Route::parse(&path) else { return denied(Denial::NotFound, Spelling::Own) };
        let outcome = match (&parts.method, route) {
            (&Method::OPTIONS, _) => return reply::preflight(),
            (&Method::POST, Route::Enter { video, token }) => {
                self.enter_with_nonce(&parts, video, token, body, now).await
            }
            (&(Method::GET | Method::HEAD), Route::Enter { video, token }) => {
                self.enter(&parts, video, token, now).await
            }
            (&(Method::GET | Method::HEAD), Route::Token { video, token, asset }) => {
                self.by_token(&parts, video, token, asset, now).await
            }
            (&(Method::GET | Method::HEAD), Route::Session { handle, video, asset }) => {
                self.by_handle(&parts, handle, video, asset, now).await.map_err(|denial| (denial, Spelling::Own))
            }
            (&(Method::GET | Method::HEAD), Route::Open { video, asset }) => {
                self.openly(&parts, video, asset, now).await.map_err(|denial| (denial, Spelling::ApiVideo))
            }
            (&(Method::GET | Method::HEAD), Route::Page) => Ok(player::page().map(reply::full)),
            (&(Method::GET | Method::HEAD), Route::Picture(picture)) => {
                self.picture(picture).await.map_err(|denial| (denial, Spelling::ApiVideo))
            }
            (&(Method::GET | Method::HEAD), Route::Bundle { name }) => bundle(name),
            _ => Err((Denial::MethodNotAllowed, Spelling::Own)),
        };
        let mut response = outcome.unwrap_or_else(|(denial, spelling)| refuse(&parts, denial, spelling));
        if parts.method == Method::HEAD {
            *response.body_mut() = reply::empty();
        }
        response
    }
}

fn refuse(parts: &Parts, denial: Denial, spelling: Spelling) -> Response<Body> {
    // The path may hold a bearer secret; the request id is enough to find the rest of the story.
    tracing::debug!(request = ?parts.extensions.get::<admit_domain::id::RequestId>(), reason = denial.code(), "refused");
    denied(denial, spelling)
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

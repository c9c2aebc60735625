//! Credentials that may be shown again: signed tokens, signed addresses, embed tokens. What is shown goes to the control
//! plane, which alone holds keys; what comes back is a session.

use admit_domain::{
    asker::Asker,
    asset::Asset,
    gate::{Ask, Carriage},
    id::VideoId,
    seats::SeatWish,
    session::Presented,
    shown::Shown,
    time::Timestamp,
    verdict::Denial,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header, request::Parts};

use crate::{
    ask::{client, is_deliberate, own_origin, read_nonce, request_id},
    denied::{Refused, Spelling, denied},
    edge::Edge,
    enter::{read_body, read_body_if_any, session_answer},
    reply::{Body, BodyError, empty, open_to_all_origins},
    route::{Door, is_signed_path},
};

/// Headers that are no dialect's to ask for.
const NOT_SHOWN: [header::HeaderName; 2] = [header::AUTHORIZATION, header::COOKIE];

impl Edge {
    /// `POST …/session` beside a page: our player's form. The page's own query came along.
    pub(crate) async fn present_from_page<B>(
        &self,
        parts: &Parts,
        door: Door<'_>,
        body: B,
        now: Timestamp,
    ) -> Result<Response<Body>, Refused>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BodyError>,
    {
        let own = |denial| (denial, Spelling::Own);
        is_deliberate(parts).map_err(own)?;
        let body = read_body(body).await.map_err(own)?;
        let nonce = read_nonce(&body.nonce).map_err(own)?;
        let mut presented = self.presented(parts, door, Some(nonce)).map_err(own)?;
        // The page was asked for by a site that only the browser knows; our own page would not lie about it.
        presented.asker.origin = presented.asker.origin.or(body.site);
        let entered = self.catalog.control().present(presented, now).await.map_err(own)?;
        Ok(session_answer(&entered))
    }

    /// A session that goes on, shown a fresh credential of the same viewer: a new handle, and a later end. Our page says
    /// which site shows it, as it did at the entry.
    pub(crate) async fn renew<B>(
        &self,
        parts: &Parts,
        handle: &str,
        video: VideoId,
        body: B,
        now: Timestamp,
    ) -> Result<Response<Body>, Denial>
    where
        B: http_body::Body + Send,
        B::Data: Send,
        B::Error: Into<BodyError>,
    {
        is_deliberate(parts)?;
        let site = read_body_if_any(body).await?.and_then(|body| body.site);
        let opened = self.gate.load().open(handle, &video, &self.visitor(parts), now)?;
        let mut presented = self.presented(parts, Door::Video(video), None)?;
        presented.renews = Some(opened.session);
        presented.asker.origin = presented.asker.origin.or(site);
        let entered = self.catalog.control().present(presented, now).await?;
        Ok(session_answer(&entered))
    }

    /// A session takes the place of another of its viewer, who was asked and has said so.
    pub(crate) async fn take_over(
        &self,
        parts: &Parts,
        handle: &str,
        video: VideoId,
        now: Timestamp,
    ) -> Result<Response<Body>, Denial> {
        is_deliberate(parts)?;
        let session = self.gate.load().open(handle, &video, &self.visitor(parts), now)?.session;
        self.take_seat(SeatWish { session, video, takes_over: true }).await?;
        Ok(taken_over())
    }

    /// An asset of a private video at an address without a session. Whoever shows a credential beside it is let in.
    pub(crate) async fn by_credential(
        &self,
        parts: &Parts,
        door: Door<'_>,
        asset: Asset,
        now: Timestamp,
    ) -> Result<Response<Body>, Refused> {
        let own = |denial| (denial, Spelling::Own);
        is_deliberate(parts).map_err(own)?;
        let presented = self.presented(parts, door, None).map_err(own)?;
        // A stranger must not learn whether the video is ready, and where nothing was shown after all, nor that there is
        // one. Whoever asks again is the same client, in the same session.
        let hidden = |denial| (denial, if denial == Denial::NoHandle { Spelling::ApiVideo } else { Spelling::Own });
        let entered = self.catalog.control().present(presented, now).await.map_err(hidden)?;
        let facts = self.catalog.published(entered.video).await.map_err(own)?;
        let carriage = Carriage::Handle(&entered.handle);
        let ask = Ask { video: entered.video, asset, carriage, visitor: self.visitor(parts) };
        let permit = self.permit(parts, &ask, &facts, now).map_err(own)?;
        let delivered = self.deliver(parts, &ask, &permit, &facts).await;
        let mut response = delivered.unwrap_or_else(|denial| denied(denial, Spelling::Own));
        self.attach(&mut response, parts, asset, &entered, now);
        Ok(response)
    }

    /// Does the request show anything that could be a credential?
    pub(crate) fn shows_credential(parts: &Parts) -> bool {
        use admit_domain::shown::TOKEN_HEADERS;
        parts.uri.query().is_some_and(|query| !query.is_empty())
            || TOKEN_HEADERS.iter().any(|name| parts.headers.contains_key(*name))
            || parts.headers.contains_key(header::COOKIE)
            || is_signed_path(parts.uri.path())
    }

    fn presented(&self, parts: &Parts, door: Door<'_>, nonce: Option<String>) -> Result<Presented, Denial> {
        let visitor = self.visitor(parts);
        let (video, path_token, link) = match door {
            Door::Video(video) => (Some(video), None, None),
            Door::Token { token, video } => (Some(video), Some(token.to_owned()), None),
            Door::Link(code) => (None, None, Some(code.to_owned())),
        };
        let path = parts.uri.path();
        Ok(Presented {
            video,
            link,
            shown: Shown {
                origin: own_origin(parts, self.secure).ok_or(Denial::InvalidToken)?,
                path: path.strip_suffix("/session").unwrap_or(path).to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                headers: headers(&parts.headers),
                cookies: cookies(&parts.headers),
                path_token,
                ip: visitor.ip,
            },
            nonce,
            client: client(parts),
            asker: Asker::of(&visitor),
            renews: None,
            request: request_id(parts),
        })
    }
}

fn taken_over() -> Response<Body> {
    let mut response = Response::new(empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    open_to_all_origins(response.headers_mut());
    response
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = headers.iter().filter(|(name, _)| !NOT_SHOWN.contains(name));
    shown.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect()
}

fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

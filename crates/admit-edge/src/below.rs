//! The gate before an origin that is not ours: below the folder of a session lies what that origin has below the folder of
//! the video's id, and each request for it is judged as ever.

use admit_domain::{
    asset::Asset,
    foreign::ForeignPath,
    gate::{Ask, Carriage},
    id::VideoId,
    limits::FOREIGN_SILENCE_MAX,
    time::Timestamp,
    verdict::Denial,
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, header, request::Parts};
use tokio::time::timeout;

use crate::{
    body::{Judged, Pieces, Watched},
    edge::Edge,
    foreign::{Fetched, ForeignOrigin, only},
    reply::{Body, BodyError, empty, open_to_all_origins},
};

/// All that a viewer learns of the origin.
const TOLD: [HeaderName; 6] = [
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_RANGE,
    header::ACCEPT_RANGES,
    header::ETAG,
    header::LAST_MODIFIED,
];

/// A request for what lies at another origin.
pub(crate) struct Below<'a> {
    /// None is an open address: the video must be public.
    carriage: Option<Carriage<'a>>,
    video: VideoId,
    path: ForeignPath<'a>,
}

impl<'a> Below<'a> {
    pub(crate) const fn video(&self) -> VideoId {
        self.video
    }

    pub(crate) fn parse(path: &'a str) -> Option<Self> {
        let (role, rest) = path.strip_prefix('/')?.split_once('/')?;
        let (carriage, rest) = match role {
            "s" => rest.split_once('/').map(|(handle, rest)| (Some(Carriage::Handle(handle)), rest))?,
            "u" => rest.split_once('/').map(|(signature, rest)| (Some(Carriage::Signed(signature)), rest))?,
            "vod" => (None, rest),
            _ => return None,
        };
        let (video, path) = rest.split_once('/')?;
        Some(Self { carriage, video: video.parse().ok()?, path: ForeignPath::parse(path)? })
    }
}

impl Pieces for Fetched {
    async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        Ok(timeout(FOREIGN_SILENCE_MAX, self.response.chunk()).await??)
    }
}

impl Edge {
    pub(crate) async fn foreign(
        &self,
        origin: &ForeignOrigin,
        parts: &Parts,
        below: Below<'_>,
        now: Timestamp,
    ) -> Result<Response<Body>, Denial> {
        let Below { carriage, video, path } = below;
        let carriage = match carriage {
            Some(carriage) => carriage,
            None => Carriage::Open(self.catalog.published(video).await?.visibility),
        };
        let ask = Ask { video, asset: Asset::Foreign(path.kind()), carriage, visitor: self.visitor(parts) };
        let (permit, facts) = self.judge(parts, &ask, now).await?;
        self.sit(&permit, &facts).await?;
        let told = origin.fetch(&permit, path, parts).await?;
        // A playlist of low latency waits for its next part, and its session may end meanwhile.
        self.gate.load().stands(&permit, (self.now)())?;
        let mut response = Response::new(empty());
        *response.status_mut() = told.response.status();
        let headers = response.headers_mut();
        *headers = only(&TOLD, told.response.headers());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(path.media_type()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        open_to_all_origins(headers);
        if parts.method == http::Method::GET {
            let watched = Watched { permit, seat: permit.takes_seat(&facts), edge: self.clone() };
            *response.body_mut() = Judged::new(told, watched).into_body();
        }
        Ok(response)
    }
}

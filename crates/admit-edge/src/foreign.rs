//! An origin that is not ours: a packager, a bucket, any server of HLS or DASH, with a folder for each video.

use std::sync::Arc;

use admit_domain::{
    foreign::{ForeignPath, foreign_query},
    gate::{Ask, Carriage, Permit},
    limits::{EDGE_CONNECT, FOREIGN_FETCHES_MAX, FOREIGN_SILENCE_MAX},
    verdict::Denial,
};
use http::{HeaderMap, HeaderName, StatusCode, header, request::Parts};
use reqwest::Client;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::told::told;

/// All that the origin learns of a viewer.
const ASKED: [HeaderName; 4] = [header::RANGE, header::IF_RANGE, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE];

/// An origin that is not ours, with a folder for each video.
pub struct ForeignOrigin {
    client: Client,
    folder: String,
    entry: String,
    fetches: Arc<Semaphore>,
}

/// What it answered, which may take long to come.
pub(crate) struct Fetched {
    pub(crate) response: reqwest::Response,
    _turn: OwnedSemaphorePermit,
}

impl ForeignOrigin {
    /// `folder` without a slash at the end; `entry` is what a video's playlist is called in its own folder.
    pub fn new(folder: String, entry: String) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(concat!("admit-edge/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(EDGE_CONNECT)
            // What is behind the gate is what the operator named, and nothing that this leads to.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .build()?;
        Ok(Self { client, folder, entry, fetches: Arc::new(Semaphore::new(FOREIGN_FETCHES_MAX)) })
    }

    /// Where the playlist is, below the folder of whoever was let in.
    pub(crate) fn entry(&self, ask: &Ask<'_>) -> String {
        let (video, entry) = (ask.video, &self.entry);
        match ask.carriage {
            Carriage::Handle(handle) => format!("/s/{handle}/{video}/{entry}"),
            Carriage::Signed(signature) => format!("/u/{signature}/{video}/{entry}"),
            Carriage::Open(_) => format!("/vod/{video}/{entry}"),
        }
    }

    pub(crate) async fn fetch(&self, permit: &Permit, path: ForeignPath<'_>, parts: &Parts) -> Result<Fetched, Denial> {
        let turn = self.fetches.clone().try_acquire_owned().map_err(|_| Denial::Overloaded)?;
        let mut url = format!("{}/{}/{}", self.folder, permit.video(), path.as_str());
        if let Some(query) = parts.uri.query().and_then(foreign_query) {
            url = format!("{url}?{query}");
        }
        let mut headers = only(&ASKED, &parts.headers);
        // Of several ranges the answer would be of a kind that no film is.
        if headers.get(header::RANGE).is_some_and(|range| range.as_bytes().contains(&b',')) {
            headers.remove(header::RANGE);
        }
        let request = self.client.request(parts.method.clone(), url).headers(headers);
        let sent = timeout(FOREIGN_SILENCE_MAX, request.send()).await;
        let said = sent.map_err(|_| "no answer in time".to_owned()).and_then(|sent| sent.map_err(|error| told(&error)));
        let response = said.map_err(|error| {
            tracing::warn!(video = %permit.video(), error, "ask the upstream");
            Denial::CannotKnow
        })?;
        match response.status() {
            StatusCode::OK
            | StatusCode::PARTIAL_CONTENT
            | StatusCode::NOT_MODIFIED
            | StatusCode::RANGE_NOT_SATISFIABLE => Ok(Fetched { response, _turn: turn }),
            // Buckets that may not be listed say of what is not there that it is forbidden.
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::GONE => Err(Denial::NotFound),
            status => {
                tracing::warn!(video = %permit.video(), %status, "the upstream gave no answer");
                Err(Denial::CannotKnow)
            }
        }
    }
}

pub(crate) fn only(names: &[HeaderName], of: &HeaderMap) -> HeaderMap {
    let all = names.iter().flat_map(|name| of.get_all(name).iter().map(move |value| (name.clone(), value.clone())));
    all.collect()
}

//! HTTP client of the command line, for the server's api.video-shaped API.

mod error;
mod retry;
mod wire;

use std::{path::Path, time::Duration};

use futures_util::stream;
use reqwest::{Body, Certificate, Method, RequestBuilder, multipart};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};

pub use error::ClientError;
pub use wire::{NewVideo, Quality, Status, Video};

use self::retry::{Again, with_retries};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For everything but bytes of films.
const CALL_TIMEOUT: Duration = Duration::from_mins(1);
/// A part may take as long as it would at this rate, and `CALL_TIMEOUT` more.
const LEAST_UPLOAD_BYTES_PER_SECOND: u64 = 32 * 1_024;
/// How much of a file is read, and shown as progress, at once.
const READ_BYTES: usize = 256 * 1_024;

/// One server, and the key we are known by there.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    server: String,
    api_key: String,
}

/// A range of a file, one of the parts it is sent in.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    pub file: &'a Path,
    pub name: &'a str,
    pub offset: u64,
    pub length: u64,
    /// From 1 to `total`.
    pub number: u64,
    pub total: u64,
}

impl Client {
    /// `server` is an origin; `ca_file` holds certificates to be believed besides the system's.
    pub fn new(server: &str, api_key: String, ca_file: Option<&Path>) -> Result<Self, ClientError> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("admit/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            // A key must not follow a redirect to wherever it points.
            .redirect(reqwest::redirect::Policy::none());
        if let Some(ca_file) = ca_file {
            let pem = std::fs::read(ca_file).map_err(|source| ClientError::file(ca_file, source))?;
            builder = builder.tls_certs_merge(Certificate::from_pem_bundle(&pem)?);
        }
        Ok(Self { http: builder.build()?, server: server.trim_end_matches('/').to_owned(), api_key })
    }

    pub fn server(&self) -> &str {
        &self.server
    }

    /// Creates a video with nothing in it. Not tried again once it was sent: a second one might be made.
    pub async fn create_video(&self, new: &NewVideo) -> Result<Video, ClientError> {
        let request = || Ok(self.call(Method::POST, "/videos").json(new));
        with_retries(Again::IfNotReceived, || self.read(request)).await
    }

    /// The video as the server spells it, with asset addresses to be handed out.
    pub async fn video(&self, id: &str) -> Result<Value, ClientError> {
        self.get(Again::Safe, &format!("/videos/{id}"), &()).await
    }

    /// One page of the list, with its pagination.
    pub async fn videos(&self, page: u32, page_size: u32) -> Result<Value, ClientError> {
        self.get(Again::Safe, "/videos", &[("currentPage", page), ("pageSize", page_size)]).await
    }

    pub async fn status(&self, id: &str) -> Result<Status, ClientError> {
        self.get(Again::Persistent, &format!("/videos/{id}/status"), &()).await
    }

    pub async fn delete_video(&self, id: &str) -> Result<(), ClientError> {
        let request = || Ok(self.call(Method::DELETE, &format!("/videos/{id}")));
        with_retries(Again::Safe, || async { self.send(request).await.map(drop) }).await
    }

    /// Why something is allowed or refused. Nothing is changed by asking.
    pub async fn explain(&self, question: &impl Serialize) -> Result<Value, ClientError> {
        let request = || Ok(self.call(Method::POST, "/explain").json(question));
        with_retries(Again::Safe, || self.read(request)).await
    }

    /// Sends one part. `sent` hears how many bytes of it have left so far, from zero again when it is tried again.
    pub async fn upload(
        &self,
        id: &str,
        part: &Part<'_>,
        sent: impl Fn(u64) + Clone + Send + Sync + 'static,
    ) -> Result<(), ClientError> {
        let tried = with_retries(Again::Persistent, || async {
            let body = body_of(part, sent.clone()).await?;
            let request = || {
                let file = multipart::Part::stream_with_length(body, part.length)
                    .file_name(part.name.to_owned())
                    .mime_str("application/octet-stream")?;
                let patience = Duration::from_secs(part.length / LEAST_UPLOAD_BYTES_PER_SECOND);
                Ok(self
                    .call(Method::POST, &format!("/videos/{id}/source"))
                    .timeout(CALL_TIMEOUT + patience)
                    .header("content-range", format!("part {}/{}", part.number, part.total))
                    .multipart(multipart::Form::new().part("file", file)))
            };
            self.send(request).await.map(drop)
        });
        match tried.await {
            // It had arrived, and only the answer was lost.
            Err(ClientError::Refused(problem)) if problem.says_already_received() => Ok(()),
            other => other,
        }
    }

    async fn get<T: DeserializeOwned>(
        &self,
        again: Again,
        path: &str,
        query: &impl Serialize,
    ) -> Result<T, ClientError> {
        let request = || Ok(self.call(Method::GET, path).query(query));
        with_retries(again, || self.read(request)).await
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.server);
        self.http.request(method, url).timeout(CALL_TIMEOUT).basic_auth(&self.api_key, Some(""))
    }

    async fn read<T: DeserializeOwned>(
        &self,
        request: impl FnOnce() -> Result<RequestBuilder, ClientError>,
    ) -> Result<T, ClientError> {
        let bytes = self.send(request).await?.bytes().await?;
        serde_json::from_slice(&bytes).map_err(ClientError::NotUnderstood)
    }

    async fn send(
        &self,
        request: impl FnOnce() -> Result<RequestBuilder, ClientError>,
    ) -> Result<reqwest::Response, ClientError> {
        let answer = request()?.send().await?;
        if answer.status().is_success() { Ok(answer) } else { Err(ClientError::refused(answer).await) }
    }
}

/// The part's bytes, read as they are sent.
async fn body_of(part: &Part<'_>, sent: impl Fn(u64) + Send + Sync + 'static) -> Result<Body, ClientError> {
    let open = async {
        let mut file = File::open(part.file).await?;
        file.seek(std::io::SeekFrom::Start(part.offset)).await?;
        Ok(file)
    };
    let file = open.await.map_err(|source| ClientError::file(part.file, source))?;
    let length = part.length;
    sent(0);
    let chunks = stream::try_unfold((file, length, sent), move |(mut file, left, sent)| async move {
        if left == 0 {
            return Ok::<_, std::io::Error>(None);
        }
        let wanted = usize::try_from(left).map_or(READ_BYTES, |left| left.min(READ_BYTES));
        let mut chunk = vec![0; wanted];
        // A file that became shorter fails here, and the server is not told a lie about its length.
        file.read_exact(&mut chunk).await?;
        let left = left - wanted as u64;
        sent(length - left);
        Ok(Some((chunk, (file, left, sent))))
    });
    Ok(Body::wrap_stream(chunks))
}

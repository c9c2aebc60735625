//! Somebody who has addresses and no key: a player, a browser, a link preview, a thief.

use http::Method;
use serde_json::json;

use super::Answer;

#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    pub(crate) http: reqwest::Client,
    pub(crate) origin: String,
}

impl Viewer {
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.origin))
    }

    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.request(method.clone(), path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::to(format!("{method} {path} {headers:?}"), request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers).await
    }

    pub(crate) async fn head(&self, path: &str) -> Answer {
        self.send(Method::HEAD, path, &[]).await
    }

    /// Asks for a session as our player does.
    pub(crate) async fn redeem(&self, video: &str, token: &str, nonce: &str) -> Answer {
        let (asked, request) = self.wish(video, token, nonce);
        Answer::to(asked, request).await
    }

    pub(crate) fn wish(&self, video: &str, token: &str, nonce: &str) -> (String, reqwest::RequestBuilder) {
        let path = session_path(video, token);
        let request = self.request(Method::POST, &path).json(&json!({ "nonce": nonce }));
        (format!("POST {path} {nonce}"), request)
    }

    /// A session as api.video's machine clients get it. The token is spent.
    pub(crate) async fn enter(&self, video: &str, token: &str) -> String {
        self.get(&session_path(video, token)).await.expect(200).text_at("/session_token")
    }
}

pub(crate) fn session_path(video: &str, token: &str) -> String {
    format!("/vod/{video}/token/{token}/session")
}

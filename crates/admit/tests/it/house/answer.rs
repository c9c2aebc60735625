//! What came back, and what a refusal must and must not hold.

use admit_domain::verdict::Denial;
use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use serde_json::Value;

/// A problem document of ours is a sentence and a code; no piece of media is this small.
const REFUSAL_BYTES_MAX: usize = 400;
/// This much of a film is not in a refusal by accident.
const TELLING_BYTES: usize = 12;

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// What was asked, for a failure's sake.
    pub(crate) asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) async fn to(asked: String, request: reqwest::RequestBuilder) -> Self {
        let answer = Self::or_error(asked.clone(), request).await;
        answer.unwrap_or_else(|error| panic!("{asked}: {error:?}"))
    }

    /// For stories in which the server may die while it answers.
    pub(crate) async fn or_error(asked: String, request: reqwest::RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { asked, status, headers, body: response.bytes().await? })
    }

    pub(crate) fn header(&self, name: impl TryInto<HeaderName>) -> Option<&str> {
        let name = name.try_into().ok().expect("a header's name");
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        let said = String::from_utf8_lossy(&self.body[..self.body.len().min(600)]);
        assert_eq!(self.status, status, "{}: {:?}\n{said}", self.asked, self.headers);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {:?}", self.asked, self.body))
    }

    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.asked))
    }

    /// The body as text; nothing where it is none.
    pub(crate) fn text_or_nothing(&self) -> String {
        std::str::from_utf8(&self.body).unwrap_or_default().to_owned()
    }

    /// A member of the JSON answer, by its pointer.
    #[track_caller]
    pub(crate) fn text_at(&self, pointer: &str) -> String {
        let member = self.json().pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        member.unwrap_or_else(|| panic!("{}: no text at {pointer}: {}", self.asked, self.json()))
    }

    /// The address was refused, in words for a player on any page, and without a byte of `truth`.
    #[track_caller]
    pub(crate) fn expect_refused(&self, status: u16, reason: &str, truth: &[u8]) {
        let asked = &self.asked;
        assert_eq!((self.status, self.header("admit-reason")), (status, Some(reason)), "{asked}: {:?}", self.body);
        assert!(Denial::ALL.iter().any(|denial| denial.code() == reason), "{reason} is in no list");
        self.expect_nothing_of(truth);
        assert_eq!(self.header("cache-control"), Some("no-store"), "{asked}");
        assert_eq!(self.header("access-control-allow-origin"), Some("*"), "{asked}");
        assert_eq!(self.header("content-type"), Some("application/json"), "{asked}");
        let problem = self.json();
        let members: Vec<_> = problem.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["code", "status", "title", "type"], "{asked}");
        assert_eq!(
            (problem["code"].as_str(), problem["status"].as_u64()),
            (Some(reason), Some(status.into())),
            "{asked}"
        );
    }

    /// The listener did not let the request in: an address with two readings is refused before anybody looks at it.
    #[track_caller]
    pub(crate) fn expect_not_let_in(&self, status: u16, code: &str, truth: &[u8]) {
        assert_eq!(self.status, status, "{}: {:?}", self.asked, self.body);
        assert_eq!(self.text_at("/type"), format!("urn:admit:refusal:{code}"), "{}", self.asked);
        assert_eq!(self.header("cache-control"), Some("no-store"), "{}", self.asked);
        self.expect_nothing_of(truth);
    }

    /// Neither media nor anything that leads to it.
    #[track_caller]
    fn expect_nothing_of(&self, truth: &[u8]) {
        let asked = &self.asked;
        assert!(self.status >= 400, "{asked}: {}", self.status);
        assert!(self.body.len() <= REFUSAL_BYTES_MAX, "{asked}: {} bytes", self.body.len());
        let piece = &truth[..truth.len().min(TELLING_BYTES)];
        let leaked = !piece.is_empty() && self.body.windows(piece.len()).any(|window| window == piece);
        assert!(!leaked, "{asked}: {:?}", self.body);
        for name in
            ["etag", "last-modified", "content-range", "accept-ranges", "set-cookie", "x-token-session", "location"]
        {
            assert_eq!(self.header(name), None, "{asked}: a refusal has no {name}");
        }
    }
}

mod controls {
    //! The detectors themselves: a leak, and a refusal without a reason, are seen.

    use super::*;

    fn refusal(reason: &str, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("admit-reason", reason),
            ("cache-control", "no-store"),
            ("access-control-allow-origin", "*"),
            ("content-type", "application/json"),
        ] {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        Answer { asked: "a control".to_owned(), status: 404, headers, body: Bytes::copy_from_slice(body.as_bytes()) }
    }

    const PROBLEM: &str = r#"{"code":"not_found","status":404,"title":"a title","type":"a type"}"#;

    #[test]
    fn a_good_refusal_passes() {
        refusal("not_found", PROBLEM).expect_refused(404, "not_found", b"the bytes of a film");
    }

    #[test]
    #[should_panic(expected = "the bytes of a film")]
    fn a_leak_is_seen() {
        let leaking = PROBLEM.replace("a title", "the bytes of a film");
        refusal("not_found", &leaking).expect_refused(404, "not_found", b"the bytes of a film");
    }

    #[test]
    #[should_panic(expected = "a refusal has no etag")]
    fn a_validator_is_seen() {
        let mut telling = refusal("not_found", PROBLEM);
        telling.headers.insert("etag", "\"e\"".parse().unwrap());
        telling.expect_refused(404, "not_found", b"the bytes of a film");
    }

    #[test]
    #[should_panic(expected = "is in no list")]
    fn a_reason_of_nobodys_is_seen() {
        refusal("because", PROBLEM).expect_refused(404, "because", b"");
    }
}

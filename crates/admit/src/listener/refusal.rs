//! Why a request did not reach a handler. One closed list, each with its status, its code and its sentence.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, Version, header};
use http_body_util::Full;
use serde_json::json;

/// The sentences are for whoever wrote the client: they name the rule and repeat nothing that was sent.
macro_rules! refusals {
    ($($name:ident $status:ident $code:literal $title:literal,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($name,)+
        }

        impl Refusal {
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$status,)+
                }
            }

            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                }
            }
        }
    };
}

refusals! {
    RequestLine BAD_REQUEST "request-line" "The request line is malformed.",
    HttpVersion HTTP_VERSION_NOT_SUPPORTED "http-version" "Only HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here.",
    HeaderLine BAD_REQUEST "header-line" "A header line is malformed.",
    BareLineFeed BAD_REQUEST "bare-line-feed" "Lines end with CR LF.",
    HeadTooLarge REQUEST_HEADER_FIELDS_TOO_LARGE "head-too-large" "The header section is larger than 16 KiB.",
    TooManyHeaders REQUEST_HEADER_FIELDS_TOO_LARGE "too-many-headers" "There are more than 100 header lines.",
    UriTooLong URI_TOO_LONG "uri-too-long" "The request target is longer than 8192 bytes.",
    ContentLength BAD_REQUEST "content-length" "There must be at most one Content-Length, of decimal digits.",
    TransferEncoding BAD_REQUEST "transfer-encoding" "Transfer-Encoding must be chunked, once, in HTTP/1.1.",
    LengthAndChunked BAD_REQUEST "length-and-chunked" "Content-Length and Transfer-Encoding exclude each other.",
    Chunk BAD_REQUEST "chunk" "The chunked body is malformed.",
    HeadTimeout REQUEST_TIMEOUT "head-timeout" "The header section did not arrive in time.",
    BodyTimeout REQUEST_TIMEOUT "body-timeout" "The request body did not arrive in time.",
    HostMissing BAD_REQUEST "host-missing" "The Host header is missing.",
    HostTwice BAD_REQUEST "host-twice" "There is more than one Host header.",
    HostMalformed BAD_REQUEST "host-malformed" "The Host header is malformed.",
    HostDisagrees BAD_REQUEST "host-disagrees" "The Host header and the request target name different hosts.",
    TargetForm BAD_REQUEST "target-form" "The request target must be a path.",
    PathBytes BAD_REQUEST "path-bytes" "The path has a byte that must be percent-encoded, or a backslash.",
    PathEscape BAD_REQUEST "path-escape" "The path has an invalid or forbidden percent escape.",
    PathNotCanonical BAD_REQUEST "path-not-canonical" "The path has an empty or dot segment, or an escape it does not need.",
    QueryBytes BAD_REQUEST "query-bytes" "The query has a byte that must be percent-encoded.",
    QueryAmbiguous BAD_REQUEST "query-ambiguous" "A credential must be given once, under its exact name.",
    Method METHOD_NOT_ALLOWED "method" "This method is not spoken here.",
    ContentEncoding UNSUPPORTED_MEDIA_TYPE "content-encoding" "Request bodies must not be compressed.",
    Expectation EXPECTATION_FAILED "expectation" "Only Expect: 100-continue is understood.",
    TooEarly TOO_EARLY "too-early" "Early data may be replayed; send the request again.",
    Internal INTERNAL_SERVER_ERROR "internal" "Server error.",
}

/// The methods any route of ours answers to.
pub(super) const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

impl Refusal {
    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|refusal| refusal.code() == code)
    }

    /// The answer, as a problem document (RFC 9457). What follows a malformed request on its connection is anybody's
    /// guess, so in HTTP/1 the connection ends with it.
    pub(super) fn answer(self, version: Version) -> Response<Full<Bytes>> {
        let problem = json!({
            "type": format!("urn:admit:refusal:{}", self.code()),
            "title": self.title(),
            "status": self.status().as_u16(),
        });
        let mut answer = Response::new(Full::new(Bytes::from(problem.to_string())));
        *answer.status_mut() = self.status();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // The address may have been one of media, where every refusal has a reason that a page elsewhere can read.
        headers.insert("admit-reason", HeaderValue::from_static(self.code()));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if self == Self::Method {
            headers.insert(header::ALLOW, HeaderValue::from_static(METHODS));
        }
        if version < Version::HTTP_2 {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_own_code() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_code(refusal.code()), Some(*refusal));
            assert!(refusal.status().is_client_error() || refusal.status().is_server_error());
        }
    }
}

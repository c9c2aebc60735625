//! Pictures that everybody may see and that are no part of a video: whether that is still so, the control plane is
//! asked each time. There is no session to such a picture, so there is nothing for a gate to judge.

use admit_domain::{image::Format, verdict::Denial};
use futures_util::stream;
use http::{HeaderValue, Response, header};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use crate::{
    control::Picture,
    edge::Edge,
    reply::{Body, open_to_all_origins},
};

impl Edge {
    /// Addresses end in `.png` or `.jpg` whatever the picture is, so its own first bytes say what it is.
    pub(crate) async fn picture(&self, picture: Picture) -> Result<Response<Body>, Denial> {
        let mut slices = self.catalog.control().picture(picture).await?;
        let bytes = slices.object_bytes();
        let first = slices.next().await.map_err(|error| {
            tracing::error!(?picture, %error, "read a picture");
            Denial::CannotKnow
        })?;
        let first = first.unwrap_or_default();
        let format = Format::of(&first).unwrap_or(Format::Jpeg);
        let frames = stream::unfold((Some(first), slices), async |(first, mut slices)| {
            let slice = match first {
                Some(first) => Ok(Some(first)),
                None => slices.next().await,
            };
            Some((slice.transpose()?.map(Frame::data).map_err(Into::into), (None, slices)))
        });
        let mut response = Response::new(StreamBody::new(frames).boxed_unsync());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
        headers.insert(header::CONTENT_LENGTH, bytes.into());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        open_to_all_origins(headers);
        Ok(response)
    }
}

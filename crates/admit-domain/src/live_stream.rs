//! A live stream as its customer describes it. Nothing is broadcast yet; the record is there to be configured.

use crate::{
    id::{LiveStreamId, PlayerId, ProjectId},
    key::InstallKeys,
    object_key::{Edition, ObjectKey},
    secret::{Sealed, uuid_of},
    time::Timestamp,
    video::Visibility,
};

/// What the customer says about a live stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveDescription {
    pub name: String,
    pub visibility: Visibility,
    pub player_id: Option<PlayerId>,
    pub restreams: Vec<Restream>,
}

/// Another service to send the stream on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restream {
    pub name: String,
    pub server_url: String,
    /// The customer's secret at that service.
    pub stream_key: Sealed,
}

/// A live stream of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveStream {
    pub id: LiveStreamId,
    pub project: ProjectId,
    pub about: LiveDescription,
    pub thumbnail: Option<Edition>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl LiveStream {
    /// Where its picture lies.
    pub const fn thumbnail_key(live_stream: LiveStreamId, edition: Edition) -> ObjectKey {
        ObjectKey::LiveThumbnail { live_stream, edition }
    }
}

/// The secret by which a broadcaster's program is known: a UUID that follows from the id and the installation, so
/// that it can be shown again and need not be stored.
pub fn stream_key(keys: &InstallKeys, id: &LiveStreamId) -> String {
    uuid_of(&keys.stream_keys.tag(&[id.as_str().as_bytes()]))
}

/// Why no stream can be sent on to an address; api.video's own sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadServerUrl {
    #[error("RTMP URL should have the following format: [rtmp|rtmps]://[host]/[app name].")]
    Format,
    #[error("Missing app name: [rtmp|rtmps]://[host]/[app name].")]
    AppName,
}

/// Is it `rtmp://host/app` or `rtmps://host/app`?
pub fn judge_server_url(url: &str) -> Result<(), BadServerUrl> {
    let rest = url.strip_prefix("rtmp://").or_else(|| url.strip_prefix("rtmps://")).ok_or(BadServerUrl::Format)?;
    let (host, app) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() || url.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err(BadServerUrl::Format);
    }
    if app.is_empty() { Err(BadServerUrl::AppName) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_stream_key_is_a_uuid_of_its_stream_and_house() {
        let (keys, others) = (InstallKeys::derive(&Secret::new([1; 32])), InstallKeys::derive(&Secret::new([2; 32])));
        let (id, other) = (LiveStreamId::from_random([3; 22]), LiveStreamId::from_random([4; 22]));
        let key = stream_key(&keys, &id);
        assert_eq!((key.len(), &key[14..15]), (36, "4"));
        assert!(matches!(&key[19..20], "8" | "9" | "a" | "b"), "{key}");
        assert_eq!(stream_key(&keys, &id), key);
        assert!(stream_key(&keys, &other) != key && stream_key(&others, &id) != key);
    }

    #[test]
    fn a_server_has_a_host_and_an_app() {
        for good in ["rtmp://a.example/app", "rtmps://a.example:443/live2/x"] {
            assert_eq!(judge_server_url(good), Ok(()), "{good}");
        }
        for bad in ["", "http://a/app", "rtmp:/a/app", "rtmp:///app", "a/app", "rtmp://a b/app"] {
            assert_eq!(judge_server_url(bad), Err(BadServerUrl::Format), "{bad}");
        }
        for bad in ["rtmp://a.example", "rtmps://a.example/"] {
            assert_eq!(judge_server_url(bad), Err(BadServerUrl::AppName), "{bad}");
        }
    }
}

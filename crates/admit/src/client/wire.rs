//! The parts of the API's JSON that the command line reads or writes. What it only passes on stays as it came.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize)]
pub struct NewVideo {
    pub title: String,
    /// Absent, the server's own setting decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Video {
    pub video_id: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    pub ingest: Option<Ingest>,
    pub encoding: Encoding,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Ingest {
    pub status: String,
    pub received_parts: Option<ReceivedParts>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReceivedParts {
    pub parts: Vec<u64>,
    pub total: Option<u64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Encoding {
    pub playable: bool,
    pub qualities: Vec<Quality>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Quality {
    #[serde(rename = "type")]
    pub kind: String,
    pub quality: String,
    pub status: String,
}

impl Status {
    /// Everything has arrived.
    pub fn is_uploaded(&self) -> bool {
        self.ingest.as_ref().is_some_and(|ingest| !ingest.status.is_empty() && ingest.status != "uploading")
    }

    /// The numbers of the parts that have arrived.
    pub fn received(&self) -> &[u64] {
        let parts = self.ingest.as_ref().and_then(|ingest| ingest.received_parts.as_ref());
        parts.map_or(&[], |received| &received.parts)
    }

    /// Nothing will ever be playable.
    pub fn has_failed(&self) -> bool {
        let Encoding { playable, qualities } = &self.encoding;
        !playable && !qualities.is_empty() && qualities.iter().all(|quality| quality.status == "failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Status {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_status_at_each_stage() {
        let empty = read(r#"{"ingest":null,"encoding":{"playable":false,"qualities":[]}}"#);
        assert!(!empty.is_uploaded() && empty.received().is_empty() && !empty.has_failed());
        let parts = read(
            r#"{"ingest":{"status":"uploading","receivedBytes":[],"receivedParts":{"parts":[1,3],"total":4}},"encoding":{"playable":false}}"#,
        );
        assert!(!parts.is_uploaded());
        assert_eq!(parts.received(), [1, 3]);
        let failed = r#"{"ingest":{"status":"uploaded"},"encoding":{"playable":false,"qualities":[{"type":"hls","quality":"720p","status":"failed"}]}}"#;
        assert!(read(failed).is_uploaded() && read(failed).has_failed());
    }
}

//! What all validators are told, in forms that every language can write.

use super::{asset_kind, fill};
use crate::{
    id::{SessionId, VideoId},
    key::{DeliveryKey, DeliveryKeys},
    revocation::{Revoked, Subject},
    secret::Secret,
    signed,
    time::Timestamp,
};

/// A name in a path: letters that need no escape, and no dot before the others.
const NAME: &str = "[A-Za-z0-9_~,=-][A-Za-z0-9._~,=-]*";
/// A byte in decimal digits, of one spelling.
const BYTE: &str = "25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9]";

/// By what a validator judges.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'a> {
    pub keys: &'a DeliveryKeys,
    pub revoked: &'a Revoked,
    /// When it is written.
    pub now: Timestamp,
    /// The folder in which the front will find the files.
    pub folder: &'a str,
}

/// How the message under a signed address begins: a label, preceded by its length as every field of it is.
pub(super) fn label_field() -> Vec<u8> {
    let length = u32::try_from(signed::LABEL.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), signed::LABEL].concat()
}

pub(super) struct Known<'a> {
    keys: Vec<&'a DeliveryKey>,
    /// Sorted, as all lists here are: the same state is written the same way.
    pub(super) sessions: Vec<SessionId>,
    pub(super) gone: Vec<VideoId>,
    /// Up to when begun access to a video ended, in milliseconds since the epoch.
    pub(super) until: Vec<(VideoId, i64)>,
    /// The same for everything; 0 when nothing ever ended so.
    pub(super) everything: i64,
    folder: &'a str,
    says: String,
}

/// One key as validators hold it.
pub(super) struct KeyParts {
    pub(super) id: u8,
    pub(super) secret: [u8; Secret::LEN],
}

impl KeyParts {
    /// The first blocks of both hashes of HMAC-SHA256 (RFC 2104, section 2), for languages that have a hash and no HMAC.
    pub(super) fn blocks(&self) -> ([u8; 64], [u8; 64]) {
        let padded = |pad: u8| {
            let mut block = [pad; 64];
            for (slot, byte) in block.iter_mut().zip(self.secret) {
                *slot = pad ^ byte;
            }
            block
        };
        (padded(0x36), padded(0x5c))
    }
}

impl<'a> Known<'a> {
    pub(super) fn of(by: &Knowledge<'a>) -> Self {
        let (mut sessions, mut gone, mut until, mut everything) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for subject in by.revoked.subjects() {
            match subject {
                // A handle says itself when its session is over.
                Subject::Session { id, until } if until > by.now => sessions.push(id),
                Subject::Video(id) => gone.push(id),
                Subject::VideoAccess { id, until: at } => until.push((id, at.as_millis())),
                // A front does not know which videos are of which project.
                Subject::ProjectAccess { until, .. } => everything = until.as_millis().max(everything),
                _ => {}
            }
        }
        sessions.sort_unstable();
        gone.sort_unstable();
        until.sort_unstable();
        Self {
            keys: by.keys.iter().collect(),
            sessions,
            gone,
            until,
            everything,
            folder: by.folder,
            says: says(by.revoked.seq.0, by.now),
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = KeyParts> {
        self.keys.iter().map(|key| KeyParts { id: key.id, secret: *key.secret.bytes() })
    }

    /// Fills a template by what the language says in its own way, and the rest by what is the same in all.
    pub(super) fn fill(&self, template: &str, own: impl Fn(&str) -> Option<String>) -> String {
        fill::fill(template, |name| own(name).or_else(|| self.common(name)))
    }

    fn common(&self, name: &str) -> Option<String> {
        Some(match name {
            "name" => NAME.to_owned(),
            "byte" => BYTE.to_owned(),
            "pictures" => asset_kind::pictures(),
            "stream" => asset_kind::stream(),
            "installed" => self.folder.to_owned(),
            "says" => self.says.clone(),
            _ => return None,
        })
    }
}

fn says(seq: i64, now: Timestamp) -> String {
    format!("revocations up to number {seq}, as of {now}.")
}

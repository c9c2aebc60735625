//! JavaScript: nginx (njs), CloudFront Functions and Cloudflare Workers share one judge.

use super::{asset_kind, fill::DENIALS, known::Known, page::Page};
use crate::secret::hex;

/// Without it three languages would hold three judgements.
const CORE: &str = include_str!("templates/core.js");

pub(super) fn nginx(known: &Known<'_>) -> Vec<Page> {
    vec![
        Page { name: "admit.conf", text: filled(known, include_str!("templates/nginx.conf")) },
        Page { name: "admit.js", text: filled(known, include_str!("templates/nginx.js")) },
        Page { name: "admit-revoked.js", text: filled(known, include_str!("templates/nginx-revoked.js")) },
    ]
}

pub(super) fn cloudfront(known: &Known<'_>) -> Vec<Page> {
    vec![Page { name: "admit-cloudfront.js", text: filled(known, include_str!("templates/cloudfront.js")) }]
}

pub(super) fn worker(known: &Known<'_>) -> Vec<Page> {
    vec![Page { name: "admit-worker.js", text: filled(known, include_str!("templates/worker.js")) }]
}

fn filled(known: &Known<'_>, template: &str) -> String {
    known.fill(template, |name| match name {
        "core" => Some(known.fill(CORE, |name| own(known, name))),
        name => own(known, name),
    })
}

fn own(known: &Known<'_>, name: &str) -> Option<String> {
    match name {
        "keys" => Some(object(known.keys().map(|key| (key.id.to_string(), format!("'{}'", hex(&key.secret)))))),
        "revoked" => Some(revoked(known)),
        "statuses" => Some(object(DENIALS.into_iter().map(|denial| (denial.code(), denial.status().to_string())))),
        // A slash ends a literal.
        "pictures" => Some(asset_kind::pictures().replace('/', "\\/")),
        "stream" => Some(asset_kind::stream().replace('/', "\\/")),
        _ => None,
    }
}

fn revoked(known: &Known<'_>) -> String {
    let sessions = object(known.sessions.iter().map(|id| (id.to_string(), "1".to_owned())));
    let gone = object(known.gone.iter().map(|id| (id.to_string(), "1".to_owned())));
    let until = object(known.until.iter().map(|(id, at)| (id.to_string(), at.to_string())));
    let everything = known.everything;
    format!("{{\n  everything: {everything},\n  until: {until},\n  gone: {gone},\n  sessions: {sessions},\n}}")
}

/// Names need no quotes: they are letters and digits, or a number.
fn object<N: std::fmt::Display>(members: impl Iterator<Item = (N, String)>) -> String {
    let members: Vec<_> = members.map(|(name, value)| format!("{name}: {value}")).collect();
    if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
}

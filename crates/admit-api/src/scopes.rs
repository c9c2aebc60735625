//! Which scope each address of the API takes: one table, and what is not in it takes a key that may do everything.

use admit_domain::scope::Scope;
use axum::http::Method;

/// The first part of an address, the scope to read and the scope to change.
const TABLE: [(&str, Scope, Scope); 18] = [
    ("videos", Scope::VideosRead, Scope::VideosWrite),
    ("discarded", Scope::VideosRead, Scope::VideosWrite),
    ("tags", Scope::VideosRead, Scope::VideosWrite),
    ("live-streams", Scope::VideosRead, Scope::VideosWrite),
    ("players", Scope::VideosRead, Scope::VideosWrite),
    ("watermarks", Scope::VideosRead, Scope::VideosWrite),
    ("upload-tokens", Scope::VideosWrite, Scope::VideosWrite),
    ("webhooks", Scope::WebhooksWrite, Scope::WebhooksWrite),
    ("sessions", Scope::SessionsRead, Scope::SessionsWrite),
    ("revocations", Scope::SessionsWrite, Scope::SessionsWrite),
    ("settings", Scope::SettingsWrite, Scope::SettingsWrite),
    ("access-rules", Scope::SettingsWrite, Scope::SettingsWrite),
    ("signing-keys", Scope::KeysWrite, Scope::KeysWrite),
    ("publishable-keys", Scope::KeysWrite, Scope::KeysWrite),
    ("embed-tokens", Scope::AccessMint, Scope::AccessMint),
    ("links", Scope::AccessMint, Scope::AccessMint),
    ("signed-urls", Scope::AccessMint, Scope::AccessMint),
    ("explain", Scope::AuditRead, Scope::AuditRead),
];

/// `None` where only a key without scopes may go: keys that make keys, and whatever a later release forgets to list.
pub(crate) fn needed(method: &Method, path: &str) -> Option<Scope> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let path = path.trim_start_matches('/');
    if path.ends_with("/access-rules") || path.ends_with("/access-rules/replay") {
        return Some(Scope::SettingsWrite);
    }
    if path == "events" {
        return Some(Scope::AuditRead);
    }
    let first = path.split('/').next().unwrap_or_default();
    let (_, to_read, to_change) = TABLE.iter().find(|(name, ..)| *name == first)?;
    Some(if reads { *to_read } else { *to_change })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_takes_its_scope() {
        for (method, path, scope) in [
            (Method::GET, "/videos/vi1", Some(Scope::VideosRead)),
            (Method::POST, "/videos/vi1/source", Some(Scope::VideosWrite)),
            (Method::GET, "/videos/vi1/access-rules", Some(Scope::SettingsWrite)),
            (Method::POST, "/videos/vi1/access-rules/replay", Some(Scope::SettingsWrite)),
            (Method::POST, "/signed-urls", Some(Scope::AccessMint)),
            (Method::GET, "/sessions", Some(Scope::SessionsRead)),
            (Method::DELETE, "/sessions/se1", Some(Scope::SessionsWrite)),
            (Method::POST, "/api-keys", None),
            (Method::GET, "/something-new", None),
        ] {
            assert_eq!(needed(&method, path), scope, "{method} {path}");
        }
    }
}

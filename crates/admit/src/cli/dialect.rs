//! `admit dialect`: which there are, and what is wrong with a credential of one. No server is asked.

mod check;
mod place;

use admit_domain::{
    dialects::Dialect,
    id::SigningKeyId,
    material::{KeySecret, Material},
    signing_key::SigningKey,
    time::Timestamp,
};
use anyhow::Context as _;
use serde_json::{Value, json};

use self::place::Place;
use super::{
    args::credentials::DialectTest,
    explain::told,
    failure::{Failure, HintExt as _},
    key_file,
    output::{Output, text},
};
use crate::clock::Clock;

pub(super) fn list(output: Output) -> Result<(), Failure> {
    let dialects: Vec<Value> = Dialect::ALL_NAMES.iter().map(|name| described(name)).collect();
    Ok(output.tell(&json!(dialects), || dialects.iter().map(line).collect())?)
}

/// A template is what its lines say, so its name alone is no dialect.
fn described(name: &str) -> Value {
    let Ok(dialect) = Dialect::parse(name) else {
        return json!({ "name": name, "keys": "a secret", "warning": "it takes lines that say how it signs" });
    };
    let least = dialect.min_secret_bytes();
    let secret = format!("a secret of at least {least} bytes");
    let keys = match (dialect.takes_secret(), dialect.takes_public_key()) {
        (true, true) => format!("{secret}, or a public key"),
        (true, false) => secret,
        (false, _) => "a public key".to_owned(),
    };
    json!({ "name": name, "keys": keys, "warning": dialect.warning() })
}

fn line(dialect: &Value) -> String {
    let warning = text(dialect, "/warning");
    let warning = if warning.is_empty() { String::new() } else { format!("; {warning}") };
    format!("{:<20}  {}{warning}", text(dialect, "/name"), text(dialect, "/keys"))
}

pub(super) fn test(args: &DialectTest, output: Output) -> Result<(), Failure> {
    let place = Place::of(&args.url, args.ip);
    let now = args.at.map_or_else(|| Clock::default().now(), Timestamp::from_secs);
    let mut document = json!({ "shows": place.described() });
    if let Some(dialect) = &args.dialect {
        let video = args.video.or_else(|| place.video());
        let video = video.context("neither the address nor the token names a video").hint("name it with --video")?;
        let material = key_file::material(&args.with, dialect)?.context("no key was given");
        let material = material.hint("give it with --secret-file, --secret-env or --public-key-file")?;
        let id = args.key_id.unwrap_or_else(nobodys);
        let key = SigningKey { id, dialect: dialect.clone(), material };
        merge(&mut document, check::checked(&key, &place, &video, now));
    } else {
        document["looksLike"] = json!(guesses(&place, now));
    }
    Ok(output.tell(&document, || words(&document))?)
}

/// Dialects that would take this for theirs, whoever signed it.
fn guesses(place: &Place, now: Timestamp) -> Vec<&'static str> {
    if place.token().is_some_and(|token| token.matches('.').count() == 2) {
        return vec!["admit", "moviie", "mux", "cloudflare-stream"];
    }
    let Some(video) = place.video() else { return Vec::new() };
    let id = place.shown.parameter("kid").and_then(|kid| kid.parse().ok()).unwrap_or_else(nobodys);
    let names = Dialect::ALL_NAMES.into_iter().filter(|name| {
        let Ok(dialect) = Dialect::parse(name) else { return false };
        let material = Material::Secret(KeySecret::new([b'a'; 32]));
        let key = SigningKey { id, dialect, material };
        Dialect::read(&key, &place.shown, &video, now).is_some()
    });
    names.collect()
}

/// Dialects without a key's id in them are read with any.
fn nobodys() -> SigningKeyId {
    SigningKeyId::from_random([0; 22])
}

fn merge(document: &mut Value, more: Value) {
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
}

fn words(document: &Value) -> Vec<String> {
    let mut lines = vec!["shown, and not verified:".to_owned()];
    for member in document["shows"].as_array().map(Vec::as_slice).unwrap_or_default() {
        lines.push(format!("  {:<10}  {}", text(member, "/name"), text(member, "/value")));
    }
    match document.get("looksLike").and_then(Value::as_array) {
        Some(names) if names.is_empty() => lines.push("it looks like no dialect that is known".to_owned()),
        Some(names) => {
            let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
            lines.push(format!("it looks like {}; name one with --dialect, and its key", names.join(", ")));
        }
        None => lines.extend(told(document)),
    }
    lines
}

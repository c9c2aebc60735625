//! A credential judged with the key that is said to have signed it: what was met, and the first that was not.

use admit_domain::{
    claims::{Claims, Fault},
    dialects::Dialect,
    id::VideoId,
    jose,
    rules::{Rules, Visitor},
    signing_key::SigningKey,
    time::Timestamp,
};
use serde_json::{Value, json};

use super::place::Place;

/// What is judged of a JSON Web Token, in this order; a dialect's own claims come last.
const OF_JWS: [&str; 8] = ["token", "header", "kid", "alg", "signature", "exp", "iat", "nbf"];

/// The story in the shape of the API's `/explain`.
pub(super) fn checked(key: &SigningKey, place: &Place, video: &VideoId, now: Timestamp) -> Value {
    let is_jws = place.token().is_some_and(|token| token.matches('.').count() == 2);
    let rules: &[&str] = if is_jws { &OF_JWS } else { &[] };
    let read = Dialect::read(key, &place.shown, video, now);
    let (claims, fault) = match read.unwrap_or_else(|| Err(not_meant(key, place))) {
        Ok(claims) => {
            let fault = judge_network(&claims.rules, place, now).err();
            (Some(claims), fault)
        }
        Err(fault) => (None, Some(fault)),
    };
    let mut steps = Vec::new();
    let refuses = |rule: &&str| claims.is_none() && fault.as_ref().is_some_and(|fault| fault.field == *rule);
    steps.extend(rules.iter().take_while(|rule| !refuses(rule)).map(|rule| step(rule, true, met(rule))));
    if let Some(claims) = &claims {
        steps.extend(believed(claims));
    }
    if let Some(fault) = &fault {
        let rule = if fault.field.is_empty() { fault.denial.code() } else { fault.field };
        steps.push(step(rule, false, &format!("wanted {}", fault.wanted)));
    }
    let words = claims.map(|claims| claims.rules.in_words());
    json!({ "allowed": fault.is_none(), "steps": steps, "refusal": fault.as_ref().map(refusal), "words": words })
}

/// Why a key of this dialect reads nothing here.
fn not_meant(key: &SigningKey, place: &Place) -> Fault {
    match place.token().and_then(jose::peek_kid) {
        Some(kid) if kid != key.id.as_str() => {
            Fault::invalid("kid", format!("{}, which the key is called here; --key-id names it", key.id))
        }
        _ => {
            let dialect = key.dialect.to_string();
            let name = dialect.lines().next().unwrap_or_default();
            Fault::invalid("dialect", format!("a token, parameters or a path as {name} writes them"))
        }
    }
}

/// Where it is shown from is told; on which site, and in which country, is not.
fn judge_network(rules: &Rules, place: &Place, now: Timestamp) -> Result<(), Fault> {
    if place.shown.ip.is_none() {
        return Ok(());
    }
    let networks = Rules { networks: rules.networks.clone(), ..Rules::default() };
    let visitor = Visitor { ip: place.shown.ip, origin: None, referrer: None, agent: "", country_of: &|_| None };
    networks.judge_entry(&visitor, now)
}

fn believed(claims: &Claims) -> Vec<Value> {
    let viewer = claims.viewer.as_ref().map_or("nobody in particular", |viewer| viewer.as_str());
    vec![
        step("signature", true, "the key signed this"),
        step("video", true, &format!("it is for {}", claims.video)),
        step("end", true, &format!("it ends at {}", claims.expires_at)),
        step("viewer", true, &format!("it means {viewer}")),
    ]
}

fn met(rule: &str) -> &'static str {
    match rule {
        "token" => "it has three parts",
        "header" => "its parts are base64url and JSON",
        "kid" => "it names this key",
        "alg" => "it names the algorithm of the key",
        "signature" => "the key signed this",
        "exp" => "it has not ended",
        "iat" => "it was issued in time",
        _ => "it has begun",
    }
}

fn step(rule: &str, passed: bool, says: &str) -> Value {
    json!({ "rule": rule, "passed": passed, "says": says })
}

fn refusal(fault: &Fault) -> Value {
    let Fault { denial, field, wanted } = fault;
    json!({
        "code": denial.code(),
        "status": denial.status(),
        "field": field,
        "wanted": wanted,
        "title": denial.to_string(),
        "help": format!("docs/refusals.md#{}", denial.code()),
    })
}

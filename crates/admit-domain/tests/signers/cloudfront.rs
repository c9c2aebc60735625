//! CloudFront's signed addresses and cookies, by Amazon's signer and by another.

use admit_domain::{
    dialects::Dialect,
    mint::{Minted, Signer, Wish},
    private_key::PrivateKey,
    shown::Shown,
    signing_key::SigningKey,
    time::Timestamp,
};
use aws_lc_rs::rand::SystemRandom;
use serde_json::{Value, json};

use crate::{
    library::{Library, installed, text},
    request::{
        KID, MANIFEST, ORIGIN, OTHER, RSA, RSA_PUBLIC, VIDEO, assert_only_this_is_read, now, public, said, shown, wish,
    },
};

const AMAZON: Library = Library::Node("cloudfront-signer.mjs");
const OTHERS: Library = Library::Node("aws-cloudfront-sign.mjs");

fn address() -> String {
    format!("{ORIGIN}{MANIFEST}")
}

fn whole() -> String {
    format!("{ORIGIN}/vod/{VIDEO}/*")
}

/// A time as Amazon's signer takes it, in milliseconds.
fn date(at: i64) -> Value {
    json!(at * 1_000)
}

/// What the request shows of an answer: an address, or cookies for the manifest.
fn carrying(answer: &Value) -> Shown {
    let Some(cookies) = answer["cookies"].as_object() else { return shown(text(answer, "url")) };
    let value = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let cookies = cookies.iter().map(|(name, held)| (name.clone(), value(held))).collect();
    Shown { cookies, ..shown(MANIFEST) }
}

fn key() -> SigningKey {
    public(Dialect::CloudFront, RSA_PUBLIC)
}

/// A line for either script.
fn line(name: &str, kid: &str, url: &str, options: &Value) -> Value {
    json!({ "name": name, "key": { "kid": kid, "pem": RSA }, "url": url, "options": options })
}

fn policy(resource: &str, conditions: &Value) -> String {
    json!({ "Statement": [{ "Resource": resource, "Condition": conditions }] }).to_string()
}

/// Options of Amazon's signer, and what we say to what it makes of them.
fn cases(now: i64) -> Vec<(&'static str, Value, &'static str)> {
    let until = now + 600;
    let end = json!({ "DateLessThan": { "AWS:EpochTime": until } });
    let custom =
        |resource: &str, conditions: &Value| json!({ "url": address(), "policy": policy(resource, conditions) });
    let near = json!({ "DateLessThan": { "AWS:EpochTime": until }, "DateGreaterThan": { "AWS:EpochTime": now - 5 },
        "IpAddress": { "AWS:SourceIp": "10.0.0.0/8" } });
    let later =
        json!({ "DateLessThan": { "AWS:EpochTime": until }, "DateGreaterThan": { "AWS:EpochTime": now + 300 } });
    vec![
        ("SHA-1", json!({ "url": address(), "dateLessThan": date(until) }), "ok"),
        ("SHA-256", json!({ "url": address(), "dateLessThan": date(until), "algorithm": "SHA256" }), "ok"),
        (
            "conditions of Amazon's own making",
            json!({ "url": address(), "dateLessThan": date(until), "dateGreaterThan": date(now - 5), "ipAddress": "10.0.0.1" }),
            "ok",
        ),
        ("the whole video", custom(&whole(), &end), "ok"),
        ("conditions", custom(&whole(), &near), "ok"),
        ("not yet", custom(&whole(), &later), "DateGreaterThan"),
        ("over", json!({ "url": address(), "dateLessThan": date(now - 5) }), "Expires"),
        ("everything", custom(&format!("{ORIGIN}/*"), &end), "Resource"),
        ("videos that begin so", custom(&format!("{ORIGIN}/vod/{VIDEO}*"), &end), "Resource"),
        ("another video", custom(&format!("{ORIGIN}/vod/{OTHER}/*"), &end), "Resource"),
        ("another host", custom(&format!("https://other.example/vod/{VIDEO}/*"), &end), "Resource"),
        ("no end", custom(&whole(), &json!({ "IpAddress": { "AWS:SourceIp": "10.0.0.0/8" } })), "DateLessThan"),
    ]
}

#[test]
fn what_amazon_signs_is_read_or_refused_for_its_reason() {
    let Some(installed) = installed() else { return };
    let now = now();
    let cases = cases(now.as_secs());
    let lines: Vec<Value> = cases.iter().map(|(name, options, _)| line(name, KID, "", options)).collect();
    for command in ["url", "cookies"] {
        let answers = AMAZON.ask(&installed, command, &lines);
        assert_eq!(answers.len(), cases.len());
        for ((name, _, expect), answer) in cases.iter().zip(&answers) {
            let request = carrying(answer);
            assert_eq!(said(&key(), &request, now), *expect, "{command} {name} {answer}");
            if *expect == "ok" {
                assert_only_this_is_read(&format!("{command} {name}"), &key(), &request, now);
            }
        }
    }
}

#[test]
fn names_of_keys_choose_the_key() {
    let Some(installed) = installed() else { return };
    let now = now();
    let options = json!({ "url": address(), "dateLessThan": date(now.as_secs() + 600) });
    let lines = [KID, "theirs", "K2JCJMDEHXQW5F"].map(|kid| line(kid, kid, "", &options));
    let answers = AMAZON.ask(&installed, "url", &lines);
    let all: Vec<&str> = answers.iter().map(|answer| said(&key(), &carrying(answer), now)).collect();
    assert_eq!(all, ["ok", "ok", "none"]);
}

#[test]
fn what_another_package_signs_is_read() {
    let Some(installed) = installed() else { return };
    let now = now();
    let until = (now.as_secs() + 600) * 1_000;
    let options = json!({ "expireTime": until });
    let near = json!({ "expireTime": until, "ipRange": "10.0.0.0/8" });
    let cases = [
        ("url", line("one", KID, &address(), &options), "ok"),
        ("url", line("one, from near", KID, &address(), &near), "ok"),
        ("cookies", line("whole", KID, &whole(), &options), "ok"),
        ("cookies", line("whole, from near", KID, &whole(), &near), "ok"),
        ("cookies", line("everything", KID, &format!("{ORIGIN}/*"), &options), "Resource"),
    ];
    for (command, line, expect) in &cases {
        let answers = OTHERS.ask(&installed, command, std::slice::from_ref(line));
        let request = carrying(&answers[0]);
        assert_eq!(said(&key(), &request, now), *expect, "{command} {}", answers[0]);
        if *expect == "ok" {
            assert_only_this_is_read(text(line, "name"), &key(), &request, now);
        }
    }
}

/// The query as a set: the order of parameters says nothing.
fn parameters(query: &str) -> Vec<&str> {
    let mut all: Vec<&str> = query.split('&').collect();
    all.sort_unstable();
    all
}

#[test]
fn what_is_signed_here_is_what_amazon_signs() {
    let Some(installed) = installed() else { return };
    let now: Timestamp = now();
    let one = wish(now, MANIFEST);
    let all = Wish { path: format!("/vod/{VIDEO}/"), ..one.clone() };
    let until = one.expires_at.as_secs();
    let end = json!({ "DateLessThan": { "AWS:EpochTime": until } });
    // Amazon's signer spells a policy of its own so; one that is given it signs as it is.
    let text_of_policy = format!(
        "{{\"Statement\":[{{\"Resource\":\"{}\",\"Condition\":{{\"DateLessThan\":{{\"AWS:EpochTime\":{until}}}}}}}]}}",
        whole()
    );
    assert_eq!(serde_json::from_str::<Value>(&text_of_policy).ok(), serde_json::from_str(&policy(&whole(), &end)).ok());
    let cases = [
        (one, json!({ "url": address(), "dateLessThan": date(until), "algorithm": "SHA256" })),
        (all, json!({ "url": address(), "policy": text_of_policy, "algorithm": "SHA256" })),
    ];
    let lines = cases.each_ref().map(|(_, options)| line("ours", KID, "", options));
    let answers = AMAZON.ask(&installed, "url", &lines);
    for ((wish, _), answer) in cases.iter().zip(&answers) {
        let signer = Signer::Private(PrivateKey::from_pem(RSA).expect("a key"));
        let Ok(Minted::Query(ours)) = Dialect::CloudFront.mint(wish, &signer, &SystemRandom::new()) else {
            panic!("no query for {}", wish.path)
        };
        let (_, theirs) = text(answer, "url").split_once('?').expect("a query");
        assert_eq!(parameters(&ours), parameters(theirs));
    }
}

//! What `admit sign` prints, the server believes, in every dialect; and what is broken, `admit dialect test` tells.

use admit_domain::dialects::Dialect;
use serde_json::{Value, json};

use super::Scene;
use crate::{
    house::{House, clip, on_both},
    support::program::Person,
};

const RSA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../admit-domain/tests/vectors/keys/rsa.pem");
const RSA_PUBLIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../admit-domain/tests/vectors/keys/rsa.pub.pem");

on_both! {
    what_is_signed_here_is_believed_there,
}

/// Everything about one signature: the arguments that sign, those that verify, and whether there is a secret to be wrong.
struct Trial {
    name: &'static str,
    id: String,
    sign: [String; 2],
    verify: [String; 2],
    is_secret: bool,
}

impl Trial {
    async fn prepare(scene: &Scene<'_>, person: &Person, name: &'static str) -> Self {
        let dialect = Dialect::parse(name).unwrap();
        let is_secret = dialect.takes_secret();
        let mut wish = json!({ "name": name, "dialect": name });
        if !is_secret {
            wish["publicKey"] = json!(std::fs::read_to_string(RSA_PUBLIC).unwrap());
        }
        let made = scene.customer.post("/signing-keys", &wish).await.expect(201);
        let id = made.text_at("/signingKeyId");
        let (sign, verify) = if is_secret {
            let file = person.file(name, format!("{}\n", made.text_at("/secret")).as_bytes()).display().to_string();
            (["--secret-file".into(), file.clone()], ["--secret-file".into(), file])
        } else {
            (["--private-key-file".into(), RSA.into()], ["--public-key-file".into(), RSA_PUBLIC.into()])
        };
        Self { name, id, sign, verify, is_secret }
    }

    async fn sign(&self, person: &Person, (video, origin): (&str, &str), more: &[&str]) -> Value {
        let mut args = vec!["sign", "--json", "--dialect", self.name, "--key-id", &self.id, "--video", video];
        args.extend(["--origin", origin]);
        // Gcore's folders hold a playlist of this name alone.
        let gcore = format!("/vod/{video}/hls/master.m3u8");
        if self.name == "gcore" {
            args.extend(["--path", &gcore]);
        }
        args.extend(self.sign.iter().map(String::as_str));
        args.extend(more);
        let ran = person.runs(&[], &args).await;
        assert_eq!(ran.code, 0, "{}: {ran:?}", self.name);
        ran.json()
    }

    async fn test(&self, person: &Person, url: &str, (video, verify): (&str, &[String; 2])) -> Value {
        let mut args = vec!["dialect", "test", url, "--json", "--dialect", self.name, "--key-id", &self.id];
        args.extend(["--video", video]);
        args.extend(verify.iter().map(String::as_str));
        let ran = person.runs(&[], &args).await;
        assert_eq!(ran.code, 0, "{}: {ran:?}", self.name);
        ran.json()
    }
}

async fn what_is_signed_here_is_believed_there(house: &mut House) {
    let (scene, person) = (Scene::set(house).await, Person::new());
    let video = scene.customer.private_film(clip::small()).await;
    let origin = scene.viewer.origin.clone();
    for name in Dialect::ALL_NAMES.into_iter().filter(|name| *name != "template") {
        let trial = Trial::prepare(&scene, &person, name).await;
        let manifest = format!("/vod/{video}/hls/manifest.m3u8");
        let signed = trial.sign(&person, (&video, &origin), &[]).await;
        let path = match (signed["token"].as_str(), signed["query"].as_str(), signed["path"].as_str()) {
            (Some(token), None, None) => format!("{manifest}?token={token}"),
            (None, Some(query), None) => format!("{manifest}?{query}"),
            (None, None, Some(path)) => path.to_owned(),
            _ => panic!("{name}: {signed}"),
        };
        let url = format!("{origin}{path}");
        // What Bunny's embed tokens are shown with, and the others do not mind.
        let shown = scene.viewer.get_with(&path, &[("referer", "https://shop.example/")]).await;
        assert_eq!(shown.status, 200, "{name}: {path}: {:?} {}", shown.headers, shown.text_or_nothing());
        if name == "bunny-embed" {
            continue;
        }
        let told = scene.explain(&json!({ "url": url, "ip": "127.0.0.1" })).await;
        assert_eq!(told["allowed"], json!(true), "{name}: {told}");
        let told = trial.test(&person, &url, (&video, &trial.verify)).await;
        assert_eq!(told["allowed"], json!(true), "{name}: {told}");
        assert_ne!(told["shows"], json!([]), "{name}: {told}");
        if trial.is_secret {
            let other = scene.customer.post("/signing-keys", &json!({ "name": "other", "dialect": name })).await;
            let other = other.expect(201);
            let file = person.file("other", other.text_at("/secret").as_bytes()).display().to_string();
            let told = trial.test(&person, &url, (&video, &["--secret-file".into(), file])).await;
            expect_explained(name, &told);
            scene.customer.delete(&format!("/signing-keys/{}", other.text_at("/signingKeyId"))).await.expect(204);
        }
        let told = trial.sign(&person, (&video, &origin), &["--now", "1700000000", "--ttl", "60s"]).await;
        let value = ["token", "query", "path"].into_iter().find_map(|kind| Some((kind, told[kind].as_str()?)));
        let old = match value.unwrap() {
            ("token", token) => format!("{manifest}?token={token}"),
            ("query", query) => format!("{manifest}?{query}"),
            (_, path) => path.to_owned(),
        };
        expect_explained(name, &trial.test(&person, &format!("{origin}{old}"), (&video, &trial.verify)).await);
        let refused = scene.viewer.get(&old).await;
        assert!(refused.status >= 400, "{name}: {}", refused.status);
    }
}

/// Refused, and told what was wrong and what would have been right.
fn expect_explained(name: &str, told: &Value) {
    assert_eq!(told["allowed"], json!(false), "{name}: {told}");
    for member in ["field", "wanted", "code", "help"] {
        assert_ne!(told["refusal"][member].as_str().unwrap_or_default(), "", "{name}: no {member}: {told}");
    }
    assert_eq!(told["steps"].as_array().and_then(|steps| steps.last()).unwrap()["passed"], json!(false), "{told}");
}

#[tokio::test]
async fn dialects_are_listed_and_told_apart() {
    let person = Person::new();
    let ran = person.runs(&[], &["dialect", "list", "--json"]).await;
    let listed = ran.json();
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|dialect| dialect["name"].as_str().unwrap()).collect();
    assert_eq!(names, Dialect::ALL_NAMES);
    let ran = person.runs(&[], &["dialect", "list"]).await;
    assert!(ran.out.contains("mux ") && ran.out.contains("a public key"), "{}", ran.out);

    // {"alg":"HS256","typ":"JWT","kid":"x"} and {"sub":"vi…","exp":1700000000}
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IngifQ.eyJleHAiOjE3MDAwMDAwMDB9.AAAA";
    let ran = person.runs(&[], &["dialect", "test", token]).await;
    for said in ["not verified", "HS256", "1700000000 (2023-11-14 22:13:20 UTC)", "moviie"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let secret = person.file("secret", &[b'a'; 40]).display().to_string();
    let video = format!("vi{}", "0".repeat(22));
    let args = ["dialect", "test", token, "--dialect", "moviie", "--secret-file", &secret, "--video", &video];
    let ran = person.runs(&[], &args).await;
    assert!(ran.out.contains("FAIL  kid") && ran.out.contains("refused: "), "{}", ran.out);
}

#[tokio::test]
async fn what_cannot_be_signed_is_told_with_a_way_out() {
    let person = Person::new();
    let video = format!("vi{}", "0".repeat(22));
    let short = person.file("short", b"short").display().to_string();
    let long = person.file("long", &[b'a'; 40]).display().to_string();
    let id = format!("sk{}", "0".repeat(22));
    let base = |dialect: &'static str| vec!["sign", "--dialect", dialect, "--key-id", id.as_str(), "--video", &video];
    for (dialect, more, hint) in [
        ("moviie", vec!["--secret-file", short.as_str()], "hint: `admit dialect list`"),
        ("mux", vec!["--secret-file", &long], "hint: `admit dialect list`"),
        ("moviie", vec!["--private-key-file", RSA], "hint: give the secret with --secret-file"),
        ("moviie", vec!["--secret-file", &long, "--ttl", "30d"], "hint: choose a shorter --ttl"),
        ("bunny-hmac", vec!["--secret-file", &long, "--path", "/vod/"], "hint: --path must name the video"),
        ("moviie", vec!["--secret-env", "NOT_SET"], "NOT_SET is not set"),
    ] {
        let mut args = base(dialect);
        args.extend(more);
        let ran = person.runs(&[], &args).await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}: {ran:?}");
        assert!(ran.err.contains(hint), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("aaaa"), "the secret is not repeated: {}", ran.err);
    }
    let ran = person.runs(&[], &base("moviie")).await;
    assert_eq!(ran.code, 2, "asked wrongly: {ran:?}");
    let mut args = base("moviie");
    args.extend(["--secret-env", "KEY", "--now", "1700000000"]);
    let secret = "a".repeat(40);
    let (one, two) = (person.runs(&[("KEY", &secret)], &args).await, person.runs(&[("KEY", &secret)], &args).await);
    assert_eq!((one.code, &one.out), (0, &two.out), "the same is signed the same");
    assert_eq!(one.out.trim().matches('.').count(), 2);
}

#[tokio::test]
async fn the_server_explains_to_the_command_line() {
    let Some(mut house) = House::build(crate::house::Kind::Sqlite) else { return };
    house.start().await;
    {
        let scene = Scene::set(&house).await;
        let person = Person::new();
        let video = scene.customer.create_private().await;
        let env = [("ADMIT_SERVER", scene.viewer.origin.as_str()), ("ADMIT_API_KEY", scene.customer.key.as_str())];
        let path = format!("/vod/{video}/hls/manifest.m3u8");
        let refused = scene.viewer.get(&path).await;
        let request = refused.header("admit-request-id").unwrap();
        for what in [path.as_str(), request] {
            let ran = person.runs(&env, &["explain", what]).await;
            assert_eq!(ran.code, 0, "{ran:?}");
            assert!(ran.out.contains("FAIL") && ran.out.contains("no_handle 401"), "{}", ran.out);
        }
        let ran = person.runs(&env, &["explain", &path, "--json", "--ip", "127.0.0.1"]).await;
        assert_eq!(ran.json()["refusal"]["code"], "no_handle");
        let ran = person.runs(&env, &["explain", "a.b.c", "--video", &video]).await;
        assert!(ran.out.contains("invalid_token 401"), "{}", ran.out);
        let ran = person.runs(&env, &["explain", &format!("rq{}", "0".repeat(22))]).await;
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("No refusal of this request is remembered"), "{}", ran.err);
    }
    house.close().await;
}

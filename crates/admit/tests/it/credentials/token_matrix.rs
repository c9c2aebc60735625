//! Section 5.T of the programme at the doors: whatever proves nothing is refused at each of them, in the same words.
//!
//! | rows | told by |
//! |---|---|
//! | T01, T20–T23 (what passes) | `what_is_almost_wrong_plays` |
//! | T02–T25, T27–T31 | `whatever_proves_nothing_is_refused_alike`, from the table in `forged.rs` |
//! | T26 | `a_token_is_for_its_video`, and `moviie::the_table_of_moviie` |
//! | T29 (what is too large) | `what_is_too_large_is_not_read` |
//! | T32–T36, T40 | the domain's own tests, below `jose/tests/` |
//! | T38, T39 | `a_token_is_shown_once`, `only_a_bearer_is_a_bearer` |
//! | T43 | `whatever_proves_nothing_is_refused_alike`: bodies and headers are compared |
//! | T45 | `guesses_find_nothing_and_are_bounded`, and by numbers in `guesses.rs` |
//! | T46, T47 | `signed_urls.rs` |
//! | T48 | `embed_tokens.rs` |
//! | T49 | `rotation.rs` |
//! | T50 | `secrets.rs` |
//! | T51 | `scripts/mutants.sh`, which is run by hand |
//! | T52 | `docs/tokens.md` |

use admit_domain::verdict::Denial;
use serde_json::json;

use super::{
    DOORS, Door, Scene, TOKEN_HEADER,
    forged::table,
    redeem,
    signer::{Signer, at, claims_but},
};
use crate::{
    house::{Answer, House, on_both, say, seed::Seed},
    management::expect_problem,
};

/// What is in the table at least: it can only grow.
const FORGED_MIN: usize = 190;
/// Answers that differ here say nothing of the token.
const OF_THE_MOMENT: [&str; 5] =
    ["date", "admit-request-id", "x-ratelimit-remaining", "x-ratelimit-retry-after", "x-request-id"];

on_both! {
    whatever_proves_nothing_is_refused_alike,
    what_is_almost_wrong_plays,
    a_token_is_for_its_video,
    what_is_too_large_is_not_read,
    a_token_is_shown_once,
    only_a_bearer_is_a_bearer,
    guesses_find_nothing_and_are_bounded,
}

async fn whatever_proves_nothing_is_refused_alike(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { customer, page_key, .. } = &scene;
    let wish = json!({ "events": ["video.encoding.quality.completed"], "url": "https://a.example/" });
    let hook = customer.post("/webhooks", &wish).await.expect(201).json();
    let upload = customer.post("/upload-tokens", &json!({})).await.expect(200).text_at("/token");
    let key = customer.post("/api-keys", &json!({ "name": "k" })).await.expect(201).json();
    let embed = customer.post("/embed-tokens", &json!({ "videoId": scene.video })).await.expect(201).json();
    let of = |value: &serde_json::Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let others = [
        ("a webhook's", of(&hook, "webhookId"), of(&hook, "signatureSecret")),
        ("an upload token's", upload.clone(), upload),
        ("an API key's", of(&key, "apiKeyId"), of(&key, "key")),
        ("an embed token's", of(&embed, "embedTokenId"), of(&embed, "token")),
        ("a page's", page_key.replace("adm_pub_", "pk"), page_key.clone()),
        ("the video's", scene.video.clone(), scene.video.clone()),
    ];
    let rows = table(&scene, &others);
    say(&format!("{} tokens at {} doors", rows.len(), DOORS.len()));
    assert!(rows.len() >= FORGED_MIN, "only {} tokens", rows.len());
    let before = customer.count_sessions().await;
    for door in DOORS {
        let mut first = None;
        for forged in &rows {
            let answer = scene.at(door, Some(&forged.token)).await;
            let answer = Answer { asked: format!("{} at {door:?}: {}", forged.row, forged.what), ..answer };
            if forged.row == "T25" && answer.status == Denial::TokenForOtherVideo.status() {
                scene.expect_refused(door, &answer, Denial::TokenForOtherVideo);
                continue;
            }
            scene.expect_refused(door, &answer, Denial::InvalidToken);
            let looks = looks_of(&answer);
            assert_eq!(first.get_or_insert_with(|| looks.clone()), &looks, "{}", answer.asked);
        }
    }
    assert_eq!(customer.count_sessions().await, before, "no session came of it");
    for door in DOORS {
        scene.expect_plays(door, &scene.at(door, Some(&scene.token())).await).await;
    }
}

/// All that a viewer can see of an answer.
fn looks_of(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter().filter(|(name, _)| !OF_THE_MOMENT.contains(&name.as_str()));
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
    headers.sort();
    (answer.status, headers, answer.text().to_owned())
}

async fn what_is_almost_wrong_plays(house: &mut House) {
    let scene = Scene::set(house).await;
    let Scene { video, signer, .. } = &scene;
    let claim = |name: &str, spelled: String| signer.but(video, name, Some(&spelled));
    let header = |header: String| signer.sign(&header, &claims_but(video, "", None));
    let plays = [
        ("T01", signer.token(video)),
        ("T15", header(format!(r#"{{"typ":"JWT","alg":"HS256","kid":"{}"}}"#, signer.id))),
        ("T20", claim("exp", at(30).to_string())),
        ("T21", claim("exp", at(86_400 - 60).to_string())),
        ("T22", claim("iat", at(20).to_string())),
        ("T23", claim("nbf", at(20).to_string())),
        ("T23", claim("nbf", at(-20).to_string())),
        ("T28", claim("jti", "\"a name\"".to_owned())),
        ("T28", claim("iss", "\"https://shop.example\"".to_owned())),
    ];
    for (row, token) in plays {
        for door in DOORS {
            let answer = scene.at(door, Some(&token)).await;
            scene.expect_plays(door, &Answer { asked: format!("{row} at {door:?}"), ..answer }).await;
        }
    }
}

/// T26.
async fn a_token_is_for_its_video(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, signer, .. } = &scene;
    let open = customer.create(&json!({ "title": "open", "public": true })).await;
    let deleted = customer.create_private().await;
    customer.delete(&format!("/videos/{deleted}")).await.expect(204);
    let before = customer.count_sessions().await;
    for other in [&open, &deleted] {
        for door in DOORS {
            let answer = scene.at(door, Some(&signer.token(other))).await;
            scene.expect_refused(door, &answer, Denial::TokenForOtherVideo);
        }
    }
    // Where the address names what is not there, it says so whatever is shown.
    for token in [signer.token(&deleted), scene.token(), "nonsense".to_owned()] {
        let shown = [(TOKEN_HEADER, token.as_str())];
        expect_problem(scene.playback(&deleted, &shown).await, 404, "resource-not-found");
        redeem(viewer, &format!("/embed/{deleted}/session"), &shown).await.expect_refused(404, "not_found", b"");
    }
    // What everybody may see wants no token, and minds none.
    scene.playback(&open, &[(TOKEN_HEADER, "nonsense")]).await.expect(200);
    assert_eq!(customer.count_sessions().await, before);
}

/// T29: 4,096 bytes are judged, and one more is not.
async fn what_is_too_large_is_not_read(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, video, signer, .. } = &scene;
    let of = |issuer: usize| signer.but(video, "iss", Some(&format!("\"{}\"", "i".repeat(issuer))));
    let largest = (1..4_096).map(of).take_while(|token| token.len() <= 4_096).last().unwrap();
    let larger = of((1..4_096).find(|issuer| of(*issuer).len() > 4_096).unwrap());
    assert!(largest.len() > 4_090 && larger.len() > 4_096, "{} {}", largest.len(), larger.len());
    let before = customer.count_sessions().await;
    for door in DOORS {
        scene.expect_refused(door, &scene.at(door, Some(&larger)).await, Denial::InvalidToken);
    }
    assert_eq!(customer.count_sessions().await, before);
    scene.at(Door::Redeem, Some(&largest)).await.expect(200);
    let huge = "A".repeat(64 * 1024);
    for path in [format!("/vod/{video}/hls/manifest.m3u8?token={huge}"), format!("/{huge}/manifest/video.m3u8")] {
        // It may hang up before all of it was said.
        let answer = Answer::or_error("64 KiB".to_owned(), viewer.request(http::Method::GET, &path)).await;
        assert!(answer.as_ref().map_or(true, |answer| matches!(answer.status, 404 | 414 | 431)), "{answer:?}");
    }
    assert_eq!(customer.count_sessions().await, before + 1);
}

/// T38: in two places it is refused, be they equal or not.
async fn a_token_is_shown_once(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, video, .. } = &scene;
    let (token, other) = (scene.token(), scene.token());
    let before = customer.count_sessions().await;
    let cookie = format!("cta-common-access-token={other}");
    let places: [(String, Vec<(&str, &str)>); 6] = [
        (format!("?token={token}"), vec![(TOKEN_HEADER, token.as_str())]),
        (format!("?token={token}"), vec![(TOKEN_HEADER, other.as_str())]),
        (format!("?token={token}&token={token}"), vec![]),
        (format!("?token={token}&cat={other}"), vec![]),
        (String::new(), vec![(TOKEN_HEADER, token.as_str()), (TOKEN_HEADER, other.as_str())]),
        (format!("?token={token}"), vec![("cookie", cookie.as_str())]),
    ];
    for (query, headers) in &places {
        let manifest = viewer.get_with(&format!("/vod/{video}/hls/manifest.m3u8{query}"), headers).await;
        manifest.expect_refused(400, "ambiguous_token", b"#EXTM3U");
        let page = redeem(viewer, &format!("/embed/{video}/session{query}"), headers).await;
        page.expect_refused(400, "ambiguous_token", b"");
        // The playback API reads no cookies.
        if !headers.iter().any(|(name, _)| *name == "cookie") {
            let bearer = format!("Bearer {}", scene.page_key);
            let all: Vec<_> = [("authorization", bearer.as_str())].into_iter().chain(headers.iter().copied()).collect();
            let answer = viewer.get_with(&format!("/api/v1/embeds/{video}/playback{query}"), &all).await;
            super::expect_denied(&answer, Denial::AmbiguousToken);
        }
    }
    // A body is no place for it.
    let body = json!({ "nonce": super::nonce(), "token": token });
    let answer = super::redeem_for(viewer, &format!("/embed/{video}/session"), &[], &body).await;
    answer.expect_refused(422, "bad_nonce", b"");
    assert_eq!(customer.count_sessions().await, before);
}

/// T39: `Authorization` as the playback API reads it.
async fn only_a_bearer_is_a_bearer(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { viewer, video, page_key, .. } = &scene;
    let token = scene.token();
    let with = async |authorization: &str| {
        let headers = [("authorization", authorization), (TOKEN_HEADER, token.as_str())];
        viewer.get_with(&format!("/api/v1/embeds/{video}/playback"), &headers).await
    };
    for right in ["Bearer", "bearer", "BEARER"] {
        with(&format!("{right} {page_key}")).await.expect(200);
    }
    for wrong in [
        format!("Bearer  {page_key}"),
        format!("Bearer\t{page_key}"),
        format!("Bearer {page_key}, Bearer {page_key}"),
        format!("Bearer {page_key} ") + "x",
        format!("Token {page_key}"),
        page_key.clone(),
        format!("Bearer {}", "a".repeat(8_192)),
    ] {
        let answer = with(&wrong).await;
        assert!(matches!(answer.status, 400 | 401 | 403), "{wrong:.60}: {}", answer.status);
    }
    // The edge reads no such header: it is other people's.
    let bearer = format!("Bearer {token}");
    let page = redeem(viewer, &format!("/embed/{video}/session"), &[("authorization", &bearer)]).await;
    page.expect_refused(401, "no_handle", b"");
}

/// T45.
async fn guesses_find_nothing_and_are_bounded(house: &mut House) {
    let scene = Scene::set_empty(house).await;
    let Scene { customer, viewer, video, signer, .. } = &scene;
    let mut seed = Seed::new("guesses");
    let before = customer.count_sessions().await;
    let mut text = |chars: usize| -> String {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..chars).map(|_| char::from(letters[seed.below(letters.len())])).collect()
    };
    for _ in 0..300 {
        let stranger = Signer { id: signer.id.clone(), secret: text(43) };
        let guesses = [stranger.token(video), format!("adm_emb_{}", text(43)), text(43)];
        for guess in &guesses {
            let answer = viewer.get(&format!("/vod/{video}/hls/manifest.m3u8?token={guess}")).await;
            assert_eq!(answer.status, 401, "{}", answer.asked);
            let answer = redeem(viewer, &format!("/embed/{video}/session?token={guess}"), &[]).await;
            assert_eq!(answer.status, 401, "{}", answer.asked);
        }
        let link = redeem(viewer, &format!("/w/{}/session", text(22)), &[]).await;
        assert_eq!(link.status, 401, "{}", link.asked);
    }
    assert_eq!(customer.count_sessions().await, before);

    // Where a page asks for its project, the project's limit holds.
    house.set("ADMIT_READS_PER_MINUTE", "20");
    house.restart().await;
    let scene = Scene { viewer: house.viewer(), ..scene };
    let mut refused = 0;
    for _ in 0..40 {
        let answer = scene.at(Door::Playback, Some("nonsense")).await;
        assert!(matches!(answer.status, 401 | 429), "{}", answer.status);
        refused += u32::from(answer.status == 429);
    }
    assert!(refused >= 20, "{refused} of 40 were too many");
}

/// T52: the page that says which test keeps which advice names tests that there are.
#[test]
fn the_checklist_names_tests_that_there_are() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/tokens.md")).unwrap();
    let mut sources = String::new();
    for folder in ["crates/admit-domain/src/jose/tests", "crates/admit/tests/it/credentials"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            sources += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
        }
    }
    let named: Vec<&str> = page.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() >= 3).collect();
    assert!(named.len() >= 25, "{named:?}");
    for name in named {
        assert!(sources.contains(&format!("fn {name}(")), "there is no test {name}");
    }
    for section in 1..=12 {
        assert!(page.contains(&format!("| 3.{section} ")), "section 3.{section} is not on the page");
    }
}

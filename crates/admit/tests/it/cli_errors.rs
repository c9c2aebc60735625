//! Errors of the command line: one sentence, a hint where there is one, and an exit code that scripts can tell apart.

use crate::support::{
    program::Person,
    stub::{KEY, Stub},
};

#[tokio::test]
async fn a_wrong_question_is_two() {
    let person = Person::new();
    let long = "x".repeat(3);
    for args in [
        &["video"][..],
        &["no-such-command"],
        &["video", "list", "--page", "0"],
        &["video", "upload", "a", "--private", "--public"],
        &["video", "list", "--server", "not-a-url"],
        &["serve", "--listen", "here"],
        &["serve", "--database", "mysql://a"],
        &["api-key", "create"],
        &[long.as_str()],
    ] {
        let ran = person.runs(&[], args).await;
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {ran:?}");
        assert!(ran.err.contains("Usage:") || ran.err.contains("error:"), "{ran:?}");
    }
    for args in [&["--help"][..], &["--version"], &["video", "upload", "--help"]] {
        assert_eq!(person.runs(&[], args).await.code, 0, "{args:?}");
    }
}

#[tokio::test]
async fn a_key_is_asked_for_and_never_shown() {
    let (stub, person) = (Stub::open().await, Person::new());
    let ran = person.runs(&[("ADMIT_SERVER", &stub.url)], &["video", "list"]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("error: no API key was given\nhint: "), "{}", ran.err);
    let ran = person.runs(&[("ADMIT_SERVER", &stub.url), ("ADMIT_API_KEY", "wrong-key")], &["video", "list"]).await;
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("401: The API key is invalid.") && ran.err.contains("hint: give a valid key"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("wrong-key"));
    let help = person.runs(&[("ADMIT_API_KEY", KEY)], &["video", "list", "--help"]).await;
    assert!(!help.out.contains(KEY), "not even in the help");
    stub.close().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_at_once() {
    let person = Person::new();
    let begun = tokio::time::Instant::now();
    let env = [("ADMIT_SERVER", "http://127.0.0.1:1"), ("ADMIT_API_KEY", KEY)];
    let ran = person.runs(&env, &["video", "list"]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("hint: is the server running there?"), "{}", ran.err);
    assert!(begun.elapsed() < std::time::Duration::from_secs(3));
}

#[tokio::test]
async fn settings_are_judged_before_anything_is_made() {
    let person = Person::new();
    let data = person.home.path().join("data");
    let config = person.file("other.toml", b"[server]\nlisen = 'x'\n");
    let (data_text, config) = (data.to_str().unwrap(), config.to_str().unwrap());
    for (args, env, complaint) in [
        (&["serve", "--data", data_text, "--config", config][..], &[][..], "lisen"),
        (&["serve", "--data", data_text, "--tls-cert", "a.pem"], &[], "server.tls_key is not"),
        (&["serve", "--data", data_text], &[("ADMIT_WORKERS", "0")], "media.workers is 0"),
        (&["serve", "--data", data_text], &[("ADMIT_WORKERS", "many")], "ADMIT_WORKERS"),
        (&["api-key", "create", "--name", "x", "--data", data_text, "--config", "/none.toml"], &[], "/none.toml"),
    ] {
        let ran = person.runs(env, args).await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        assert!(ran.err.contains(complaint), "{complaint}: {}", ran.err);
    }
    assert!(!data.exists(), "nothing was made");
}

//! `admit edge-config`: it writes what the installation knows, for its owner alone. That servers judge rightly by it is
//! told in the domain's own tests.

use std::os::unix::fs::PermissionsExt as _;

use admit_domain::{
    revocation::Revoked,
    validators::{Front, Knowledge},
};

use crate::{
    house::{House, forge, on_both},
    support::program::Person,
};

on_both! {
    what_was_revoked_is_written,
}

async fn written(house: &House, arguments: &[&str]) -> (String, String) {
    let ran = house.run(&[&["edge-config"], arguments].concat()).await;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(ran.status.success(), "{}", text(&ran.stderr));
    (text(&ran.stdout), text(&ran.stderr))
}

async fn what_was_revoked_is_written(house: &mut House) {
    let (customer, viewer) = (house.customer().await, house.viewer());
    let (one, gone) = (customer.create_private().await, customer.create_private().await);
    let enter = async || {
        let handle = viewer.enter(&one, &customer.token(&one).await).await;
        house.forge().session_of(&handle, &one)
    };
    let (ended, watching) = (enter().await, enter().await);
    let (before, warnings) = written(house, &["worker"]).await;
    assert!(!before.contains(&ended) && !before.contains(&gone), "{before}");
    assert!(warnings.contains("can let anybody in") && warnings.contains("written anew"), "{warnings}");

    customer.delete(&format!("/sessions/{ended}")).await.expect(204);
    customer.delete(&format!("/videos/{gone}")).await.expect(204);
    let (after, _) = written(house, &["worker"]).await;
    assert!(after.contains(&ended) && after.contains(&gone) && !after.contains(&watching), "{after}");

    // By the keys that this house signs with, and nobody else.
    let keys_of = |text: &str| text.lines().find(|line| line.starts_with("const KEYS")).map(str::to_owned);
    let by = |forge: &forge::Forge| {
        let (revoked, folder) = (Revoked::default(), "");
        let by = Knowledge { keys: forge.delivery(), revoked: &revoked, now: forge::now(), folder };
        Front::Worker.write(&by).unwrap()[0].text.clone()
    };
    assert_eq!(keys_of(&after), keys_of(&by(&house.forge())));
    assert_ne!(keys_of(&after), keys_of(&by(&forge::Forge::next_door())));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_their_owners_alone() {
    crate::house::tell(crate::house::Kind::Sqlite, async |house| {
        let folder = house.data().join("edge");
        let out = folder.to_str().unwrap();
        for (front, count) in [("nginx", 3), ("haproxy", 4), ("varnish", 1), ("cloudfront", 1), ("fastly", 1)] {
            // Twice, for it is done again whenever something was revoked.
            for _ in 0..2 {
                let (names, _) = written(house, &[front, "--out", out, "--installed", "/opt/films"]).await;
                assert_eq!(names.lines().count(), count, "{front}: {names}");
                for name in names.lines() {
                    let mode = std::fs::metadata(name).unwrap().permissions().mode();
                    assert_eq!(mode & 0o777, 0o600, "{name}");
                }
            }
        }
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(read("admit.conf").contains("/opt/films/admit.js"));
        assert!(read("admit.cfg").contains("/opt/films/admit-gone.lst"));
        let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".new")), "{left:?}");
    })
    .await;
}

#[tokio::test]
async fn no_installation_is_made_by_asking() {
    let person = Person::new();
    let data = person.home.path().join("nothing");
    let ran = person.runs(&[], &["edge-config", "nginx", "--data", data.to_str().unwrap()]).await;
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains("install.key") && !data.exists(), "{ran:?}");
    let ran = person.runs(&[], &["edge-config", "apache"]).await;
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there are nginx, haproxy, varnish"), "{ran:?}");
}

//! Whoever shows many credentials in vain is not listened to for the rest of the minute; and however many guess, they find
//! nothing, cost little, and leave nothing behind.

mod crowd;
mod doors;

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};

use self::{
    crowd::{LANES, Tally, guess},
    doors::{Door, doors},
};
use crate::{
    credentials::Scene,
    house::{House, clip, on_both, say, seed::Seed, slow::address_of, statements::Statements, told},
};

/// Of one address, and again of a thousand, at all doors together; `ADMIT_TEST_GUESSES` asks for more.
const GUESSES_DEFAULT: usize = 2_000;
const CROWDS: [usize; 2] = [1, 1_000];
/// What an address may show in vain.
const LOOKS_PER_MINUTE: usize = 60;
const WINDOW: Duration = Duration::from_mins(1);
/// Shown before memory is looked at, so that what every process needs is there.
const WARM_UP_GUESSES: usize = 100;
const GROWTH_BYTES_MAX: u64 = 16 * 1_024 * 1_024;
/// What the program asks of its store without being asked itself, in one second.
const IDLE_STATEMENTS_MAX: u64 = 40;

on_both! {
    a_network_that_guesses_is_slowed_down,
    guesses_find_nothing_and_cost_little,
}

async fn a_network_that_guesses_is_slowed_down(house: &mut House) {
    house.set("ADMIT_REFUSALS_PER_MINUTE", "5");
    house.restart().await;
    let customer = house.customer().await;
    let video = customer.private_film(clip::small()).await;
    let made = customer.post("/embed-tokens", &serde_json::json!({ "videoId": video })).await.expect(201).json();
    let right = made["token"].as_str().unwrap().to_owned();
    let entered =
        async |token: &str| house.viewer().get(&format!("/vod/{video}/hls/manifest.m3u8?token={token}")).await;
    entered(&right).await.expect(200);
    let (start, last) = right.split_at(right.len() - 1);
    for other in ["A", "B", "C", "D", "E", "F"].into_iter().filter(|other| *other != last).take(5) {
        entered(&format!("{start}{other}")).await.expect_refused(401, "credential_revoked", &[]);
    }
    let refused = entered(&right).await;
    assert_eq!((refused.status, refused.header("admit-reason")), (429, Some("overloaded")));
    assert!(refused.header("retry-after").is_some(), "{:?}", refused.headers);
}

/// T45: a table of doors, one address and a thousand.
async fn guesses_find_nothing_and_cost_little(house: &mut House) {
    let guesses = told("ADMIT_TEST_GUESSES").map_or(GUESSES_DEFAULT, |text| text.parse().expect("a number of guesses"));
    let mut seed = Seed::new("guesses");
    let statements = Statements::watch(house).await;
    if let Some(statements) = &statements {
        house.set("ADMIT_DATABASE", &statements.url);
    }
    house.restart().await;
    let mut scene = Scene::set_empty(house).await;
    house.set("ADMIT_REFUSALS_PER_MINUTE", &LOOKS_PER_MINUTE.to_string());
    house.set("ADMIT_WRITES_PER_MINUTE", &LOOKS_PER_MINUTE.to_string());
    house.restart().await;
    scene.customer.origin = house.origin().to_owned();
    let doors: Vec<_> = doors(house, &scene).await.into_iter().map(Arc::new).collect();
    let there = address_of(house);
    for door in &doors {
        let status = status_of(house, door.right()).await;
        assert!(matches!(status, 200 | 204), "{}: what is right opens it, and is not answered {status}", door.name);
    }
    let sessions = scene.customer.count_sessions().await;
    for (door, network) in doors.iter().zip(1..) {
        guess(there, door, (network, 1), WARM_UP_GUESSES, &mut seed).await;
    }
    let before = house.private_bytes();
    let (mut network, mut faults) = (32, Vec::new());
    for addresses in CROWDS {
        for door in &doors {
            network += 1;
            let count = guesses / doors.len();
            let (asked, began) = (statements.as_ref().map(Statements::count), Instant::now());
            let tally = guess(there, door, (network, addresses), count, &mut seed).await;
            let took = began.elapsed();
            let asked = statements.as_ref().zip(asked).map(|(all, asked)| all.count() - asked);
            let grown = house.private_bytes().saturating_sub(before);
            let Door { name, .. } = **door;
            say(&format!(
                "{name} from {addresses}: {tally:?} in {took:?}, statements {asked:?}, {} KiB more",
                grown >> 10
            ));
            faults.extend(fault_of(door, addresses, &tally, took));
            let idle = (took.as_secs() + 1) * IDLE_STATEMENTS_MAX;
            let may_ask = count as u64 * door.statements + idle;
            faults.extend(asked.filter(|asked| *asked > may_ask).map(|asked| format!("{name}: {asked} statements")));
            faults.extend((grown > GROWTH_BYTES_MAX).then(|| format!("{name}: {grown} bytes more")));
        }
    }
    // The project has asked for so much that for the rest of the minute it is told nothing.
    house.restart().await;
    scene.customer.origin = house.origin().to_owned();
    assert_eq!(scene.customer.count_sessions().await, sessions, "no session came of it");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Something was found, or an address was listened to more often than it may be.
fn fault_of(door: &Door, addresses: usize, tally: &Tally, took: Duration) -> Option<String> {
    let Door { name, refused, looks_per_minute, .. } = *door;
    let is_refusal = |status: u16| status == refused || status == 503 || (looks_per_minute.is_some() && status == 429);
    // A store that is asked for too much at once says so, to one of many.
    let overloaded = tally.get(&503).copied().unwrap_or_default();
    let is_up = overloaded * 1_000 <= tally.values().sum::<usize>();
    let looked = tally.get(&refused).copied().unwrap_or_default();
    let windows = took.as_secs() / WINDOW.as_secs() + 1;
    // Those that are on the way when the last one is counted are looked at too.
    let most = looks_per_minute.map(|looks| addresses * (looks + LANES) * usize::try_from(windows).unwrap());
    let is_bounded = most.is_none_or(|most| looked <= most);
    let is_well = is_bounded && is_up && tally.keys().all(|status| is_refusal(*status));
    (!is_well).then(|| format!("{name} from {addresses}: {tally:?}, of which {most:?} may be looked at"))
}

async fn status_of(house: &House, request: String) -> u16 {
    let mut stream = TcpStream::connect(address_of(house)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    std::str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

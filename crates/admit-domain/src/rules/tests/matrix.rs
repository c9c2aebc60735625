//! The rule matrix: what a project, a video and a credential demand together is the same in every order, and never
//! wider than what any of them demands. The properties are tried on a wrong way of laying rules together, too.

use std::{collections::BTreeSet, net::IpAddr};

use proptest::{
    collection::{btree_set, vec},
    option,
    prelude::*,
    sample::select,
    test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner},
};

use super::*;
use crate::{network::Network, seats::WhenFull};

const HOSTS: [&str; 6] = ["a.example", "x.a.example", "y.x.a.example", "b.example", "xa.example", "example"];
const NETWORKS: [&str; 8] = [
    "192.0.0.0/8",
    "192.0.2.0/24",
    "192.0.2.7/32",
    "198.51.100.0/24",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "::ffff:192.0.2.0/120",
];
const ADDRESSES: [&str; 6] =
    ["192.0.2.7", "192.0.2.8", "198.51.100.1", "203.0.113.1", "2001:db8::1", "::ffff:192.0.2.7"];
const PROGRAMS: [&str; 4] = ["curl/8.5.0", "VLC/3.0.20 LibVLC/3.0.20", "Lavf/60.16.100", ""];

/// Whoever knocks, and when.
#[derive(Clone, Debug)]
struct Knock {
    ip: Option<IpAddr>,
    origin: Option<String>,
    referrer: Option<String>,
    agent: &'static str,
    now: Timestamp,
}

impl Knock {
    fn visitor(&self) -> Visitor<'_> {
        Visitor {
            ip: self.ip,
            origin: self.origin.as_deref(),
            referrer: self.referrer.as_deref(),
            agent: self.agent,
            country_of: &country_of,
        }
    }

    fn enters(&self, rules: &Rules) -> bool {
        rules.judge_entry(&self.visitor(), self.now).is_ok()
    }

    fn goes_on(&self, rules: &Rules) -> bool {
        rules.judge_request(&self.visitor(), self.now).is_ok()
    }
}

fn sites() -> impl Strategy<Value = Domains> {
    let pattern = (any::<bool>(), select(&HOSTS[..])).prop_map(|(is_below, host)| {
        let text = if is_below { format!("*.{host}") } else { host.to_owned() };
        text.parse().expect("a pattern")
    });
    (vec(pattern, 0..4), any::<bool>()).prop_map(|(patterns, hidden)| Domains::new(patterns, hidden))
}

fn choice<T: Ord + Clone + std::fmt::Debug + 'static>(items: Vec<T>) -> impl Strategy<Value = Choice<T>> {
    let some = btree_set(select(items), 0..3);
    (any::<bool>(), some).prop_map(
        |(is_only, items): (bool, BTreeSet<T>)| {
            if is_only { Choice::Only(items) } else { Choice::Except(items) }
        },
    )
}

fn seats() -> impl Strategy<Value = Seats> {
    let when_full = select(vec![WhenFull::EndOldest, WhenFull::Ask, WhenFull::RefuseNewest]);
    (1_u32..4, when_full).prop_map(|(max, when_full)| Seats { max, when_full })
}

/// Each demand is rare, so that one which is judged wrongly is often the only one that decides.
fn rules() -> impl Strategy<Value = Rules> {
    let networks = vec(select(&NETWORKS[..]), 0..4)
        .prop_map(|texts| texts.iter().map(|text| text.parse::<Network>().expect("a network")).collect::<Networks>());
    let rights = select(vec![Rights::ALL, Rights::WATCH, Rights::WATCH.or(Rights::DOWNLOAD), Rights::NONE]);
    let instant = || option::weighted(0.2, (0_i64..4).prop_map(Timestamp::from_secs));
    (
        option::weighted(0.3, sites()),
        option::weighted(0.3, networks),
        option::weighted(0.3, choice(countries(&["FR", "BE", "RU"]))),
        option::weighted(0.3, choice(vec![Agent::Curl, Agent::Vlc, Agent::Other])),
        (rights, option::of(0_u32..4), option::of(seats()), instant(), instant()),
    )
        .prop_map(|(domains, networks, countries, agents, (rights, plays_max, seats, valid_from, valid_until))| {
            Rules { domains, networks, countries, agents, rights, plays_max, seats, valid_from, valid_until }
        })
}

fn knocks() -> impl Strategy<Value = Knock> {
    let origin = prop_oneof![
        4 => select(&HOSTS[..]).prop_map(|host| format!("https://{host}")),
        1 => Just("null".to_owned())
    ];
    let referrer = select(&HOSTS[..]).prop_map(|host| format!("https://{host}/film"));
    let ip = option::weighted(0.9, select(&ADDRESSES[..]).prop_map(|text| text.parse().expect("an address")));
    (ip, option::of(origin), option::of(referrer), select(&PROGRAMS[..]), 0_i64..4).prop_map(
        |(ip, origin, referrer, agent, now)| Knock { ip, origin, referrer, agent, now: Timestamp::from_secs(now) },
    )
}

/// Nobody passes both who does not pass each, and whoever passes each passes both; and so for what is not judged here.
fn is_exact(together: &Rules, parts: &[Rules], knock: &Knock) -> Result<(), TestCaseError> {
    prop_assert_eq!(knock.enters(together), parts.iter().all(|part| knock.enters(part)), "to enter");
    prop_assert_eq!(knock.goes_on(together), parts.iter().all(|part| knock.goes_on(part)), "to go on");
    for right in [Rights::WATCH, Rights::PICTURES, Rights::DOWNLOAD] {
        prop_assert_eq!(together.rights.allows(right), parts.iter().all(|part| part.rights.allows(right)));
    }
    prop_assert_eq!(together.plays_max, parts.iter().filter_map(|part| part.plays_max).min());
    let seats = || parts.iter().filter_map(|part| part.seats);
    prop_assert_eq!(together.seats.map(|seats| seats.max), seats().map(|seats| seats.max).min());
    prop_assert_eq!(together.seats.map(|seats| seats.when_full), seats().map(|seats| seats.when_full).max());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn rules_together_are_exactly_all_of_them(project in rules(), video in rules(), credential in rules(), knock in knocks()) {
        let together = project.clone().and(video.clone()).and(credential.clone());
        is_exact(&together, &[project, video, credential], &knock)?;
    }

    #[test]
    fn order_and_number_change_nothing(one in rules(), two in rules(), three in rules()) {
        let together = one.clone().and(two.clone()).and(three.clone());
        prop_assert_eq!(&one.clone().and(two.clone().and(three.clone())), &together);
        prop_assert_eq!(&three.clone().and(one.clone()).and(two.clone()), &together);
        prop_assert_eq!(&two.clone().and(one.clone()), &one.clone().and(two.clone()));
        prop_assert_eq!(&one.clone().and(one.clone()), &one);
        prop_assert_eq!(&Rules::default().and(one.clone()), &one);
        prop_assert_eq!(&together.clone().and(three), &together);
        prop_assert_eq!(together.in_words(), one.and(two).and(together.clone()).in_words());
    }

    #[test]
    fn a_judgement_is_the_same_each_time(rules in rules(), knock in knocks()) {
        let judge = || rules.judge_entry(&knock.visitor(), knock.now);
        prop_assert_eq!(judge(), judge());
    }
}

/// What somebody in a hurry might write: of two lists, one of them; of two bounds, the wider.
fn or(one: Rules, two: Rules) -> Rules {
    Rules {
        domains: one.domains.or(two.domains),
        networks: one.networks.or(two.networks),
        countries: one.countries.or(two.countries),
        agents: one.agents.or(two.agents),
        rights: one.rights.or(two.rights),
        plays_max: one.plays_max.max(two.plays_max),
        seats: one.seats.or(two.seats),
        valid_from: one.valid_from.min(two.valid_from),
        valid_until: one.valid_until.max(two.valid_until),
    }
}

/// Each field wrong on its own is caught by the same property: no rule of the matrix is only decoration.
#[test]
fn a_wrong_way_of_laying_rules_together_is_caught() {
    type Spoil = fn(&mut Rules, Rules);
    let spoil: [(&str, Spoil); 9] = [
        ("domains", |rules, wrong| rules.domains = wrong.domains),
        ("networks", |rules, wrong| rules.networks = wrong.networks),
        ("countries", |rules, wrong| rules.countries = wrong.countries),
        ("agents", |rules, wrong| rules.agents = wrong.agents),
        ("rights", |rules, wrong| rules.rights = wrong.rights),
        ("plays_max", |rules, wrong| rules.plays_max = wrong.plays_max),
        ("seats", |rules, wrong| rules.seats = wrong.seats),
        ("valid_from", |rules, wrong| rules.valid_from = wrong.valid_from),
        ("valid_until", |rules, wrong| rules.valid_until = wrong.valid_until),
    ];
    for (field, spoil) in spoil {
        let config = ProptestConfig {
            cases: 2_000,
            failure_persistence: None,
            max_shrink_iters: 0,
            ..ProptestConfig::default()
        };
        let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let found = TestRunner::new_with_rng(config, chance).run(&(rules(), rules(), knocks()), |(one, two, knock)| {
            let mut together = one.clone().and(two.clone());
            spoil(&mut together, or(one.clone(), two.clone()));
            is_exact(&together, &[one, two], &knock)
        });
        assert!(found.is_err(), "the matrix does not notice a wrong {field}");
    }
}

//! Rules that are laid together, and the visitors they let through.

mod matrix;

use std::net::IpAddr;

use super::*;

fn at(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn domains(patterns: &[&str]) -> Domains {
    Domains::new(patterns.iter().map(|text| text.parse().expect("a pattern")).collect(), false)
}

fn networks(texts: &[&str]) -> Networks {
    texts.iter().map(|text| text.parse::<crate::network::Network>().expect("a network")).collect()
}

fn countries(texts: &[&str]) -> Vec<Country> {
    texts.iter().map(|text| text.parse().expect("a country")).collect()
}

/// 192.0.2.0/24 is in France, 198.51.100.0/24 in Belgium; the rest is unknown.
fn country_of(address: IpAddr) -> Option<Country> {
    let code = match address {
        IpAddr::V4(v4) if v4.octets().starts_with(&[192, 0, 2]) => "FR",
        IpAddr::V4(v4) if v4.octets().starts_with(&[198, 51, 100]) => "BE",
        _ => return None,
    };
    code.parse().ok()
}

const VISITOR: Visitor<'static> = Visitor {
    ip: Some(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7))),
    origin: Some("https://a.example"),
    referrer: None,
    agent: "curl/8.5.0",
    country_of: &country_of,
};

const NOW: Timestamp = Timestamp::from_secs(1_796_083_200);

fn denial(rules: &Rules, visitor: &Visitor<'_>) -> Option<Denial> {
    rules.judge_entry(visitor, NOW).err().map(|fault| fault.denial)
}

#[test]
fn without_rules_everybody_may_watch() {
    let nobody = Visitor { ip: None, origin: Some("null"), agent: "", ..VISITOR };
    for visitor in [VISITOR, nobody] {
        assert_eq!(Rules::default().judge_entry(&visitor, NOW), Ok(()));
        assert_eq!(Rules::default().judge_request(&visitor, NOW), Ok(()));
    }
}

#[test]
fn the_window_has_its_first_instant_and_not_its_last() {
    let hour = std::time::Duration::from_hours(1);
    let window = |valid_from, valid_until| Rules { valid_from, valid_until, ..Rules::default() };
    for (rules, expected) in [
        (window(Some(NOW), None), None),
        (window(Some(NOW.plus(hour)), None), Some((Denial::NotYet, "a time from 2026-12-01 01:00 UTC on"))),
        (window(None, Some(NOW.plus(hour))), None),
        (window(None, Some(NOW)), Some((Denial::NoLonger, "a time before 2026-12-01 00:00 UTC"))),
    ] {
        let fault = rules.judge_entry(&VISITOR, NOW).err();
        assert_eq!(rules.judge_request(&VISITOR, NOW).err(), fault);
        assert_eq!(fault.as_ref().map(|fault| (fault.denial, &*fault.wanted)), expected, "{rules:?}");
    }
}

#[test]
fn networks_hold_addresses_of_their_family_and_mapped_ones() {
    let rules = Rules { networks: Some(networks(&["192.0.2.0/24", "2001:db8::/32"])), ..Rules::default() };
    for ip in ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.9", "2001:db8::1"] {
        assert_eq!(denial(&rules, &Visitor { ip: Some(at(ip)), ..VISITOR }), None, "{ip}");
    }
    for ip in ["192.0.3.0", "::ffff:192.0.3.0", "2001:db9::", "::192.0.2.9", "64:ff9b::c000:209"] {
        let visitor = Visitor { ip: Some(at(ip)), ..VISITOR };
        let fault = rules.judge_request(&visitor, NOW).expect_err(ip);
        assert_eq!((fault.denial, fault.field), (Denial::NetworkNotAllowed, "networks"));
        assert_eq!(fault.wanted, "an address from 192.0.2.0/24 or 2001:db8::/32");
    }
    assert_eq!(denial(&rules, &Visitor { ip: None, ..VISITOR }), Some(Denial::NetworkNotAllowed), "fails closed");
    let mapped = Rules { networks: Some(networks(&["::ffff:192.0.2.0/120"])), ..Rules::default() };
    assert_eq!(denial(&mapped, &VISITOR), None, "a mapped network is the IPv4 one");
    let all_v6 = Rules { networks: Some(networks(&["::/0"])), ..Rules::default() };
    let visitor = Visitor { ip: Some(at("::ffff:192.0.2.9")), ..VISITOR };
    assert_eq!(denial(&all_v6, &visitor), Some(Denial::NetworkNotAllowed), "a mapped address is no IPv6 one");
}

#[test]
fn who_is_in_no_known_country_is_in_none() {
    let (france, russia) = (countries(&["FR"]), countries(&["RU"]));
    let of = |choice| Rules { countries: Some(choice), ..Rules::default() };
    let known = Some("198.51.100.1");
    for (rules, ip, passes) in [
        (of(Countries::only(france.clone())), Some("192.0.2.7"), true),
        (of(Countries::only(france.clone())), Some("::ffff:192.0.2.7"), true),
        (of(Countries::only(france.clone())), known, false),
        (of(Countries::only(france.clone())), Some("203.0.113.1"), false),
        (of(Countries::only(france)), None, false),
        (of(Countries::except(russia.clone())), known, true),
        (of(Countries::except(russia.clone())), Some("203.0.113.1"), false),
        (of(Countries::except(russia)), None, false),
        (of(Countries::except(countries(&["BE"]))), known, false),
    ] {
        let visitor = Visitor { ip: ip.map(at), ..VISITOR };
        let expected = if passes { None } else { Some(Denial::CountryNotAllowed) };
        assert_eq!(denial(&rules, &visitor), expected, "{rules:?} {ip:?}");
        assert_eq!(rules.judge_request(&visitor, NOW).err().map(|fault| fault.denial), expected);
    }
    let nowhere = Visitor { country_of: &|_| None, ..VISITOR };
    let fault = of(Countries::except(countries(&["BE", "RU"]))).judge_entry(&nowhere, NOW).unwrap_err();
    assert_eq!(fault.wanted, "an address whose country is known, in any known country but BE and RU");
}

#[test]
fn countries_are_looked_up_only_where_a_rule_asks() {
    let visitor = Visitor { country_of: &|_| panic!("nobody asked for the country"), ..VISITOR };
    let rules = Rules { networks: Some(networks(&["192.0.2.0/24"])), ..Rules::default() };
    assert_eq!(rules.judge_entry(&visitor, NOW), Ok(()));
}

#[test]
fn programs_are_judged_by_their_family() {
    let but_curl = Rules { agents: Some(Agents::except([Agent::Curl])), ..Rules::default() };
    let fault = but_curl.judge_request(&VISITOR, NOW).unwrap_err();
    assert_eq!((fault.denial, &*fault.wanted), (Denial::AgentNotAllowed, "any program but curl"));
    assert_eq!(denial(&but_curl, &Visitor { agent: "", ..VISITOR }), None);
    let only_vlc = Rules { agents: Some(Agents::only([Agent::Vlc])), ..Rules::default() };
    assert_eq!(denial(&only_vlc, &Visitor { agent: "VLC/3.0.20 LibVLC/3.0.20", ..VISITOR }), None);
    assert_eq!(denial(&only_vlc, &Visitor { agent: "", ..VISITOR }), Some(Denial::AgentNotAllowed));
}

#[test]
fn a_session_goes_on_without_an_origin_and_not_with_a_foreign_one() {
    let rules = Rules { domains: Some(domains(&["a.example"])), ..Rules::default() };
    for (origin, referrer, enters, goes_on) in [
        (Some("https://a.example"), None, true, true),
        (Some("https://b.example"), None, false, false),
        (Some("https://b.example"), Some("https://a.example/"), false, false),
        (Some("null"), Some("https://a.example/"), false, false),
        (None, Some("https://a.example/film"), true, true),
        (None, Some("https://b.example/film"), false, true),
        (None, None, false, true),
    ] {
        let visitor = Visitor { origin, referrer, ..VISITOR };
        assert_eq!(rules.judge_entry(&visitor, NOW).is_ok(), enters, "{origin:?} {referrer:?}");
        assert_eq!(rules.judge_request(&visitor, NOW).is_ok(), goes_on, "{origin:?} {referrer:?}");
    }
    let fault = rules.judge_entry(&Visitor { origin: None, ..VISITOR }, NOW).unwrap_err();
    assert_eq!((fault.denial, fault.field), (Denial::DomainNotAllowed, "domains"));
    assert_eq!(fault.wanted, "a page on a.example");
}

#[test]
fn the_first_demand_that_is_not_met_is_told() {
    let mut rules = Rules {
        domains: Some(domains(&["b.example"])),
        networks: Some(networks(&["10.0.0.0/8"])),
        countries: Some(Countries::only(countries(&["BE"]))),
        agents: Some(Agents::only([Agent::Vlc])),
        valid_from: Some(NOW.plus(std::time::Duration::from_secs(1))),
        valid_until: Some(NOW),
        ..Rules::default()
    };
    assert_eq!(denial(&rules, &VISITOR), Some(Denial::NotYet));
    rules.valid_from = None;
    assert_eq!(denial(&rules, &VISITOR), Some(Denial::NoLonger));
    rules.valid_until = None;
    assert_eq!(denial(&rules, &VISITOR), Some(Denial::DomainNotAllowed));
    rules.domains = None;
    assert_eq!(denial(&rules, &VISITOR), Some(Denial::NetworkNotAllowed));
    rules.networks = None;
    assert_eq!(denial(&rules, &VISITOR), Some(Denial::CountryNotAllowed));
    rules.countries = None;
    assert_eq!(denial(&rules, &VISITOR), Some(Denial::AgentNotAllowed));
    rules.agents = None;
    assert_eq!(denial(&rules, &VISITOR), None);
}

#[test]
fn lists_laid_together_are_a_list_again() {
    let both = domains(&["*.a.example", "b.example"]).and(&domains(&["x.a.example", "a.example", "*.y.a.example"]));
    assert_eq!(both, domains(&["*.y.a.example", "x.a.example"]));
    let both = networks(&["10.0.0.0/8", "fd00::/8"]).and(&networks(&["10.1.0.0/16", "11.0.0.0/8", "::/0"]));
    assert_eq!(both.to_string(), "10.1.0.0/16 or fd00::/8");
    let none = networks(&["10.0.0.0/8"]).and(&networks(&["::/0"]));
    assert!(none.parts().is_empty() && !none.contains(at("10.0.0.1")));
    let wide = networks(&["10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/8"]);
    assert_eq!(wide, networks(&["10.0.0.0/8"]), "what lies within another says nothing");
    let [one, two, three] = ["FR", "BE", "RU"].map(|code| countries(&[code]));
    assert_eq!(Countries::only([one.clone(), two].concat()).and(&Countries::except(three)), {
        Countries::only(countries(&["BE", "FR"]))
    });
    assert_eq!(Countries::except(one).and(&Countries::except(countries(&["BE"]))), {
        Countries::except(countries(&["BE", "FR"]))
    });
}

#[test]
fn rules_are_told_in_one_sentence() {
    let all = Rules {
        domains: Some(domains(&["*.b.example", "a.example"])),
        networks: Some(networks(&["10.0.0.0/8"])),
        valid_until: Some(NOW),
        rights: Rights::WATCH.or(Rights::PICTURES),
        ..Rules::default()
    };
    let said =
        "Anyone may watch, on a.example or below b.example, from 10.0.0.0/8, until 2026-12-01 00:00 UTC; no download.";
    assert_eq!(all.in_words(), said);
    let others = Rules {
        domains: Some(Domains::new(vec!["a.example".parse().unwrap()], true)),
        countries: Some(Countries::except(countries(&["RU", "BY"]))),
        agents: Some(Agents::only([Agent::SamsungInternet, Agent::Chrome, Agent::Other])),
        valid_from: Some(NOW.minus(std::time::Duration::from_millis(1))),
        plays_max: Some(1),
        rights: Rights::WATCH,
        ..Rules::default()
    };
    assert_eq!(
        others.in_words(),
        "Anyone may watch, on a.example or where no site is named, in any known country but BY and RU, with Chrome, \
         Samsung Internet or programs of no known family, not before 2026-11-30 23:59:59.999 UTC, at most 1 time; \
         no pictures and no download."
    );
    let nobody = Rules {
        domains: Some(Domains::new(Vec::new(), false)),
        networks: Some(networks(&[])),
        countries: Some(Countries::only([])),
        agents: Some(Agents::only([])),
        rights: Rights::NONE,
        plays_max: Some(0),
        ..Rules::default()
    };
    assert_eq!(
        nobody.in_words(),
        "Nobody may watch, on no site, from no network, in no country, with no program, at most 0 times; \
         no pictures and no download."
    );
    let hidden = Rules { domains: Some(Domains::new(Vec::new(), true)), ..Rules::default() };
    assert_eq!(hidden.in_words(), "Anyone may watch, on no site that is named.");
    assert_eq!(Rules::default().in_words(), "Anyone may watch.");
}

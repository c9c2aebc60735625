//! `accessRules`: an ordered list of which the first rule that matches decides, and nothing matching allows.
//!
//! Rules about addresses alone, or about countries alone, come to one list of networks or of countries: read from the
//! last rule to the first, each adds what it allows and takes away what it blocks. A mix of both kinds is no such list.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    claims::Fault,
    json::Value,
    limits::{ACCESS_NETWORKS_MAX, ACCESS_RULES_MAX, TOKEN_LIST_MAX},
    network::Network,
    rules::{Countries, Country, Rules},
};

struct AccessRule {
    matches: Matches,
    allows: bool,
}

enum Matches {
    Anybody,
    Networks(Vec<Network>),
    Countries(Vec<Country>),
}

pub(super) fn read(list: &Value) -> Result<Rules, Fault> {
    let rules = list.as_array().filter(|rules| rules.len() <= ACCESS_RULES_MAX);
    let rules = rules.ok_or_else(|| invalid("an array of at most 5 rules"))?;
    let mut rules = rules.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    // Behind a rule that always matches there is nothing to say.
    if let Some(index) = rules.iter().position(|rule| matches!(rule.matches, Matches::Anybody)) {
        rules.truncate(index + 1);
    }
    let about_networks = rules.iter().any(|rule| matches!(rule.matches, Matches::Networks(_)));
    let about_countries = rules.iter().any(|rule| matches!(rule.matches, Matches::Countries(_)));
    match (about_networks, about_countries) {
        (true, true) => Err(invalid("rules about ip.src, or rules about ip.geoip.country, and not both in one token")),
        (false, true) => Ok(Rules { countries: Some(countries(&rules)), ..Rules::default() }),
        _ if rules.iter().all(|rule| rule.allows) => Ok(Rules::default()),
        _ => Ok(Rules { networks: Some(networks(&rules)?.into()), ..Rules::default() }),
    }
}

fn rule(value: &Value) -> Result<AccessRule, Fault> {
    let members = value.members().ok_or_else(|| invalid("rules that are objects"))?;
    let text = |name| value.member(name).and_then(Value::as_str);
    let (matches, list) = match text("type") {
        Some("any") => (Matches::Anybody, None),
        Some("ip.src") => (Matches::Networks(listed(value, "ip", network)?), Some("ip")),
        Some("ip.geoip.country") => {
            (Matches::Countries(listed(value, "country", |code| code.parse().ok())?), Some("country"))
        }
        _ => return Err(invalid("`type` any, ip.src or ip.geoip.country")),
    };
    let allows = match text("action") {
        Some("allow") => true,
        Some("block") => false,
        _ => return Err(invalid("`action` allow or block")),
    };
    let is_known = |name: &str| matches!(name, "type" | "action") || Some(name) == list;
    if members.iter().all(|(name, _)| is_known(name)) {
        Ok(AccessRule { matches, allows })
    } else {
        Err(invalid("rules of `type`, `action` and the list of that type, and nothing else"))
    }
}

fn listed<T>(rule: &Value, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Fault> {
    let items = rule.member(name).and_then(Value::as_array).filter(|items| (1..=TOKEN_LIST_MAX).contains(&items.len()));
    let parsed = items.and_then(|items| items.iter().map(|item| parse(item.as_str()?)).collect());
    parsed.ok_or_else(|| invalid("in each rule a list of 1 to 64 networks or codes of countries"))
}

fn network(text: &str) -> Option<Network> {
    let host = text.parse().ok().map(Network::host);
    host.or_else(|| text.parse().ok()).map(Network::unmapped)
}

fn countries(rules: &[AccessRule]) -> Countries {
    let everywhere = Countries::except([]);
    rules.iter().rev().fold(everywhere, |rest, rule| match (&rule.matches, rule.allows) {
        (Matches::Countries(codes), true) => with(rest, codes),
        (Matches::Countries(codes), false) => rest.and(&Countries::except(codes.iter().copied())),
        (_, true) => Countries::except([]),
        (_, false) => Countries::only([]),
    })
}

fn with(countries: Countries, codes: &[Country]) -> Countries {
    match countries {
        Countries::Only(mut only) => {
            only.extend(codes);
            Countries::Only(only)
        }
        Countries::Except(mut except) => {
            except.retain(|code| !codes.contains(code));
            Countries::Except(except)
        }
    }
}

fn networks(rules: &[AccessRule]) -> Result<Vec<Network>, Fault> {
    let everywhere =
        || vec![Network::of(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0), Network::of(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0)];
    let mut allowed = everywhere();
    for rule in rules.iter().rev() {
        match (&rule.matches, rule.allows) {
            (Matches::Networks(networks), true) => allowed.extend(networks),
            (Matches::Networks(networks), false) => {
                for blocked in networks {
                    allowed = allowed.into_iter().flat_map(|network| network.without(blocked)).collect();
                    // Taking one address away leaves a network for each of its bits.
                    if allowed.len() > ACCESS_NETWORKS_MAX {
                        return Err(invalid("rules that come to at most 1024 networks"));
                    }
                }
            }
            (_, true) => allowed = everywhere(),
            (_, false) => allowed.clear(),
        }
    }
    Ok(allowed)
}

fn invalid(wanted: &'static str) -> Fault {
    Fault::invalid("accessRules", wanted)
}

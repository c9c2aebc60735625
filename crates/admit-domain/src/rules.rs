//! Access rules: what a project, a video and a credential each demand of whoever wants to watch. All of them hold at
//! once, so adding one never lets more people in.

mod agent;
mod choice;
mod country;
mod domains;
mod nested;
mod networks;
mod words;

use std::net::IpAddr;

use self::words::Listed;
pub use self::{
    agent::{Agent, Agents, BadAgent},
    choice::Choice,
    country::{BadCountry, Countries, Country},
    domains::{BadDomain, DomainPattern, Domains},
    networks::Networks,
};
use crate::{fault::Fault, rights::Rights, seats::Seats, time::Timestamp, verdict::Denial};

/// What is demanded. The default demands nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The sites it may be shown on.
    pub domains: Option<Domains>,
    /// The networks it may be watched from.
    pub networks: Option<Networks>,
    /// The countries it may be watched in.
    pub countries: Option<Countries>,
    /// The programs it may be watched with.
    pub agents: Option<Agents>,
    /// The kinds of things a session may fetch. The gate judges them, by the handle.
    pub rights: Rights,
    /// Sessions that one credential may begin. The store counts them.
    pub plays_max: Option<u32>,
    /// How many sessions watch at once. Whoever gives out seats counts them.
    pub seats: Option<Seats>,
    /// The first instant at which it may be watched.
    pub valid_from: Option<Timestamp>,
    /// The first instant at which it may no longer be watched.
    pub valid_until: Option<Timestamp>,
}

/// Tells the country of an address, where that is known.
pub type CountryOf = dyn Fn(IpAddr) -> Option<Country> + Send + Sync;

/// Whoever wants to watch, as far as rules ask.
#[derive(Clone, Copy)]
pub struct Visitor<'a> {
    pub ip: Option<IpAddr>,
    /// `Origin` of the request: `https://shop.example`. None also where it is our own, as of our player's page: that
    /// page was itself asked for by a site.
    pub origin: Option<&'a str>,
    /// `Referer`, a hint where there is no origin; none where it is a page of ours.
    pub referrer: Option<&'a str>,
    /// `User-Agent`; empty where there is none.
    pub agent: &'a str,
    /// Asked only where a rule is about countries.
    pub country_of: &'a CountryOf,
}

impl Rules {
    /// Both at once: exactly those pass who pass each of them. The order and the number of rules change nothing.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            domains: both(self.domains, other.domains, Domains::and),
            networks: both(self.networks, other.networks, Networks::and),
            countries: both(self.countries, other.countries, Countries::and),
            agents: both(self.agents, other.agents, Agents::and),
            rights: self.rights.and(other.rights),
            plays_max: both(self.plays_max, other.plays_max, |one, two| *one.min(two)),
            seats: both(self.seats, other.seats, Seats::and),
            valid_from: self.valid_from.max(other.valid_from),
            valid_until: both(self.valid_until, other.valid_until, |one, two| *one.min(two)),
        }
    }

    /// May the visitor begin a session at `now`? Asked in this order: time, domain, network, country, program; the first
    /// that is not met is told. `rights`, `plays_max` and `seats` are others' to judge.
    pub fn judge_entry(&self, visitor: &Visitor<'_>, now: Timestamp) -> Result<(), Fault> {
        self.judge_window(now)?;
        self.judge_domain(|domains| domains.allow(visitor.origin, visitor.referrer))?;
        self.judge_place_and_program(visitor)
    }

    /// May the visitor go on at `now`? As at the entry, but for the domain: players leave out `Origin` where they may,
    /// and `Referer` names a playlist, so only an origin that is there and foreign is held against them.
    pub fn judge_request(&self, visitor: &Visitor<'_>, now: Timestamp) -> Result<(), Fault> {
        self.judge_window(now)?;
        self.judge_domain(|domains| visitor.origin.is_none_or(|origin| domains.allow_origin(origin)))?;
        self.judge_place_and_program(visitor)
    }

    fn judge_window(&self, now: Timestamp) -> Result<(), Fault> {
        if let Some(from) = self.valid_from.filter(|from| now < *from) {
            return Err(Fault::new(Denial::NotYet, "validFrom", format!("a time from {from} on")));
        }
        match self.valid_until.filter(|until| now >= *until) {
            Some(until) => Err(Fault::new(Denial::NoLonger, "validUntil", format!("a time before {until}"))),
            None => Ok(()),
        }
    }

    fn judge_domain(&self, allows: impl Fn(&Domains) -> bool) -> Result<(), Fault> {
        match self.domains.as_ref().filter(|domains| !allows(domains)) {
            Some(domains) => Err(Fault::new(Denial::DomainNotAllowed, "domains", format!("a page on {domains}"))),
            None => Ok(()),
        }
    }

    fn judge_place_and_program(&self, visitor: &Visitor<'_>) -> Result<(), Fault> {
        let is_outside = |networks: &&Networks| !visitor.ip.is_some_and(|ip| networks.contains(ip));
        if let Some(networks) = self.networks.as_ref().filter(is_outside) {
            return Err(Fault::new(Denial::NetworkNotAllowed, "networks", format!("an address from {networks}")));
        }
        let country = || visitor.ip.and_then(|ip| (visitor.country_of)(ip.to_canonical()));
        let is_abroad = |countries: &&Countries| !country().is_some_and(|country| countries.contains(&country));
        if let Some(countries) = self.countries.as_ref().filter(is_abroad) {
            let wanted = format!("an address whose country is known, in {}", in_countries(countries));
            return Err(Fault::new(Denial::CountryNotAllowed, "countries", wanted));
        }
        match self.agents.as_ref().filter(|agents| !agents.contains(&Agent::of(visitor.agent))) {
            Some(agents) => Err(Fault::new(Denial::AgentNotAllowed, "agents", with_agents(agents))),
            None => Ok(()),
        }
    }

    /// All of it in one sentence, the same for the same rules: "Anyone may watch, on a.example or below b.example, until
    /// 2026-12-01 00:00 UTC; no download."
    pub fn in_words(&self) -> String {
        let who = if self.rights.allows(Rights::WATCH) { "Anyone may watch" } else { "Nobody may watch" };
        let demands = [
            self.domains.as_ref().map(|domains| format!(", on {domains}")),
            self.networks.as_ref().map(|networks| format!(", from {networks}")),
            self.countries.as_ref().map(|countries| format!(", in {}", in_countries(countries))),
            self.agents.as_ref().map(|agents| format!(", with {}", with_agents(agents))),
            self.valid_from.map(|from| format!(", not before {from}")),
            self.valid_until.map(|until| format!(", until {until}")),
            self.plays_max.map(|plays| format!(", at most {plays} {}", if plays == 1 { "time" } else { "times" })),
            self.seats.map(|seats| format!(", {}", seats.in_words())),
        ];
        let denied = [(Rights::PICTURES, "pictures"), (Rights::DOWNLOAD, "download")];
        let denied = denied.into_iter().filter(|(right, _)| !self.rights.allows(*right)).map(|(_, name)| name);
        let denied: Vec<&str> = denied.collect();
        let denied = if denied.is_empty() { String::new() } else { format!("; no {}", Listed(&denied, "and no")) };
        format!("{who}{}{denied}.", demands.into_iter().flatten().collect::<String>())
    }
}

/// What two rules say together, where either may say nothing.
fn both<T>(one: Option<T>, two: Option<T>, and: fn(&T, &T) -> T) -> Option<T> {
    match (one, two) {
        (Some(one), Some(two)) => Some(and(&one, &two)),
        (one, two) => one.or(two),
    }
}

fn in_countries(countries: &Countries) -> String {
    countries.in_words("any known country", "no country")
}

fn with_agents(agents: &Agents) -> String {
    agents.in_words("any program", "no program")
}

#[cfg(test)]
mod tests;

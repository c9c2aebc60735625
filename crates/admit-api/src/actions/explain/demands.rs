//! Access rules one by one, in the order in which they are judged.

use admit_domain::{
    claims::Fault,
    rules::{Agent, Rules, Visitor},
    time::Timestamp,
};

use super::trace::{Stop, Trace};

/// Notes each rule that demands something, with what the visitor has. `verdict` is that of the rules themselves, whose
/// fault names the first that was not met.
pub(super) fn demands(
    trace: &mut Trace,
    rules: &Rules,
    (visitor, now): (&Visitor<'_>, Timestamp),
    verdict: Result<(), Fault>,
) -> Result<(), Stop> {
    let mut verdict = verdict;
    for (field, alone, has) in parts(rules, visitor, now) {
        let says = format!("{} Asked {has}", alone.in_words());
        if verdict.as_ref().is_err_and(|fault| fault.field == field) {
            return trace.judge(field, says, std::mem::replace(&mut verdict, Ok(())));
        }
        trace.pass(field, says);
    }
    match verdict {
        Ok(()) => Ok(()),
        Err(fault) => trace.judge(fault.field, "", Err(fault)),
    }
}

/// Each demand alone, by the field that its fault names, and what it is compared with.
fn parts(rules: &Rules, visitor: &Visitor<'_>, now: Timestamp) -> Vec<(&'static str, Rules, String)> {
    let none = Rules::default;
    let Rules { domains, networks, countries, agents, rights, valid_from, valid_until, .. } = rules.clone();
    let site = visitor.origin.or(visitor.referrer).unwrap_or("no site");
    let ip = visitor.ip.map_or_else(|| "no known address".to_owned(), |ip| ip.to_string());
    let country = || visitor.ip.and_then(|ip| (visitor.country_of)(ip.to_canonical()));
    let country = || country().map_or_else(|| "no known country".to_owned(), |country| country.as_str().to_owned());
    let mut parts = Vec::new();
    if rights != none().rights {
        parts.push(("rights", Rules { rights, ..none() }, "for this asset".to_owned()));
    }
    if valid_from.is_some() {
        parts.push(("validFrom", Rules { valid_from, ..none() }, format!("at {now}")));
    }
    if valid_until.is_some() {
        parts.push(("validUntil", Rules { valid_until, ..none() }, format!("at {now}")));
    }
    if domains.is_some() {
        parts.push(("domains", Rules { domains, ..none() }, format!("from {site}")));
    }
    if networks.is_some() {
        parts.push(("networks", Rules { networks, ..none() }, format!("from {ip}")));
    }
    if countries.is_some() {
        parts.push(("countries", Rules { countries, ..none() }, format!("from {}", country())));
    }
    if agents.is_some() {
        parts.push(("agents", Rules { agents, ..none() }, format!("with {}", Agent::of(visitor.agent).as_str())));
    }
    parts
}

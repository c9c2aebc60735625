//! CloudFront's policies: the fixed text of a canned one, and the conditions of a custom one.

use crate::{
    claims::Fault,
    json::{self, Bounds, Value},
    limits::{TOKEN_BYTES_MAX, TOKEN_SECS_MAX},
    network::Network,
    rules::Networks,
    time::Timestamp,
};

/// An object in a list in an object, with a condition in its conditions.
const DEPTH: usize = 5;
/// What policies say that are for everybody.
const ANYWHERE: &str = "0.0.0.0/0";

/// What a custom policy demands.
pub(super) struct Statement {
    /// A pattern of addresses.
    pub(super) resource: String,
    pub(super) until: Timestamp,
    pub(super) from: Option<Timestamp>,
    pub(super) networks: Option<Networks>,
}

/// The text that is signed of a canned policy. The address is not escaped, so it must need no escape.
pub(super) fn canned(resource: &str, expires: &str) -> Option<String> {
    let is_plain = resource.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
    is_plain.then(|| {
        format!(
            "{{\"Statement\":[{{\"Resource\":\"{resource}\",\
             \"Condition\":{{\"DateLessThan\":{{\"AWS:EpochTime\":{expires}}}}}}}]}}"
        )
    })
}

/// Reads a custom policy. What is not known there would be a restriction that nobody keeps.
pub(super) fn read(text: &[u8]) -> Result<Statement, Fault> {
    let wanted = || Fault::invalid("Policy", "a policy of one statement with a resource and conditions known here");
    let policy = json::read(text, Bounds { bytes: TOKEN_BYTES_MAX, depth: DEPTH }).map_err(|_| wanted())?;
    let statements = only(&policy, "Statement").and_then(Value::as_array).ok_or_else(wanted)?;
    let [statement] = statements else { return Err(wanted()) };
    statement.members().filter(|members| members.len() == 2).ok_or_else(wanted)?;
    let resource = statement.member("Resource").and_then(Value::as_str).ok_or_else(wanted)?.to_owned();
    let conditions = statement.member("Condition").and_then(Value::members).ok_or_else(wanted)?;
    let (mut until, mut from, mut networks) = (None, None, None);
    for (name, condition) in conditions {
        match name.as_str() {
            "DateLessThan" => until = Some(time(condition).ok_or_else(wanted)?),
            "DateGreaterThan" => from = Some(time(condition).ok_or_else(wanted)?),
            "IpAddress" => {
                let text = only(condition, "AWS:SourceIp").and_then(Value::as_str);
                networks = self::networks(text.ok_or_else(wanted)?)?;
            }
            _ => return Err(wanted()),
        }
    }
    let until = until.ok_or_else(|| Fault::invalid("DateLessThan", "this condition"))?;
    Ok(Statement { resource, until, from, networks })
}

/// The one member of an object.
fn only<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.member(name).filter(|_| object.members().is_some_and(|members| members.len() == 1))
}

fn time(condition: &Value) -> Option<Timestamp> {
    let seconds = only(condition, "AWS:EpochTime")?.as_integer()?;
    (0..=TOKEN_SECS_MAX).contains(&seconds).then(|| Timestamp::from_secs(seconds))
}

fn networks(text: &str) -> Result<Option<Networks>, Fault> {
    if text == ANYWHERE {
        return Ok(None);
    }
    let network = if text.contains('/') { text.parse().ok() } else { text.parse().ok().map(Network::host) };
    let network = network.filter(|network| network.base().is_ipv4());
    let network = network.ok_or_else(|| Fault::invalid("IpAddress", "an IPv4 address or network"))?;
    Ok(Some(vec![network].into()))
}

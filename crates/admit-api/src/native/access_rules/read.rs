//! The strict reader of access rules: what is not understood is never taken for no demand.

use std::{fmt::Display, str::FromStr};

use admit_domain::{
    handle::Rights,
    limits::{RULE_DOMAINS_MAX, RULE_NETWORKS_MAX, RULE_PLAYS_MAX, RULE_SEATS_MAX},
    network::Network,
    rules::{Agent, Choice, Country, Domains, Rules},
    seats::{Seats, WhenFull},
    time::Timestamp,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::wire::{ChoiceBody, RightWord, SeatsBody, WhenFullWord};
use crate::{check, error::ApiError};

/// How much may be demanded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounds {
    /// Lists are bounded, and name something: an empty one is more often a slip than a ban on everybody.
    OfCustomers,
    /// Rules that were laid together may have come to nothing.
    None,
}

/// The members as they came. Null is as good as absent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    domains: Option<Value>,
    allow_no_referrer: Option<Value>,
    networks: Option<Value>,
    countries: Option<Value>,
    agents: Option<Value>,
    rights: Option<Value>,
    max_plays: Option<Value>,
    seats: Option<Value>,
    valid_from: Option<Value>,
    valid_until: Option<Value>,
    #[serde(rename = "words")]
    _words: Option<Value>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

pub(super) fn rules(body: &[u8], bounds: Bounds) -> Result<Rules, ApiError> {
    let said: Said = check::json(body)?;
    let mut reader = Reader { bounds, faults: Vec::new() };
    for name in said.others.keys() {
        reader.fault(name, "There is no such access rule.");
    }
    let rules = Rules {
        domains: reader.domains(said.domains, said.allow_no_referrer),
        networks: reader.list::<Network>("networks", said.networks, RULE_NETWORKS_MAX).map(Into::into),
        countries: reader.choice::<Country>("countries", said.countries),
        agents: reader.choice::<Agent>("agents", said.agents),
        rights: reader.rights(said.rights),
        plays_max: reader.plays(said.max_plays),
        seats: reader.seats(said.seats),
        valid_from: reader.date("validFrom", said.valid_from),
        valid_until: reader.date("validUntil", said.valid_until),
    };
    let is_empty = rules.valid_from.zip(rules.valid_until).is_some_and(|(from, until)| from >= until);
    if is_empty && bounds == Bounds::OfCustomers {
        reader.fault("validUntil", "This date must be after validFrom.");
    }
    ApiError::all(reader.faults).map_or(Ok(rules), Err)
}

/// Reads members, and gathers what is wrong with them: what it then gives for a member is used by nobody.
struct Reader {
    bounds: Bounds,
    faults: Vec<ApiError>,
}

impl Reader {
    fn fault(&mut self, name: &str, detail: impl Into<std::borrow::Cow<'static, str>>) {
        self.faults.push(ApiError::invalid_attribute(name, detail));
    }

    /// A member of the shape that `wanted` describes.
    fn member<T: DeserializeOwned>(&mut self, name: &str, value: Option<Value>, wanted: &str) -> Option<T> {
        let read = serde_json::from_value(value?).ok();
        if read.is_none() {
            self.fault(name, format!("This value must be {wanted}."));
        }
        read
    }

    fn list<T: FromStr<Err: Display>>(&mut self, name: &str, value: Option<Value>, most: usize) -> Option<Vec<T>> {
        let texts: Vec<String> = self.member(name, value, "a list of texts")?;
        Some(self.items(name, &texts, most))
    }

    fn items<T: FromStr<Err: Display>>(&mut self, name: &str, texts: &[String], most: usize) -> Vec<T> {
        if self.bounds == Bounds::OfCustomers {
            if texts.is_empty() {
                self.fault(name, "This list is empty. Leave it out to demand nothing.");
            }
            if texts.len() > most {
                self.fault(name, format!("This collection should contain {most} elements or less."));
                return Vec::new();
            }
        }
        texts.iter().filter_map(|text| self.item(name, text)).collect()
    }

    fn item<T: FromStr<Err: Display>>(&mut self, name: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(item) => Some(item),
            Err(error) => {
                let shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
                self.fault(name, format!("{shown:?} is not right: {error}."));
                None
            }
        }
    }

    fn domains(&mut self, patterns: Option<Value>, allow_no_referrer: Option<Value>) -> Option<Domains> {
        let hidden: Option<bool> = self.member("allowNoReferrer", allow_no_referrer, "true or false");
        if hidden == Some(true) && patterns.is_none() {
            self.fault("allowNoReferrer", "This value says something about domains, and there are none.");
        }
        let patterns = self.list("domains", patterns, RULE_DOMAINS_MAX)?;
        Some(Domains::new(patterns, hidden.unwrap_or(false)))
    }

    /// Of a closed list of things: it bounds itself, so only its repetitions must be bounded.
    fn choice<T: FromStr<Err: Display> + Ord + Clone>(
        &mut self,
        name: &str,
        value: Option<Value>,
    ) -> Option<Choice<T>> {
        let wanted = "an object with one member, \"only\" or \"except\", that is a list of texts";
        Some(match self.member(name, value, wanted)? {
            ChoiceBody::Only(texts) => Choice::only(self.items(name, &texts, CHOICE_ITEMS_MAX)),
            ChoiceBody::Except(texts) => Choice::except(self.items(name, &texts, CHOICE_ITEMS_MAX)),
        })
    }

    fn rights(&mut self, value: Option<Value>) -> Rights {
        let wanted = "a list of \"watch\", \"pictures\" and \"download\"";
        let Some(words) = self.member::<Vec<RightWord>>("rights", value, wanted) else { return Rights::ALL };
        if words.is_empty() && self.bounds == Bounds::OfCustomers {
            self.fault("rights", "This list is empty. Leave it out to allow everything.");
        }
        words.into_iter().fold(Rights::NONE, |rights, word| rights.or(word.right()))
    }

    fn plays(&mut self, value: Option<Value>) -> Option<u32> {
        let wanted = format!("a whole number from 1 to {RULE_PLAYS_MAX}");
        let plays: u32 = self.member("maxPlays", value, &wanted)?;
        if !(1..=RULE_PLAYS_MAX).contains(&plays) {
            self.fault("maxPlays", format!("This value must be {wanted}."));
        }
        Some(plays)
    }

    fn seats(&mut self, value: Option<Value>) -> Option<Seats> {
        let wanted = format!(
            "an object with \"max\", from 1 to {RULE_SEATS_MAX}, and \"whenFull\": \"refuseNewest\", \"endOldest\" or \"ask\""
        );
        let said: SeatsBody = self.member("seats", value, &wanted)?;
        if !(1..=RULE_SEATS_MAX).contains(&said.max) {
            self.fault("seats", format!("This value must be {wanted}."));
        }
        Some(Seats { max: said.max, when_full: said.when_full.map_or(WhenFull::RefuseNewest, WhenFullWord::read) })
    }

    fn date(&mut self, name: &str, value: Option<Value>) -> Option<Timestamp> {
        let wanted = "a date like \"2026-12-01T00:00:00Z\" (RFC 3339), in milliseconds at most, from 1970 on";
        let text: String = self.member(name, value, wanted)?;
        let read = is_date(&text).then(|| text.parse::<jiff::Timestamp>().ok()).flatten();
        let read = read.map(|instant| Timestamp::from_millis(instant.as_millisecond()));
        let read = read.filter(|instant| *instant >= Timestamp::EPOCH);
        if read.is_none() {
            self.fault(name, format!("This value must be {wanted}."));
        }
        read
    }
}

/// Characters of a wrong text that are repeated to whoever sent it.
const SHOWN_CHARS_MAX: usize = 64;
/// There are fewer countries and families of programs than this.
const CHOICE_ITEMS_MAX: usize = 300;

/// RFC 3339 in one of its spellings: capital letters, and at most three digits of a second. What the parser takes
/// beyond that is not ours. In a shape, `0` stands for any digit.
fn is_date(text: &str) -> bool {
    let follows = |text: &str, shape: &str| {
        let same = |(byte, wanted): (u8, u8)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted };
        text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(same)
    };
    let Some((seconds, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else { return false };
    let digits = rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let zone = if rest.starts_with('.') { rest.get(1 + digits..).unwrap_or_default() } else { rest };
    let is_zone = ["Z", "+00:00", "-00:00"].iter().any(|shape| follows(zone, shape));
    follows(seconds, "0000-00-00T00:00:00") && is_zone && digits <= 3 && (digits > 0 || !rest.starts_with('.'))
}

//! Access rules as a control plane spells them. What is not understood is never taken for no demand.

use std::{collections::BTreeSet, str::FromStr};

use admit_domain::{
    network::Network,
    rights::Rights,
    rules::{Agent, Choice, Country, Domains, Rules},
    seats::{Seats, WhenFull},
    time::Timestamp,
};
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RulesBody {
    domains: Option<Vec<String>>,
    allow_no_referrer: Option<bool>,
    networks: Option<Vec<String>>,
    countries: Option<ChoiceBody>,
    agents: Option<ChoiceBody>,
    rights: Option<Vec<RightWord>>,
    max_plays: Option<u32>,
    seats: Option<SeatsBody>,
    valid_from: Option<String>,
    valid_until: Option<String>,
    #[serde(rename = "words")]
    _words: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum ChoiceBody {
    Only(Vec<String>),
    Except(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SeatsBody {
    max: u32,
    when_full: String,
}

impl SeatsBody {
    fn read(self) -> Option<Seats> {
        Some(Seats { max: self.max, when_full: WhenFull::parse(&self.when_full)? })
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RightWord {
    Watch,
    Pictures,
    Download,
}

impl RulesBody {
    pub(super) fn read(self) -> Option<Rules> {
        let allow_no_referrer = self.allow_no_referrer.unwrap_or(false);
        Some(Rules {
            domains: each(self.domains, |texts| Some(Domains::new(items(texts)?, allow_no_referrer)))?,
            networks: each(self.networks, |texts| Some(items::<Network>(texts)?.into()))?,
            countries: each(self.countries, choice::<Country>)?,
            agents: each(self.agents, choice::<Agent>)?,
            rights: self.rights.map_or(Rights::ALL, |words| words.into_iter().fold(Rights::NONE, with)),
            plays_max: self.max_plays,
            seats: each(self.seats, SeatsBody::read)?,
            valid_from: each(self.valid_from, |text| date(&text))?,
            valid_until: each(self.valid_until, |text| date(&text))?,
        })
    }
}

/// What is there must be read; what is not demands nothing.
#[expect(clippy::option_option, reason = "absent and unread are different answers")]
fn each<T, U>(said: Option<T>, read: impl FnOnce(T) -> Option<U>) -> Option<Option<U>> {
    match said {
        Some(said) => read(said).map(Some),
        None => Some(None),
    }
}

fn items<T: FromStr>(texts: Vec<String>) -> Option<Vec<T>> {
    texts.into_iter().map(|text| text.parse().ok()).collect()
}

fn choice<T: FromStr + Ord>(said: ChoiceBody) -> Option<Choice<T>> {
    let set = |texts| items(texts).map(|items| items.into_iter().collect::<BTreeSet<T>>());
    match said {
        ChoiceBody::Only(texts) => set(texts).map(Choice::Only),
        ChoiceBody::Except(texts) => set(texts).map(Choice::Except),
    }
}

fn with(rights: Rights, word: RightWord) -> Rights {
    rights.or(match word {
        RightWord::Watch => Rights::WATCH,
        RightWord::Pictures => Rights::PICTURES,
        RightWord::Download => Rights::DOWNLOAD,
    })
}

fn date(text: &str) -> Option<Timestamp> {
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(instant.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Rules> {
        serde_json::from_str::<RulesBody>(text).ok()?.read()
    }

    #[test]
    fn each_rule_is_read() {
        let rules = read(
            r#"{"domains":["a.example","*.b.example"],"allowNoReferrer":true,"networks":["10.1.0.0/16"],
                "countries":{"only":["FR","DE"]},"agents":{"except":["curl"]},"rights":["watch"],"maxPlays":3,"seats":{"max":2,"whenFull":"ask"},
                "validFrom":"2026-12-01T00:00:00+00:00","validUntil":"2026-12-02T00:00:00.5+00:00","words":"…"}"#,
        );
        let words = rules.unwrap().in_words();
        for part in [
            "a.example",
            "b.example",
            "10.1.0.0/16",
            "FR",
            "curl",
            "3 times",
            "at most 2 at once",
            "2026-12-01",
            "00:00:00.500",
        ] {
            assert!(words.contains(part), "{part}: {words}");
        }
        assert_eq!(read("{}"), Some(Rules::default()));
        assert_eq!(read(r#"{"networks":null}"#), Some(Rules::default()));
        assert!(read(r#"{"networks":[]}"#).unwrap().networks.is_some(), "nobody is not everybody");
    }

    #[test]
    fn what_is_not_understood_is_no_rule() {
        for text in [
            r#"{"weekdays":["monday"]}"#,
            r#"{"networks":["10.1.0.1/16"]}"#,
            r#"{"countries":{"only":["XX1"]}}"#,
            r#"{"countries":{"perhaps":["FR"]}}"#,
            r#"{"agents":{"only":["netscape"]}}"#,
            r#"{"rights":["own"]}"#,
            r#"{"validFrom":"tomorrow"}"#,
            r#"{"maxPlays":-1}"#,
            r#"{"seats":{"max":2}}"#,
            r#"{"seats":{"max":2,"whenFull":"perhaps"}}"#,
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}

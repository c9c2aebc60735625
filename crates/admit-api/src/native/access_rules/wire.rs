//! Access rules in camel case: only what is demanded is there.

use std::fmt::Display;

use admit_domain::{
    handle::Rights,
    rules::{Choice, Domains, Rules},
    seats::{Seats, WhenFull},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who may watch. Each member that is there is a demand, and all of them must be met; without any, anyone may watch.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessRulesBody {
    /// Sites that may show it: `a.example`, or `*.a.example` for all below it. By `Origin`, or `Referer` without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20)]
    domains: Option<Vec<String>>,
    /// Said with `domains`: may who names no site watch, too? Native apps do not, and not all browsers.
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_no_referrer: Option<bool>,
    /// Networks it may be watched from: `10.1.0.0/16`, `2001:db8::/32`; one address is `192.0.2.7/32`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 100)]
    networks: Option<Vec<String>>,
    /// Countries by ISO 3166-1 alpha-2, such as `FR`. Who is in no known country is refused either way.
    #[serde(skip_serializing_if = "Option::is_none")]
    countries: Option<ChoiceBody>,
    /// Programs by family: `chrome`, `firefox`, `safari`, `edge`, `opera`, `samsungInternet`, `appleCoreMedia`,
    /// `exoPlayer`, `vlc`, `curl`, `ffmpeg`, `other`. Safari's films are fetched by `appleCoreMedia`: name both.
    #[serde(skip_serializing_if = "Option::is_none")]
    agents: Option<ChoiceBody>,
    /// What may be fetched, when not all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1)]
    rights: Option<Vec<RightWord>>,
    /// Sessions that one credential may begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    max_plays: Option<u32>,
    /// How many watch at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<SeatsBody>,
    /// The first instant at which it may be watched (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    valid_from: Option<String>,
    /// The first instant at which it may no longer be watched (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    valid_until: Option<String>,
    /// All of it in one sentence. Said in answers, and ignored in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(read_only)]
    words: Option<String>,
}

/// Sessions that watch at once, of one viewer; of one credential where that names no viewer. Whoever has fetched nothing of
/// the film for 30 seconds watches no more.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SeatsBody {
    #[schema(minimum = 1, maximum = 1_000)]
    pub(super) max: u32,
    /// What becomes of one more; `refuseNewest` where nothing is said.
    pub(super) when_full: Option<WhenFullWord>,
}

/// What becomes of one more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum WhenFullWord {
    /// It does not watch.
    RefuseNewest,
    /// It watches, and the session that has watched longest is ended.
    EndOldest,
    /// The player asks the viewer whether to end that one.
    Ask,
}

impl WhenFullWord {
    pub(super) const fn read(self) -> WhenFull {
        match self {
            Self::RefuseNewest => WhenFull::RefuseNewest,
            Self::EndOldest => WhenFull::EndOldest,
            Self::Ask => WhenFull::Ask,
        }
    }

    const fn of(choice: WhenFull) -> Self {
        match choice {
            WhenFull::RefuseNewest => Self::RefuseNewest,
            WhenFull::EndOldest => Self::EndOldest,
            WhenFull::Ask => Self::Ask,
        }
    }
}

/// Only these, or all but these.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ChoiceBody {
    Only(Vec<String>),
    Except(Vec<String>),
}

/// A kind of things to fetch.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RightWord {
    /// Playlists, segments and texts.
    Watch,
    /// The poster and the storyboard.
    Pictures,
    /// The film as one file.
    Download,
}

impl RightWord {
    const ALL: [Self; 3] = [Self::Watch, Self::Pictures, Self::Download];

    pub(super) const fn right(self) -> Rights {
        match self {
            Self::Watch => Rights::WATCH,
            Self::Pictures => Rights::PICTURES,
            Self::Download => Rights::DOWNLOAD,
        }
    }
}

impl AccessRulesBody {
    /// What is demanded, without the sentence.
    pub(super) fn of(rules: &Rules) -> Self {
        let words = RightWord::ALL.into_iter().filter(|word| rules.rights.allows(word.right()));
        Self {
            domains: rules.domains.as_ref().map(|domains| texts(domains.patterns())),
            allow_no_referrer: rules.domains.as_ref().map(Domains::allow_no_referrer),
            networks: rules.networks.as_ref().map(|networks| texts(networks.parts())),
            countries: rules.countries.as_ref().map(|choice| spell(choice, |country| country.as_str())),
            agents: rules.agents.as_ref().map(|choice| spell(choice, |agent| agent.as_str())),
            rights: (rules.rights != Rights::ALL).then(|| words.collect()),
            max_plays: rules.plays_max,
            seats: rules
                .seats
                .map(|Seats { max, when_full }| SeatsBody { max, when_full: Some(WhenFullWord::of(when_full)) }),
            valid_from: rules.valid_from.map(date),
            valid_until: rules.valid_until.map(date),
            words: None,
        }
    }

    /// For an answer.
    pub(crate) fn with_words(rules: &Rules) -> Self {
        Self { words: Some(rules.in_words()), ..Self::of(rules) }
    }
}

fn texts(items: &[impl Display]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

fn spell<T: Ord>(choice: &Choice<T>, name: impl Fn(&T) -> &'static str) -> ChoiceBody {
    let names = |items: &std::collections::BTreeSet<T>| items.iter().map(|item| name(item).to_owned()).collect();
    match choice {
        Choice::Only(items) => ChoiceBody::Only(names(items)),
        Choice::Except(items) => ChoiceBody::Except(names(items)),
    }
}

/// As elsewhere in the API, and with milliseconds where there are any.
fn date(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    instant.strftime("%Y-%m-%dT%H:%M:%S%.f+00:00").to_string()
}

//! Who asks, as far as access rules look at them, and for longer than the request lasts.

use std::net::IpAddr;

use crate::{
    limits::ASKER_BYTES_MAX,
    rules::{CountryOf, Visitor},
};

/// What a [`Visitor`] is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    pub ip: Option<IpAddr>,
    pub origin: Option<String>,
    pub referrer: Option<String>,
    pub agent: String,
}

impl Asker {
    pub fn of(visitor: &Visitor<'_>) -> Self {
        Self {
            ip: visitor.ip,
            origin: visitor.origin.map(str::to_owned),
            referrer: visitor.referrer.map(str::to_owned),
            agent: visitor.agent.to_owned(),
        }
    }

    /// The same, to be judged.
    pub fn visitor<'a>(&'a self, country_of: &'a CountryOf) -> Visitor<'a> {
        let Self { ip, origin, referrer, agent } = self;
        Visitor { ip: *ip, origin: origin.as_deref(), referrer: referrer.as_deref(), agent, country_of }
    }

    /// Is it small enough to be remembered with thousands of others?
    pub fn is_brief(&self) -> bool {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        length(&self.origin) + length(&self.referrer) + self.agent.len() <= ASKER_BYTES_MAX
    }
}

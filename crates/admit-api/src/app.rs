//! What every handler is given: the hands, the keys, the rules of this installation, and whom to tell of changes.

use std::{sync::Arc, time::Duration};

use admit_db::{Db, desk::RedeemDesk, projects};
use admit_domain::{
    id::{Edition, ProjectId},
    key::InstallKeys,
    outbound,
    rules::CountryOf,
    video::Visibility,
};
use admit_objects::Objects;
use tokio::sync::Notify;

use crate::{edges::roll::Roll, error::ApiError, feed::Feed, ledger::Ledger, rate::Rates};

/// Random bytes from the operating system, or the reason there are none.
pub type Chance = Arc<dyn Fn() -> Result<[u8; 32], String> + Send + Sync>;

/// The public address of each role, without a trailing slash.
#[derive(Clone, Debug)]
pub struct Bases {
    pub embed: String,
    pub vod: String,
    pub live: String,
}

/// What the operator decided for the whole installation.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    pub private_token_ttl: Duration,
    pub session_ttl: Duration,
    pub default_visibility: Visibility,
    pub part_bytes_min: u64,
    pub one_shot_bytes_max: u64,
    pub source_bytes_max: u64,
}

/// Doorbells.
#[derive(Clone)]
pub struct Signals {
    /// There is a job in the queue.
    pub work_waits: Arc<Notify>,
    /// There is a key whose public keys are to be fetched.
    pub keys_wait: Arc<Notify>,
    /// Somebody else in this process wrote to the log that the feed follows.
    pub log_grew: Arc<Notify>,
}

/// The state of the API. Built once, in the door.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub objects: Objects,
    pub desk: Arc<RedeemDesk>,
    pub feed: Arc<Feed>,
    /// What edges elsewhere said last.
    pub edges: Arc<Roll>,
    pub keys: Arc<InstallKeys>,
    pub bases: Arc<Bases>,
    /// With which the secrets we hand out begin.
    pub secret_prefix: Arc<str>,
    pub policy: Policy,
    pub rates: Arc<Rates>,
    /// Which addresses outside a customer may have us call.
    pub outbound: Arc<outbound::Rules>,
    /// Where an address is, for rules about countries.
    pub country_of: Arc<CountryOf>,
    pub signals: Signals,
    pub ledger: Arc<Ledger>,
    pub chance: Chance,
}

impl App {
    /// What a new video of the project is when nobody says.
    pub async fn default_visibility(&self, project: &ProjectId) -> Result<Visibility, ApiError> {
        Ok(projects::settings(&self.db, project).await?.default_visibility.unwrap_or(self.policy.default_visibility))
    }

    /// A number no other making of the same thing has.
    pub fn edition(&self) -> Result<Edition, ApiError> {
        Ok(Edition(i64::from_be_bytes(self.chance()?) & i64::MAX))
    }

    /// Random bytes for an id or a secret.
    pub fn chance<const N: usize>(&self) -> Result<[u8; N], ApiError> {
        let bytes = (self.chance)().map_err(|cause| ApiError::internal(&cause))?;
        bytes.first_chunk().copied().ok_or_else(|| ApiError::internal(&"asked for more than 32 random bytes"))
    }
}

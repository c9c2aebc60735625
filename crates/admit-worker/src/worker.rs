//! What a worker works with.

use std::{path::PathBuf, sync::Arc};

use admit_db::Db;
use admit_domain::{secret::MacKey, time::Timestamp};
use admit_media::Toolbox;
use admit_objects::Objects;
use tokio::sync::Notify;

use crate::outbound::Outbound;

/// The hands, and whom to tell. Cheap to clone.
#[derive(Clone)]
pub struct Worker {
    pub db: Db,
    pub objects: Objects,
    pub toolbox: Toolbox,
    pub outbound: Outbound,
    /// From which the secrets of webhooks are derived.
    pub webhook_key: MacKey,
    /// The largest source that is fetched.
    pub source_bytes_max: u64,
    /// A folder for what is half made. Emptied at the start.
    pub scratch: PathBuf,
    /// Rung when a job was put in the queue. A doorbell only: the queue is the truth, and is looked at anyway.
    pub work_waits: Arc<Notify>,
    /// Rung when an entry was written to the log that edges follow.
    pub log_grew: Arc<Notify>,
    /// Rung when there is a key whose public keys are to be fetched.
    pub keys_wait: Arc<Notify>,
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub chance: Arc<dyn Fn() -> Result<[u8; 32], String> + Send + Sync>,
}

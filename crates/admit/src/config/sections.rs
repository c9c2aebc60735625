//! The sections of `admit.toml` and their defaults. That file is the manual; a test holds the two equal.

use std::{net::SocketAddr, path::PathBuf};

use confique::{Config as Layered, env::parse::list_by_comma};

use super::spelling::{DatabaseUrl, FolderUrl, Network, PublicUrl, SecretPrefix, Visibility, origins};

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Config {
    #[config(nested)]
    pub server: Server,
    #[config(nested)]
    pub storage: Storage,
    #[config(nested)]
    pub media: Media,
    #[config(nested)]
    pub access: Access,
    #[config(nested)]
    pub edge: Edge,
    #[config(nested)]
    pub upload: Upload,
    #[config(nested)]
    pub rate: Rate,
    #[config(nested)]
    pub outbound: Outbound,
    #[config(nested)]
    pub log: Log,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Server {
    #[config(env = "ADMIT_LISTEN", default = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    #[config(env = "ADMIT_PUBLIC_URL")]
    pub public_url: Option<PublicUrl>,
    #[config(env = "ADMIT_EMBED_URL")]
    pub embed_url: Option<PublicUrl>,
    #[config(env = "ADMIT_VOD_URL")]
    pub vod_url: Option<PublicUrl>,
    #[config(env = "ADMIT_LIVE_URL")]
    pub live_url: Option<PublicUrl>,
    #[config(env = "ADMIT_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,
    #[config(env = "ADMIT_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    #[config(env = "ADMIT_MAX_CONNECTIONS", default = 10_000)]
    pub max_connections: usize,
    #[config(env = "ADMIT_MAX_CONNECTIONS_PER_IP", default = 1_000)]
    pub max_connections_per_ip: usize,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Storage {
    #[config(env = "ADMIT_DATA", default = "admit-data")]
    pub data: PathBuf,
    #[config(env = "ADMIT_DATABASE")]
    pub database: Option<DatabaseUrl>,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Media {
    #[config(env = "ADMIT_FFMPEG", default = "ffmpeg")]
    pub ffmpeg: PathBuf,
    #[config(env = "ADMIT_FFPROBE", default = "ffprobe")]
    pub ffprobe: PathBuf,
    #[config(env = "ADMIT_PRESET", default = "veryfast")]
    pub preset: String,
    #[config(env = "ADMIT_WORKERS", default = 1)]
    pub workers: usize,
    #[config(env = "ADMIT_ALLOW_UNCONFINED", default = false)]
    pub allow_unconfined: bool,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Access {
    #[config(env = "ADMIT_PRIVATE_TOKEN_TTL_HOURS", default = 24)]
    pub private_token_ttl_hours: u64,
    #[config(env = "ADMIT_SESSION_TTL_HOURS", default = 24)]
    pub session_ttl_hours: u64,
    #[config(env = "ADMIT_DEFAULT_VISIBILITY", default = "public")]
    pub default_visibility: Visibility,
    #[config(env = "ADMIT_SECRET_PREFIX", default = "adm")]
    pub secret_prefix: SecretPrefix,
    #[config(env = "ADMIT_COUNTRY_DATABASE")]
    pub country_database: Option<PathBuf>,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Edge {
    #[config(env = "ADMIT_MAX_STALENESS_SECONDS", default = 30)]
    pub max_staleness_seconds: u64,
    #[config(env = "ADMIT_EDGE_MEMORY_BYTES", default = 268_435_456u64)]
    pub memory_bytes: u64,
    #[config(env = "ADMIT_EDGE_DISK_BYTES")]
    pub disk_bytes: Option<u64>,
    #[config(env = "ADMIT_EDGE_ORIGINS", parse_env = origins, default = [])]
    pub origins: Vec<PublicUrl>,
    #[config(env = "ADMIT_EDGE_NAME", default = "edge")]
    pub name: String,
    #[config(env = "ADMIT_EDGE_CA_CERT")]
    pub ca_cert: Option<PathBuf>,
    #[config(env = "ADMIT_EDGE_UPSTREAM")]
    pub upstream: Option<FolderUrl>,
    #[config(env = "ADMIT_EDGE_UPSTREAM_ENTRY", default = "index.m3u8")]
    pub upstream_entry: String,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Upload {
    #[config(env = "ADMIT_MAX_FILE_BYTES", default = 32_212_254_720u64)]
    pub max_file_bytes: u64,
    #[config(env = "ADMIT_ONE_SHOT_MAX_BYTES", default = 209_715_200)]
    pub one_shot_max_bytes: u64,
    #[config(env = "ADMIT_MIN_PART_BYTES", default = 5_242_880)]
    pub min_part_bytes: u64,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Rate {
    #[config(env = "ADMIT_UPLOADS_PER_MINUTE", default = 2_000)]
    pub uploads_per_minute: u32,
    #[config(env = "ADMIT_WRITES_PER_MINUTE", default = 2_000)]
    pub writes_per_minute: u32,
    #[config(env = "ADMIT_READS_PER_MINUTE", default = 20_000)]
    pub reads_per_minute: u32,
    #[config(env = "ADMIT_REFUSALS_PER_MINUTE", default = 600)]
    pub refusals_per_minute: u32,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Outbound {
    #[config(env = "ADMIT_OUTBOUND_ALLOW", parse_env = list_by_comma, default = [])]
    pub allow: Vec<Network>,
    #[config(env = "ADMIT_OUTBOUND_PORTS", parse_env = list_by_comma, default = [80, 443])]
    pub ports: Vec<u16>,
    #[config(env = "ADMIT_OUTBOUND_HTTPS_ONLY", default = false)]
    pub https_only: bool,
    #[config(env = "ADMIT_OUTBOUND_WAIT_SECONDS", default = 30)]
    pub wait_seconds: u64,
    #[config(env = "ADMIT_OUTBOUND_DNS")]
    pub dns: Option<SocketAddr>,
}

#[derive(Clone, Debug, Layered)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Log {
    #[config(env = "ADMIT_LOG", default = "info")]
    pub filter: String,
}

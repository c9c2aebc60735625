//! The command line as clap reads it.

pub(super) mod credentials;
pub(super) mod edge;
mod server;

use std::{net::SocketAddr, path::PathBuf};

use admit_domain::{scope::Scope, validators::Front};
use clap::{Parser, Subcommand};

pub(super) use self::server::ServerArgs;
use crate::config::{DatabaseUrl, Flags, PublicUrl};

/// A self-hosted server for private video.
#[derive(Debug, Parser)]
#[command(name = "admit", version, about, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run the server: API, worker and delivery in one process.
    Serve(Serve),
    /// Run an edge: delivery alone, near viewers, without a database.
    Edge(edge::Edge),
    /// Make, list and revoke API keys, on the server's own machine.
    ApiKey(KeyGroup),
    /// Make tokens that edges join with, on the server's own machine.
    EdgeToken(EdgeTokenGroup),
    /// Upload and manage videos on a running server.
    Video(VideoGroup),
    /// Sign a credential with a key of your own. No server is asked.
    Sign(credentials::Sign),
    /// What other services' credentials look like, and what is wrong with one. No server is asked.
    Dialect(credentials::DialectGroup),
    /// Write what lets another server judge our addresses, on the server's own machine. It holds secrets.
    EdgeConfig(EdgeConfig),
    /// Ask a running server why an address, a token or a refused request is allowed or not.
    Explain(credentials::Explain),
}

#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    pub(super) settings: ServeSettings,
}

#[derive(Debug, clap::Args)]
pub(super) struct KeyGroup {
    /// Print JSON on standard output, and nothing else.
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: KeyCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key and print it. It is shown this once.
    Create {
        /// What it is for, so that you know later which one to revoke.
        #[arg(long)]
        name: String,
        /// What it may do, such as videos:read; once for each, and everything when it is not given.
        #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
        scopes: Vec<Scope>,
        #[command(flatten)]
        settings: StoreSettings,
    },
    /// List the keys there are, without their texts.
    List {
        #[command(flatten)]
        settings: StoreSettings,
    },
    /// Revoke a key by its id.
    Revoke {
        id: String,
        #[command(flatten)]
        settings: StoreSettings,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct EdgeConfig {
    /// For nginx, haproxy, varnish, cloudfront, worker (Cloudflare) or fastly.
    #[arg(value_parser = front)]
    pub(super) front: Front,
    /// Write the files into this folder, for their owner alone; otherwise to standard output.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// The folder in which the front will find the files, if it is not the usual one.
    #[arg(long, value_name = "DIR")]
    pub(super) installed: Option<String>,
    #[command(flatten)]
    pub(super) settings: StoreSettings,
}

#[derive(Debug, clap::Args)]
pub(super) struct EdgeTokenGroup {
    /// Print JSON on standard output, and nothing else.
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: EdgeTokenCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum EdgeTokenCommand {
    /// Make a token and print it. An edge joins with it once, within 24 hours.
    Create {
        #[command(flatten)]
        settings: StoreSettings,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct VideoGroup {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// Print JSON on standard output, and nothing else.
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: VideoCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum VideoCommand {
    /// Upload a file and wait until it can be played. Run it again to continue an upload that broke off.
    Upload(Upload),
    /// List videos, newest first.
    List {
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        page: u32,
        #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=100))]
        page_size: u32,
    },
    /// Show a video and its addresses. A private one gets a fresh private token each time.
    Show { id: String },
    /// Delete a video and everything made of it.
    Rm { id: String },
}

#[derive(Debug, clap::Args)]
pub(super) struct Upload {
    pub(super) file: PathBuf,
    /// Only viewers with a credential may watch.
    #[arg(long, conflicts_with = "public")]
    pub(super) private: bool,
    /// Anyone may watch. Without either flag the server's setting decides.
    #[arg(long)]
    pub(super) public: bool,
    /// The video's title; otherwise the name of the file.
    #[arg(long)]
    pub(super) title: Option<String>,
    /// Size of the parts the file is sent in.
    #[arg(long, value_name = "MIB", default_value_t = 50, value_parser = clap::value_parser!(u64).range(5..=200))]
    pub(super) part_mib: u64,
    /// Return when the last byte has arrived, before anything is encoded.
    #[arg(long)]
    pub(super) no_wait: bool,
}

/// Where an installation keeps its things.
#[derive(Debug, clap::Args)]
pub(super) struct StoreSettings {
    /// The folder of the database, the videos and the keys.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The database, if it is not a file in the data folder.
    #[arg(long, value_name = "URL")]
    database: Option<DatabaseUrl>,
    /// The settings; otherwise admit.toml in the data folder, if there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ServeSettings {
    #[command(flatten)]
    store: StoreSettings,
    /// The address to listen on.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The origin others reach this server by, if it is not the address listened on.
    #[arg(long, value_name = "URL")]
    public_url: Option<PublicUrl>,
    /// Speak TLS with this PEM certificate chain.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The chain's private key, PEM.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
}

impl From<StoreSettings> for Flags {
    fn from(given: StoreSettings) -> Self {
        Self { config: given.config, data: given.data, database: given.database, ..Self::default() }
    }
}

impl From<ServeSettings> for Flags {
    fn from(given: ServeSettings) -> Self {
        Self {
            listen: given.listen,
            public_url: given.public_url,
            tls_cert: given.tls_cert,
            tls_key: given.tls_key,
            ..given.store.into()
        }
    }
}

fn scope(word: &str) -> Result<Scope, String> {
    Scope::parse(word).ok_or_else(|| {
        let known: Vec<_> = Scope::ALL.into_iter().map(Scope::as_str).collect();
        format!("there is no such scope; there are {}", known.join(", "))
    })
}

fn front(word: &str) -> Result<Front, String> {
    Front::parse(word).ok_or_else(|| {
        let known = Front::ALL.map(Front::as_str).join(", ");
        format!("no validator is written for that; there are {known}")
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}

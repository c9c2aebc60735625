//! The command line as clap reads it.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, Subcommand};

use super::failure::{Failure, HintExt as _};
use crate::{
    client::Client,
    config::{DatabaseUrl, Flags, PublicUrl},
};

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
    /// Make, list and revoke API keys, on the server's own machine.
    ApiKey(KeyGroup),
    /// Upload and manage videos on a running server.
    Video(VideoGroup),
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

/// Which server, and who we are there.
#[derive(Debug, clap::Args)]
pub(super) struct ServerArgs {
    /// The server's address.
    #[arg(long, global = true, value_name = "URL", env = "ADMIT_SERVER", default_value = "http://127.0.0.1:8080")]
    server: PublicUrl,
    /// An API key. In the environment it is hidden from other users of this machine.
    #[arg(long, global = true, value_name = "KEY", env = "ADMIT_API_KEY", hide_env_values = true)]
    api_key: Option<String>,
    /// Believe the certificates in this PEM file too.
    #[arg(long, global = true, value_name = "FILE", env = "ADMIT_CA_CERT")]
    ca_cert: Option<PathBuf>,
}

impl ServerArgs {
    pub(super) fn client(self) -> Result<Client, Failure> {
        let api_key = self
            .api_key
            .ok_or_else(|| anyhow::anyhow!("no API key was given"))
            .hint("give one with --api-key or ADMIT_API_KEY; `admit api-key create` makes one")?;
        Ok(Client::new(self.server.as_str(), api_key, self.ca_cert.as_deref())?)
    }
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}

//! The server that a command asks.

use std::path::PathBuf;

use crate::{
    cli::failure::{Failure, HintExt as _},
    client::Client,
    config::PublicUrl,
};

/// Which server, and who we are there.
#[derive(Debug, clap::Args)]
pub(crate) struct ServerArgs {
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
    pub(crate) fn client(self) -> Result<Client, Failure> {
        let api_key = self
            .api_key
            .ok_or_else(|| anyhow::anyhow!("no API key was given"))
            .hint("give one with --api-key or ADMIT_API_KEY; `admit api-key create` makes one")?;
        Ok(Client::new(self.server.as_str(), api_key, self.ca_cert.as_deref())?)
    }
}

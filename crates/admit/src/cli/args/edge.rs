//! The flags of an edge.

use std::{net::SocketAddr, path::PathBuf};

use crate::config::{Flags, FolderUrl, PublicUrl};

/// An edge has no database and no key of the installation: what it needs it is given when it joins.
#[derive(clap::Args)]
pub(crate) struct Edge {
    /// A control plane this edge belongs to, by its origin; twice for two, of which the first that answers is asked.
    #[arg(long = "origin", value_name = "URL")]
    origins: Vec<PublicUrl>,
    /// The join token that `admit edge-token create` printed, for the first start. In the environment it is hidden from
    /// other users of this machine.
    #[arg(long, value_name = "TOKEN", env = "ADMIT_EDGE_JOIN", hide_env_values = true)]
    pub(crate) join: Option<String>,
    /// What it is called in lists of edges.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The folder of its state and its cache.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The address to listen on.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The origin viewers reach it by, if it is not the address listened on.
    #[arg(long, value_name = "URL")]
    public_url: Option<PublicUrl>,
    /// Speak TLS with this PEM certificate chain.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The chain's private key, PEM.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Believe the certificates in this PEM file too when a control plane is asked.
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<PathBuf>,
    /// Protect another origin of HLS or DASH: the folder in which each video has a folder, named by its id.
    #[arg(long, value_name = "URL")]
    upstream: Option<FolderUrl>,
    /// The settings; otherwise admit.toml in the data folder, if there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").field("origins", &self.origins).field("data", &self.data).finish_non_exhaustive()
    }
}

impl From<Edge> for Flags {
    fn from(given: Edge) -> Self {
        Self {
            config: given.config,
            data: given.data,
            listen: given.listen,
            public_url: given.public_url,
            tls_cert: given.tls_cert,
            tls_key: given.tls_key,
            database: None,
            origins: given.origins,
            edge_name: given.name,
            edge_ca_cert: given.ca_cert,
            edge_upstream: given.upstream,
        }
    }
}

//! Looks a name up once, judges all it stands for, and gives the connection what was judged.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use admit_domain::{limits::OUTBOUND_LOOKUP, outbound::Rules};
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::Name,
};
use reqwest::dns::{Addrs, Resolve, Resolving};

use super::failure::CallError;

/// The resolver of the client: it has no other, so there is no second look at a name that could turn out differently.
pub(super) struct Names {
    resolver: Option<TokioResolver>,
    rules: Arc<Rules>,
}

impl Names {
    pub(super) fn new(server: Option<SocketAddr>, rules: Arc<Rules>) -> Self {
        let resolver = open(server);
        if let Err(error) = &resolver {
            tracing::warn!(%error, "no name server is known: nothing outside can be called by name");
        }
        Self { resolver: resolver.ok(), rules }
    }
}

fn open(server: Option<SocketAddr>) -> Result<TokioResolver, NetError> {
    let mut builder = match server {
        None => TokioResolver::builder_tokio()?,
        Some(address) => {
            let at_port = |mut connection: ConnectionConfig| {
                connection.port = address.port();
                connection
            };
            let connections = vec![at_port(ConnectionConfig::udp()), at_port(ConnectionConfig::tcp())];
            let server = NameServerConfig::new(address.ip(), true, connections);
            let config = ResolverConfig::from_name_servers(vec![server]);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
    };
    let options = builder.options_mut();
    // Both families, so that what either of them hides is seen; and nothing remembered.
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.cache_size = 0;
    if server.is_some() {
        options.use_hosts_file = ResolveHosts::Never;
    }
    builder.build()
}

impl Resolve for Names {
    fn resolve(&self, name: reqwest::dns::Name) -> Resolving {
        let (resolver, rules) = (self.resolver.clone(), self.rules.clone());
        Box::pin(async move {
            let found = lookup(resolver, name.as_str()).await?;
            rules.addresses(&found).map_err(CallError::from)?;
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

async fn lookup(resolver: Option<TokioResolver>, name: &str) -> Result<Vec<IpAddr>, CallError> {
    let resolver = resolver.ok_or_else(|| CallError::Lookup("no name server is known".to_owned()))?;
    let mut name = Name::from_ascii(name).map_err(|_| CallError::NoSuchName)?;
    // The whole name: no search list of this machine completes it.
    name.set_fqdn(true);
    let found = tokio::time::timeout(OUTBOUND_LOOKUP, resolver.lookup_ip(name)).await;
    match found.map_err(|_| CallError::Slow("the name server does not answer"))? {
        Ok(found) => Ok(found.iter().collect()),
        Err(error) if error.is_no_records_found() => Err(CallError::NoSuchName),
        Err(error) => Err(CallError::Lookup(error.to_string())),
    }
}

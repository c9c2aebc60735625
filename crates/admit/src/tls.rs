//! TLS for the listener: TLS 1.2 and 1.3, one provider, HTTP/2 and HTTP/1.1 by ALPN, no early data.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result, bail, ensure};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio_rustls::TlsAcceptor;

use crate::config::Server;

/// The configured chain and key, or none. Both files are read once, before a socket is opened.
pub fn acceptor(server: &Server) -> Result<Option<TlsAcceptor>> {
    match (&server.tls_cert, &server.tls_key) {
        (Some(cert), Some(key)) => from_files(cert, key).map(Some),
        (None, None) => Ok(None),
        _ => bail!("a certificate needs its key, and a key its certificate"),
    }
}

fn from_files(cert_file: &Path, key_file: &Path) -> Result<TlsAcceptor> {
    let in_cert = || format!("cannot read the certificate chain {}", cert_file.display());
    let chain = CertificateDer::pem_file_iter(cert_file)
        .with_context(in_cert)?
        .collect::<Result<Vec<_>, _>>()
        .with_context(in_cert)?;
    ensure!(!chain.is_empty(), "{} holds no certificate", cert_file.display());
    let key = PrivateKeyDer::from_pem_file(key_file)
        .with_context(|| format!("cannot read the private key {}", key_file.display()))?;
    let config = server_config(chain, key)
        .with_context(|| format!("{} and {} do not make a pair", cert_file.display(), key_file.display()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Early data can be replayed by whoever saw it, and a redeem must not be.
    config.max_early_data_size = 0;
    Ok(config)
}

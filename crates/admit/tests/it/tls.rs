//! TLS: which versions and protocols are spoken, and how long a handshake may take (U24).

use std::{sync::Arc, time::Duration};

use admit::{
    config::{self, Flags},
    listener::Limits,
    tls,
};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, RootCertStore, SupportedProtocolVersion, version};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::Instant,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::support::{
    door::{Door, short},
    raw::say,
};

/// A certificate for `localhost`, its files, and clients that trust it.
struct Identity {
    folder: TempDir,
    roots: RootCertStore,
}

impl Identity {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        Self { folder, roots }
    }

    fn server(&self, cert: &str, key: &str) -> anyhow::Result<config::Server> {
        let (cert, key) = (self.folder.path().join(cert), self.folder.path().join(key));
        let data = Some(self.folder.path().to_owned());
        Ok(config::load(Flags { tls_cert: Some(cert), tls_key: Some(key), data, ..Flags::default() })?.server)
    }

    async fn door(&self, limits: Limits) -> Door {
        let acceptor = tls::acceptor(&self.server("cert.pem", "key.pem").unwrap()).unwrap();
        Door::open(limits, acceptor).await
    }

    fn client(&self, version: &'static SupportedProtocolVersion, alpn: &[&str]) -> Arc<ClientConfig> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        config.enable_early_data = true;
        Arc::new(config)
    }
}

async fn connect(door: &Door, client: &Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(door.addr).await?;
    TlsConnector::from(Arc::clone(client)).connect("localhost".try_into().unwrap(), stream).await
}

/// Asks and hears the whole answer.
async fn ask(client: &mut TlsStream<TcpStream>) -> String {
    client.write_all(b"GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn both_versions_and_both_protocols_are_spoken() {
    let identity = Identity::new();
    let door = identity.door(short()).await;
    for version in [&version::TLS12, &version::TLS13] {
        let mut client = connect(&door, &identity.client(version, &["http/1.1"])).await.unwrap();
        let answer = ask(&mut client).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("admit-request-id"), "{answer}");

        let client = connect(&door, &identity.client(version, &["http/1.1", "h2"])).await.unwrap();
        assert_eq!(client.get_ref().1.alpn_protocol(), Some(&b"h2"[..]), "HTTP/2 is preferred");
    }
    assert_eq!(door.seen(), ["GET /x", "GET /x"]);
    door.close().await;
}

#[tokio::test]
async fn an_unknown_protocol_is_refused() {
    let identity = Identity::new();
    let door = identity.door(short()).await;
    assert!(connect(&door, &identity.client(&version::TLS13, &["spdy/3"])).await.is_err());
    door.close().await;
}

#[tokio::test]
async fn early_data_is_never_offered() {
    let identity = Identity::new();
    let door = identity.door(short()).await;
    let config = identity.client(&version::TLS13, &["http/1.1"]);
    ask(&mut connect(&door, &config).await.unwrap()).await;
    // The ticket of the first connection is there, and says nothing of early data.
    let mut offer = ClientConnection::new(Arc::clone(&config), "localhost".try_into().unwrap()).unwrap();
    assert!(offer.early_data().is_none());
    let again = connect(&door, &config).await.unwrap();
    assert_eq!(again.get_ref().1.handshake_kind(), Some(HandshakeKind::Resumed), "tickets were given");
    door.close().await;
}

#[tokio::test]
async fn a_handshake_must_end_in_time() {
    let identity = Identity::new();
    let patience = Duration::from_millis(300);
    let door = identity.door(Limits { tls_handshake: patience, ..short() }).await;
    let begun = Instant::now();
    assert_eq!(say(door.addr, b"").await.text, "");
    // The first bytes of a handshake record, and then nothing.
    say(door.addr, b"\x16\x03\x01").await;
    assert!(begun.elapsed() >= patience * 2 && begun.elapsed() < Duration::from_secs(3));
    door.close().await;
}

#[tokio::test]
async fn what_is_no_handshake_is_no_request() {
    let identity = Identity::new();
    let door = identity.door(short()).await;
    let heard = say(door.addr, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(!heard.has("HTTP/"), "{heard:?}");
    // A client hello for TLS 1.0: record version 3.1, hello version 3.1, no extensions.
    let mut hello = vec![0x16, 3, 1, 0, 45, 1, 0, 0, 41, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0xc0, 0x13, 1, 0]);
    let heard = say(door.addr, &hello).await;
    assert!(heard.text.starts_with('\u{15}'), "an alert: {heard:?}");
    assert_eq!(door.seen(), [""; 0]);
    door.close().await;
}

#[tokio::test]
async fn a_silent_client_behind_tls_is_closed_too() {
    let identity = Identity::new();
    let door = identity.door(short()).await;
    let mut client = connect(&door, &identity.client(&version::TLS13, &["http/1.1"])).await.unwrap();
    let mut heard = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(2), client.read_to_end(&mut heard)).await;
    closed.expect("the server closes").ok();
    assert_eq!(heard, b"");
    door.close().await;
}

#[test]
fn files_that_make_no_pair_are_found_before_a_socket_is_opened() {
    let identity = Identity::new();
    let other = Identity::new();
    let key = std::fs::read(other.folder.path().join("key.pem")).unwrap();
    std::fs::write(identity.folder.path().join("other.pem"), key).unwrap();
    for (cert, key, complaint) in [
        ("cert.pem", "other.pem", "do not make a pair"),
        ("none.pem", "key.pem", "cannot read the certificate chain"),
        ("key.pem", "key.pem", "holds no certificate"),
        ("cert.pem", "cert.pem", "cannot read the private key"),
    ] {
        let error = tls::acceptor(&identity.server(cert, key).unwrap()).err().unwrap();
        assert!(format!("{error:#}").contains(complaint), "{cert} {key}: {error:#}");
    }
}

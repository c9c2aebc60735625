//! Durable redeems a second, over HTTP, answered after the commit is on the disk.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use admit_domain::{dialects::apivideo::PrivateToken, id::VideoId, time::Timestamp};
use anyhow::{Context as _, Result, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    runtime::Builder,
    task::JoinSet,
};

use crate::{program::Program, seconds};

const CONNECTIONS: [usize; 3] = [1, 32, 256];
/// Long enough for a steady state, short enough for a noisy machine to stay the same.
const RUN: Duration = Duration::from_secs(4);
/// More than any run uses up.
const TOKENS: u64 = 200_000;

pub(crate) fn run() -> Result<()> {
    println!("durable redeems a second over HTTP (aim on SQLite: at least 10000 at 32 connections)");
    println!("  database     {}", CONNECTIONS.map(|count| format!("{count:>9} conn")).join(""));
    measure("SQLite", None)?;
    #[expect(clippy::disallowed_methods, reason = "a benchmark is told by its caller where the database is")]
    match std::env::var("ADMIT_TEST_POSTGRES") {
        Ok(url) => measure("PostgreSQL", Some(&fresh_database(&url)?))?,
        Err(_) => println!("  PostgreSQL   not measured: ADMIT_TEST_POSTGRES is not set"),
    }
    println!();
    Ok(())
}

fn measure(name: &str, database: Option<&str>) -> Result<()> {
    let program = Program::start(database)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    print!("  {name:<13}");
    for connections in CONNECTIONS {
        let tokens = Arc::new(Tokens::mint(&program)?);
        let (took, redeemed) = seconds(|| runtime.block_on(storm(&program.address, connections, tokens)));
        #[expect(clippy::cast_precision_loss, reason = "a rate needs no more digits than that")]
        let rate = redeemed? as f64 / took;
        print!("{rate:>12.0}/s");
    }
    println!();
    Ok(())
}

/// Requests that are ready to be sent, each with a token of its own.
struct Tokens {
    requests: Vec<String>,
    next: AtomicUsize,
}

impl Tokens {
    /// Tokens are minted without a write, so whoever holds the install key can mint a stock of them.
    fn mint(program: &Program) -> Result<Self> {
        let keys = admit::install::keys(program.data.path())?;
        let video: VideoId = create_video(program)?.parse()?;
        let now = admit::clock::Clock::default().now();
        let request = |chance| request(&program.address, &video, &keys.private_tokens, now, chance);
        Ok(Self { requests: (0..TOKENS).map(request).collect(), next: AtomicUsize::new(0) })
    }
}

fn request(address: &str, video: &VideoId, key: &admit_domain::secret::MacKey, now: Timestamp, chance: u64) -> String {
    let token = PrivateToken::mint(key, video, now, chance).text();
    let body = format!("{{\"nonce\":\"{chance:032x}\"}}");
    format!(
        "POST /vod/{video}/token/{token}/session HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn create_video(program: &Program) -> Result<String> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let url = format!("http://{}/videos", program.address);
        let client = reqwest::Client::new();
        let body = serde_json::json!({ "title": "bench", "public": false });
        let answer = client.post(url).basic_auth(&program.key, Some("")).json(&body).send().await?;
        let video: serde_json::Value = answer.error_for_status()?.json().await?;
        video["videoId"].as_str().map(str::to_owned).context("an id")
    })
}

async fn storm(address: &str, connections: usize, tokens: Arc<Tokens>) -> Result<usize> {
    let mut viewers = JoinSet::new();
    for _ in 0..connections {
        viewers.spawn(viewer(address.to_owned(), tokens.clone()));
    }
    let mut redeemed = 0;
    while let Some(viewer) = viewers.join_next().await {
        redeemed += viewer??;
    }
    Ok(redeemed)
}

/// One connection, one request after another, until the time is over.
async fn viewer(address: String, tokens: Arc<Tokens>) -> Result<usize> {
    let mut stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    // sleep: the run has a length
    let over = tokio::time::sleep(RUN);
    tokio::pin!(over);
    let mut redeemed = 0;
    let mut answer = vec![0; 4_096];
    loop {
        let next = tokens.next.fetch_add(1, Ordering::Relaxed);
        let request = tokens.requests.get(next).context("more tokens than were minted")?;
        let turn = async {
            stream.write_all(request.as_bytes()).await?;
            read_answer(&mut stream, &mut answer).await
        };
        tokio::select! {
            biased;
            () = &mut over => return Ok(redeemed),
            outcome = turn => outcome?,
        }
        redeemed += 1;
    }
}

/// Reads one whole answer, which must say that a session has begun.
async fn read_answer(stream: &mut TcpStream, answer: &mut [u8]) -> Result<()> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut answer[filled..]).await?;
        ensure!(read > 0, "the connection ended");
        filled += read;
        let text = std::str::from_utf8(&answer[..filled])?;
        ensure!(text.starts_with("HTTP/1.1 200"), "refused: {text}");
        // The answer is one JSON object.
        if text.ends_with('}') {
            return Ok(());
        }
    }
}

/// A database of its own on the server at `url`.
fn fresh_database(url: &str) -> Result<String> {
    use sqlx::{Connection as _, Executor as _};
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        connection.execute("DROP DATABASE IF EXISTS admit_bench").await?;
        connection.execute("CREATE DATABASE admit_bench").await?;
        let (server, _) = url.rsplit_once('/').context("a database in the address")?;
        Ok(format!("{server}/admit_bench"))
    })
}

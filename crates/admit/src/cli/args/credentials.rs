//! The command line of credentials: signing them, telling them apart, and having them explained.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use admit_domain::{
    claims::Viewer,
    dialects::Dialect,
    id::{SigningKeyId, VideoId},
};
use serde::Serialize;

use super::server::ServerArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Sign {
    /// Print JSON on standard output, and nothing else.
    #[arg(long)]
    pub(crate) json: bool,
    /// How the credential is written; `admit dialect list` lists the names. Settings follow in lines below the name.
    #[arg(long, value_name = "DIALECT", value_parser = dialect)]
    pub(crate) dialect: Dialect,
    /// The id of the signing key, which tokens name.
    #[arg(long, value_name = "ID")]
    pub(crate) key_id: String,
    #[command(flatten)]
    pub(crate) with: SignWith,
    /// The video that the credential is to open.
    #[arg(long, value_name = "ID")]
    pub(crate) video: VideoId,
    /// Whom it is for, by your own name for them; for dialects that have a word for it.
    #[arg(long, value_name = "NAME", value_parser = viewer)]
    pub(crate) viewer: Option<Viewer>,
    /// How long it lives: seconds, or 90s, 5m, 2h, 1d.
    #[arg(long, value_name = "SPAN", default_value = "5m", value_parser = span)]
    pub(crate) ttl: Duration,
    /// The path to sign, for dialects that sign one; where it ends in a slash, all below it, if the dialect can say so.
    /// Otherwise the video's HLS playlist.
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,
    /// Where viewers reach the server, for dialects that sign it.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub(crate) origin: String,
    /// When it is issued, in seconds since 1970; otherwise now.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) now: Option<i64>,
}

/// The customer's half of the key. Never on the command line itself, where every user of the machine reads it.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct SignWith {
    /// A file with the secret. A line feed at its end is not part of it.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// The variable of the environment that holds the secret.
    #[arg(long, value_name = "NAME")]
    pub(crate) secret_env: Option<String>,
    /// A file with a private key as PEM, or as base64 of PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key_file: Option<PathBuf>,
}

/// The server's half of the key.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(crate) struct VerifyWith {
    /// A file with the secret. A line feed at its end is not part of it.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// The variable of the environment that holds the secret.
    #[arg(long, value_name = "NAME")]
    pub(crate) secret_env: Option<String>,
    /// A file with a public key as PEM, JWK or JWK set.
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DialectGroup {
    /// Print JSON on standard output, and nothing else.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: DialectCommand,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum DialectCommand {
    /// List the dialects: what keys they take, and what is to be said of them.
    List,
    /// Say what an address or a token shows, and, given the key that is said to have signed it, why it is refused.
    Test(Box<DialectTest>),
}

#[derive(Debug, clap::Args)]
pub(crate) struct DialectTest {
    /// An address as a viewer would ask for it, or a token alone.
    pub(crate) url: String,
    /// How it is written. Without it, it is only shown what it is.
    #[arg(long, value_name = "DIALECT", value_parser = dialect)]
    pub(crate) dialect: Option<Dialect>,
    /// The id of the signing key.
    #[arg(long, value_name = "ID")]
    pub(crate) key_id: Option<SigningKeyId>,
    #[command(flatten)]
    pub(crate) with: VerifyWith,
    /// The video that is asked for, where the address names none.
    #[arg(long, value_name = "ID")]
    pub(crate) video: Option<VideoId>,
    /// The viewer's address.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) ip: Option<IpAddr>,
    /// When it is shown, in seconds since 1970; otherwise now.
    #[arg(long, value_name = "SECONDS", visible_alias = "now")]
    pub(crate) at: Option<i64>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Print JSON on standard output, and nothing else.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) question: Question,
}

/// What is asked, as the API spells it.
#[derive(Debug, clap::Args, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Question {
    /// An address, a token, or the `Admit-Request-Id` of a refusal.
    #[serde(skip)]
    pub(crate) what: String,
    #[arg(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[arg(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
    #[arg(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
    /// The video, where a token does not name it.
    #[arg(long = "video", value_name = "ID")]
    #[serde(skip_serializing_if = "Option::is_none")]
    video_id: Option<String>,
    /// The viewer's address.
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    /// The site that shows it.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    /// The page that shows it, where the browser names no origin.
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    referrer: Option<String>,
    /// The viewer's program.
    #[arg(long, value_name = "TEXT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    /// When it is shown, such as 2027-01-31T12:00:00Z; otherwise now.
    #[arg(long, value_name = "TIME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

fn dialect(text: &str) -> Result<Dialect, String> {
    // A file or a shell may end the settings with a line feed.
    Dialect::parse(text.trim_end_matches('\n')).map_err(|bad| bad.to_string())
}

fn viewer(text: &str) -> Result<Viewer, &'static str> {
    Viewer::parse(text).ok_or("expected 1 to 128 printable characters")
}

fn span(text: &str) -> Result<Duration, &'static str> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err("expected seconds, or a number and one of s, m, h and d"),
    };
    let number: u64 = number.parse().map_err(|_| "expected a number of seconds, such as 300, or 5m")?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or("expected a shorter time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_units() {
        for (text, seconds) in [("300", 300), ("90s", 90), ("5m", 300), ("2h", 7_200), ("1d", 86_400)] {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "m", "5 m", "-5m", "5w", "5mm", "99999999999999999d"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}

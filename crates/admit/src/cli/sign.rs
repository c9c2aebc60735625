//! `admit sign`: what a customer's backend would sign, signed here.

use admit_domain::{
    mint::{MintError, Minted, Wish},
    time::Timestamp,
};
use aws_lc_rs::rand::SystemRandom;
use serde_json::json;

use super::{args::credentials::Sign, failure::Failure, key_file, output::Output};
use crate::clock::Clock;

pub(super) fn run(args: &Sign) -> Result<(), Failure> {
    let signer = key_file::signer(&args.with, &args.dialect)?;
    let issued_at =
        args.now.map_or_else(|| Timestamp::from_secs(Clock::default().now().as_secs()), Timestamp::from_secs);
    let wish = Wish {
        kid: args.key_id.clone(),
        video: args.video,
        viewer: args.viewer.clone(),
        issued_at,
        expires_at: issued_at.plus(args.ttl),
        origin: args.origin.trim_end_matches('/').to_owned(),
        path: args.path.clone().unwrap_or_else(|| format!("/vod/{}/hls/manifest.m3u8", args.video)),
    };
    let minted = args.dialect.mint(&wish, &signer, &SystemRandom::new()).map_err(failure)?;
    let (kind, text) = match minted {
        Minted::Token(text) => ("token", text),
        Minted::Query(text) => ("query", text),
        Minted::Path(text) => ("path", text),
    };
    let document = json!({ kind: text, "expiresAt": wish.expires_at.as_secs() });
    Ok(Output::new(args.json).tell(&document, || vec![text.clone()])?)
}

fn failure(error: MintError) -> Failure {
    let hint = match error {
        MintError::WantsSecret => "give the secret with --secret-file or --secret-env",
        MintError::WantsPrivateKey => {
            "give the private key with --private-key-file; `admit dialect list` says of which kind"
        }
        MintError::ShortSecret => "`admit dialect list` says how long a secret must be",
        MintError::LivesTooLong => "choose a shorter --ttl",
        _ => "--path must name the video whole, such as /vod/vi…/hls/manifest.m3u8, and --key-id be letters and digits",
    };
    Failure::or_hint(anyhow::anyhow!("{error}"), hint)
}

//! Keys from where people keep them: files and the environment.

use std::path::Path;

use admit_domain::{
    dialects::Dialect,
    limits::PUBLIC_KEYS_BYTES_MAX,
    material::{KeySecret, Material},
    mint::Signer,
    private_key::PrivateKey,
    public_key,
};
use anyhow::{Context as _, ensure};

use super::{
    args::credentials::{SignWith, VerifyWith},
    failure::{Failure, HintExt as _},
};
use crate::config;

pub(super) fn signer(with: &SignWith, dialect: &Dialect) -> Result<Signer, Failure> {
    if let Some(file) = &with.private_key_file {
        let key = PrivateKey::parse(&text(file)?).with_context(|| format!("{} is no private key", file.display()))?;
        return Ok(Signer::Private(key));
    }
    secret(with.secret_file.as_deref(), with.secret_env.as_deref(), dialect).map(Signer::Secret)
}

/// `None` when no key was given.
pub(super) fn material(with: &VerifyWith, dialect: &Dialect) -> Result<Option<Material>, Failure> {
    if let Some(file) = &with.public_key_file {
        let keys = public_key::read_keys(&text(file)?);
        let keys = keys.with_context(|| format!("{} is no public key", file.display()))?;
        return Ok(Some(Material::Public(keys)));
    }
    if with.secret_file.is_none() && with.secret_env.is_none() {
        return Ok(None);
    }
    let secret = secret(with.secret_file.as_deref(), with.secret_env.as_deref(), dialect)?;
    Ok(Some(Material::Secret(secret)))
}

/// The secret's bytes are the text as the API gave it, without the line feed that editors put behind it.
fn secret(file: Option<&Path>, variable: Option<&str>, dialect: &Dialect) -> Result<KeySecret, Failure> {
    let text = match (file, variable) {
        (Some(file), _) => text(file)?,
        (None, Some(name)) => config::variable(name).with_context(|| format!("{name} is not set, or is no text"))?,
        (None, None) => String::new(),
    };
    let text = text.trim_end_matches(['\r', '\n']);
    dialect
        .judge_secret(text.as_bytes())
        .context("the secret is none for this dialect")
        .hint("`admit dialect list` says which keys each dialect takes")?;
    Ok(KeySecret::new(text.as_bytes()))
}

fn text(file: &Path) -> Result<String, anyhow::Error> {
    let about = || format!("read {}", file.display());
    let bytes = std::fs::metadata(file).with_context(about)?.len();
    ensure!(bytes <= PUBLIC_KEYS_BYTES_MAX as u64, "{} is too large to be a key", file.display());
    std::fs::read_to_string(file).with_context(about)
}

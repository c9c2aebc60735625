//! What a customer says of a new signing key, judged.

use admit_domain::{
    dialects::Dialect,
    limits::{KEY_NAME_CHARS_MAX, KEY_SECRET_BYTES_MAX},
    outbound::UNREACHABLE,
    public_key,
};

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    actions::signing_keys::{NewSigningKey, Said},
    app::App,
    check,
    error::ApiError,
};

/// A key to be made. Without a public key, its address or a secret, we make a secret.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewSigningKeyBody {
    name: Option<String>,
    /// How its credentials are written: `admit`, `moviie`, `mux`, `cloudflare-stream`, `signed-url`, another dialect's
    /// name, or a template.
    dialect: Option<String>,
    /// `HS256` for a shared secret; for a public key the algorithm follows from the key, and must be the one named here.
    algorithm: Option<String>,
    /// PEM, a JWK, or a JWK set.
    public_key: Option<String>,
    /// Where a JWK set is fetched from, again every few minutes.
    jwks_url: Option<String>,
    /// A secret that another service's backend signs with already.
    secret: Option<String>,
}

pub(super) fn wish(app: &App, body: NewSigningKeyBody) -> Result<NewSigningKey, ApiError> {
    let name = body.name.ok_or_else(|| ApiError::attribute_required("name"))?;
    if let Some(fault) = check::text("name", &name, KEY_NAME_CHARS_MAX) {
        return Err(fault);
    }
    let dialect = match body.dialect.as_deref() {
        None => Dialect::Admit,
        Some(text) => Dialect::parse(text).map_err(|bad| ApiError::invalid_attribute("dialect", bad.to_string()))?,
    };
    let said = match (body.public_key, body.jwks_url, body.secret) {
        (None, None, None) => Said::Nothing,
        (Some(text), None, None) => Said::Public(public(&text)?),
        (None, Some(url), None) => {
            let target = app.outbound.target(&url).map_err(|refused| {
                tracing::info!(%refused, "refuse the address of a key set");
                ApiError::invalid_attribute("jwksUrl", UNREACHABLE)
            })?;
            Said::Address(target.as_str().to_owned())
        }
        (None, None, Some(secret)) => Said::Secret(imported(&dialect, secret)?),
        _ => {
            let detail = "Only one of publicKey, jwksUrl and secret can be given.";
            return Err(ApiError::invalid_attribute("publicKey", detail));
        }
    };
    let is_shared = matches!(said, Said::Nothing | Said::Secret(_));
    if is_shared && !dialect.takes_secret() {
        let detail = "Keys of this dialect are public keys: give publicKey or jwksUrl.";
        return Err(ApiError::invalid_attribute("publicKey", detail));
    }
    if !is_shared && !dialect.takes_public_key() {
        return Err(ApiError::invalid_attribute("publicKey", "Keys of this dialect are shared secrets."));
    }
    check_algorithm(body.algorithm.as_deref(), &said)?;
    Ok(NewSigningKey { name, dialect, said })
}

/// As a JWK set, whatever it was given as.
fn public(text: &str) -> Result<String, ApiError> {
    let keys = public_key::read_keys(text);
    let keys = keys.map_err(|bad| ApiError::invalid_attribute("publicKey", bad.to_string()))?;
    Ok(public_key::write_keys(&keys))
}

fn imported(dialect: &Dialect, secret: String) -> Result<String, ApiError> {
    if secret.len() > KEY_SECRET_BYTES_MAX {
        let detail = format!("A secret has at most {KEY_SECRET_BYTES_MAX} bytes.");
        return Err(ApiError::invalid_attribute("secret", detail));
    }
    let judged = dialect.judge_secret(secret.as_bytes());
    judged.map_err(|bad| ApiError::invalid_attribute("secret", format!("{bad}.")))?;
    Ok(secret)
}

fn check_algorithm(named: Option<&str>, said: &Said) -> Result<(), ApiError> {
    let Some(named) = named else { return Ok(()) };
    let fits = match said {
        Said::Nothing | Said::Secret(_) => named == "HS256",
        Said::Public(set) => {
            let keys = public_key::read_keys(set).unwrap_or_default();
            keys.iter().all(|key| key.algorithm().name() == Some(named))
        }
        Said::Address(_) => ["RS256", "ES256", "ES384", "EdDSA"].contains(&named),
    };
    if fits { Ok(()) } else { Err(ApiError::invalid_attribute("algorithm", "This key does not sign so.")) }
}

//! `HAProxy`: HMAC-SHA256 by its converters, in front of its small cache, which nginx fills.

use std::{fs, path::Path};

use anyhow::Result;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Place, command, credential::SECRET, installed};
use crate::machine::Running;

const PROGRAM: &str = "/usr/sbin/haproxy";

/// The object as its cache knows it is the path alone: the credential is taken off before.
pub(crate) fn start(place: &Place<'_>) -> Result<Running> {
    installed(Path::new(PROGRAM))?;
    let file = place.folder.join("haproxy.cfg");
    let (port, origin, key) = (place.port, place.origin, STANDARD.encode(SECRET));
    fs::write(
        &file,
        format!(
            "global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout client 1h
  timeout server 1h
  timeout connect 5s
  timeout http-keep-alive 1h
cache objects
  total-max-size 1024
  max-object-size 4194304
  max-age 36000
frontend edge
  bind 127.0.0.1:{port}
  http-request set-var(txn.expires) url_param(expires)
  http-request set-var(txn.said) url_param(mac)
  http-request set-var(txn.now) date
  http-request set-var(txn.mac) path,concat(,txn.expires,),hmac(sha256,{key}),hex,lower
  http-request deny unless {{ var(txn.mac),strcmp(txn.said) eq 0 }}
  http-request deny if {{ var(txn.expires),sub(txn.now) lt 0 }}
  http-request set-uri %[path]
  http-request cache-use objects
  http-response cache-store objects
  default_backend origin
backend origin
  server origin {origin}
"
        ),
    )?;
    Running::start(command(PROGRAM, place)?.arg("-db").arg("-q").arg("-f").arg(&file))
}

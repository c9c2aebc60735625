//! Varnish with its digest module: HMAC-SHA256 in VCL, objects in memory, nginx behind.

use std::{fs, path::Path};

use anyhow::Result;

use super::{Place, command, credential::SECRET, installed};
use crate::machine::Running;

const PROGRAM: &str = "/usr/sbin/varnishd";

pub(crate) fn start(place: &Place<'_>) -> Result<Running> {
    installed(Path::new(PROGRAM))?;
    let file = place.folder.join("check.vcl");
    let (host, port) = (place.origin.ip(), place.origin.port());
    fs::write(
        &file,
        format!(
            r#"vcl 4.1;
import std;
import digest;
backend origin {{ .host = "{host}"; .port = "{port}"; }}
sub vcl_recv {{
  set req.http.X-Expires = regsub(req.url, "^.*expires=([0-9]+).*$", "\1");
  set req.http.X-Mac = regsub(req.url, "^.*mac=([0-9a-f]+)$", "0x\1");
  set req.url = regsub(req.url, "\?.*$", "");
  if (std.integer(req.http.X-Expires, 0) < std.time2integer(now, 0)) {{ return (synth(403)); }}
  if (digest.hmac_sha256("{SECRET}", req.url + req.http.X-Expires) != req.http.X-Mac) {{ return (synth(403)); }}
  unset req.http.X-Expires;
  unset req.http.X-Mac;
  return (hash);
}}
sub vcl_backend_response {{ set beresp.ttl = 10h; }}
"#
        ),
    )?;
    let mut command = command(PROGRAM, place)?;
    command.arg("-F").arg("-n").arg(place.folder.join("work")).arg("-f").arg(&file);
    command.arg("-a").arg(format!("127.0.0.1:{}", place.port)).args(["-s", "default,1g", "-p", "timeout_idle=3600"]);
    // No jail: it would want another user, who cannot read this folder.
    Running::start(command.args(["-j", "none", "-p", "thread_pool_min=20", "-p", "thread_pools=1"]))
}

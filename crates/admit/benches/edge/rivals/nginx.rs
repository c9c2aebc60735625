//! nginx as Debian builds it: without any check, at its best for small files, and with the checks it can be given.

use std::{fs, path::Path};

use anyhow::Result;

use super::{
    Place, Tls, command,
    credential::{self, SECRET, Sign},
    installed,
};
use crate::machine::Running;

const PROGRAM: &str = "/usr/sbin/nginx";
const MODULES: &str = "/usr/lib/nginx/modules";

pub(crate) struct Flavour {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) verifies: bool,
    pub(crate) sign: Sign,
    modules: &'static [&'static str],
    files: &'static str,
    http: &'static str,
    check: &'static str,
}

const LARGE: &str = "sendfile on; tcp_nopush on;";

pub(crate) const FLAVOURS: [Flavour; 5] = [
    Flavour {
        name: "nginx static",
        what: "no check; sendfile, tcp_nopush, open_file_cache",
        verifies: false,
        sign: credential::none,
        modules: &[],
        files: LARGE,
        http: "",
        check: "",
    },
    Flavour {
        name: "nginx no sendfile",
        what: "no check; best for small files",
        verifies: false,
        sign: credential::none,
        modules: &[],
        files: "sendfile off; output_buffers 2 64k;",
        http: "",
        check: "",
    },
    Flavour {
        name: "nginx secure_link",
        what: "MD5",
        verifies: true,
        sign: credential::md5,
        modules: &[],
        files: LARGE,
        http: "",
        check: r#"secure_link $arg_md5,$arg_expires; secure_link_md5 "$secure_link_expires$uri SECRET"; if ($secure_link != "1") { return 403; }"#,
    },
    Flavour {
        name: "nginx njs",
        what: "HMAC-SHA256",
        verifies: true,
        sign: credential::hmac_sha256,
        modules: &["ngx_http_js_module"],
        files: LARGE,
        http: "js_import check from FOLDER/check.js; js_set $proven check.proven;",
        check: r#"if ($proven != "1") { return 403; }"#,
    },
    Flavour {
        name: "nginx Lua",
        what: "HMAC-SHA1, which it has built in",
        verifies: true,
        sign: credential::hmac_sha1,
        modules: &["ndk_http_module", "ngx_http_lua_module"],
        files: LARGE,
        http: "",
        check: "access_by_lua_file FOLDER/check.lua;",
    },
];

const NJS: &str = r#"import crypto from "crypto";
function proven(r) {
  const mac = crypto.createHmac("sha256", "SECRET").update(r.uri + r.args.expires).digest("hex");
  return mac === r.args.mac && Number(r.args.expires) >= Date.now() / 1000 ? "1" : "0";
}
export default { proven };
"#;

const LUA: &str = r#"local expires = ngx.var.arg_expires or "0"
local mac = ngx.encode_base64(ngx.hmac_sha1("SECRET", ngx.var.uri .. expires))
if mac ~= ngx.var.arg_mac or tonumber(expires) < ngx.time() then return ngx.exit(403) end
"#;

/// Starts one in a folder of its own.
pub(crate) fn start(flavour: &Flavour, place: &Place<'_>) -> Result<Running> {
    start_under(&[], flavour, place)
}

/// Starts it below another program, which counts what it does.
pub(crate) fn start_under(above: &[&str], flavour: &Flavour, place: &Place<'_>) -> Result<Running> {
    installed(Path::new(PROGRAM))?;
    for module in flavour.modules {
        installed(Path::new(&format!("{MODULES}/{module}.so")))?;
    }
    let folder = place.folder.display().to_string();
    let filled = |text: &str| text.replace("SECRET", SECRET).replace("FOLDER", &folder);
    fs::write(place.folder.join("check.js"), filled(NJS))?;
    fs::write(place.folder.join("check.lua"), filled(LUA))?;
    let file = place.folder.join("nginx.conf");
    fs::write(&file, configuration(flavour, place, &filled))?;
    let words = [above, &[PROGRAM]].concat();
    let mut command = command(words[0], place)?;
    command.args(&words[1..]).arg("-e").arg(place.folder.join("error.log")).arg("-p").arg(place.folder);
    Running::start(command.arg("-c").arg(&file))
}

fn configuration(flavour: &Flavour, place: &Place<'_>, filled: &dyn Fn(&str) -> String) -> String {
    let modules: Vec<_> =
        flavour.modules.iter().map(|module| format!("load_module {MODULES}/{module}.so;\n")).collect();
    let modules = modules.concat();
    let tls = match &place.tls {
        None => String::new(),
        Some(Tls { port, chain, key, .. }) => format!(
            "listen 127.0.0.1:{port} ssl; ssl_certificate {}; ssl_certificate_key {};",
            chain.display(),
            key.display()
        ),
    };
    let (http, check) = (filled(flavour.http), filled(flavour.check));
    let (port, files, root) = (place.port, flavour.files, place.files.display());
    format!(
        "{modules}daemon off; master_process off; pid nginx.pid; worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  {files} access_log off; log_not_found off; server_tokens off; tcp_nodelay on; default_type application/octet-stream;
  open_file_cache max=8192 inactive=1h; open_file_cache_valid 1h; open_file_cache_min_uses 1;
  keepalive_requests 1000000000; keepalive_timeout 1h; ssl_protocols TLSv1.3; ssl_session_cache off;
  client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
  {http}
  server {{
    listen 127.0.0.1:{port} backlog=1024; {tls}
    root {root};
    location / {{ {check} }}
  }}
}}
"
    )
}

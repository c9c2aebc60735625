//! Apache Traffic Server with `url_sig`: HMAC-SHA1, objects in its memory cache, nginx behind.

use std::{fs, path::Path};

use anyhow::Result;

use super::{Place, command, credential::SECRET, installed};
use crate::machine::Running;

const PROGRAM: &str = "/usr/bin/traffic_server";
const MODULES: &str = "/usr/lib/trafficserver/modules";
/// One thread serves, as with all the others; what is refused is logged by the module itself, whatever stands here.
const SETTINGS: [&str; 12] = [
    "proxy.config.exec_thread.autoconfig INT 0",
    "proxy.config.exec_thread.limit INT 1",
    "proxy.config.accept_threads INT 0",
    "proxy.config.task_threads INT 1",
    "proxy.config.cache.threads_per_disk INT 1",
    "proxy.config.cache.ram_cache.size INT 1073741824",
    "proxy.config.cache.ram_cache_cutoff INT 8388608",
    "proxy.config.http.cache.required_headers INT 0",
    "proxy.config.http.keep_alive_no_activity_timeout_in INT 3600",
    "proxy.config.url_remap.remap_required INT 1",
    "proxy.config.log.logging_enabled INT 0",
    "proxy.config.admin.user_id STRING #-1",
];
const ALLOW: &str = "ip_allow:\n  - apply: in\n    ip_addrs: 127.0.0.1\n    action: allow\n    methods: ALL\n";

pub(crate) fn start(place: &Place<'_>) -> Result<Running> {
    installed(Path::new(PROGRAM))?;
    installed(&Path::new(MODULES).join("url_sig.so"))?;
    let own = |name: &str| place.folder.join(name);
    let folders = ["etc", "cache", "run", "log"];
    for folder in folders {
        fs::create_dir_all(own(folder))?;
    }
    let [etc, cache, run, log] = folders.map(|folder| own(folder).display().to_string());
    fs::write(
        own("runroot.yaml"),
        format!(
            "prefix: /usr\nexec_prefix: /usr\nbindir: /usr/bin\nsbindir: /usr/sbin\nincludedir: /usr/include\n\
             libdir: /usr/lib/trafficserver\nlibexecdir: {MODULES}\nlocalstatedir: {run}\nsysconfdir: {etc}\n\
             datadir: {cache}\ncachedir: {cache}\nruntimedir: {run}\nlogdir: {log}\n"
        ),
    )?;
    let listen = format!("proxy.config.http.server_ports STRING {}:ip-in=127.0.0.1", place.port);
    let settings = SETTINGS.into_iter().chain([listen.as_str()]);
    let settings: Vec<_> = settings.map(|setting| format!("CONFIG {setting}\n")).collect();
    let keys: Vec<_> = (0..16).map(|number| format!("key{number} = {SECRET}\n")).collect();
    let map = format!(
        "map http://127.0.0.1:{}/ http://{}/ @plugin=url_sig.so @pparam=sign.config @pparam=pristineurl\n",
        place.port, place.origin
    );
    let files = [
        ("records.config", settings.concat()),
        ("storage.config", format!("{cache} 1G\n")),
        ("sign.config", keys.concat() + "error_url = 403\n"),
        ("remap.config", map),
        ("ip_allow.yaml", ALLOW.to_owned()),
    ];
    for (name, text) in files {
        fs::write(own("etc").join(name), text)?;
    }
    Running::start(command(PROGRAM, place)?.arg(format!("--run-root={}", own("runroot.yaml").display())))
}

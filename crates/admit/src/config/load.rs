//! Merges the four layers and judges the result, before a socket is opened or a file is made.

use std::{net::SocketAddr, path::PathBuf};

use admit_domain::{
    foreign::ForeignPath,
    limits::{
        EDGE_MEMORY_BYTES_MIN, EDGE_ORIGINS_MAX, MAX_STALENESS_MAX, OUTBOUND_WAIT_MAX, PRIVATE_TOKEN_TTL_MAX,
        SESSION_TTL_MAX, SOURCE_BYTES_MAX,
    },
};
use anyhow::{Context as _, Result, bail, ensure};
use confique::{Config as _, File, FileFormat, Layer as _};

use super::{
    sections::Config,
    spelling::{DatabaseUrl, FolderUrl, PublicUrl},
};

type Layer = <Config as confique::Config>::Layer;

/// The settings that `admit serve` also takes as flags. What is `None` is left to the other layers.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    pub data: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub public_url: Option<PublicUrl>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub database: Option<DatabaseUrl>,
    /// Empty leaves it to the other layers.
    pub origins: Vec<PublicUrl>,
    pub edge_name: Option<String>,
    pub edge_ca_cert: Option<PathBuf>,
    pub edge_upstream: Option<FolderUrl>,
}

/// Flags, then environment, then `--config` (or `admit.toml` in the data folder, if there is one), then defaults.
pub fn load(flags: Flags) -> Result<Config> {
    let environment = Layer::from_env().context("a setting in the environment cannot be read")?;
    let named = flags.config.clone();
    let above = layer_of(flags).with_fallback(environment);
    let file = match named {
        Some(path) => read(path, true)?,
        None => read(data_of(&above).join("admit.toml"), false)?,
    };
    let merged = above.with_fallback(file).with_fallback(Layer::default_values());
    let config = Config::from_layer(merged).context("a setting is missing")?;
    config.judge()?;
    Ok(config)
}

fn layer_of(flags: Flags) -> Layer {
    let mut layer = Layer::empty();
    layer.server.listen = flags.listen;
    layer.server.public_url = flags.public_url;
    layer.server.tls_cert = flags.tls_cert;
    layer.server.tls_key = flags.tls_key;
    layer.storage.data = flags.data;
    layer.storage.database = flags.database;
    layer.edge.origins = Some(flags.origins).filter(|origins| !origins.is_empty());
    layer.edge.name = flags.edge_name;
    layer.edge.ca_cert = flags.edge_ca_cert;
    layer.edge.upstream = flags.edge_upstream;
    layer
}

/// The data folder as far as it is known before the file is read: the file in it cannot say where it lies.
fn data_of(layer: &Layer) -> PathBuf {
    let default = || Layer::default_values().storage.data;
    layer.storage.data.clone().or_else(default).unwrap_or_default()
}

fn read(path: PathBuf, must_exist: bool) -> Result<Layer> {
    let shown = path.display().to_string();
    let file = File::with_format(path, FileFormat::Toml);
    let file = if must_exist { file.required() } else { file };
    file.load().with_context(|| format!("cannot use the configuration {shown}"))
}

impl Config {
    fn judge(&self) -> Result<()> {
        let Self { server, media, access, edge, upload, outbound, storage, .. } = self;
        match (&server.tls_cert, &server.tls_key) {
            (Some(_), None) => bail!("server.tls_cert is set and server.tls_key is not"),
            (None, Some(_)) => bail!("server.tls_key is set and server.tls_cert is not"),
            _ => {}
        }
        ensure!(!storage.data.as_os_str().is_empty(), "storage.data is empty");
        within("server.max_connections", server.max_connections as u64, 1, 1_000_000)?;
        within("server.max_connections_per_ip", server.max_connections_per_ip as u64, 1, 1_000_000)?;
        within("media.workers", media.workers as u64, 1, 64)?;
        ensure!(PRESETS.contains(&media.preset.as_str()), "media.preset is none of {}", PRESETS.join(", "));
        within(
            "access.private_token_ttl_hours",
            access.private_token_ttl_hours,
            1,
            PRIVATE_TOKEN_TTL_MAX.as_secs() / 3_600,
        )?;
        within("access.session_ttl_hours", access.session_ttl_hours, 1, SESSION_TTL_MAX.as_secs() / 3_600)?;
        within("edge.max_staleness_seconds", edge.max_staleness_seconds, 1, MAX_STALENESS_MAX.as_secs())?;
        within("edge.memory_bytes", edge.memory_bytes, EDGE_MEMORY_BYTES_MIN, u64::MAX)?;
        ensure!(edge.origins.len() <= EDGE_ORIGINS_MAX, "edge.origins has more than {EDGE_ORIGINS_MAX} addresses");
        ensure!(
            ForeignPath::parse(&edge.upstream_entry).is_some(),
            "edge.upstream_entry is no path such as index.m3u8 below a video's folder"
        );
        within("upload.max_file_bytes", upload.max_file_bytes, 1, SOURCE_BYTES_MAX)?;
        within("upload.one_shot_max_bytes", upload.one_shot_max_bytes, 1, upload.max_file_bytes)?;
        within("upload.min_part_bytes", upload.min_part_bytes, 1, upload.one_shot_max_bytes)?;
        within("outbound.wait_seconds", outbound.wait_seconds, 1, OUTBOUND_WAIT_MAX.as_secs())
    }
}

/// x264's presets, the quick half: the slow ones buy a few per cent of size for hours of a small machine.
const PRESETS: [&str; 6] = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium"];

fn within(name: &str, value: u64, least: u64, most: u64) -> Result<()> {
    ensure!((least..=most).contains(&value), "{name} is {value}; it must be from {least} to {most}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use admit_domain::limits::{
        EDGE_MEMORY_BYTES_DEFAULT, MAX_STALENESS_DEFAULT, ONE_SHOT_BYTES_MAX, OUTBOUND_WAIT_DEFAULT,
        PRIVATE_TOKEN_TTL_DEFAULT, READS_PER_MINUTE_DEFAULT, SESSION_TTL_DEFAULT, UPLOAD_PART_BYTES_MIN,
        UPLOADS_PER_MINUTE_DEFAULT, WRITES_PER_MINUTE_DEFAULT,
    };

    use super::*;
    use crate::config::spelling::Visibility;

    fn load_text(text: &str) -> Result<Config> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("admit.toml"), text)?;
        load(Flags { data: Some(folder.path().to_owned()), ..Flags::default() })
    }

    #[test]
    fn the_file_in_the_data_folder_is_found_and_a_flag_is_above_it() {
        let folder = tempfile::tempdir().unwrap();
        let text = "[server]\nlisten = '127.0.0.1:1'\nmax_connections = 7\n[access]\ndefault_visibility = 'private'\n";
        fs::write(folder.path().join("admit.toml"), text).unwrap();
        let listen = "127.0.0.1:2".parse().unwrap();
        let flags = Flags { data: Some(folder.path().to_owned()), listen: Some(listen), ..Flags::default() };
        let config = load(flags).unwrap();
        assert_eq!(config.server.listen, listen);
        assert_eq!(config.server.max_connections, 7);
        assert_eq!(config.access.default_visibility, Visibility::Private);
        assert_eq!(config.media.workers, 1, "what is said nowhere is the default");
    }

    #[test]
    fn defaults_are_the_limits_of_the_house() {
        let config = load_text("").unwrap();
        assert_eq!(config.upload.max_file_bytes, SOURCE_BYTES_MAX);
        assert_eq!(config.upload.one_shot_max_bytes, ONE_SHOT_BYTES_MAX);
        assert_eq!(config.upload.min_part_bytes, UPLOAD_PART_BYTES_MIN);
        assert_eq!(config.edge.max_staleness_seconds, MAX_STALENESS_DEFAULT.as_secs());
        assert_eq!(config.edge.memory_bytes, EDGE_MEMORY_BYTES_DEFAULT);
        assert_eq!(config.outbound.wait_seconds, OUTBOUND_WAIT_DEFAULT.as_secs());
        assert_eq!(config.access.private_token_ttl_hours * 3_600, PRIVATE_TOKEN_TTL_DEFAULT.as_secs());
        assert_eq!(config.access.session_ttl_hours * 3_600, SESSION_TTL_DEFAULT.as_secs());
        let rate = &config.rate;
        assert_eq!(
            [rate.uploads_per_minute, rate.writes_per_minute, rate.reads_per_minute],
            [UPLOADS_PER_MINUTE_DEFAULT, WRITES_PER_MINUTE_DEFAULT, READS_PER_MINUTE_DEFAULT]
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        for (text, complaint) in [
            ("[server]\nlisen = 'x'", "lisen"),
            ("[sever]\nlisten = 'x'", "sever"),
            ("listen = 'x'", "listen"),
            ("[server]\nlisten = 'here'", "listen"),
            ("[server]\npublic_url = 'https://a/b'", "without a path"),
            ("[server]\ntls_cert = 'a'", "server.tls_key is not"),
            ("[server]\nmax_connections = 0", "server.max_connections is 0"),
            ("[media]\npreset = 'placebo'", "media.preset"),
            ("[access]\nsession_ttl_hours = 169", "from 1 to 168"),
            ("[access]\ndefault_visibility = 'secret'", "expected public or private"),
            ("[upload]\none_shot_max_bytes = 1", "upload.min_part_bytes"),
            ("[edge]\nmemory_bytes = 1", "edge.memory_bytes is 1"),
            ("[edge]\norigins = ['http://a', 'http://b', 'http://c']", "edge.origins has more than 2"),
            ("[edge]\norigins = ['http://a/b']", "without a path"),
            ("[edge]\nupstream = 'http://a/b?c'", "address of a folder"),
            ("[edge]\nupstream = 'file:///films'", "address of a folder"),
            ("[edge]\nupstream = 'http://me:secret@a'", "address of a folder"),
            ("[edge]\nupstream_entry = '../index.m3u8'", "edge.upstream_entry"),
            ("[edge]\nupstream_entry = 'hls/master.m3u8'", "edge.upstream_entry"),
            ("[outbound]\nallow = ['10.0.0.1/8']", "expected a network"),
            ("[outbound]\nwait_seconds = 0", "outbound.wait_seconds is 0"),
            ("[storage]\ndatabase = 'mysql://a'", "expected sqlite:"),
        ] {
            let error = format!("{:#}", load_text(text).unwrap_err());
            assert!(error.contains(complaint), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_file_that_was_named_must_be_there() {
        let flags = Flags { config: Some("/nowhere/admit.toml".into()), ..Flags::default() };
        assert!(format!("{:#}", load(flags).unwrap_err()).contains("/nowhere/admit.toml"));
    }
}

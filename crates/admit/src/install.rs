//! The one secret of an installation: a file from which every key is derived. Whoever has it can let anybody in.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use admit_domain::{key::InstallKeys, secret::Secret};
use anyhow::{Context as _, Result, anyhow, bail};

use crate::random;

const FILE: &str = "install.key";

/// Opens the data folder, made for its owner alone if it is missing, and derives the keys.
pub fn keys(data: &Path) -> Result<InstallKeys> {
    folder(data)?;
    let path = data.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => make(&path)?,
        Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
    };
    let bytes: [u8; Secret::LEN] =
        bytes.try_into().map_err(|_| anyhow!("{} does not hold {} bytes", path.display(), Secret::LEN))?;
    Ok(InstallKeys::derive(&Secret::new(bytes)))
}

/// The keys of an installation that is there already: none is made.
pub fn existing_keys(data: &Path) -> Result<InstallKeys> {
    let path = data.join(FILE);
    if !path.try_exists().with_context(|| format!("look for {}", path.display()))? {
        bail!("there is no {}", path.display());
    }
    keys(data)
}

/// Makes the data folder, for its owner alone, if it is missing.
pub fn folder(data: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.with_context(|| format!("make the data folder {}", data.display()))
}

/// Holds the data folder for one server as long as the file lives: two would empty each other's scratch folder.
pub fn hold(data: &Path) -> Result<File> {
    let path = data.join("serve.lock");
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("another admit serves from {}", data.display()),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("lock {}", path.display())),
    }
}

/// Writes a new secret aside and links it into place, so that of two starts at once one wins whole.
fn make(path: &Path) -> Result<Vec<u8>> {
    let secret: [u8; Secret::LEN] = random::fill()?;
    let suffix: [u8; 8] = random::fill()?;
    let aside = path.with_extension(format!("{:016x}", u64::from_be_bytes(suffix)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Ok(()) => sync_folder(path)?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => bail!("make {}: {error}", path.display()),
    }
    Ok(fs::read(path)?)
}

/// A name is on the disk only when its folder is.
fn sync_folder(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

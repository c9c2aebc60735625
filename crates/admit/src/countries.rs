//! The country of an address, by a database that the operator keeps: a file in MaxMind's format, version 2.

use std::{fs::File, io::Read as _, net::IpAddr, path::Path, sync::Arc};

use admit_domain::{
    limits::COUNTRY_DATABASE_BYTES_MAX,
    rules::{Country, CountryOf},
};
use anyhow::{Context as _, Result, ensure};
use maxminddb::{LookupResult, PathElement, Reader, WithinOptions};

/// Where databases of countries and of cities keep the code.
const CODE: [PathElement<'_>; 2] = [PathElement::Key("country"), PathElement::Key("iso_code")];

/// How many networks are looked at to find one with a country: databases begin with those of no country.
const NETWORKS_TRIED: usize = 10_000;

/// Reads the database, once and whole. Without one, no country is known.
pub fn open(path: Option<&Path>) -> Result<Arc<CountryOf>> {
    let Some(path) = path else { return Ok(Arc::new(|_| None)) };
    let reader = read(path).with_context(|| format!("cannot use access.country_database, {}", path.display()))?;
    Ok(Arc::new(move |address| country_of(&reader, address)))
}

fn read(path: &Path) -> Result<Reader<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(COUNTRY_DATABASE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= COUNTRY_DATABASE_BYTES_MAX, "it has more than {COUNTRY_DATABASE_BYTES_MAX} bytes");
    understand(bytes)
}

fn understand(bytes: Vec<u8>) -> Result<Reader<Vec<u8>>> {
    let reader = Reader::from_source(bytes).context("it is no MaxMind database")?;
    // One of networks' owners, say, is as well-formed, and would let nobody in.
    let mut networks = reader.networks(WithinOptions::default())?.take(NETWORKS_TRIED);
    let names_one = networks.any(|found| found.is_ok_and(|found| named_by(&found).is_some()));
    ensure!(names_one, "it names no countries");
    Ok(reader)
}

/// What the database does not hold, or cannot tell, is unknown.
fn country_of(reader: &Reader<Vec<u8>>, address: IpAddr) -> Option<Country> {
    named_by(&reader.lookup(address.to_canonical()).ok()?)
}

fn named_by(found: &LookupResult<'_, Vec<u8>>) -> Option<Country> {
    found.decode_path::<&str>(&CODE).ok()??.parse().ok()
}

#[cfg(test)]
mod tests;

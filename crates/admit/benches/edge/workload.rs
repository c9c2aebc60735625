//! What is asked for: four kinds of object, each spread over a thousand addresses.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

/// Distinct addresses of a workload, each with a credential of its own.
pub(crate) const ADDRESSES: usize = 1_000;

/// One kind of object.
#[derive(Clone, Debug)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) objects: Vec<Object>,
}

/// The same bytes at every server.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    /// Its path below the folder that the rivals serve, which begins with a slash.
    pub(crate) file: String,
    pub(crate) video: String,
    /// Its path below a handle and a video.
    pub(crate) asset: String,
    pub(crate) bytes: usize,
}

impl Workload {
    /// The object of an address. There may be fewer objects than addresses, and then every server has as few.
    pub(crate) fn object(&self, number: usize) -> &Object {
        &self.objects[number % self.objects.len()]
    }

    /// The middle one's size.
    pub(crate) fn bytes(&self) -> usize {
        let mut sizes: Vec<_> = self.objects.iter().map(|object| object.bytes).collect();
        sizes.sort_unstable();
        sizes.get(sizes.len() / 2).copied().unwrap_or(0)
    }

    /// Where the rivals find an object.
    pub(crate) fn file_of(folder: &Path, object: &Object) -> PathBuf {
        folder.join(object.file.trim_start_matches('/'))
    }

    /// Keeps what was fetched from us for the rivals to serve.
    pub(crate) fn keep(folder: &Path, object: &mut Object, bytes: &[u8]) -> Result<()> {
        let file = Self::file_of(folder, object);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        object.bytes = bytes.len();
        Ok(fs::write(file, bytes)?)
    }
}

/// The numbers below `count` in an order without a pattern, and the same in every run.
pub(crate) fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    for last in (1..count).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let Ok(other) = usize::try_from((state >> 33) % (last as u64 + 1)) else { continue };
        order.swap(last, other);
    }
    order
}

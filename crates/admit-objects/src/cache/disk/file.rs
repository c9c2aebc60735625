//! How a slice lies in its file: a head that says which slice it is, the bytes, and nothing else.
//!
//! ```text
//! "admitsl1" 8 | name 32 | size of the object 8 | SHA-256 of name, size and bytes 32 | bytes
//! ```

use admit_domain::secret::hex;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::slice::{Slice, SliceKey};

const MAGIC: &[u8; 8] = b"admitsl1";
const NAME_AT: usize = MAGIC.len();
const SIZE_AT: usize = NAME_AT + 32;
const SUM_AT: usize = SIZE_AT + 8;
const BYTES_AT: usize = SUM_AT + 32;

/// What a slice's file is called: a digest of the object's path and the number of the slice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name {
    digest: [u8; 32],
    text: String,
}

impl Name {
    pub(super) fn of(at: &SliceKey) -> Self {
        let mut hash = Sha256::new();
        hash.update(at.object.path());
        hash.update([0]);
        hash.update(at.no.to_be_bytes());
        Self::spell(hash.finalize().into())
    }

    /// A file name as we write them.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        if !well_formed {
            return None;
        }
        let mut digest = [0; 32];
        for (slot, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *slot = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self { digest, text: text.to_owned() })
    }

    fn spell(digest: [u8; 32]) -> Self {
        Self { digest, text: hex(&digest) }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

pub(super) fn encode(name: &Name, slice: &Slice) -> Vec<u8> {
    let size = slice.object_bytes.to_be_bytes();
    let mut file = Vec::with_capacity(BYTES_AT + slice.bytes.len());
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&name.digest);
    file.extend_from_slice(&size);
    file.extend_from_slice(&sum(name, size, &slice.bytes));
    file.extend_from_slice(&slice.bytes);
    file
}

/// The slice in a file of that name; none when anything of it is not as it was written.
pub(super) fn decode(file: Vec<u8>, name: &Name) -> Option<Slice> {
    let head = file.get(..BYTES_AT)?;
    let size: [u8; 8] = head.get(SIZE_AT..SUM_AT)?.try_into().ok()?;
    let is_ours = head.starts_with(MAGIC) && head.get(NAME_AT..SIZE_AT)? == name.digest;
    if !is_ours || head.get(SUM_AT..)? != sum(name, size, file.get(BYTES_AT..)?) {
        return None;
    }
    Some(Slice { object_bytes: u64::from_be_bytes(size), bytes: Bytes::from(file).slice(BYTES_AT..) })
}

fn sum(name: &Name, size: [u8; 8], bytes: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(name.digest);
    hash.update(size);
    hash.update(bytes);
    hash.finalize().into()
}

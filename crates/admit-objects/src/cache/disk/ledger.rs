//! Which files there are, how much they fill, and which of them go first.

use std::collections::{BTreeMap, HashMap};

use super::file::Name;

pub(super) struct Ledger {
    bytes_max: u64,
    bytes: u64,
    files: HashMap<Name, Kept>,
    /// By when they were last used: the first is the next to go.
    by_use: BTreeMap<u64, Name>,
    uses: u64,
}

struct Kept {
    bytes: u64,
    used: u64,
}

impl Ledger {
    pub(super) fn new(bytes_max: u64) -> Self {
        Self { bytes_max, bytes: 0, files: HashMap::new(), by_use: BTreeMap::new(), uses: 0 }
    }

    /// Notes a file, and answers which are to go for it.
    pub(super) fn add(&mut self, name: Name, bytes: u64) -> Vec<Name> {
        self.forget(&name);
        self.uses += 1;
        self.bytes += bytes;
        self.by_use.insert(self.uses, name.clone());
        self.files.insert(name, Kept { bytes, used: self.uses });
        let mut gone = Vec::new();
        while self.bytes > self.bytes_max
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            self.forget(&oldest);
            gone.push(oldest);
        }
        gone
    }

    /// Is there such a file? If so it was used just now.
    pub(super) fn touch(&mut self, name: &Name) -> bool {
        let Some(kept) = self.files.get_mut(name) else { return false };
        self.uses += 1;
        if let Some(name) = self.by_use.remove(&kept.used) {
            self.by_use.insert(self.uses, name);
        }
        kept.used = self.uses;
        true
    }

    pub(super) fn forget(&mut self, name: &Name) {
        if let Some(kept) = self.files.remove(name) {
            self.bytes -= kept.bytes;
            self.by_use.remove(&kept.used);
        }
    }
}

#[cfg(test)]
mod tests {
    use admit_domain::{
        id::VideoId,
        object_key::{Edition, ObjectKey},
    };

    use super::*;
    use crate::slice::SliceKey;

    fn name(no: u64) -> Name {
        let object = ObjectKey::Mp4 { video: VideoId::from_random([1; 22]), edition: Edition(1) };
        Name::of(&SliceKey { object, no })
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let mut ledger = Ledger::new(30);
        for no in 0..3 {
            assert_eq!(ledger.add(name(no), 10), []);
        }
        assert!(ledger.touch(&name(0)));
        assert_eq!(ledger.add(name(3), 10), [name(1)]);
        assert!(!ledger.touch(&name(1)));
        assert_eq!(ledger.add(name(0), 30), [name(2), name(3)], "written again, it counts once");
        assert_eq!(ledger.add(name(4), 31), [name(0), name(4)], "what does not fit at all is not kept");
        assert_eq!(ledger.bytes, 0);
    }
}

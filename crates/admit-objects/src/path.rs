//! An object's key as the store spells it.

use admit_domain::object_key::ObjectKey;
use object_store::path::Path;

pub(crate) fn path_of(key: &ObjectKey) -> Path {
    Path::from(key.path())
}

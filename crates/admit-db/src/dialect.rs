//! The only place where a statement has two texts.

use serde::Serialize;

/// A statement as each of the databases reads it.
pub(crate) trait Text: Copy {
    fn sqlite(self) -> &'static str;
    fn postgres(self) -> &'static str;
}

impl Text for &'static str {
    fn sqlite(self) -> &'static str {
        self
    }

    fn postgres(self) -> &'static str {
        self
    }
}

/// One text but for a phrase; made by [`both!`].
#[derive(Clone, Copy)]
pub(crate) struct Both {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Text for Both {
    fn sqlite(self) -> &'static str {
        self.sqlite
    }

    fn postgres(self) -> &'static str {
        self.postgres
    }
}

/// The phrases the databases spell differently.
///
/// `rows(n)` is a table made of parameter `n`, a text from [`rows`]: its one column `value` is an array, read by
/// `value ->> 0`, `value ->> 1` and so on. However many rows there are, the statement is the same text and is
/// prepared once. `for_update` keeps the row from others until the transaction ends, `for_share` only from being
/// changed, and `skip_locked` passes by
/// rows kept so; `alone_by(n)` waits for others with the same text; `cutting_alone` waits until no transaction is `beside_cuts`, and keeps others from it. In `SQLite`
/// whoever writes is alone anyway.
macro_rules! phrase {
    (sqlite rows $n:literal) => {
        concat!("json_each($", $n, ")")
    };
    (postgres rows $n:literal) => {
        concat!("json_array_elements(CAST($", $n, " AS json))")
    };
    (sqlite for_update) => {
        ""
    };
    (postgres for_update) => {
        " FOR UPDATE"
    };
    (sqlite for_share) => {
        ""
    };
    (postgres for_share) => {
        " FOR SHARE"
    };
    (sqlite beside_cuts) => {
        "1"
    };
    (postgres beside_cuts) => {
        "pg_advisory_xact_lock_shared(7023381401)"
    };
    (sqlite cutting_alone) => {
        "1"
    };
    (postgres cutting_alone) => {
        "pg_advisory_xact_lock(7023381401)"
    };
    (sqlite alone_by $n:literal) => {
        concat!("$", $n)
    };
    (postgres alone_by $n:literal) => {
        concat!("pg_advisory_xact_lock(hashtextextended($", $n, ", 0))")
    };
    (sqlite skip_locked) => {
        ""
    };
    (postgres skip_locked) => {
        " FOR UPDATE SKIP LOCKED"
    };
}

/// A statement of literal text with phrases in between.
macro_rules! both {
    ($head:expr $(, $phrase:ident $(($n:literal))?, $text:expr)*) => {
        $crate::dialect::Both {
            sqlite: concat!($head $(, $crate::dialect::phrase!(sqlite $phrase $($n)?), $text)*),
            postgres: concat!($head $(, $crate::dialect::phrase!(postgres $phrase $($n)?), $text)*),
        }
    };
}

pub(crate) use {both, phrase};

/// Many rows as one parameter; each row is a tuple of texts and numbers.
pub(crate) fn rows(rows: &[impl Serialize]) -> String {
    serde_json::to_string(rows).unwrap_or_else(|_| unreachable!("a tuple of texts and numbers is JSON"))
}

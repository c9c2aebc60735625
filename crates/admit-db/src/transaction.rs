//! A change and all that follows from it, as one.

use crate::error::{DbError, Result};

/// How often a transaction that the database undid in favour of another is begun again.
const ATTEMPTS_MAX: u32 = 5;

/// Runs a block as one transaction of a `Db`: all of it is committed when it yields `Ok`, none when it yields `Err`.
/// It may run again, from the start, when the database undid it to let another pass.
///
/// ```ignore
/// transaction!(db, |tx| {
///     videos::insert(tx, &video).await?;
///     jobs::insert(tx, &job, now).await
/// })?;
/// ```
///
/// A macro and not a function that takes an async closure, because the compiler cannot yet see that the future of
/// such a function is `Send` when the closure borrows its argument (rust-lang/rust#110338).
#[macro_export]
macro_rules! transaction {
    ($db:expr, |$tx:ident| $work:expr) => {{
        let mut attempt = 1;
        loop {
            let outcome: $crate::Result<_> = async {
                let mut begun = $db.begin().await?;
                let worked: $crate::Result<_> = async {
                    let $tx = &mut begun;
                    $work
                }
                .await;
                let value = worked?;
                begun.commit().await?;
                Ok(value)
            }
            .await;
            if !$crate::is_to_be_repeated(&outcome, attempt) {
                break outcome;
            }
            attempt += 1;
        }
    }};
}

/// For [`transaction!`]: was it undone through no fault of its own, and not too often?
#[doc(hidden)]
pub fn is_to_be_repeated<T>(outcome: &Result<T>, attempt: u32) -> bool {
    attempt < ATTEMPTS_MAX && outcome.as_ref().is_err_and(DbError::is_yielded)
}

//! The four ways to run a statement, on whichever database it is.

/// The same thing on one database or the other.
pub(crate) enum On<S, P> {
    Sqlite(S),
    Postgres(P),
}

/// How many rows the statement touched.
macro_rules! exec {
    ($on:expr, $text:expr $(, $bind:expr)* $(,)?) => {
        match $on.at() {
            $crate::statement::On::Sqlite(on) => {
                let done = sqlx::query($crate::dialect::Text::sqlite($text))$(.bind($bind))*.execute(on).await;
                done.map(|done| done.rows_affected())
            }
            $crate::statement::On::Postgres(on) => {
                let done = sqlx::query($crate::dialect::Text::postgres($text))$(.bind($bind))*.execute(on).await;
                done.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::DbError::from)
    };
}

/// The rows a statement yields, by one of sqlx's `fetch_…`.
macro_rules! fetch {
    ($how:ident, $on:expr, $row:ty, $text:expr $(, $bind:expr)* $(,)?) => {
        match $on.at() {
            $crate::statement::On::Sqlite(on) => {
                sqlx::query_as::<_, $row>($crate::dialect::Text::sqlite($text))$(.bind($bind))*.$how(on).await
            }
            $crate::statement::On::Postgres(on) => {
                sqlx::query_as::<_, $row>($crate::dialect::Text::postgres($text))$(.bind($bind))*.$how(on).await
            }
        }
        .map_err($crate::DbError::from)
    };
}

/// The one row there must be.
macro_rules! one {
    ($($statement:tt)*) => { $crate::statement::fetch!(fetch_one, $($statement)*) };
}

/// The row there may be.
macro_rules! opt {
    ($($statement:tt)*) => { $crate::statement::fetch!(fetch_optional, $($statement)*) };
}

/// All rows; the statement itself bounds how many.
macro_rules! all {
    ($($statement:tt)*) => { $crate::statement::fetch!(fetch_all, $($statement)*) };
}

pub(crate) use {all, exec, fetch, one, opt};

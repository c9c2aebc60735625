//! A strict reader of JSON (RFC 8259) for texts that are signed: what it reads, no other reader reads otherwise.
//!
//! It refuses what makes two readers disagree: a member named twice (however it is escaped), a byte order mark, text
//! before or behind the value, halves of surrogate pairs, and depth that is not asked for.

mod reader;
mod value;

pub use self::{
    reader::read,
    value::{BadJson, Bounds, Value},
};

#[cfg(test)]
mod tests;

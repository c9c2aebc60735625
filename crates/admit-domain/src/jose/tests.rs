//! Tokens are accepted in one spelling and refused in all others. The numbers (T01 …) are those of the test programme.

mod differential;
mod forgeries;
mod matrix;
mod peeks;
mod spellings;
mod support;
mod vectors;
mod wycheproof;

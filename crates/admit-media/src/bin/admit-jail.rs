//! The launcher by itself, so that this crate's tests can run programs in the jail without the whole server.

use std::process::ExitCode;

fn main() -> ExitCode {
    admit_media::jail::enter(std::env::args_os().skip(1))
}

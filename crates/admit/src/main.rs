//! `admit`: one binary. Everything it can do is a subcommand in `cli`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    admit::cli::main()
}

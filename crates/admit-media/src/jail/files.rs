//! What a jailed program can see of the file system: its libraries, its input and its scratch folder.

use std::{io, path::Path};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, PathFdError, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, Scope,
};

/// Where distributions keep shared libraries. Missing ones are skipped.
const LIBRARIES: [&str; 6] = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"];
/// The program that loads shared libraries; the kernel starts it before ours.
const LOADERS: [&str; 4] = [
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-musl-x86_64.so.1",
    "/lib/ld-musl-aarch64.so.1",
];
/// Without these rights of Linux 5.13 there is no jail; all later ones are taken where the kernel has them.
const REQUIRED: ABI = ABI::V1;
const WISHED: ABI = ABI::V6;

#[derive(Debug, thiserror::Error)]
pub(super) enum NotConfined {
    /// The program or the scratch folder is not there.
    #[error(transparent)]
    NotFound(#[from] PathFdError),
    /// The kernel has no Landlock, or not enough of it.
    #[error(transparent)]
    Kernel(#[from] RulesetError),
}

/// Shuts everything away but `program`, the libraries, the input on descriptor 0 and the folder we stand in.
///
/// The network and other processes are shut away too, on kernels whose Landlock knows of them: a further lock
/// on doors that the system call filter and the network namespace already close.
pub(super) fn confine(program: &Path) -> Result<(), NotConfined> {
    let read = BitFlags::from(AccessFs::ReadFile);
    let run = AccessFs::ReadFile | AccessFs::Execute;
    let scratch =
        AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::RemoveFile | AccessFs::Truncate;

    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(REQUIRED))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(WISHED))?
        .handle_access(AccessNet::from_all(WISHED))?
        .scope(Scope::from_all(WISHED))?
        .create()?
        .add_rule(PathBeneath::new(PathFd::new(program)?, run))?
        .add_rule(PathBeneath::new(PathFd::new(".")?, scratch))?;
    for loader in LOADERS.iter().filter_map(|path| PathFd::new(path).ok()) {
        rules = rules.add_rule(PathBeneath::new(loader, run))?;
    }
    for library in LIBRARIES.iter().filter_map(|path| PathFd::new(path).ok()) {
        rules = rules.add_rule(PathBeneath::new(library, read))?;
    }
    if input_is_a_file() {
        rules = rules.add_rule(PathBeneath::new(io::stdin(), read))?;
    }
    rules.restrict_self()?;
    Ok(())
}

/// A pipe or a null device needs no rule, and Landlock has none for it.
fn input_is_a_file() -> bool {
    rustix::fs::fstat(io::stdin()).is_ok_and(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file())
}

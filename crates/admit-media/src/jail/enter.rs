//! The launcher's side of the jail: confine this process, then become the program.

use std::{
    ffi::OsString,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use rustix::{
    process::{Resource, Rlimit, Signal, getrlimit, nice, set_parent_process_death_signal, setrlimit},
    thread::UnshareFlags,
};

use super::{EXIT_REFUSED, Layer, Orders, UNCONFINED_SETTING, files, syscalls};
use crate::{limits, process};

/// The first descriptor that is neither input, output nor error.
const FIRST_STRAY_DESCRIPTOR: i32 = 3;
/// Viewers come first: delivery shares the machine with the encoder.
const NICENESS: i32 = 10;

#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the launcher was started without orders; it is not meant to be run by hand")]
    NoOrders,
    #[error(
        "this kernel cannot confine media programs: Linux 5.13 or newer with Landlock is needed. \
         Setting `{UNCONFINED_SETTING} = true` runs them without that protection. The kernel said: {0}"
    )]
    NoLandlock(files::NotConfined),
    #[error("the system call filter was refused: {0}")]
    NoSeccomp(seccompiler::Error),
    #[error("a resource limit was refused: {0}")]
    NoLimit(rustix::io::Errno),
    #[error("{} could not be started: {error}", program.display())]
    NotStarted { program: PathBuf, error: io::Error },
    #[error(transparent)]
    NotFound(landlock::PathFdError),
}

/// Confines this process as `args` order and becomes the program they name. Returns only when that failed.
///
/// `args` are what follows the launcher's own arguments. Call it first thing in `main`, before any thread exists.
pub fn enter(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Err(refused) = confine_and_become(args.into_iter());
    // The parent reads our error stream and recognises the exit code; there is nobody else to tell.
    let _ = writeln!(io::stderr(), "{refused}");
    ExitCode::from(EXIT_REFUSED)
}

fn confine_and_become(mut args: impl Iterator<Item = OsString>) -> Result<std::convert::Infallible, Refused> {
    let orders = Orders::take(&mut args).ok_or(Refused::NoOrders)?;
    let program = args.next().ok_or(Refused::NoOrders)?;
    let program = Path::new(&program);

    // A worker that is killed must not leave encoders behind. The kernel watches the thread that started us, so runs
    // are started from the runtime's own threads, which live as long as it does.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let _ = nice(NICENESS);
    close_fds::set_fds_cloexec(FIRST_STRAY_DESCRIPTOR, &[]);

    let own_namespaces = orders.layers.has(Layer::Network) && leave_network();
    if orders.layers.has(Layer::Landlock) {
        match files::confine(program) {
            Err(files::NotConfined::NotFound(error)) => return Err(Refused::NotFound(error)),
            Err(error) if !orders.allow_unconfined => return Err(Refused::NoLandlock(error)),
            _ => {}
        }
    }
    set_limits(&orders, own_namespaces).map_err(Refused::NoLimit)?;
    if orders.layers.has(Layer::Seccomp) {
        match syscalls::confine() {
            Err(error) if !orders.allow_unconfined => return Err(Refused::NoSeccomp(error)),
            _ => {}
        }
    }
    let error = process::become_program(program, args);
    Err(Refused::NotStarted { program: program.to_owned(), error })
}

/// Moves into namespaces of our own, one of users so that no privilege is needed and one of networks without any
/// interface. Containers often forbid it; then the system call filter and Landlock keep the network shut alone.
fn leave_network() -> bool {
    #[expect(deprecated, reason = "the replacement is unsafe for the sake of flags that are not used here")]
    rustix::thread::unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNET | UnshareFlags::NEWIPC).is_ok()
}

/// Sets the bounds; they come late because the launcher itself may need more memory than the program is given.
fn set_limits(orders: &Orders, own_namespaces: bool) -> rustix::io::Result<()> {
    let mut bounds = vec![
        (Resource::As, orders.address_space_bytes),
        (Resource::Cpu, orders.cpu_seconds),
        (Resource::Fsize, orders.file_bytes),
        (Resource::Nofile, limits::OPEN_FILES),
        (Resource::Core, 0),
    ];
    // Outside a namespace of our own the kernel counts every thread of the user, the server's included.
    if own_namespaces {
        bounds.push((Resource::Nproc, limits::PROCESSES));
    }
    bounds.into_iter().try_for_each(|(resource, most)| {
        // Whoever started us may have set a lower bound, which cannot be raised and need not be.
        let most = getrlimit(resource).maximum.map_or(most, |inherited| inherited.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
    })
}

//! The only file that starts programs: in the jail, watched, bounded in what they say, and killed when time is over.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Command, ExitStatus, Stdio},
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::Child,
};

use crate::{
    error::MediaError,
    jail::{EXIT_REFUSED, Jail},
    limits::{self, Bounds},
};

/// Hears each line the program writes to its standard output.
pub(crate) type OnLine<'a> = &'a mut (dyn FnMut(&str) + Send);

/// A program to be run, and all it may touch.
pub(crate) struct Call<'a> {
    pub(crate) jail: &'a Jail,
    /// The name in messages.
    pub(crate) name: &'static str,
    pub(crate) program: &'a Path,
    pub(crate) args: Vec<OsString>,
    /// Becomes descriptor 0. Of the rest of the world the program sees only `scratch`.
    pub(crate) input: Option<&'a File>,
    /// The working folder, and the only place the program can write to.
    pub(crate) scratch: &'a Path,
    pub(crate) bounds: Bounds,
}

/// Runs the program to its end. Anything but success is an error that carries the tail of what it said.
pub(crate) async fn run(call: Call<'_>, on_line: OnLine<'_>) -> Result<(), MediaError> {
    let mut child = spawn(&call)?;
    // Dropped before `child` on every way out of here, so the group dies while its leader still holds the number.
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(id.cast_signed())));
    let ended = tokio::time::timeout(call.bounds.wall, listen(&mut child, on_line)).await;
    let Ok(heard) = ended else {
        drop(group);
        // Nothing of it may still be writing when the caller clears the scratch folder away.
        child.wait().await?;
        return Err(MediaError::TimedOut { program: call.name, after: call.bounds.wall });
    };
    let (status, said) = heard?;
    group.0 = None;
    let stderr_tail = String::from_utf8_lossy(&said).trim().to_owned();
    if status.success() {
        return Ok(());
    }
    if status.code() == Some(EXIT_REFUSED.into()) {
        return Err(MediaError::Jail(stderr_tail));
    }
    Err(MediaError::Failed { program: call.name, status, stderr_tail })
}

/// Becomes `program`: the launcher's last act. Returns only when the program could not be started.
pub(crate) fn become_program(program: &Path, args: impl Iterator<Item = OsString>) -> io::Error {
    // Without a bound the allocator sets aside address space for every thread, and that counts against the limit.
    command(program.as_os_str()).args(args).env_clear().env("MALLOC_ARENA_MAX", "2").exec()
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that starts programs")]
fn command(program: &OsStr) -> Command {
    Command::new(program)
}

fn spawn(call: &Call<'_>) -> Result<Child, MediaError> {
    let input = call.input.map(File::try_clone).transpose()?.map_or_else(Stdio::null, Stdio::from);
    let mut launcher = command(call.jail.launcher.as_os_str());
    launcher.args(call.jail.launcher_argv(&call.bounds)).arg(call.program).args(&call.args);
    launcher.env_clear().current_dir(call.scratch).process_group(0);
    launcher.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
    let spawned = tokio::process::Command::from(launcher).kill_on_drop(true).spawn();
    spawned.map_err(|error| MediaError::Jail(format!("{} could not be started: {error}", call.jail.launcher.display())))
}

async fn listen(child: &mut Child, on_line: OnLine<'_>) -> io::Result<(ExitStatus, Vec<u8>)> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let ((), said, status) = tokio::try_join!(lines(stdout, on_line), tail(stderr), child.wait())?;
    Ok((status, said))
}

async fn lines(stream: Option<impl AsyncRead + Unpin>, on_line: OnLine<'_>) -> io::Result<()> {
    let Some(mut stream) = stream else { return Ok(()) };
    let mut pending = Vec::new();
    loop {
        let read = stream.read_buf(&mut pending).await?;
        let mut rest = pending.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            on_line(&String::from_utf8_lossy(&rest[..end]));
            rest = &rest[end + 1..];
        }
        if read == 0 {
            on_line(&String::from_utf8_lossy(rest));
            return Ok(());
        }
        let consumed = pending.len() - rest.len();
        pending.drain(..consumed);
        if pending.len() > limits::LINE_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a line without end"));
        }
    }
}

/// The last of what is said, however much it is.
async fn tail(stream: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let Some(mut stream) = stream else { return Ok(Vec::new()) };
    let mut said = Vec::new();
    while stream.read_buf(&mut said).await? > 0 {
        if said.len() > 2 * limits::STDERR_BYTES {
            said.drain(..said.len() - limits::STDERR_BYTES);
        }
    }
    said.drain(..said.len().saturating_sub(limits::STDERR_BYTES));
    Ok(said)
}

/// The process group of a running program; dropping it kills all of it.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // It may have ended by itself a moment ago; there is nothing to do then.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

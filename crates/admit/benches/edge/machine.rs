//! The machine: which core does what, how much processor time a server has used, and who comes first.

use std::{
    collections::HashMap,
    fs,
    process::{Child, Command},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::{
    process::{Pid, Signal, kill_process, setpriority_process},
    thread::{CpuSet, sched_setaffinity},
};

/// Where the servers run, one at a time, and where the load comes from.
pub(crate) const SERVER_CORE: usize = 0;
pub(crate) const LOADER_CORE: usize = 1;
/// The scheduler's strongest preference.
const FIRST: i32 = -20;

/// How long one look takes, and how many in a row must show a server that does next to nothing.
const LOOK: Duration = Duration::from_millis(250);
const LOOKS: usize = 10;
const LOOKS_MAX: usize = 2_400;

/// The calling thread, and whatever it starts from now on, runs on this core alone.
pub(crate) fn pin(core: usize) -> Result<()> {
    let mut cores = CpuSet::new();
    cores.set(core);
    sched_setaffinity(None, &cores).with_context(|| format!("run on core {core} alone: two cores are needed"))
}

/// A process that ends with the benchmark, and its children with it.
pub(crate) struct Running {
    child: Child,
}

impl Running {
    /// Starts it on the servers' core.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        pin(SERVER_CORE)?;
        let running = Self::start_anywhere(command);
        pin(LOADER_CORE)?;
        running
    }

    /// Starts it wherever this thread runs.
    pub(crate) fn start_anywhere(command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("start {}", command.get_program().display()))?;
        Ok(Self { child })
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until it and its children have done nothing for a while: what it makes in the background is then made.
    pub(crate) fn settle(&self) -> Result<()> {
        let mut quiet = 0;
        for _ in 0..LOOKS_MAX {
            let before = Spent::read(&family(self.id()))?;
            // sleep: that nothing happens shows only in time
            std::thread::sleep(LOOK);
            let used = Spent::read(&family(self.id()))?.since(&before);
            quiet = if u128::from(used.nanoseconds) * 10 < LOOK.as_nanos() { quiet + 1 } else { 0 };
            if quiet == LOOKS {
                return Ok(());
            }
        }
        bail!("a server that should idle does not")
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        ask_to_end(self.id(), Signal::TERM);
        self.child.wait().context("wait for its end").map(drop)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended() {
            family(self.id()).into_iter().rev().for_each(|process| ask_to_end(process, Signal::KILL));
        }
        let _ = self.child.wait();
    }
}

fn ask_to_end(process: u32, how: Signal) {
    if let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, how);
    }
}

/// A process and all that descend from it.
pub(crate) fn family(process: u32) -> Vec<u32> {
    let mut found = vec![process];
    let mut next = 0;
    while let Some(process) = found.get(next).copied() {
        next += 1;
        for task in tasks(process) {
            let children = fs::read_to_string(format!("/proc/{process}/task/{task}/children")).unwrap_or_default();
            found.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
    }
    found
}

fn tasks(process: u32) -> Vec<u32> {
    let entries = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The processor time of a server so far: every thread of every process.
pub(crate) struct Spent {
    threads: HashMap<u32, u64>,
    /// Ticks in user space and in the kernel.
    ticks: [u64; 2],
}

/// What was spent between two readings.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    pub(crate) nanoseconds: u64,
    pub(crate) user_ticks: u64,
    pub(crate) system_ticks: u64,
}

impl Spent {
    /// The kernel's own account in nanoseconds. It reads each thread's file, since there is no safe call for the clock of
    /// another process; of a thread that runs at this moment the last tick may be missing, at both ends alike.
    pub(crate) fn read(family: &[u32]) -> Result<Self> {
        let mut spent = Self { threads: HashMap::new(), ticks: [0; 2] };
        for process in family {
            for task in tasks(*process) {
                let line = fs::read_to_string(format!("/proc/{process}/task/{task}/schedstat")).unwrap_or_default();
                if let Some(time) = line.split(' ').next().and_then(|time| time.parse().ok()) {
                    spent.threads.insert(task, time);
                }
            }
            let line = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            // The name in parentheses may hold spaces; user and system time are the 12th and 13th fields after it.
            let fields = line.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace().skip(11);
            for (sum, ticks) in spent.ticks.iter_mut().zip(fields) {
                *sum += ticks.parse::<u64>().unwrap_or(0);
            }
        }
        ensure!(!spent.threads.is_empty(), "the server's processor time cannot be read: is it still running?");
        Ok(spent)
    }

    /// A thread that is new began at nothing.
    pub(crate) fn since(&self, before: &Self) -> Used {
        let of_thread = |(task, now): (&u32, &u64)| now.saturating_sub(before.threads.get(task).copied().unwrap_or(0));
        Used {
            nanoseconds: self.threads.iter().map(of_thread).sum(),
            user_ticks: self.ticks[0].saturating_sub(before.ticks[0]),
            system_ticks: self.ticks[1].saturating_sub(before.ticks[1]),
        }
    }
}

/// While it lives, this session's processes come before all others of the machine.
pub(crate) struct First {
    processes: Vec<u32>,
    grouped: Option<String>,
}

impl First {
    pub(crate) fn nobody() -> Self {
        Self { processes: Vec::new(), grouped: None }
    }

    /// `nice` orders processes within one session only where the kernel groups them by session, so the group is asked
    /// for as well. Both need root; without it other work on the machine is a larger part of the noise.
    pub(crate) fn please(processes: Vec<u32>) -> (Self, bool) {
        let grouped = fs::read_to_string("/proc/self/autogroup").ok();
        let group = fs::write("/proc/self/autogroup", FIRST.to_string()).is_ok() || grouped.is_none();
        let all = processes.iter().all(|process| nice(*process, FIRST));
        (Self { processes, grouped }, group && all)
    }
}

impl Drop for First {
    fn drop(&mut self) {
        // "/autogroup-17 nice 0"
        if let Some(before) = self.grouped.as_deref().and_then(|line| line.trim().rsplit(' ').next()) {
            let _ = fs::write("/proc/self/autogroup", before);
        }
        for process in &self.processes {
            nice(*process, 0);
        }
    }
}

fn nice(process: u32, level: i32) -> bool {
    tasks(process).into_iter().all(|task| {
        let task = i32::try_from(task).ok().and_then(Pid::from_raw);
        task.is_some_and(|task| setpriority_process(Some(task), level).is_ok())
    })
}

/// How busy the machine has been in the last minute.
pub(crate) fn load_average() -> String {
    let line = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    line.split(' ').next().unwrap_or("unknown").to_owned()
}

/// How the kernel spaces what it sends. By `bbr` it paces large answers with timers, and some rounds are very unlike others.
pub(crate) fn congestion_control() -> String {
    let name = fs::read_to_string("/proc/sys/net/ipv4/tcp_congestion_control");
    name.map_or_else(|_| "unknown".to_owned(), |name| name.trim_end().to_owned())
}

//! What neighbours cannot disturb: instructions in user space and system calls of one request.

#[path = "../../tests/it/counts/grind.rs"]
mod grind;
#[path = "../../tests/it/counts/traced.rs"]
mod traced;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use self::{
    grind::{Grind, UNDER_GRIND},
    traced::{Clients, calls},
};
use crate::{
    client,
    house::{House, Program},
    machine::Running,
    rivals::{self, Place, nginx},
    settings::Settings,
    workload::{ADDRESSES, Workload},
};

/// Requests that are counted; the figure is what one of them costs.
const REQUESTS: usize = 2_048;

/// What was counted, and why something was not.
#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) rows: Vec<Row>,
    pub(crate) missing: Vec<String>,
}

/// One line of the table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) instructions: Option<f64>,
    pub(crate) calls: Option<f64>,
    pub(crate) which: String,
}

pub(crate) const SEEN: &str = "admit, handle seen before";
pub(crate) const NEW: &str = "admit, handle never seen";
pub(crate) const OPEN: &str = "admit, public, no handle";
pub(crate) const TINY: &str = "admit, tiny captions";
pub(crate) const NGINX: &str = "nginx static";
pub(crate) const NGINX_TINY: &str = "nginx static, tiny captions";

/// What is asked for under one of those names: two lists, the first of which warms up.
type Asked = (&'static str, Vec<Vec<u8>>, Vec<Vec<u8>>);

pub(crate) fn all(settings: &Settings, house: &House, folder: &Path) -> Result<Counted> {
    let mut counted = Counted::default();
    let ours = |above: &[&str]| {
        let program = Program::start_under(above, &settings.program, &house.data, None)?;
        Ok((program.running, program.address))
    };
    counted.add(folder, ours, |address| asked_of_us(house, address))?;
    let nginx = folder.join("nginx-counted");
    fs::create_dir_all(&nginx)?;
    let place = Place {
        folder: &nginx,
        files: &folder.join("files"),
        port: rivals::free_port()?,
        tls: None,
        origin: SocketAddr::from(([127, 0, 0, 1], 0)),
    };
    let address = SocketAddr::from(([127, 0, 0, 1], place.port));
    let theirs = |above: &[&str]| Ok((nginx::start_under(above, &nginx::FLAVOURS[0], &place)?, address));
    counted.add(folder, theirs, |address| Ok(asked_of_nginx(house, address)))?;
    Ok(counted)
}

fn asked_of_us(house: &House, address: SocketAddr) -> Result<Vec<Asked>> {
    let [first, .., tiny] = house.workloads.as_slice() else { return Ok(Vec::new()) };
    let ours = |workload: &Workload, from: usize| {
        let one = |number| Ok(client::request(address, &house.path(workload, number)?));
        (from..from + REQUESTS).map(one).collect::<Result<Vec<_>>>()
    };
    let open = |number| {
        let object = house.open.object(number);
        client::request(address, &format!("/vod/{}{}", object.video, object.asset))
    };
    let open: Vec<_> = (0..REQUESTS).map(open).collect();
    Ok(vec![
        (SEEN, ours(first, 0)?, ours(first, 0)?),
        (NEW, ours(first, 0)?, ours(first, 10 * REQUESTS)?),
        (OPEN, open.clone(), open),
        (TINY, ours(tiny, 0)?, ours(tiny, 0)?),
    ])
}

fn asked_of_nginx(house: &House, address: SocketAddr) -> Vec<Asked> {
    let [first, .., tiny] = house.workloads.as_slice() else { return Vec::new() };
    let theirs = |workload: &Workload| {
        let one = |number: usize| client::request(address, &workload.object(number % ADDRESSES).file);
        (0..REQUESTS).map(one).collect::<Vec<_>>()
    };
    vec![(NGINX, theirs(first), theirs(first)), (NGINX_TINY, theirs(tiny), theirs(tiny))]
}

impl Counted {
    /// Runs one server twice: below what counts instructions, and below what counts calls.
    fn add(
        &mut self,
        folder: &Path,
        start: impl Fn(&[&str]) -> Result<(Running, SocketAddr)>,
        asked: impl Fn(SocketAddr) -> Result<Vec<Asked>>,
    ) -> Result<()> {
        let instructions = instructions(folder, &start, &asked).unwrap_or_else(|reason| {
            self.missing.push(format!("instructions were not counted: {reason:#}"));
            Vec::new()
        });
        let calls = system_calls(folder, &start, &asked)?;
        let row = |(index, (name, calls, which)): (usize, (&'static str, f64, String))| Row {
            name,
            instructions: instructions.get(index).copied(),
            calls: Some(calls),
            which,
        };
        self.rows.extend(calls.into_iter().enumerate().map(row));
        Ok(())
    }
}

fn instructions(
    folder: &Path,
    start: &impl Fn(&[&str]) -> Result<(Running, SocketAddr)>,
    asked: &impl Fn(SocketAddr) -> Result<Vec<Asked>>,
) -> Result<Vec<f64>> {
    let out = folder.join("callgrind.out");
    let option = format!("--callgrind-out-file={}", out.display());
    let (running, address) = start(&[&UNDER_GRIND[..], &[&option]].concat())?;
    let grind = Grind { process: running.id(), out };
    let mut clients = patient(address)?;
    running.settle()?;
    let mut figures = Vec::new();
    for (_, warm, measured) in asked(address)? {
        clients.ask(&warm)?;
        grind.begin()?;
        clients.ask(&measured)?;
        figures.push(per_request(grind.end()?));
    }
    Ok(figures)
}

fn system_calls(
    folder: &Path,
    start: &impl Fn(&[&str]) -> Result<(Running, SocketAddr)>,
    asked: &impl Fn(SocketAddr) -> Result<Vec<Asked>>,
) -> Result<Vec<(&'static str, f64, String)>> {
    let out: PathBuf = folder.join("strace.out");
    let file = out.to_str().context("a folder with a plain name")?;
    // What is below strace is the server; strace itself ends with it.
    let (running, address) = start(&["strace", "-f", "-o", file])?;
    let mut clients = patient(address)?;
    running.settle()?;
    let mut figures = Vec::new();
    for (name, warm, measured) in asked(address)? {
        clients.ask(&warm)?;
        let before = fs::read(&out)?.len();
        clients.ask(&measured)?;
        let trace = fs::read(&out)?;
        let trace = String::from_utf8_lossy(trace.get(before..).unwrap_or_default()).into_owned();
        let mut calls: Vec<_> = calls(&trace).into_iter().collect();
        calls.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let all = per_request(calls.iter().map(|(_, count)| *count as u64).sum());
        let often = calls.iter().map(|(call, count)| (call, per_request(*count as u64)));
        let which: Vec<_> =
            often.filter(|(_, each)| *each >= 0.01).map(|(call, each)| format!("{call} {each:.2}")).collect();
        figures.push((name, all, which.join(", ")));
    }
    drop(running);
    Ok(figures)
}

fn per_request(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of one run are far below 2^52")]
    let (count, requests) = (count as f64, REQUESTS as f64);
    count / requests
}

/// A server below another program is slow to start.
fn patient(address: SocketAddr) -> Result<Clients> {
    for _ in 0..600 {
        if let Ok(clients) = Clients::connect(address) {
            return Ok(clients);
        }
        // sleep: whether a port is open is polled, since nothing announces it
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Clients::connect(address).context("reach the server that is counted")
}

//! A server that understands nothing and answers at once: what the kernel alone costs, and whether the loader keeps up.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    os::fd::OwnedFd,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result};
use rustix::{
    buffer::spare_capacity,
    event::epoll::{self, CreateFlags, Event, EventData, EventFlags},
    io::Errno,
    net::{RecvFlags, SendFlags, recv, send},
};

use crate::machine::Running;

/// The word by which the benchmark's own program becomes this server.
pub(crate) const WORD: &str = "--floor";
const REQUEST_BYTES_MAX: usize = 4_096;
/// `GET /w1/…`: the digit chooses the answer.
const DIGIT_AT: usize = 6;

pub(crate) fn start(files: &Path, samples: [&str; 4]) -> Result<(Running, SocketAddr)> {
    let program = std::env::current_exe()?;
    #[expect(clippy::disallowed_methods, reason = "a benchmark starts the servers it measures")]
    let mut command = Command::new(program);
    command.arg(WORD).args(samples.map(|sample| files.join(sample.trim_start_matches('/'))));
    let mut running = Running::start(command.stdout(Stdio::piped()).stdin(Stdio::null()))?;
    let mut line = String::new();
    BufReader::new(running.child().stdout.take().context("its output")?).read_line(&mut line)?;
    Ok((running, line.trim().parse()?))
}

/// Serves one answer for each of these files, for ever.
pub(crate) fn serve(files: impl Iterator<Item = String>) -> Result<()> {
    let mut answers = Vec::new();
    for file in files {
        let body = std::fs::read(file)?;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        answers.push([head.as_bytes(), &body].concat());
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", listener.local_addr()?)?;
    out.flush()?;
    Floor { answers, epoll: epoll::create(CreateFlags::CLOEXEC)?, clients: Vec::new() }.run(&listener)
}

struct Floor {
    answers: Vec<Vec<u8>>,
    epoll: OwnedFd,
    clients: Vec<Client>,
}

/// A connection, and the answer under way with the bytes of it that are sent.
struct Client {
    stream: TcpStream,
    answer: usize,
    sent: usize,
}

impl Floor {
    fn run(mut self, listener: &TcpListener) -> Result<()> {
        const LISTENER: u64 = u64::MAX;
        listener.set_nonblocking(true)?;
        epoll::add(&self.epoll, listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
        let mut events: Vec<Event> = Vec::with_capacity(512);
        let mut request = [0; REQUEST_BYTES_MAX];
        loop {
            events.clear();
            epoll::wait(&self.epoll, spare_capacity(&mut events), None)?;
            for event in &events {
                let data = event.data;
                if data.u64() == LISTENER {
                    self.accept(listener)?;
                    continue;
                }
                let writable = event.flags;
                let number = usize::try_from(data.u64())?;
                self.turn(number, writable.contains(EventFlags::OUT), &mut request)?;
            }
        }
    }

    fn accept(&mut self, listener: &TcpListener) -> Result<()> {
        while let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            let data = EventData::new_u64(self.clients.len() as u64);
            epoll::add(&self.epoll, &stream, data, EventFlags::IN | EventFlags::OUT | EventFlags::ET)?;
            self.clients.push(Client { stream, answer: 0, sent: usize::MAX });
        }
        Ok(())
    }

    fn turn(&mut self, number: usize, writable: bool, request: &mut [u8]) -> Result<()> {
        let client = self.clients.get_mut(number).context("a client")?;
        let is_under_way = self.answers.get(client.answer).is_some_and(|answer| client.sent < answer.len());
        if !is_under_way {
            // A client that is gone stays in the list; there are few rounds.
            let Ok((_, received)) = recv(&client.stream, &mut *request, RecvFlags::empty()) else { return Ok(()) };
            if received == 0 {
                return Ok(());
            }
            (client.answer, client.sent) = (usize::from(request[DIGIT_AT].saturating_sub(b'1')), 0);
        } else if !writable {
            return Ok(());
        }
        let answer = self.answers.get(client.answer).context("an answer")?;
        while client.sent < answer.len() {
            match send(&client.stream, &answer[client.sent..], SendFlags::NOSIGNAL) {
                Ok(sent) => client.sent += sent,
                Err(Errno::AGAIN) => return Ok(()),
                Err(_) => {
                    client.sent = usize::MAX;
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

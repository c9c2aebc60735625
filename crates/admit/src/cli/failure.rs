//! How a command fails: what went wrong, and what may be done about it.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use super::output::plain;
use crate::client::ClientError;

#[derive(Debug)]
pub(super) struct Failure {
    error: anyhow::Error,
    hint: Option<&'static str>,
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        let hint = hint_for(&error);
        Self { error, hint }
    }
}

pub(super) trait HintExt<T> {
    fn hint(self, hint: &'static str) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> HintExt<T> for Result<T, E> {
    fn hint(self, hint: &'static str) -> Result<T, Failure> {
        self.map_err(|error| Failure { error: error.into(), hint: Some(hint) })
    }
}

impl Failure {
    /// With a general hint where there is no particular one.
    pub(super) fn or_hint(error: anyhow::Error, hint: &'static str) -> Self {
        let hint = hint_for(&error).or(Some(hint));
        Self { error, hint }
    }

    /// The one place where an error is told.
    pub(super) fn print(&self) -> ExitCode {
        if self.is_nobody_reading() {
            return ExitCode::SUCCESS;
        }
        let mut terminal = io::stderr().lock();
        // With standard error closed there is nobody left to tell.
        let _ = writeln!(terminal, "error: {}", plain(&format!("{:#}", self.error)));
        if let Some(hint) = self.hint {
            let _ = writeln!(terminal, "hint: {hint}");
        }
        ExitCode::FAILURE
    }

    /// `admit video list | head` has what it wanted.
    fn is_nobody_reading(&self) -> bool {
        let error = self.error.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }
}

fn hint_for(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| {
        if let Some(error) = cause.downcast_ref::<ClientError>() {
            return error.hint();
        }
        match cause.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::AddrInUse => Some("another program listens there; choose an address with --listen"),
            io::ErrorKind::AddrNotAvailable => {
                Some("--listen must name an address of this machine, such as 0.0.0.0:8080")
            }
            io::ErrorKind::PermissionDenied => {
                Some("run as a user who may; ports below 1024 and other users' files need rights")
            }
            _ => None,
        }
    })
}

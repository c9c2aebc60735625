//! Why media work did not succeed, told apart by what the caller should do next.

use std::{io, process::ExitStatus, time::Duration};

use admit_domain::source::Unsupported;

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The file is the reason; trying again gives the same answer.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The program gave up or was stopped by a bound. The tail of what it said is for the operator only.
    #[error("{program} failed ({status}): {stderr_tail}")]
    Failed { program: &'static str, status: ExitStatus, stderr_tail: String },
    /// The program claims success, but what it left behind is not what was asked for.
    #[error("{program} left something unexpected: {what}")]
    Unexpected { program: &'static str, what: String },
    /// The program, and all it started, was killed when its time was over.
    #[error("{program} was stopped after {} s", after.as_secs())]
    TimedOut { program: &'static str, after: Duration },
    /// The program was not started because it could not be confined. The machine is the reason, not the file.
    #[error("{0}")]
    Jail(String),
    #[error("the scratch folder or a pipe failed: {0}")]
    Io(#[from] io::Error),
}

impl MediaError {
    /// Whether another attempt is pointless.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Unsupported(_))
    }

    pub(crate) fn unexpected(program: &'static str, what: impl Into<String>) -> Self {
        Self::Unexpected { program, what: what.into() }
    }
}

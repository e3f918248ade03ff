//! Exit codes, and why a command stops early.

use std::process::ExitCode;

/// How a command ended. `--help` prints the meaning of the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// Ran; nothing to report.
    Done = 0,
    /// Ran; the answer is no.
    No = 1,
    /// Could not run.
    CouldNotRun = 2,
    /// A bug.
    Bug = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command that cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub exit: Exit,
    /// Said on stderr after `error: `; empty if all was said already.
    pub message: String,
}

impl Stop {
    /// Could not run.
    pub fn new(message: impl Into<String>) -> Self {
        Self { exit: Exit::CouldNotRun, message: message.into() }
    }

    /// Could not run, and why was said already.
    pub fn said() -> Self {
        Self::new("")
    }
}

/// What a command comes to.
pub(super) type Answer = Result<Exit, Stop>;

//! Text from a pipe, such as the buffer of an editor, under a name of its own.

use std::cell::OnceCell;

use super::disk::Disk;
use crate::check::Files;

/// What stdin is called on the command line.
pub(super) const STDIN: &str = "-";

/// The files of the machine, and stdin in the place of one of them.
pub(super) struct Piped {
    name: String,
    read: OnceCell<Result<Vec<u8>, String>>,
}

impl Piped {
    /// Without a name stdin is called `-`.
    pub fn new(name: Option<String>) -> Self {
        Self { name: name.unwrap_or_else(|| STDIN.to_owned()), read: OnceCell::new() }
    }

    /// The name of a file given on the command line.
    pub fn name<'a>(&'a self, given: &'a str) -> &'a str {
        if given == STDIN { &self.name } else { given }
    }

    /// Whether a file is stdin.
    pub fn is_stdin(&self, path: &str) -> bool {
        path == self.name
    }
}

impl Files for Piped {
    /// Stdin can be read once, and is kept.
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if self.is_stdin(path) { self.read.get_or_init(|| Disk.read(STDIN)).clone() } else { Disk.read(path) }
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        Disk.glob(pattern)
    }
}

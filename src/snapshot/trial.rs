//! A test that was run, as the printers see it.

use super::cause::{Cause, Lines};
use super::compare::{Change, Drift};

/// How a test came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// As accepted.
    Same,
    /// Some facts differ.
    Differs,
    /// Nothing was accepted yet.
    Missing,
    /// It could not be run; why was said.
    Broken,
}

/// A test that was run.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its name.
    pub name: String,
    /// In words.
    pub title: String,
    /// The file in which it stands.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The file of its accepted result.
    pub accepted: String,
    /// How many facts it keeps.
    pub kept: usize,
    /// How it came out.
    pub state: State,
    /// In the order in which they are told, each with the lines it rests on, where these were looked up.
    pub changes: Vec<(Change, Lines)>,
    /// What the changes have in common, with their positions; those with most changes first.
    pub causes: Vec<(Cause, Vec<usize>)>,
    /// The largest first.
    pub drifts: Vec<Drift>,
    /// Whether a result waits to be accepted.
    pub pending: bool,
    /// Options that repeat the run for `explain`, such as `-s late`.
    pub options: String,
}

impl Trial {
    /// Whether a change needs a reason.
    #[must_use]
    pub fn material(&self) -> bool {
        self.changes.iter().any(|(change, _)| change.material)
    }
}

/// An `assert` that was tested.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The file and the line.
    pub place: (String, usize),
    /// As written.
    pub text: String,
    /// What was computed.
    pub detail: String,
    /// Whether it holds; nothing if an undisclosed term leaves it open.
    pub holds: Option<bool>,
}

/// What came of a run of tests.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// In order of the files and of their text.
    pub trials: Vec<Trial>,
    /// Each once, in order of their places.
    pub claims: Vec<Claim>,
    /// Files that could not be checked or run: where, and why.
    pub faults: Vec<((String, usize), String)>,
    /// Results of no test.
    pub orphans: Vec<String>,
    /// Results that wait to be accepted.
    pub waiting: Vec<String>,
    /// Acceptances that were cut short.
    pub interrupted: Vec<String>,
    /// Tests whose inputs are untouched and that were not run.
    pub untouched: usize,
    /// Whether a machine asks: then nothing may wait, and nothing was written.
    pub ci: bool,
}

//! Which tests an edit can touch: those one of whose files git finds changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::find::TestFile;
use crate::cli::exit::Stop;
use crate::cli::git::{commit, said};

/// Endings of files that a program can read: one that is gone may have been among them.
const READ: &[&str] = &["pf", "ledger", "test", "csv", "beancount", "bean", "journal", "hledger", "j"];

/// Files that differ from a revision.
pub(super) struct Changed {
    files: BTreeSet<PathBuf>,
    /// Whether one is gone that a pattern or a name may have found.
    gone: bool,
}

/// What differs from a revision, and what git does not know at all.
///
/// # Errors
/// No git, no repository, or no such revision.
pub(super) fn changed(revision: &str) -> Result<Changed, Stop> {
    let top = said(&["rev-parse", "--show-toplevel"]);
    let top = top.ok_or_else(|| Stop::new("`--changed` asks git, and this is no git repository"))?;
    let from = commit(revision).ok_or_else(|| Stop::new(format!("git knows no revision `{revision}` here")))?;
    let top = Path::new(top.trim_end_matches('\n'));
    let differ = said(&["diff", "--name-only", "--no-renames", "-z", &from, "--"]).unwrap_or_default();
    let unknown = said(&["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"]).unwrap_or_default();
    let mut changed = Changed { files: BTreeSet::new(), gone: false };
    for name in differ.split('\0').chain(unknown.split('\0')).filter(|name| !name.is_empty()) {
        let path = top.join(name);
        let read = path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| READ.contains(&ending));
        changed.gone |= read && !path.exists();
        changed.files.extend(path.canonicalize());
    }
    Ok(changed)
}

impl Changed {
    /// Whether an input of the tests in a file, or one of their results, differs.
    pub fn touches(&self, file: &TestFile) -> bool {
        let inputs = file.checked.sources.iter().map(|(_, source)| source.name.to_string());
        let tests = file.tests();
        let results = tests.iter().flat_map(|test| [file.store.accepted(&test.name), file.store.pending(&test.name)]);
        let differs = |path: String| Path::new(&path).canonicalize().is_ok_and(|path| self.files.contains(&path));
        self.gone || file.broken || inputs.chain(results).any(differs) || tests.iter().any(|test| lacks(file, test))
    }
}

/// Whether nothing was accepted yet: then a test is run in any case.
fn lacks(file: &TestFile, test: &crate::terms::FactTest) -> bool {
    !Path::new(&file.store.accepted(&test.name)).exists()
}

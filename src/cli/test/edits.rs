//! Which lines of a test's inputs are not as they were when its result was accepted.

use super::find::TestFile;
use crate::cli::exit::Stop;
use crate::cli::git::{commit, said};
use crate::snapshot::Edit;
use crate::snapshot::cause::hunks;

/// The edits of the inputs since a revision, or since the commit that last wrote the accepted result. Nothing where git
/// knows of none.
///
/// # Errors
/// A revision that was named and does not exist.
pub(super) fn edits(file: &TestFile, accepted: &str, since: Option<&str>) -> Result<Option<Vec<Edit>>, Stop> {
    let from = match since {
        Some(revision) => {
            Some(commit(revision).ok_or_else(|| Stop::new(format!("git knows no revision `{revision}` here")))?)
        }
        None => said(&["log", "-1", "--format=%H", "--", accepted]).map(|text| text.trim().to_owned()),
    };
    let Some(from) = from.filter(|from| !from.is_empty()) else { return Ok(None) };
    let mut all = Vec::new();
    for (_, source) in file.checked.sources.iter().filter(|(_, source)| *source.name != *accepted) {
        let name = &*source.name;
        match said(&["diff", "--unified=0", "--no-ext-diff", "--no-textconv", &from, "--", name]) {
            Some(diff) if !diff.is_empty() => all.extend(hunks(name, &diff)),
            // A file that git does not know is new as a whole.
            Some(_) if said(&["ls-files", "--error-unmatch", "--", name]).is_none() => {
                all.push(Edit { file: name.to_owned(), from: 1, to: source.text.lines().count().max(1) });
            }
            _ => {}
        }
    }
    Ok(Some(all))
}

//! What git knows of files. Without git, or outside a repository, nothing is known.

use std::process::{Command, Stdio};

/// What git prints, or why it does not.
pub(super) fn git(args: &[&str]) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    command.args(["-c", "core.quotepath=off", "-c", "color.ui=never"]).args(args).stdin(Stdio::null());
    let output = command.output().map_err(|error| format!("git cannot be run: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}

/// What git prints as text, without the line's end; nothing if it fails.
pub(super) fn said(args: &[&str]) -> Option<String> {
    git(args).ok().map(|bytes| String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

/// The commit that is meant.
pub(super) fn commit(revision: &str) -> Option<String> {
    // A name that begins with a minus would be an option.
    let named = !revision.starts_with('-') && !revision.is_empty();
    named.then(|| said(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]))?
}

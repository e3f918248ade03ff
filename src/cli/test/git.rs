//! What git knows of files. Without git, or outside a repository, nothing is known.

use std::process::{Command, Stdio};

/// What git prints; nothing if it fails.
pub(super) fn git(args: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.args(["-c", "core.quotepath=off", "-c", "color.ui=never"]).args(args);
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The commit that is meant.
pub(super) fn commit(revision: &str) -> Option<String> {
    // A name that begins with a minus would be an option.
    let named = !revision.starts_with('-') && !revision.is_empty();
    let found =
        if named { git(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]) } else { None };
    found.map(|text| text.trim().to_owned())
}

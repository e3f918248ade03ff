//! Files: reading, finding and replacing them.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::glob;
use crate::check::Files;
use crate::syntax::text::LIMIT;

/// The files of this machine, by paths relative to where the command runs.
pub(super) struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        read(path).map_err(|error| words(&error))
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        glob::files(pattern)
    }
}

/// Of a file that is too large, the first byte too many is read: who asked says so, with a code and a place.
fn read(path: &str) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if path == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        let about = fs::metadata(path).map_err(|error| match error.kind() {
            // How a name that is no text was told by `glob`.
            ErrorKind::NotFound if path.contains('\u{fffd}') => io::Error::other("its name is not UTF-8"),
            _ => error,
        })?;
        if about.is_dir() {
            return Err(io::Error::other("it is a folder"));
        }
        fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// An error of the operating system in plain words.
pub(super) fn words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::StorageFull => "no space is left on the device".to_owned(),
        ErrorKind::FileTooLarge => "it would be larger than files may be here".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}

/// Whether the path leads to a file that could be read.
pub(super) fn exists(path: &str) -> bool {
    Path::new(path).is_file()
}

/// The rule files directly in a folder, sorted: all of them together are one program. `None` if it is no folder.
///
/// # Errors
/// A folder without rule files, in words.
pub(super) fn in_folder(path: &str) -> Result<Option<Vec<String>>, String> {
    if !Path::new(path).is_dir() {
        return Ok(None);
    }
    let found = glob::files(&format!("{}/*.pf", path.trim_end_matches('/')));
    if found.is_empty() {
        return Err(format!("no rule file (`.pf`) stands directly in the folder `{path}`"));
    }
    Ok(Some(found))
}

/// The ledger of a rule file: `rules/deals/x.pf` has `ledgers/deals/x.ledger`, else `x.ledger` beside it.
pub(super) fn ledger_of(rule: &str, exists: impl Fn(&str) -> bool) -> Option<String> {
    let stem = rule.strip_suffix(".pf")?;
    let parts: Vec<&str> = stem.split('/').collect();
    let mirrored = (0..parts.len().saturating_sub(1)).rev().filter(|i| parts.get(*i) == Some(&"rules")).map(|folder| {
        let renamed = parts.iter().enumerate().map(|(i, part)| if i == folder { "ledgers" } else { part });
        renamed.collect::<Vec<_>>().join("/")
    });
    mirrored.chain([stem.to_owned()]).map(|path| format!("{path}.ledger")).find(|path| exists(path))
}

/// How the name of a file begins that is being written, and how it ends. Nothing reads such a file; a process that was
/// killed leaves at most one behind, and it may be deleted.
const TEMPORARY: (&str, &str) = (".proforma-", ".tmp");

/// Links that lead to the file; more are a circle.
const MOST_LINKS: usize = 40;

/// Writes a file so that whoever reads it, also after a kill or a loss of power at any moment, finds the old or the new
/// content and nothing between: into a file beside it, to the disk, then renamed. Keeps permissions and follows links;
/// pipes and devices are written to directly.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let target = behind_links(path)?;
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::Error::other("it is a folder"));
    }
    if before.as_ref().is_some_and(|m| !m.is_file()) {
        return fs::OpenOptions::new().write(true).open(&target)?.write_all(content);
    }
    if before.as_ref().is_some_and(|m| m.permissions().readonly()) {
        return Err(io::Error::other("it is read-only"));
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    if let Some(before) = before {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    // The name is in the folder: only now is the new content there for good. Some file systems cannot be asked.
    #[cfg(unix)]
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// The file that is meant, also if it does not exist yet and a link leads to it.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        if !fs::symlink_metadata(&target).is_ok_and(|m| m.is_symlink()) {
            return Ok(target);
        }
        let next = fs::read_link(&target)?;
        target = target.parent().map_or_else(|| next.clone(), |folder| folder.join(&next));
    }
    Err(io::Error::other("its links go round in a circle"))
}

/// Every `.pf`, `.ledger` and `.test` file under a folder, sorted; hidden folders and build folders are left out.
pub(super) fn sources_under(folder: &str) -> Vec<String> {
    let folder = folder.trim_end_matches('/');
    let mut found = glob::files(&format!("{folder}/**/*.pf"));
    found.extend(glob::files(&format!("{folder}/**/*.ledger")));
    found.extend(glob::files(&format!("{folder}/**/*.test")));
    found.iter_mut().for_each(|file| *file = file.trim_start_matches("./").to_owned());
    found.sort();
    found
}

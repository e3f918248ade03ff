//! `proforma new`

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::args::{Example, NewArgs};
use super::disk;
use super::exit::{Answer, Exit, Stop};
use super::session::Session;

/// A file of a new project: where it goes, and its text.
type File = (&'static str, &'static str);

/// An invented supply with a warrant, small enough to check by hand.
const RACKS: &[File] = &[
    ("README.md", include_str!("example/README.md")),
    ("rules/racks.pf", include_str!("example/rules/racks.pf")),
    ("rules/books/us-gaap.pf", include_str!("../../rules/books/us-gaap.pf")),
    ("rules/books/ifrs.pf", include_str!("../../rules/books/ifrs.pf")),
    ("ledgers/racks.ledger", include_str!("example/ledgers/racks.ledger")),
    ("ledgers/racks/late.ledger", include_str!("example/ledgers/racks/late.ledger")),
    ("tests/q2.test", include_str!("example/tests/q2.test")),
    ("snapshots/q2_close.snap.csv", include_str!("example/snapshots/q2_close.snap.csv")),
    ("snapshots/LOG.md", include_str!("example/snapshots/LOG.md")),
];

/// The deal of October 2025, from public documents.
const AMD_OPENAI: &[File] = &[
    ("README.md", include_str!("example/amd-openai.md")),
    ("rules/sources.pf", include_str!("../../rules/sources.pf")),
    ("rules/parties.pf", include_str!("../../rules/parties.pf")),
    ("rules/books/us-gaap.pf", include_str!("../../rules/books/us-gaap.pf")),
    ("rules/books/ifrs.pf", include_str!("../../rules/books/ifrs.pf")),
    ("rules/deals/amd-openai.pf", include_str!("../../rules/deals/amd-openai.pf")),
    ("rules/deals/amd-openai/assumptions.pf", include_str!("../../rules/deals/amd-openai/assumptions.pf")),
    ("ledgers/deals/amd-openai.ledger", include_str!("../../ledgers/deals/amd-openai.ledger")),
    ("ledgers/deals/amd-openai/gw2-slips.ledger", include_str!("../../ledgers/deals/amd-openai/gw2-slips.ledger")),
    ("ledgers/prices/amd.csv", include_str!("../../ledgers/prices/amd.csv")),
    ("tests/amd-openai.test", include_str!("../../tests/amd-openai.test")),
    ("snapshots/amd_openai.snap.csv", include_str!("../../snapshots/amd_openai.snap.csv")),
];

/// Makes a folder with a project that passes. The folder appears whole or not at all, and only where nothing was.
pub(super) fn new(session: &Session, args: &NewArgs) -> Answer {
    let name = args.name.trim_end_matches('/');
    let target = Path::new(name);
    let failed = |why: String| Stop::new(format!("cannot make `{name}`: {why}"));
    match fs::symlink_metadata(target) {
        Ok(_) => return Err(failed("it is there already, and nothing is overwritten".to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(disk::words(&error))),
    }
    let (files, rules) = match args.example {
        Example::Racks => (RACKS, "rules/racks.pf"),
        Example::AmdOpenai => (AMD_OPENAI, "rules/deals/amd-openai.pf"),
    };
    let parent = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let made = tempfile::Builder::new().prefix(".proforma-").tempdir_in(parent).and_then(|folder| {
        for (path, text) in files {
            let path: PathBuf = folder.path().join(path);
            path.parent().map(fs::create_dir_all).transpose()?;
            fs::write(path, text)?;
        }
        #[cfg(unix)]
        fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        fs::rename(folder.path(), target)
    });
    made.map_err(|error| match error.kind() {
        ErrorKind::NotFound => failed("there is no such folder to make it in".to_owned()),
        _ => failed(disk::words(&error)),
    })?;
    session.mention(&format!("made `{name}`; next: cd {name} && proforma run {rules}"));
    Ok(Exit::Done)
}

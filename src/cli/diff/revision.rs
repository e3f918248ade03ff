//! Files as they are in a revision of git.

use std::path::Path;

use super::super::context;
use super::super::disk::Disk;
use super::super::exit::Stop;
use super::super::git::{commit, git, said};
use crate::check::Files;

/// The repository around the folder of the command, if there is one.
pub(super) struct Repository {
    /// Its folder, and the path from there to the folder of the command, which ends in `/` unless it is empty.
    place: Option<(String, String)>,
}

/// The files of one side.
pub(super) enum Revision {
    /// As they are.
    Work,
    /// A commit.
    Commit { hash: String, top: String, prefix: String },
}

impl Repository {
    pub fn here() -> Self {
        let top = said(&["rev-parse", "--show-toplevel"]);
        let place = top.map(|top| (top, said(&["rev-parse", "--show-prefix"]).unwrap_or_default()));
        Self { place }
    }

    /// The side that a word stands for: `.` for the files as they are, or a revision.
    pub fn side(&self, word: &str) -> Option<Revision> {
        let (top, prefix) = self.place.clone()?;
        if word == "." {
            return Some(Revision::Work);
        }
        let hash = commit(word)?;
        Some(Revision::Commit { hash, top, prefix })
    }
}

impl Revision {
    /// Rule files and ledgers under their names on the command line; a ledger is found by the name of its rule file.
    pub fn roots(&self, given: &[String], ledgers: &[String]) -> Result<Vec<String>, Stop> {
        let mut roots: Vec<String> = Vec::new();
        for file in given.iter().map(|file| context::tidy(file)) {
            match file.ends_with(".pf") || file.ends_with(".ledger") {
                true => roots.push(file),
                false => roots.extend(self.glob(&format!("{}/*.pf", file.trim_end_matches('/')))),
            }
        }
        roots.extend(ledgers.iter().map(|file| context::tidy(file)));
        if ledgers.is_empty() && !roots.iter().any(|file| file.ends_with(".ledger")) {
            let there = |path: &str| self.read(path).is_ok();
            let found: Vec<String> =
                roots.iter().filter_map(|rule| super::super::disk::ledger_of(rule, there)).collect();
            roots.extend(found);
        }
        match roots.is_empty() {
            true => Err(Stop::new("no file given: name the rule files to compare over, behind the two sides")),
            false => Ok(roots),
        }
    }

    /// A path of the command line, from the top of the repository.
    fn inside(top: &str, prefix: &str, path: &str) -> Result<String, String> {
        let absolute = Path::new(path).is_absolute();
        let whole = match absolute {
            true => Path::new(path)
                .strip_prefix(top)
                .map_err(|_| "it is outside the repository".to_owned())?
                .to_string_lossy()
                .into_owned(),
            false => format!("{prefix}{path}"),
        };
        let mut parts: Vec<&str> = Vec::new();
        for part in whole.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or("it is outside the repository")?;
                }
                part => parts.push(part),
            }
        }
        Ok(parts.join("/"))
    }

    /// A path from the top of the repository, from the folder of the command.
    fn outside(prefix: &str, path: &str) -> String {
        let (here, there): (Vec<&str>, Vec<&str>) = (prefix.split_terminator('/').collect(), path.split('/').collect());
        let same = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
        let up = here.iter().skip(same).map(|_| "..");
        up.chain(there.iter().skip(same).copied()).collect::<Vec<_>>().join("/")
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let Self::Commit { hash, top, prefix } = self else { return Disk.read(path) };
        let inside = Self::inside(top, prefix, path)?;
        git(&["-C", top, "show", &format!("{hash}:{inside}")])
            .map_err(|_| "there is no such file in the revision".into())
    }

    fn glob(&self, pattern: &str) -> Vec<String> {
        let Self::Commit { hash, top, prefix } = self else { return Disk.glob(pattern) };
        let Ok(inside) = Self::inside(top, prefix, pattern) else { return Vec::new() };
        let listed = said(&["-C", top, "ls-tree", "-r", "--name-only", "-z", hash]).unwrap_or_default();
        let names = listed.split('\0').filter(|name| super::super::glob::fits(&inside, name));
        names.map(|name| Self::outside(prefix, name)).collect()
    }
}

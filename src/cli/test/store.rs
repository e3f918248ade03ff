//! The folder of results: what was accepted, what waits, and the record.
//!
//! Several files change at once when a result is accepted. What they will be is first written into one file, whole or not at
//! all; from then on it holds, whoever reads. A process that is killed before has changed nothing; what one that is
//! killed after it has left undone, the next command does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::check::Files;
use crate::cli::disk::{self, Disk};
use crate::cli::exit::Stop;
use crate::cli::glob;
use crate::snapshot::log;

/// How accepted results end, and those that wait.
const ACCEPTED: &str = ".snap.csv";
const PENDING: &str = ".snap.csv.new";
/// What an acceptance is going to write.
const INTENT: &str = ".accepting.json";

/// The folder of results of a project.
#[derive(Clone, Debug)]
pub(super) struct Store {
    folder: String,
}

/// One acceptance, from its decision until all its files are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Intent {
    version: u32,
    /// The record before, in bytes, and what is appended.
    before: usize,
    entry: String,
    results: Vec<Decided>,
}

/// A result that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decided {
    /// Of which test.
    pub test: String,
    /// The whole accepted result.
    pub text: String,
    /// Whether nothing of it waits any more.
    pub done: bool,
}

impl Store {
    /// The folder of the tests in a file: `snapshots` beside the folder `tests`, else beside the file.
    pub fn of(test_file: &str) -> Self {
        let folder = test_file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let project = match folder.rsplit_once('/') {
            Some((project, "tests")) => Some(project),
            None if folder == "tests" => None,
            _ => Some(folder).filter(|folder| !folder.is_empty()),
        };
        Self { folder: project.map_or_else(|| "snapshots".to_owned(), |project| format!("{project}/snapshots")) }
    }

    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The folder of test files that belongs to it.
    pub fn tests(&self) -> String {
        let project = self.folder.strip_suffix("snapshots").unwrap_or_default();
        format!("{project}tests")
    }

    pub fn accepted(&self, test: &str) -> String {
        format!("{}/{test}{ACCEPTED}", self.folder)
    }

    pub fn pending(&self, test: &str) -> String {
        format!("{}/{test}{PENDING}", self.folder)
    }

    fn log(&self) -> String {
        format!("{}/LOG.md", self.folder)
    }

    pub fn intent(&self) -> String {
        format!("{}/{INTENT}", self.folder)
    }

    /// Whether an acceptance was cut short.
    pub fn is_interrupted(&self) -> bool {
        disk::exists(&self.intent())
    }

    /// Results in the folder that wait, with the names of their tests.
    pub fn waiting(&self) -> Vec<(String, String)> {
        self.named(PENDING)
    }

    /// All results in the folder with the names of their tests.
    pub fn results(&self) -> Vec<(String, String)> {
        let mut all = self.named(ACCEPTED);
        all.extend(self.named(PENDING));
        all.sort();
        all
    }

    fn named(&self, ending: &str) -> Vec<(String, String)> {
        let name = |path: &String| {
            let file = path.rsplit('/').next().unwrap_or(path);
            file.strip_suffix(ending).map(|name| (name.to_owned(), path.clone()))
        };
        glob::files(&format!("{}/*{ending}", self.folder)).iter().filter_map(name).collect()
    }

    /// The accepted result of a test, as an acceptance that was cut short has it; nothing if there is none.
    pub fn read(&self, test: &str) -> Result<Option<String>, Stop> {
        let decided = self.pending_intent()?.and_then(|intent| intent.results.into_iter().find(|one| one.test == test));
        match decided {
            Some(decided) => Ok(Some(decided.text)),
            None => read(&self.accepted(test)),
        }
    }

    /// What waits for a test.
    pub fn read_pending(&self, test: &str) -> Result<Option<String>, Stop> {
        read(&self.pending(test))
    }

    /// Lets a result wait.
    pub fn wait(&self, test: &str, text: &str) -> Result<(), Stop> {
        let path = self.pending(test);
        if read(&path)?.as_deref() == Some(text) {
            return Ok(());
        }
        self.write(&path, text)
    }

    /// What waits for a test waits no more; whether anything did.
    pub fn forget(&self, test: &str) -> Result<bool, Stop> {
        remove(&self.pending(test))
    }

    fn write(&self, path: &str, text: &str) -> Result<(), Stop> {
        let made = fs::create_dir_all(&self.folder).and_then(|()| disk::replace(Path::new(path), text.as_bytes()));
        made.map_err(|error| Stop::new(format!("cannot write `{path}`: {}", disk::words(&error))))
    }

    /// Waits until no other process changes the folder, and keeps others waiting while what is returned lives; a killed process
    /// lets go. Where a folder cannot be held, nothing is.
    pub fn hold(&self) -> Result<Option<fs::File>, Stop> {
        let made = fs::create_dir_all(&self.folder);
        made.map_err(|error| Stop::new(format!("cannot make `{}`: {}", self.folder, disk::words(&error))))?;
        Ok(fs::File::open(&self.folder).and_then(|folder| folder.lock().map(|()| folder)).ok())
    }

    /// Accepts results and appends to the record, all or nothing. The folder is held.
    pub fn accept(&self, results: Vec<Decided>, entry: String) -> Result<(), Stop> {
        if let Some(intent) = self.pending_intent()? {
            self.finish(&intent)?;
        }
        let before = read(&self.log())?.map_or(log::TITLE.len(), |log| log.len());
        let intent = Intent { version: 1, before, entry, results };
        let text = serde_json::to_string(&intent).map_err(|error| Stop::new(error.to_string()))?;
        // From here on it is accepted.
        self.write(&self.intent(), &format!("{text}\n"))?;
        self.finish(&intent)
    }

    /// Does what an acceptance that was cut short has left undone; whether there was one.
    pub fn recover(&self) -> Result<bool, Stop> {
        if !self.is_interrupted() {
            return Ok(false);
        }
        // Perhaps it was not cut short but is under way elsewhere: then nothing is left of it once the folder is free.
        let _held = self.hold()?;
        match self.pending_intent()? {
            Some(intent) => self.finish(&intent).map(|()| true),
            None => Ok(false),
        }
    }

    fn pending_intent(&self) -> Result<Option<Intent>, Stop> {
        let path = self.intent();
        let Some(text) = read(&path)? else { return Ok(None) };
        let intent: Result<Intent, _> = serde_json::from_str(&text);
        let why = "it is damaged; delete it and look with git what is in the folder of results";
        intent.map(Some).map_err(|_| Stop::new(format!("cannot read `{path}`: {why}")))
    }

    /// Every step may be done again.
    fn finish(&self, intent: &Intent) -> Result<(), Stop> {
        for Decided { test, text, done } in &intent.results {
            self.write(&self.accepted(test), text)?;
            if *done {
                self.forget(test)?;
            }
        }
        let log = read(&self.log())?.unwrap_or_else(|| log::TITLE.to_owned());
        if !log.get(intent.before..).is_some_and(|rest| rest.starts_with(&intent.entry)) {
            self.write(&self.log(), &format!("{log}{}", intent.entry))?;
        }
        remove(&self.intent()).map(drop)
    }

    /// Deletes a result.
    pub fn delete(&self, path: &str) -> Result<(), Stop> {
        remove(path).map(drop)
    }
}

/// Results by the folder they are in: each folder is accepted as one.
pub(super) type ByStore<T> = BTreeMap<String, (Store, T)>;

fn read(path: &str) -> Result<Option<String>, Stop> {
    if !disk::exists(path) {
        return Ok(None);
    }
    let failed = |why: String| Stop::new(format!("cannot read `{path}`: {why}"));
    let bytes = Disk.read(path).map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|_| failed("it is not UTF-8".to_owned()))?;
    Ok(Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned)))
}

fn remove(path: &str) -> Result<bool, Stop> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Stop::new(format!("cannot delete `{path}`: {}", disk::words(&error)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(name: &str) -> Store {
        let folder = std::env::temp_dir().join(format!("proforma-store-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Store { folder: folder.join("snapshots").to_str().unwrap().to_owned() }
    }

    #[test]
    fn results_stand_beside_the_tests() {
        for (file, folder) in [
            ("tests/a.test", "snapshots"),
            ("x/tests/a.test", "x/snapshots"),
            ("a.test", "snapshots"),
            ("x/a.test", "x/snapshots"),
            ("/x/tests/a.test", "/x/snapshots"),
        ] {
            assert_eq!(Store::of(file).folder(), folder, "{file}");
        }
    }

    /// Every state in which a kill can leave the folder: what is read is new, and so is the folder afterwards.
    #[test]
    fn what_was_cut_short_is_finished() {
        let entry = "\n## a, by x\n\nwhy\n".to_owned();
        for steps in 0..5 {
            let store = store(&steps.to_string());
            store.wait("a", "new a").unwrap();
            store.wait("b", "new b").unwrap();
            store.write(&store.accepted("a"), "old a").unwrap();
            store.write(&store.log(), "# Title\n\nearlier\n").unwrap();
            let decided = |test: &str, done| Decided { test: test.to_owned(), text: format!("new {test}"), done };
            let intent = Intent {
                version: 1,
                before: "# Title\n\nearlier\n".len(),
                entry: entry.clone(),
                results: vec![decided("a", true), decided("b", false)],
            };
            store.write(&store.intent(), &serde_json::to_string(&intent).unwrap()).unwrap();
            // The kill came before step one, two, …
            if steps > 0 {
                store.write(&store.accepted("a"), "new a").unwrap();
            }
            if steps > 1 {
                store.forget("a").unwrap();
            }
            if steps > 2 {
                store.write(&store.accepted("b"), "new b").unwrap();
            }
            if steps > 3 {
                store.write(&store.log(), &format!("# Title\n\nearlier\n{entry}")).unwrap();
            }
            assert!(store.is_interrupted());
            assert_eq!(store.read("a").unwrap().as_deref(), Some("new a"));
            assert!(store.recover().unwrap() && !store.recover().unwrap());
            assert_eq!(fs::read_to_string(store.accepted("a")).unwrap(), "new a");
            assert_eq!(fs::read_to_string(store.accepted("b")).unwrap(), "new b");
            assert_eq!(store.waiting().iter().map(|(test, _)| test.as_str()).collect::<Vec<_>>(), ["b"]);
            assert_eq!(fs::read_to_string(store.log()).unwrap(), format!("# Title\n\nearlier\n{entry}"));
        }
    }
}

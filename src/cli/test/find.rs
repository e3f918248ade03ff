//! Which tests there are: their files, the programs they are about, and the folders of their results.

use std::collections::BTreeMap;
use std::path::Path;

use super::store::Store;
use crate::base::{Code, Diagnostic, Diagnostics, SourceId, Sources, Span};
use crate::check::{self, Checked};
use crate::cli::exit::Stop;
use crate::cli::piped::Piped;
use crate::cli::progress::Told;
use crate::cli::session::Session;
use crate::cli::{context, glob, names};
use crate::render::diagnostic;
use crate::terms::FactTest;

/// A file with tests, checked with all it uses.
pub(super) struct TestFile {
    pub path: String,
    pub store: Store,
    pub checked: Checked,
    /// Whether something in it is wrong; that was said.
    pub broken: bool,
}

impl TestFile {
    /// What is wrong with it, place by place.
    pub fn faults(&self) -> Vec<((String, usize), String)> {
        let wrong = self.checked.diagnostics.iter().filter(|found| found.severity == crate::base::Severity::Error);
        let mut all: Vec<((String, usize), String)> = wrong
            .map(|found| {
                let file = self.checked.sources.get(found.primary.0.source);
                let place = file.map_or_else(
                    || (self.path.clone(), 1),
                    |file| (file.name.to_string(), file.line(found.primary.0.start)),
                );
                (place, format!("{}: {}", found.code, found.message))
            })
            .collect();
        if all.is_empty() {
            all.push(((self.path.clone(), 1), "the tests of this file cannot be run".to_owned()));
        }
        all
    }

    /// The tests that stand in this very file.
    pub fn tests(&self) -> Vec<FactTest> {
        let own = |test: &&FactTest| self.checked.sources.get(test.span.source).is_some_and(|f| *f.name == *self.path);
        self.checked.terms.tests.iter().filter(own).cloned().collect()
    }
}

/// The tests that were asked for.
pub(super) struct Found {
    pub files: Vec<TestFile>,
    /// Names that were given; none means all.
    names: Vec<String>,
    /// Whether all test files of their projects are here.
    pub whole: bool,
}

impl Found {
    /// Whether a test was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }

    /// Whether a file could not be checked.
    pub fn broken(&self) -> bool {
        self.files.iter().any(|file| file.broken)
    }

    /// The folders of results, each once.
    pub fn stores(&self) -> Vec<Store> {
        let all: BTreeMap<&str, &Store> = self.files.iter().map(|file| (file.store.folder(), &file.store)).collect();
        all.into_values().cloned().collect()
    }
}

/// Test files given, or those of the project; and names of tests among them.
pub(super) fn find(session: &Session, given: &[String]) -> Result<Found, Stop> {
    let is_path = |text: &&String| text.ends_with(".test") || text.contains('/') || Path::new(text).is_dir();
    let (paths, wanted): (Vec<&String>, Vec<&String>) = given.iter().partition(is_path);
    let mut found: Vec<String> = Vec::new();
    for path in &paths {
        let path = context::tidy(path);
        if !Path::new(&path).is_dir() {
            found.push(path);
            continue;
        }
        let folder = path.trim_end_matches('/');
        let here = glob::files(&format!("{folder}/*.test"));
        let inner = if here.is_empty() { glob::files(&format!("{folder}/tests/*.test")) } else { here };
        if inner.is_empty() {
            return Err(Stop::new(format!("no test file (`.test`) stands in `{folder}` or in `{folder}/tests`")));
        }
        found.extend(inner.iter().map(|file| context::tidy(file)));
    }
    if paths.is_empty() {
        found = glob::files("tests/*.test");
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        return Err(Stop::new(
            "no test: `tests/*.test` matches no file; go to the folder of the project, or name test files",
        ));
    }
    let piped = session.files();
    let files: Vec<TestFile> = found.into_iter().map(|path| load(session, &piped, path)).collect();
    let mut all = Found { files, names: Vec::new(), whole: paths.is_empty() };
    twice(session, &mut all);
    let tests: Vec<FactTest> = all.files.iter().flat_map(TestFile::tests).collect();
    for name in wanted {
        // A test in a file that cannot be read may be the one that is meant.
        match names::known("test", name, tests.iter().map(|test| &*test.name)) {
            Ok(name) => all.names.push(name.to_owned()),
            Err(stop) if all.broken() => {
                return Err(Stop::new(format!("{}; some test files have errors", stop.message)));
            }
            Err(stop) => return Err(stop),
        }
    }
    Ok(all)
}

fn load(session: &Session, files: &Piped, path: String) -> TestFile {
    let progress = session.progress("checking");
    let mut roots = vec![path.clone()];
    roots.extend(context::of_test(files, &path));
    let mut checked = check::check(&Told { files, progress: &progress }, &roots);
    drop(progress);
    if session.options.strict {
        checked.diagnostics.deny_warnings();
    }
    let broken = context::tell(session, &checked).is_err();
    let mut file = TestFile { store: Store::of(&path), path, checked, broken };
    if !broken && file.tests().is_empty() {
        let message = "there is no test in this file";
        let found =
            Diagnostic::new(Code::MissingClause, start(&file), message).help("add `test NAME { keep MEASURE }`");
        say(session, &file.checked.sources, std::iter::once(found));
        file.broken = true;
    }
    file
}

fn start(file: &TestFile) -> Span {
    let own = file.checked.sources.iter().find(|(_, source)| *source.name == *file.path);
    Span::new(own.map_or(SourceId(0), |(id, _)| id), 0, 0)
}

/// Says diagnostics; whether one is an error.
pub(super) fn say(session: &Session, sources: &Sources, found: impl IntoIterator<Item = Diagnostic>) -> bool {
    let mut all = Diagnostics::default();
    all.extend(found);
    if session.options.strict {
        all.deny_warnings();
    }
    if !all.is_empty() && (all.has_errors() || !session.options.quiet) {
        session.say(&diagnostic::diagnostics(sources, &all, session.color));
    }
    all.has_errors()
}

/// Two tests of one name would share a result. Some disks do not tell capitals apart.
fn twice(session: &Session, found: &mut Found) {
    let mut first: BTreeMap<(String, String), (usize, FactTest)> = BTreeMap::new();
    let mut wrong: Vec<usize> = Vec::new();
    for (at, file) in found.files.iter().enumerate() {
        for test in file.tests() {
            let key = (file.store.folder().to_owned(), test.name.to_lowercase());
            let Some((before, earlier)) = first.get(&key) else {
                first.insert(key, (at, test));
                continue;
            };
            let Some(other) = found.files.get(*before) else { continue };
            let mut sources = Sources::default();
            let mut place = |file: &TestFile, test: &FactTest| {
                let text =
                    file.checked.sources.get(test.span.source).map(|source| source.text.clone()).unwrap_or_default();
                Span::new(sources.add(file.path.as_str(), text), test.span.start, test.span.end)
            };
            let (one, two) = (place(other, earlier), place(file, &test));
            let twice = Diagnostic::new(Code::DeclaredTwice, two, format!("two tests are named `{}`", test.name));
            let twice = twice.label("again here").also(one, "first here").help("rename one of them");
            say(session, &sources, std::iter::once(twice));
            wrong.push(at);
        }
    }
    for at in wrong {
        if let Some(file) = found.files.get_mut(at) {
            file.broken = true;
        }
    }
}

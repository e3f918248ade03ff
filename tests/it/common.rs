//! Helpers: files from disk or from memory, a run, a snapshot in the one flat folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proforma::check::{self, Checked, Files};
use proforma::engine::Inputs;
use proforma::num::Number;
use proforma::report::{Scope, fact};
use proforma::run::Replay;
use proforma::terms::{FactName, Value};

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Files below the repository, by path relative to it.
pub struct Repository;

impl Files for Repository {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(root().join(path)).map_err(|e| e.to_string())
    }

    fn glob(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Files in memory, the rest from the repository.
pub struct Memory(pub BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match self.0.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => Repository.read(path),
        }
    }

    fn glob(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Checks files that must be without errors.
pub fn checked(files: &dyn Files, roots: &[&str]) -> Checked {
    let roots: Vec<String> = roots.iter().map(|r| (*r).to_owned()).collect();
    let checked = check::check(files, &roots);
    let errors: Vec<String> = checked
        .diagnostics
        .iter()
        .filter(|d| d.severity == proforma::base::Severity::Error)
        .map(|d| format!("{} {} {}", d.code, checked.sources.place(d.primary.0), d.message))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked
}

/// Checks one text in memory.
pub fn checked_text(text: &str) -> Checked {
    checked(&Memory(BTreeMap::from([("t.pf".to_owned(), text.to_owned())])), &["t.pf"])
}

/// The inputs of a run of some scenarios.
pub fn inputs(checked: &Checked, scenarios: &[&str]) -> Inputs {
    let id = |name: &&str| {
        let found = checked.terms.scenarios.iter().position(|s| &*s.name == *name);
        proforma::terms::ScenarioId(u32::try_from(found.expect("a scenario")).unwrap())
    };
    let scenarios: Vec<_> = scenarios.iter().map(id).collect();
    Inputs::select(&checked.terms, &scenarios, None).unwrap()
}

/// Everything a test asks of a run.
pub fn with_run<T>(checked: &Checked, scenarios: &[&str], f: impl FnOnce(&Replay<'_>) -> T) -> T {
    let inputs = inputs(checked, scenarios);
    let replay = Replay::new(&checked.terms, &inputs, None).unwrap();
    assert_eq!(replay.fault, None);
    f(&replay)
}

/// A fact by its name as written on the command line; `None` when undisclosed.
pub fn fact(replay: &Replay<'_>, name: &str) -> Option<Number> {
    let name: FactName = check::fact_name(name).unwrap();
    match fact::lookup(replay, &name).unwrap().value {
        Value::Known(number) => Some(number),
        Value::Missing(_) => None,
    }
}

/// A plain number.
pub fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

/// All facts of a run, one a line.
pub fn facts(replay: &Replay<'_>) -> String {
    let rows = proforma::report::facts(replay, &Scope::default());
    let lines: Vec<String> = rows.iter().map(|row| row.cells().join(",")).collect();
    lines.join("\n") + "\n"
}

/// Compares with `snapshots/NAME.snap`.
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// All files below a folder with an ending, sorted.
pub fn files(folder: &str, ending: &str) -> Vec<String> {
    fn walk(folder: &Path, ending: &str, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, ending, into);
            } else if path.extension().is_some_and(|e| e == ending) {
                into.push(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), ending, &mut found);
    found.sort();
    found
}

/// Each fact of a run against its number, all at once; nothing was refused.
pub fn facts_are(replay: &Replay<'_>, expected: &[(&str, &str)]) {
    assert!(replay.register.refusals.is_empty(), "{:?}", replay.register.refusals);
    let said = |name: &str| fact(replay, name).map_or_else(|| "undisclosed".to_owned(), |n| n.to_string());
    let found: Vec<(&str, String)> = expected.iter().map(|(name, _)| (*name, said(name))).collect();
    let expected: Vec<(&str, String)> = expected.iter().map(|(name, n)| (*name, number(n).to_string())).collect();
    assert_eq!(found, expected);
}

/// Facts in millions, of a run that refuses nothing; and no check of any report fails.
pub fn holds_in_millions(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(text), &[], |replay| {
        assert!(replay.register.refusals.iter().next().is_none(), "{text}");
        for (name, millions) in expected {
            let expected = number(millions).times(number("1000000")).unwrap();
            assert_eq!(fact(replay, name), Some(expected), "{name}: {millions}m");
        }
        for name in proforma::report::NAMES {
            let Ok(report) = proforma::report::build(name, replay, &Default::default()) else { continue };
            for check in &report.checks {
                assert_ne!(check.holds(), Some(false), "{name}: {} {:?} {:?}", check.claim, check.left, check.right);
            }
        }
    });
}

/// The roots of a ledger: itself, and the rule file of the same path and stem when it does not `use` one.
pub fn roots(ledger: &str) -> Vec<String> {
    let rules = ledger.replace("ledgers/", "rules/").replace(".ledger", ".pf");
    let mut roots = vec![ledger.to_owned()];
    if root().join(&rules).exists() {
        roots.push(rules);
    }
    roots
}

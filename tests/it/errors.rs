//! Every code has a wrong program in `tests/errors/STAGE/`, and every wrong program shows one code.
//!
//! A program is a file `CODE_name.pf`, or a folder `CODE_name/` whose root is `main.pf`. The comment `# here` marks the
//! line on which the diagnostic must begin.

use std::collections::BTreeSet;

use proforma::base::diagnostic::Fix;
use proforma::base::{Code, Diagnostics, Severity};
use proforma::check::{self, Checked, Files};
use proforma::engine::Inputs;
use proforma::render::diagnostic;
use proforma::run::Replay;
use proforma::snapshot::{facts, take};

use crate::common::{Memory, Repository, files, root, snapshot};

/// A wrong program, checked.
struct Wrong {
    stage: &'static str,
    name: String,
    code: Code,
    checked: Checked,
    /// What is wrong; for W0312 with what `check --sources` says.
    found: Diagnostics,
}

fn wrong(name: &str, disk: &dyn Files, main: &str) -> Wrong {
    let number = name.split('_').next().unwrap();
    let code = *Code::ALL.iter().find(|c| c.number() == number).unwrap_or_else(|| panic!("{name}: no such code"));
    let (checked, mut found) = examined(disk, main);
    if code == Code::Unsourced {
        let mine = |d: &proforma::base::Diagnostic| {
            checked.sources.get(d.primary.0.source).is_some_and(|file| file.name.starts_with("tests/errors/"))
        };
        found.extend(check::unsourced(&checked).into_iter().filter(mine));
    }
    Wrong { stage: "", name: name.to_owned(), code, checked, found }
}

/// A program checked; its tests run, if it is a file of tests that is well.
fn examined(disk: &dyn Files, main: &str) -> (Checked, Diagnostics) {
    let mut checked = check::check(disk, &[main.to_owned()]);
    let mut found = checked.diagnostics.clone();
    if !main.ends_with(".test") || found.has_errors() {
        return (checked, found);
    }
    for test in &checked.terms.tests {
        let inputs = Inputs::select(&checked.terms, &test.scenarios, test.known_by).unwrap();
        let replay = Replay::new(&checked.terms, &inputs, test.book.as_deref()).unwrap();
        found.extend(take::take(&replay, test).1);
        let accepted = main.replace("main.test", &format!("{}.snap.csv", test.name));
        if let Ok(text) = disk.read(&accepted) {
            found.extend(facts::read(&mut checked.sources, &accepted, &String::from_utf8(text).unwrap()).1);
            checked.files.push(accepted);
        }
    }
    (checked, found)
}

/// The programs of a stage, by name.
fn stage(stage: &'static str) -> Vec<Wrong> {
    let folder = format!("tests/errors/{stage}");
    let mut all: Vec<Wrong> = (files(&folder, "pf").into_iter())
        .chain(files(&folder, "test"))
        .filter_map(|path| {
            let inner = path.strip_prefix(&format!("{folder}/")).unwrap();
            match inner.split_once('/') {
                None => Some(wrong(inner.trim_end_matches(".pf"), &Repository, &path)),
                Some((name, "main.pf" | "main.test")) => Some(wrong(name, &Repository, &path)),
                Some(_) => None,
            }
        })
        .collect();
    all.extend(built().into_iter().filter(|program| program.code.stage() == stage));
    all.iter_mut().for_each(|program| program.stage = stage);
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// Programs that cannot stand in the repository as texts.
fn built() -> Vec<Wrong> {
    // Saved as Latin-1: `é` is the single byte E9. Editors would mend the file when it is saved.
    struct Latin1;
    impl Files for Latin1 {
        fn read(&self, _: &str) -> Result<Vec<u8>, String> {
            Ok(b"# The legal name is French.\nparty Nodes \"Soci\xe9t\xe9 des N\x9cuds\" { currency EUR }\n".to_vec())
        }
        fn glob(&self, _: &str) -> Vec<String> {
            Vec::new()
        }
    }
    // One byte more than 64 MiB.
    let long = "# 64 MiB\n".repeat((64 << 20) / 9 + 1);
    // One file more than 10,000.
    struct Folder;
    impl Files for Folder {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            let root = path == "tests/errors/all.pf";
            Ok(if root { b"# Everything we have.\nuse \"parts/*.pf\"\n".to_vec() } else { Vec::new() })
        }
        fn glob(&self, _: &str) -> Vec<String> {
            (0..10_000).map(|n| format!("tests/errors/parts/p{n:05}.pf")).collect()
        }
    }
    let memory = Memory([("tests/errors/long.pf".to_owned(), long)].into());
    vec![
        wrong("E0101_latin_1", &Latin1, "tests/errors/latin-1.pf"),
        wrong("E0113_too_large", &memory, "tests/errors/long.pf"),
        wrong("E0218_too_many_files", &Folder, "tests/errors/all.pf"),
    ]
}

fn programs() -> &'static [Wrong] {
    static ALL: std::sync::OnceLock<Vec<Wrong>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| ["syntax", "check", "journal", "test"].into_iter().flat_map(stage).collect())
}

#[test]
fn every_code_has_a_program_of_its_stage() {
    for name in ["syntax", "check", "journal", "test"] {
        let shown: BTreeSet<Code> = programs().iter().filter(|p| p.stage == name).map(|p| p.code).collect();
        let of_stage: BTreeSet<Code> = Code::ALL.iter().copied().filter(|c| c.stage() == name).collect();
        let missing: Vec<&Code> = of_stage.difference(&shown).collect();
        assert!(missing.is_empty(), "no program in tests/errors/{name} shows {missing:?}");
        let strange: Vec<&Code> = shown.difference(&of_stage).collect();
        assert!(strange.is_empty(), "not of the stage `{name}`: {strange:?}");
    }
    assert!(Code::ALL.iter().all(|c| ["syntax", "check", "journal", "test"].contains(&c.stage())));
}

#[test]
fn every_program_shows_one_code() {
    let mut wrongs = Vec::new();
    for program in programs() {
        let errors: Vec<String> = program
            .found
            .iter()
            .filter(|d| d.severity == Severity::Error || program.code.severity() == Severity::Warning)
            .map(|d| d.code.number().to_owned())
            .collect();
        if errors != [program.code.number()] {
            let said = diagnostic::diagnostics(&program.checked.sources, &program.found, false);
            wrongs.push(format!("{}: {errors:?}\n{said}", program.name));
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

/// The span begins on the marked line, covers something, and never a whole screen.
#[test]
fn spans_are_where_the_mistake_is() {
    let mut wrongs = Vec::new();
    for program in programs() {
        let Some(found) = program.found.iter().find(|d| d.code == program.code) else { continue };
        let span = found.primary.0;
        let Some(file) = program.checked.sources.get(span.source) else {
            wrongs.push(format!("{}: no file", program.name));
            continue;
        };
        let marked: Vec<String> = program
            .checked
            .sources
            .iter()
            .flat_map(|(_, f)| {
                let lines = (1..).zip(f.text.lines()).filter(|(_, line)| line.contains("# here"));
                lines.map(|(number, _)| format!("{}:{number}", f.name)).collect::<Vec<_>>()
            })
            .collect();
        let place = program.checked.sources.place(span);
        if marked.is_empty() && !file.name.starts_with("tests/errors/") {
            wrongs.push(format!("{}: {place} is in another file", program.name));
        }
        if !marked.is_empty() && !marked.contains(&place) {
            wrongs.push(format!("{}: {place}, not {marked:?}", program.name));
        }
        let text = program.checked.sources.text(span);
        let placeless = [Code::NotUtf8, Code::FileTooLarge].contains(&program.code);
        if text.trim().is_empty() && !placeless && found.primary.1.is_empty() {
            wrongs.push(format!("{}: the span `{text}` covers nothing and has no label", program.name));
        }
        if text.lines().count() > 8 {
            wrongs.push(format!("{}: the span covers {} lines", program.name, text.lines().count()));
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

/// Lower-case, no final stop, and something to do about it.
#[test]
fn messages_are_plain_and_say_what_to_do() {
    let mut wrongs = Vec::new();
    for program in programs() {
        for found in program.found.iter() {
            let first = found.message.chars().next().unwrap_or(' ');
            if first.is_uppercase() || found.message.ends_with('.') || found.message.contains('\n') {
                wrongs.push(format!("{}: {}", program.name, found.message));
            }
            if found.help.is_empty() && found.fixes.is_empty() && found.primary.1.is_empty() {
                wrongs.push(format!("{}: {} does not say what to do", program.name, found.message));
            }
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

/// A text with one of its fixes made.
fn mended(program: &Wrong, fix: &Fix) -> Memory {
    let file = program.checked.sources.get(fix.span.source).unwrap();
    let mut text = file.text.to_string();
    text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
    Memory([(file.name.to_string(), text)].into())
}

/// A fix that is offered mends its mistake and makes no other.
#[test]
fn fixes_mend() {
    let mut wrongs = Vec::new();
    let mut count = 0;
    for program in programs() {
        for found in program.found.iter().filter(|d| d.code == program.code) {
            for fix in &found.fixes {
                count += 1;
                let main = program.checked.files.first().unwrap();
                let (_, again) = examined(&mended(program, fix), main);
                let left: Vec<&str> = again
                    .iter()
                    .filter(|d| d.severity == Severity::Error || d.code == program.code)
                    .map(|d| d.code.number())
                    .collect();
                if !left.is_empty() {
                    wrongs.push(format!("{}: `{}` leaves {left:?}", program.name, fix.text));
                }
            }
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
    assert!(count >= 20, "{count} fixes");
}

fn shown(name: &str) -> String {
    let mut out = String::new();
    for program in programs().iter().filter(|p| p.stage == name) {
        out.push_str(&format!("──── {} ────\n\n", program.name));
        out.push_str(&diagnostic::diagnostics(&program.checked.sources, &program.found, false));
        out.push('\n');
    }
    out
}

#[test]
fn syntax_as_drawn() {
    snapshot("errors_syntax", &shown("syntax"));
}

#[test]
fn check_as_drawn() {
    snapshot("errors_check", &shown("check"));
}

#[test]
fn journal_as_drawn() {
    snapshot("errors_journal", &shown("journal"));
}

#[test]
fn test_as_drawn() {
    snapshot("errors_test", &shown("test"));
}

/// A program in a folder has no neighbour that nobody uses.
#[test]
fn no_file_lies_idle() {
    let used: BTreeSet<&String> = programs().iter().flat_map(|p| &p.checked.files).collect();
    let mut all = files("tests/errors", "pf");
    for ending in ["test", "csv", "beancount", "journal", "dat"] {
        all.extend(files("tests/errors", ending));
    }
    let idle: Vec<&String> = all.iter().filter(|path| !used.contains(path)).collect();
    assert!(idle.is_empty(), "{idle:?} below {}", root().display());
}

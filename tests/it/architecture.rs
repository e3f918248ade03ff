//! The layers of docs/ARCHITECTURE.md, read off the imports.

use std::collections::BTreeMap;

/// For each folder, the folders it may name in `crate::…`. A folder missing here is a mistake.
fn allowed() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        ("base", vec![]),
        ("num", vec![]),
        ("time", vec![]),
        ("syntax", vec!["base", "num", "time"]),
        ("plaintext", vec!["base", "num", "time"]),
        ("pricing", vec!["num", "time"]),
        ("terms", vec!["base", "num", "time", "pricing"]),
        ("check", vec!["base", "num", "time", "syntax", "plaintext", "pricing", "terms"]),
        ("ledger", vec!["num", "time", "terms"]),
        ("engine", vec!["base", "num", "time", "pricing", "terms", "ledger"]),
        ("recognise", vec!["base", "num", "time", "terms", "ledger", "engine"]),
        ("run", vec!["base", "num", "time", "terms", "ledger", "engine", "recognise"]),
        ("report", vec!["base", "num", "time", "pricing", "terms", "ledger", "engine", "recognise", "run"]),
        ("explain", vec!["base", "num", "time", "terms", "ledger", "engine", "recognise", "run", "report"]),
        ("snapshot", vec!["base", "num", "time", "terms", "run", "report", "explain"]),
        ("render", vec!["base", "num", "time", "terms", "engine", "report", "explain", "snapshot"]),
        (
            "cli",
            vec![
                "base", "num", "time", "syntax", "terms", "check", "engine", "run", "report", "explain", "snapshot",
                "render",
            ],
        ),
    ])
}

fn sources() -> Vec<(String, String, String)> {
    crate::common::files("src", "rs")
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(crate::common::root().join(&path)).unwrap();
            let folder = path.trim_start_matches("src/").split(['/', '.']).next().unwrap().to_owned();
            (path, folder, text)
        })
        .filter(|(path, ..)| path != "src/lib.rs" && path != "src/main.rs")
        .collect()
}

/// Code without comments and without the tests at the end of a file.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn folders_name_only_what_they_may() {
    let allowed = allowed();
    let mut seen = 0;
    for (path, folder, text) in sources() {
        let may = allowed.get(folder.as_str()).unwrap_or_else(|| panic!("{path}: folder `{folder}` has no layer"));
        for rest in code(&text).split("crate::").skip(1) {
            let named: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if named.is_empty() || rest.starts_with('{') {
                continue;
            }
            seen += 1;
            assert!(named == folder || may.contains(&named.as_str()), "{path} names crate::{named}");
        }
        assert!(
            !code(&text).contains("use crate::{"),
            "{path}: one `use crate::…` per folder, so that this test sees it"
        );
    }
    assert!(seen > 200, "{seen} imports seen");
}

/// Some knowledge has one home.
#[test]
fn some_words_have_one_home() {
    let homes: &[(&str, &[&str])] = &[
        ("im::", &["src/ledger/persistent.rs"]),
        ("rust_decimal", &["src/num"]),
        ("jiff::", &["src/time"]),
        ("annotate_snippets", &["src/render/diagnostic.rs"]),
        ("std::fs", &["src/cli"]),
        ("std::env", &["src/cli"]),
        ("tempfile", &["src/cli"]),
        ("clap", &["src/cli"]),
        ("libm::", &["src/pricing"]),
        ("chacha20::", &["src/pricing/simulation.rs"]),
        ("rand_distr::", &["src/pricing/simulation.rs"]),
    ];
    for (path, _, text) in sources() {
        for (word, places) in homes {
            let found = code(&text).match_indices(word).any(|(at, _)| {
                let code = code(&text);
                !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            });
            assert!(!found || places.iter().any(|p| path.starts_with(p)), "{path} names `{word}`");
        }
    }
}

/// Recognition reads outcomes, not the engine; the engine knows no book.
#[test]
fn recognition_reads_outcomes_only() {
    for (path, folder, text) in sources() {
        let code = code(&text);
        if folder == "recognise" {
            for rest in code.split("crate::engine::").skip(1) {
                let fits = ["{Act, Outcome}", "Act", "Outcome", "outcome::"].iter().any(|w| rest.starts_with(w));
                assert!(fits, "{path} reads more of the engine than its outcomes");
            }
        }
        if folder == "engine" {
            assert!(!code.contains("Book"), "{path} knows books");
        }
        if folder == "ledger" {
            for rest in code.split("crate::terms::").skip(1) {
                assert!(rest.starts_with("{Basis, LineId}"), "{path} knows more of the terms than lines");
            }
        }
    }
}

/// No binary floats outside the models of fair value, and one way in and out.
#[test]
fn no_binary_floats() {
    for (path, folder, text) in sources() {
        if folder == "pricing" || path == "src/num/real.rs" {
            continue;
        }
        for word in ["f64", "f32"] {
            let code = code(&text);
            let found = code.match_indices(word).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let after = code[at + 3..].chars().next();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                    && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
            });
            assert!(!found, "{path} uses {word}");
        }
    }
}

#[test]
fn no_source_file_is_too_long() {
    let mut lengths: Vec<usize> = Vec::new();
    for (path, _, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 500, "{path} has {lines} lines");
        lengths.push(lines);
    }
    lengths.sort_unstable();
    assert!(lengths[lengths.len() / 2] <= 200, "median {}", lengths[lengths.len() / 2]);
}

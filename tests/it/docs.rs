//! The documentation runs: every block of the language reference checks, the README shows real output, the list of codes
//! is the one in the program.

use std::collections::BTreeMap;
use std::process::Command;

use crate::common::{Memory, root};
use proforma::base::Severity;
use proforma::check;

/// Fenced blocks of a page: the words after the fence, the first line, the text.
fn blocks(page: &str) -> Vec<(String, usize, String)> {
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    let mut found = Vec::new();
    let mut open: Option<(String, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.trim().to_owned(), number + 1, String::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((.., body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

#[test]
fn every_block_of_the_language_reference_checks() {
    let (mut right, mut wrong) = (0, 0);
    for (info, line, body) in blocks("docs/LANGUAGE.md") {
        let mut words = info.split_whitespace();
        let kind = words.next().unwrap_or_default();
        if !matches!(kind, "pf" | "pf-error") {
            continue;
        }
        let files = Memory(BTreeMap::from([("docs/block.pf".to_owned(), body)]));
        let checked = check::check(&files, &["docs/block.pf".to_owned()]);
        let codes: Vec<String> = checked.diagnostics.iter().map(|d| d.code.to_string()).collect();
        if kind == "pf" {
            let errors: Vec<String> = checked
                .diagnostics
                .iter()
                .filter(|d| d.severity == Severity::Error)
                .map(|d| format!("{} {}", d.code, d.message))
                .collect();
            assert!(errors.is_empty(), "LANGUAGE.md:{line}: {errors:?}");
            right += 1;
        } else {
            let expected = words.next().unwrap_or_default();
            assert!(codes.iter().any(|c| c == expected), "LANGUAGE.md:{line}: {expected} expected, found {codes:?}");
            wrong += 1;
        }
    }
    assert!(right >= 8 && wrong >= 10, "{right} blocks, {wrong} wrong ones");
}

/// Runs what a README block shows after `$ ` and compares what it prints.
#[test]
fn the_readme_shows_real_output() {
    assert!(shown("README.md") >= 3);
}

/// The same of the cookbook, whose commands may write below `target` for those after them.
#[test]
fn the_cookbook_shows_real_output() {
    std::fs::create_dir_all(root().join("target")).unwrap();
    assert!(shown("docs/COOKBOOK.md") >= 10);
}

/// How many outputs of a page were compared. What is no command of ours is run by the shell.
fn shown(page: &str) -> usize {
    let mut shown = 0;
    for (info, line, body) in blocks(page) {
        if info != "console" {
            continue;
        }
        let mut lines = body.lines();
        let command = lines.next().and_then(|l| l.strip_prefix("$ ")).unwrap_or_else(|| panic!("{page}:{line}"));
        let expected = lines.collect::<Vec<_>>().join("\n");
        let ours = command.contains("proforma ") || command.starts_with("cargo run");
        if page != "README.md" && !ours {
            let done = Command::new("sh").args(["-c", command]).current_dir(root()).status().unwrap();
            assert!(done.success(), "{page}:{line}: {command}");
            continue;
        }
        if expected.is_empty() && page == "README.md" {
            continue;
        }
        let words = command.split_once("proforma ").map_or(command, |(_, rest)| rest);
        let words = words.strip_prefix("run --release -- ").unwrap_or(words);
        let words = words.strip_prefix("cargo run --release -- ").unwrap_or(words);
        let output = Command::new(env!("CARGO_BIN_EXE_proforma"))
            .args(shell(words))
            .current_dir(root())
            .env_remove("CI")
            .env_remove("GITHUB_ACTIONS")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
        let expected: Vec<&str> = expected.lines().map(str::trim_end).collect();
        assert_eq!(masked(&printed.join("\n")), masked(&expected.join("\n")), "{page}:{line}: {command}");
        shown += 1;
    }
    shown
}

/// Words of a command line, with single quotes.
fn shell(words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (index, part) in words.split('\'').enumerate() {
        if index % 2 == 1 {
            found.push(part.to_owned());
        } else {
            found.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    found
}

/// Without the digits after `inputs`, which change with every file a page reads: they say no more than that it did.
fn masked(page: &str) -> String {
    let mut parts = page.split("inputs ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, part| {
        let hex = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        format!("{page}inputs {}", if hex == 8 { &part[hex..] } else { part })
    })
}

/// `docs/ERRORS.md` is generated; `PROFORMA_WRITE=1 cargo test` writes it.
#[test]
fn the_list_of_codes_is_current() {
    let path = root().join("docs/ERRORS.md");
    let generated = proforma::render::errors_doc::errors();
    if std::env::var_os("PROFORMA_WRITE").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        generated,
        "run PROFORMA_WRITE=1 cargo test --test it codes"
    );
}

/// Links between pages, and to files of the repository, lead somewhere.
#[test]
fn links_lead_somewhere() {
    for page in crate::common::files("docs", "md").into_iter().chain(["README.md".to_owned()]) {
        let text = std::fs::read_to_string(root().join(&page)).unwrap();
        let folder = root().join(&page).parent().unwrap().to_path_buf();
        for part in text.split("](").skip(1) {
            let target = part.split(')').next().unwrap().split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                assert!(folder.join(target).exists(), "{page} links to {target}");
            }
        }
    }
}

/// Snapshots that no test compares any more are removed, and none waits to be accepted.
#[test]
fn no_snapshot_is_orphaned() {
    let tests: String = crate::common::files("tests/it", "rs")
        .iter()
        .map(|path| std::fs::read_to_string(root().join(path)).unwrap())
        .collect();
    for entry in std::fs::read_dir(root().join("snapshots")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        // Those of `tests/*.test` are looked after by `proforma test run --ci`.
        if name.ends_with(".snap.csv") || name == "LOG.md" {
            continue;
        }
        let stem = name.strip_suffix(".snap").unwrap_or_else(|| panic!("{name} waits to be accepted"));
        let of_ledger = stem.strip_prefix("facts_").is_some_and(|rest| {
            crate::common::files("ledgers", "ledger")
                .iter()
                .any(|l| l.trim_start_matches("ledgers/").trim_end_matches(".ledger").replace(['/', '-'], "_") == rest)
        });
        assert!(
            of_ledger || tests.contains(&format!("\"{stem}\"")) || stem.starts_with("errors_"),
            "{name} has no test"
        );
    }
}

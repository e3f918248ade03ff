//! What stood at the end of a day, and findings that are a no.

use std::process::Command;

use crate::common::root;

/// What a command prints, and its exit code.
fn said(words: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_proforma")).args(words).current_dir(root()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

/// In the invented example 0.20 GW of fiscal 2027-Q1 and 0.35 GW of 2027-05-14 have passed by the end of May: 3,000m and
/// 5,250m at 15bn a GW. Of T2 0.55 of a gigawatt is earned, 0.55 × 2,788m = 1,533.4m; 2.15 GW come to 1.55 GW by then.
#[test]
fn a_report_stands_on_its_day() {
    let mockup = "rules/examples/mockup.pf";
    let (revenue, _, code) = said(&["report", "revenue", mockup, "--entity", "AMD", "--as-of", "2027-05-31"]);
    assert_eq!(code, Some(0));
    let row = |label: &str| {
        let line = revenue.lines().find(|line| line.trim_start().starts_with(label));
        line.unwrap_or_else(|| panic!("{label}\n{revenue}"))
            .split_whitespace()
            .rev()
            .take(3)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(row("At contract price"), ["8,250.00", "5,250.00", "3,000.00"]);
    assert_eq!(row("Contra-revenue"), ["(1,533.40)", "(975.80)", "(557.60)"]);
    let (run, _, _) = said(&["run", mockup, "--as-of", "2027-05-31"]);
    assert!(run.contains("delivered 1.55 of 2 GW"), "{run}");
    // What became known in October stays known: the day is that of the state, not of the knowledge.
    assert!(run.contains("known by 2027-10-20"), "{run}");
    let (_, why, code) = said(&["facts", mockup, "--as-of", "2027-05-31"]);
    assert_eq!(code, Some(2));
    assert!(why.contains("--to"), "{why}");
}

/// OpenAI's invented cash ends in November 2027 (docs/COOKBOOK.md shows the report); AMD's does not.
#[test]
fn findings_are_a_no() {
    let cash = "ledgers/examples/mockup-cash.ledger";
    let (_, found, code) = said(&["report", "cash", cash, "--entity", "OpenAI", "--fail-on", "gap"]);
    assert_eq!((code, found.trim()), (Some(1), "found: gap: the cash of OpenAI is not enough on 2027-11-08"));
    let (_, found, code) = said(&["run", cash, "--entity", "OpenAI", "-p", "2027-Q3", "--fail-on", "gap,refused"]);
    assert_eq!((code, found.trim()), (Some(0), ""));
    let (_, found, code) = said(&["run", cash, "--fail-on", "undisclosed", "-q"]);
    assert_eq!(code, Some(1));
    assert!(found.contains("found: undisclosed: amd_meta.instinct.price"), "{found}");
    let lawful = ["run", "rules/deals/nvidia-openai.pf", "-s", "only_definitive", "--fail-on", "excluded", "-q"];
    let (_, found, code) = said(&lawful);
    assert_eq!(code, Some(1), "{found}");
    assert!(found.contains("left out by the scenario"), "{found}");
    assert_eq!(said(&["check", cash, "--fail-on", "gap"]).2, Some(2));
}

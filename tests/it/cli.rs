//! The program from outside: exit codes, streams, files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::root;

fn proforma(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_proforma")).args(args).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder with one small contract and its ledger.
fn project(name: &str, ledger: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("proforma-it-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("rules")).unwrap();
    std::fs::create_dir_all(folder.join("ledgers")).unwrap();
    std::fs::copy(root().join("rules/books/us-gaap.pf"), folder.join("us-gaap.pf")).unwrap();
    std::fs::write(
        folder.join("rules/a.pf"),
        "use \"../us-gaap.pf\"\n\
         party S \"Seller\" { currency USD; class common; book us_gaap }\n\
         party B \"Buyer\" { currency USD; book us_gaap }\n\
         contract c \"Supply\" between S as seller, B as buyer {\n  signed 2026-01-05\n  \
         supply goods { 3 GW definitive firm; price 2m USD/GW; pays rest on delivery; control passes at delivery }\n}\n",
    )
    .unwrap();
    std::fs::write(folder.join("ledgers/a.ledger"), ledger).unwrap();
    folder
}

#[test]
fn well_is_silent_and_zero() {
    let folder = project("well", "2026-02-02 deliver c.goods 1 GW\n");
    let output = proforma(&folder, &["check", "rules/a.pf"]);
    assert_eq!((output.status.code(), out(&output).as_str(), err(&output).as_str()), (Some(0), "", ""));
}

#[test]
fn wrong_text_is_two_and_on_stderr() {
    let folder = project("wrong", "2026-02-02 delver c.goods 1 GW\n");
    let output = proforma(&folder, &["run", "rules/a.pf"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(out(&output), "");
    assert!(err(&output).contains("E0401") && err(&output).contains("deliver"), "{}", err(&output));
    for args in [
        &["run", "rules/missing.pf"][..],
        &["run", "rules/a.pf", "-s", "nowhere"],
        &["report", "nothing", "rules/a.pf"],
        &["bake"],
    ] {
        let output = proforma(&folder, args);
        assert_eq!(output.status.code(), Some(2), "{args:?} {}", err(&output));
        assert!(!err(&output).is_empty() && out(&output).is_empty(), "{args:?}");
    }
}

#[test]
fn a_failed_assertion_is_one_and_the_report_still_prints() {
    let folder = project("claim", "2026-02-02 deliver c.goods 1 GW\nassert S.revenue[c.goods] in 2026-Q1 = 3m USD\n");
    let output = proforma(&folder, &["run", "rules/a.pf"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(out(&output).contains("2.00"), "{}", out(&output));
    assert!(err(&output).contains("2000000") && err(&output).contains("3000000"), "{}", err(&output));
}

#[test]
fn a_refusal_is_said_and_counts_only_when_strict() {
    let folder = project("refused", "2026-02-02 deliver c.goods 4 GW\n");
    let output = proforma(&folder, &["run", "rules/a.pf"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("R06"), "{}", err(&output));
    assert_eq!(proforma(&folder, &["run", "rules/a.pf", "--strict"]).status.code(), Some(1));
}

#[test]
fn formatting_is_checked_and_written_whole() {
    let folder = project("format", "2026-02-02   deliver c.goods 1 GW   # kept\n");
    let before = std::fs::read_to_string(folder.join("ledgers/a.ledger")).unwrap();
    assert_eq!(proforma(&folder, &["fmt", "--check", "ledgers/a.ledger"]).status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(folder.join("ledgers/a.ledger")).unwrap(), before);
    assert_eq!(proforma(&folder, &["fmt", "ledgers/a.ledger"]).status.code(), Some(0));
    let after = std::fs::read_to_string(folder.join("ledgers/a.ledger")).unwrap();
    assert_eq!(after, "2026-02-02 deliver c.goods 1 GW  # kept\n");
    assert_eq!(proforma(&folder, &["fmt", "--check", "ledgers/a.ledger"]).status.code(), Some(0));
    let left: Vec<_> = std::fs::read_dir(folder.join("ledgers")).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file stays behind");
}

#[test]
fn output_goes_where_it_is_asked() {
    let folder = project("output", "2026-02-02 deliver c.goods 1 GW\n");
    let output = proforma(&folder, &["facts", "rules/a.pf", "-O", "csv"]);
    let text = out(&output);
    assert!(text.starts_with("entity,counterparty,period,measure,item,value,unit,binding,basis\n"), "{text}");
    assert!(text.contains("S,B,2026-Q1,revenue,c.goods,2000000,USD,definitive,actual"), "{text}");
    assert_eq!(proforma(&folder, &["facts", "rules/a.pf", "-o", "facts.csv"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(folder.join("facts.csv")).unwrap(), text);
    let json = out(&proforma(&folder, &["report", "revenue", "rules/a.pf", "--json"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["version"], 1);
    let nowhere = proforma(&folder, &["facts", "rules/a.pf", "-o", "no/such/folder/facts.csv"]);
    assert_eq!(nowhere.status.code(), Some(2), "{}", err(&nowhere));
}

/// What was known on a day is what a ledger that ends there gives.
#[test]
fn known_by_replays_the_past() {
    let both = "2026-02-02 deliver c.goods 1 GW\n2026-02-10 known 2026-03-03 deliver c.goods 1 GW\n";
    let folder = project("known", both);
    let then = out(&proforma(&folder, &["facts", "rules/a.pf", "--known-by", "2026-03-02"]));
    std::fs::write(folder.join("ledgers/a.ledger"), "2026-02-02 deliver c.goods 1 GW\n").unwrap();
    assert_eq!(then, out(&proforma(&folder, &["facts", "rules/a.pf"])));
}

/// Every checked-in file is formatted and checks.
#[test]
fn the_repository_is_formatted_and_checks() {
    let output = proforma(&root(), &["fmt", "--check", "rules", "ledgers"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    for file in crate::common::files("rules", "pf") {
        let output = proforma(&root(), &["check", &file]);
        assert_eq!(output.status.code(), Some(0), "{file}: {}", err(&output));
    }
}

/// Contracts of real companies rest on sources or named assumptions, value by value.
#[test]
fn deals_name_their_sources() {
    for file in crate::common::files("rules/deals", "pf") {
        let output = proforma(&root(), &["check", "--sources", &file]);
        assert_eq!(output.status.code(), Some(0), "{file}: {}{}", out(&output), err(&output));
    }
}

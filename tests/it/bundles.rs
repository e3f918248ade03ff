//! `proforma bundle` and `proforma verify`: one file with a run in it, made again elsewhere fact by fact.

use std::path::Path;

use crate::cli::{err, out, proforma, project};

fn bundled(folder: &Path, name: &str, more: &[&str]) -> String {
    let output = proforma(folder, &[&["bundle", "rules/a.pf", "-o", name], more].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    err(&output)
}

/// A bundle is verified in an empty folder, by nothing but itself; the same run makes the same bytes; whatever is changed in
/// it is found, and a fact that comes out otherwise is named.
#[test]
fn a_bundle_is_made_again_elsewhere() {
    let folder = project("bundle", "2026-02-02 deliver c.goods 1 GW\n2026-05-04 deliver c.goods 1 GW\n");
    let said = bundled(&folder, "q.zip", &["-p", "2026-Q1", "--entity", "S"]);
    assert!(said.contains("3 files, 1 contracts") && said.contains("sha256 "), "{said}");
    bundled(&folder, "again.zip", &["-p", "2026-Q1", "--entity", "S"]);
    let bytes = std::fs::read(folder.join("q.zip")).unwrap();
    assert_eq!(bytes, std::fs::read(folder.join("again.zip")).unwrap());
    let elsewhere = folder.join("elsewhere");
    std::fs::create_dir_all(&elsewhere).unwrap();
    std::fs::rename(folder.join("q.zip"), elsewhere.join("q.zip")).unwrap();
    let verified = proforma(&elsewhere, &["verify", "q.zip"]);
    assert_eq!(verified.status.code(), Some(0), "{}", err(&verified));
    // What was bundled are the facts of the quarter alone: `facts` with the same options.
    let facts = out(&proforma(&folder, &["facts", "rules/a.pf", "-p", "2026-Q1", "--entity", "S"]));
    let count = facts.lines().count() - 1;
    assert!(out(&verified).contains(&format!("every one of {count} facts is the same")), "{}", out(&verified));
    for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 70, bytes.len() - 1] {
        let mut other = bytes.clone();
        if let Some(byte) = other.get_mut(at) {
            *byte ^= 1;
        }
        std::fs::write(elsewhere.join("other.zip"), other).unwrap();
        let output = proforma(&elsewhere, &["verify", "other.zip"]);
        assert!(matches!(output.status.code(), Some(1 | 2)), "byte {at}: {}", out(&output));
    }
    for (args, said) in [
        (&["bundle", "rules/a.pf"][..], "name it with -o"),
        (&["verify", "nothing.zip"], "there is no such file"),
        (&["verify", "rules/a.pf"], "B01"),
        (&["bundle", "rules/a.pf", "-o", "no/such/folder/q.zip"], "there is no such"),
    ] {
        let output = proforma(&folder, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(said), "{args:?}: {}", err(&output));
    }
}

/// Two models: the price 2m became 3m, and a delivery of the second quarter became known. Q1: 1 GW × 1m by the price. Q2: the
/// delivery, 2m at the old price (the ledger stands before the rules), and 1m by the price.
#[test]
fn two_bundles_are_compared_cause_by_cause() {
    let folder = project("bundles", "2026-02-02 deliver c.goods 1 GW\n");
    bundled(&folder, "q1.zip", &["-p", "2026-Q1"]);
    let rules = std::fs::read_to_string(folder.join("rules/a.pf")).unwrap();
    std::fs::write(folder.join("rules/a.pf"), rules.replace("price 2m USD/GW", "price 3m USD/GW")).unwrap();
    let ledger = "2026-02-02 deliver c.goods 1 GW\n2026-05-04 deliver c.goods 1 GW\n";
    std::fs::write(folder.join("ledgers/a.ledger"), ledger).unwrap();
    bundled(&folder, "q2.zip", &["-p", "2026-Q2"]);
    let output = proforma(&folder, &["diff", "q1.zip", "q2.zip", "--by-cause", "--entity", "S", "-O", "csv"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let text = out(&output);
    let moved = |cause: &str, measure: &str, quarter: &str| -> String {
        let cells = |line: &&str| line.contains("Because of") && line.contains(cause);
        let rows: Vec<&str> = text.lines().filter(cells).collect();
        // Each row is written a cell a line: the line number is the sixth field from `Because of`.
        let lines = |cell: &str| rows.iter().filter(|line| line.contains(cell)).count();
        assert!(lines(&format!("Fact,{measure},")) > 0 && lines(&format!("Quarter,{quarter},")) > 0, "{rows:#?}");
        rows.join("\n")
    };
    assert!(moved("price 3m USD/GW", "revenue", "2026-Q1").contains("Difference,1000000,USD"));
    assert!(moved("2026-05-04 deliver", "revenue", "2026-Q2").contains("Difference,2000000,USD"));
    assert!(text.contains("unexplained: nothing"), "{text}");
    // The same model under another option: that is the cause.
    bundled(&folder, "early.zip", &["--known-by", "2026-03-01"]);
    let output = proforma(&folder, &["diff", "early.zip", "q2.zip", "--why", "S.revenue in 2026-Q2"]);
    assert!(out(&output).contains("known by 2026-03-01") && out(&output).contains("3,000,000.00"), "{}", out(&output));
}

/// A period is issued with a hash of its facts. What becomes known later leaves it alone; a rule that is changed does not.
#[test]
fn a_period_is_issued_with_a_hash_that_later_facts_leave_alone() {
    let folder = project("close", "2026-02-02 d1: deliver c.goods 1 GW");
    let close = |args: &[&str]| proforma(&folder, &[&["close"], args].concat());
    let ledger = || std::fs::read_to_string(folder.join("ledgers/a.ledger")).unwrap();
    let before = ledger();
    let dry = close(&["2026-Q1", "rules/a.pf", "--entity", "S", "--on", "2026-04-20", "--dry-run"]);
    assert_eq!(dry.status.code(), Some(0), "{}", err(&dry));
    assert!(out(&dry).starts_with("2026-04-20 close S 2026-Q1 \"issued: ") && ledger() == before, "{}", out(&dry));
    for (args, said) in [
        (&["2026-Q1", "rules/a.pf", "--entity", "S"][..], "on which day"),
        (&["2026-Q1", "rules/a.pf", "--on", "2026-04-20"], "whose period?"),
        (&["2026-Q1", "rules/a.pf", "--entity", "S", "--on", "2026-03-31"], "issued after that"),
        (&["rules/a.pf", "--entity", "S", "--on", "2026-04-20"], "is no period"),
        (&["2026-Q1", "rules/a.pf", "--entity", "S", "--on", "2026-04-20", "-s", "base"], "leave `--known-by`"),
    ] {
        let output = close(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(said) && ledger() == before, "{args:?}: {}", err(&output));
    }
    let done = close(&["2026-Q1", "rules/a.pf", "--entity", "S", "--on", "2026-04-20"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert_eq!(ledger(), format!("{before}\n{}", out(&dry)));
    // Once more is refused, and nothing is written.
    let issued = ledger();
    let twice = close(&["2026-Q1", "rules/a.pf", "--entity", "S", "--on", "2026-04-21"]);
    assert_eq!((twice.status.code(), ledger()), (Some(2), issued.clone()), "{}", err(&twice));
    let check = || close(&["--check", "rules/a.pf"]);
    assert!(check().status.code() == Some(0) && out(&check()).contains("as issued"), "{}", out(&check()));
    // Late news goes to its own day.
    std::fs::write(folder.join("ledgers/a.ledger"), issued + "2026-03-30 known 2026-05-04 deliver c.goods 1 GW\n")
        .unwrap();
    assert_eq!(check().status.code(), Some(0), "{}", out(&check()));
    // A rule that is changed in silence is found.
    let rules = std::fs::read_to_string(folder.join("rules/a.pf")).unwrap();
    std::fs::write(folder.join("rules/a.pf"), rules.replace("2m USD/GW", "3m USD/GW")).unwrap();
    assert!(check().status.code() == Some(1) && out(&check()).contains("NOT as issued"), "{}", out(&check()));
}

/// What nobody reads, what a scenario does in vain, and what is refused; each with its place.
#[test]
fn a_project_is_looked_over() {
    let folder = project("doctor", "2026-02-02 d: deliver c.goods 1 GW\n2026-05-05 deliver c.goods 9 GW\n");
    let rules = std::fs::read_to_string(folder.join("rules/a.pf")).unwrap()
        + "assume spare = 3 \"nobody reads it\"\nscenario idle \"in vain\" from base { set spare = 4 }\n\
           source nobody \"A page that nobody cites\" dated 2026-01-02 grade primary\n";
    std::fs::write(folder.join("rules/a.pf"), rules).unwrap();
    let output = proforma(&folder, &["doctor", "rules/a.pf"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let text = out(&output);
    for said in [
        "rules/a.pf:8: assumption `spare`",
        "idle: changes nothing that is read",
        "nobody “A page that nobody cites”",
        "ledgers/a.ledger:2: R06",
        "rules/a.pf: 10 lines",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let well = proforma(&crate::common::root(), &["doctor", "rules/examples/mockup.pf"]);
    assert_eq!(well.status.code(), Some(0), "{}", out(&well));
}

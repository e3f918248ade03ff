//! `proforma test`: facts against what was accepted, through the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::common::root;

const PROGRAM: &str = env!("CARGO_BIN_EXE_proforma");

/// The program, outside whatever runs the tests.
fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args).current_dir(folder).env("NO_COLOR", "1").stdin(Stdio::null());
    for name in ["CI", "GITHUB_ACTIONS", "COLUMNS", "GIT_DIR", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command
}

/// What it says on stdout and stderr, with its exit code.
#[track_caller]
fn says(folder: &Path, args: &[&str], code: i32) -> (String, String) {
    said(&command(folder, args).output().unwrap(), args, code)
}

#[track_caller]
fn said(output: &Output, args: &[&str], code: i32) -> (String, String) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{err}");
    assert!(!err.contains("internal error"), "{err}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    (out.into_owned(), err.into_owned())
}

/// An empty folder.
fn empty(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("proforma-accepted-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A new project whose test is about this text, with nothing accepted yet. 4 racks at 3m are 12m; T1 is given for them:
/// 400,000 shares at 5 USD are 2m.
fn project(name: &str, test: &str) -> PathBuf {
    let folder = empty(name);
    says(&folder, &["new", "p"], 0);
    let folder = folder.join("p");
    std::fs::remove_dir_all(folder.join("snapshots")).unwrap();
    std::fs::write(folder.join("tests/q2.test"), format!("use \"../rules/racks.pf\"\n\n{test}")).unwrap();
    folder
}

const CLOSE: &str = "test close \"the quarter\" {\n  period 2026-Q2\n  entity Maker\n  \
                     keep revenue, contra_revenue, vested\n}\n";

fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let text = read(folder, file);
    assert!(text.contains(from), "{file} has no {from}");
    std::fs::write(folder.join(file), text.replace(from, to)).unwrap();
}

fn read(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Names and contents of the folder of results.
fn results(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder.join("snapshots")).into_iter().flatten();
    let mut all: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .map(|name| (name.clone(), read(folder, &format!("snapshots/{name}"))))
        .collect();
    all.sort();
    all
}

fn accept(folder: &Path) {
    says(folder, &["test", "run"], 1);
    says(folder, &["test", "accept", "--by", "m.ortiz", "--reason", "as agreed", "--on", "2026-07-03"], 0);
}

const ACCEPTED: &str = "entity,period,measure,detail,value,unit,status\n\
                        Maker,2026-Q2,contra_revenue,racks.growth.T1,2000000,USD,actual\n\
                        Maker,2026-Q2,revenue,racks.systems,12000000,USD,actual\n\
                        Maker,2026-Q2,vested,racks.growth.T1,400000,shares,actual\n";

/// The tests of this repository: nothing in it moves unseen.
#[test]
fn the_repository_is_as_accepted() {
    let (out, _) = says(&root(), &["test", "run", "--ci"], 0);
    assert!(out.contains("as accepted"), "{out}");
}

/// From nothing to an accepted result, and the record of it.
#[test]
fn a_first_result_is_accepted_with_a_reason() {
    let folder = project("first", CLOSE);
    let (out, err) = says(&folder, &["test", "run"], 1);
    assert_eq!(
        out,
        "close: 3 facts, none accepted yet\n  see them: proforma test diff close\n\
         1 test: 1 not accepted yet; 4 assertions hold\nto decide: proforma test review\n"
    );
    assert_eq!(err, "");
    assert_eq!(results(&folder), [("close.snap.csv.new".to_owned(), ACCEPTED.to_owned())]);
    assert_eq!(says(&folder, &["test", "pending"], 1).0, "snapshots/close.snap.csv.new\n");
    let (_, err) = says(&folder, &["test", "accept", "--by", "m.ortiz"], 2);
    assert!(err.contains("`close` needs a reason: 3 facts of it have moved"), "{err}");
    assert_eq!(results(&folder).len(), 1);
    says(&folder, &["test", "accept", "--by", "m.ortiz", "--reason", "PO-1 | signed\n# now", "--on", "2026-07-03"], 0);
    let log = "# What was accepted, by whom and why\n\n## close, by m.ortiz, 2026-07-03\n\nPO-1 \\| signed # now\n\n\
               The first result, 3 facts.\n";
    let after = [("LOG.md".to_owned(), log.to_owned()), ("close.snap.csv".to_owned(), ACCEPTED.to_owned())];
    assert_eq!(results(&folder), after);
    // Again and again: the same bytes, and nothing is written.
    for args in [&["test", "run"][..], &["test", "run", "--ci"], &["test", "diff"], &["test", "accept", "--by", "x"]] {
        says(&folder, args, 0);
        assert_eq!(results(&folder), after);
    }
    assert_eq!(says(&folder, &["test", "run"], 0).0, "1 test: 1 as accepted; 4 assertions hold\n");
    assert_eq!(says(&folder, &["test", "review"], 0).0, "nothing differs from what was accepted\n");
    assert_eq!(says(&folder, &["test", "pending"], 0).0, "");
}

/// An edit of one line: what it moves, what it costs to accept, and the record.
#[test]
fn what_differs_waits_until_somebody_decides() {
    let folder = project("differs", CLOSE);
    accept(&folder);
    let before = results(&folder);
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    edit(&folder, "ledgers/racks.ledger", "in 2026-Q2 = 2m USD", "in 2026-Q2 = 2.4m USD");
    let (out, _) = says(&folder, &["test", "run"], 1);
    assert!(out.starts_with("close: 1 fact differs of 3 kept, 1 needs a reason\n"), "{out}");
    assert!(
        out.contains(
            "  Maker.contra_revenue[racks.growth.T1] in 2026-Q2\n      2,000,000 → 2,400,000 USD, +400,000, +20%\n"
        ),
        "{out}"
    );
    let pending = ACCEPTED.replace(",2000000,", ",2400000,");
    assert_eq!(read(&folder, "snapshots/close.snap.csv.new"), pending);
    assert_eq!(read(&folder, "snapshots/close.snap.csv"), ACCEPTED);
    // `diff` says the same and writes nothing.
    let here = results(&folder);
    assert!(says(&folder, &["test", "diff", "close"], 1).0.contains("2,000,000 → 2,400,000 USD"));
    assert_eq!(results(&folder), here);
    // What waits is what was looked at: after another edit it is not accepted.
    edit(&folder, "rules/racks.pf", "fair value 6 USD/share", "fair value 7 USD/share");
    let (_, err) = says(&folder, &["test", "accept", "--by", "x", "--reason", "y"], 2);
    assert!(err.contains("not what the test gives now"), "{err}");
    assert_eq!(results(&folder), here);
    says(&folder, &["test", "reject"], 0);
    assert_eq!(results(&folder), before);
    edit(&folder, "rules/racks.pf", "fair value 7 USD/share", "fair value 6 USD/share");
    accept(&folder);
    assert_eq!(read(&folder, "snapshots/close.snap.csv"), pending);
    let log = read(&folder, "snapshots/LOG.md");
    assert!(log.starts_with(&before[0].1), "the record is only appended to: {log}");
    let line = "| Maker.contra_revenue[racks.growth.T1] in 2026-Q2 | 2000000 USD, actual | 2400000 USD, actual | ";
    assert!(log.contains(line) && log.contains("\n## close, by m.ortiz, 2026-07-03\n\nas agreed\n"), "{log}");
    // Back to what was accepted before the run: what waited is gone.
    edit(&folder, "rules/racks.pf", "fair value 6 USD/share", "fair value 8 USD/share");
    says(&folder, &["test", "run"], 1);
    edit(&folder, "rules/racks.pf", "fair value 8 USD/share", "fair value 6 USD/share");
    says(&folder, &["test", "run"], 0);
    assert_eq!(says(&folder, &["test", "pending"], 0).0, "");
}

/// Within its tolerance a fact passes and is told; it is measured from what was accepted, and that stays as it is.
#[test]
fn drift_does_not_add_up_unseen() {
    let test = CLOSE.replace("vested\n", "vested\n  within 0.5m USD for money\n  exact shares\n");
    let folder = project("drift", &test);
    accept(&folder);
    std::fs::write(folder.join("ledgers/racks.ledger"), read(&folder, "ledgers/racks.ledger").replace("assert", "# "))
        .unwrap();
    // 400,000 shares at 6 USD: 0.4m more.
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    let before = results(&folder);
    let (out, _) = says(&folder, &["test", "run", "--ci"], 0);
    let told = "close: 3 facts as accepted; 1 fact drifted within tolerance, largest 400,000\n  USD\n";
    assert!(out.starts_with(told), "{out}");
    assert_eq!(results(&folder), before);
    // At 7 USD it is 0.8m more than was accepted, though only 0.4m more than the last run.
    edit(&folder, "rules/racks.pf", "fair value 6 USD/share", "fair value 7 USD/share");
    assert!(says(&folder, &["test", "run"], 1).0.contains("2,000,000 → 2,800,000 USD, +800,000, +40%"));
    // Another fact is accepted: the one that drifted keeps its accepted value.
    edit(&folder, "rules/racks.pf", "fair value 7 USD/share", "fair value 6 USD/share");
    edit(&folder, "rules/racks.pf", "price 3m USD/rack", "price 4m USD/rack");
    accept(&folder);
    assert_eq!(read(&folder, "snapshots/close.snap.csv"), ACCEPTED.replace("12000000", "16000000"));
}

/// A tolerance as a part, either or both; and the same with `and`.
#[test]
fn tolerances_are_amounts_parts_or_both() {
    // 0.4m of 2m are 20%.
    for (within, code) in [
        ("within 20% for contra_revenue", 0),
        ("within 19.9% for contra_revenue", 1),
        ("within 0.1m USD or 20% for money", 0),
        ("within 0.1m USD and 20% for money", 1),
        ("within 0.4m USD and 20% for money", 0),
        ("within 20% for money\n  exact contra_revenue", 1),
        ("within 1 USD for money\n  within 0.4m USD for contra_revenue", 0),
        ("within 0.4m EUR for money", 1),
    ] {
        let folder = project("part", &CLOSE.replace("vested\n", &format!("vested\n  {within}\n")));
        accept(&folder);
        edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
        edit(&folder, "ledgers/racks.ledger", "in 2026-Q2 = 2m USD", "in 2026-Q2 = 2.4m USD");
        let (out, _) = says(&folder, &["test", "run"], code);
        assert!(code == 1 || out.contains("drifted"), "{within}: {out}");
    }
}

/// Below the limits of review no reason is asked for; beyond one of them it is.
#[test]
fn a_reason_is_asked_for_beyond_the_limit() {
    for (review, code) in [
        ("review if change > 0.4m USD or > 20%", 0),
        ("review if change > 0.4m USD", 0),
        ("review if change > 0.39m USD or > 20%", 2),
        ("review if change > 0.4m USD or > 19%", 2),
        // Nothing is said of dollars.
        ("review if change > 5 shares", 2),
    ] {
        let folder = project("review", &CLOSE.replace("vested\n", &format!("vested\n  {review}\n")));
        accept(&folder);
        edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
        edit(&folder, "ledgers/racks.ledger", "in 2026-Q2 = 2m USD", "in 2026-Q2 = 2.4m USD");
        says(&folder, &["test", "run"], 1);
        let (_, err) = says(&folder, &["test", "accept", "--by", "x"], code);
        assert_eq!(err.contains("needs a reason: 1 fact of it has moved"), code == 2, "{review}: {err}");
    }
}

/// What is not there any more, what is new, what is less sure: told before amounts.
#[test]
fn what_matters_whatever_its_size_comes_first() {
    let all = CLOSE.replace("  period 2026-Q2\n", "").replace("revenue, contra_revenue, vested", "all");
    let folder = project("order", &all);
    accept(&folder);
    edit(&folder, "ledgers/racks.ledger", "2026-09-14 known", "2026-12-14 known");
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    let (out, _) = says(&folder, &["test", "run"], 1);
    let facts = out.lines().filter(|line| line.starts_with("      ")).map(str::trim).collect::<Vec<_>>();
    assert!(facts.len() <= 20 && facts.len() > 10, "{out}");
    let rank = |line: &&str| match () {
        () if line.starts_with("sign") => 0,
        () if line.starts_with("status") => 1,
        () if line.starts_with("new") => 2,
        () if line.starts_with("gone") => 3,
        () => 4,
    };
    let ranks: Vec<i32> = facts.iter().map(rank).collect();
    assert!(ranks.is_sorted() && ranks.contains(&2), "{out}");
    assert!(out.contains(" more: proforma test diff close\n"), "{out}");
    let (all, _) = says(&folder, &["test", "diff"], 1);
    assert!(all.lines().count() > out.lines().count() && !all.contains(" more: "), "{all}");
}

/// A machine that asks writes nothing, and wants everything decided.
#[test]
fn nothing_is_left_open_where_machines_ask() {
    let folder = project("ci", CLOSE);
    assert!(says(&folder, &["test", "run", "--ci"], 1).0.contains("none accepted yet"));
    assert_eq!(results(&folder), []);
    for (value, code) in [("true", 1), ("1", 1)] {
        let args = ["test", "run"];
        let output = command(&folder, &args).env("CI", value).output().unwrap();
        said(&output, &args, code);
        assert_eq!(results(&folder), [], "CI={value}");
    }
    accept(&folder);
    let accepted = results(&folder);
    let path = |name: &str| folder.join("snapshots").join(name);
    // A result that waits,
    std::fs::write(path("close.snap.csv.new"), ACCEPTED).unwrap();
    let (out, _) = says(&folder, &["test", "run", "--ci"], 1);
    assert!(out.contains("pending: snapshots/close.snap.csv.new"), "{out}");
    assert!(path("close.snap.csv.new").exists());
    std::fs::remove_file(path("close.snap.csv.new")).unwrap();
    // one of no test,
    std::fs::write(path("gone.snap.csv"), ACCEPTED).unwrap();
    let (out, _) = says(&folder, &["test", "run", "--ci"], 1);
    assert!(out.contains("orphan: snapshots/gone.snap.csv belongs to no test"), "{out}");
    assert_eq!(says(&folder, &["test", "gc"], 1).0, "snapshots/gone.snap.csv\n");
    says(&folder, &["test", "gc", "--yes"], 0);
    assert_eq!(results(&folder), accepted);
    // a merge that was not finished,
    std::fs::write(path("close.snap.csv"), format!("{ACCEPTED}>>>>>>> other\n")).unwrap();
    let (_, err) = says(&folder, &["test", "run", "--ci"], 2);
    assert!(err.contains("E0804") && err.contains("snapshots/close.snap.csv:5"), "{err}");
    // a damaged line.
    std::fs::write(path("close.snap.csv"), ACCEPTED.replace("12000000", "12.000.000")).unwrap();
    let (_, err) = says(&folder, &["test", "run"], 2);
    assert!(err.contains("E0803") && err.contains("snapshots/close.snap.csv:3"), "{err}");
    assert_eq!(results(&folder).len(), 2);
}

/// XML and Markdown for machines and pages, and annotations on the lines of the rules.
#[test]
fn machines_are_told_in_their_words() {
    let folder = project("junit", CLOSE);
    accept(&folder);
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    let before = results(&folder);
    let args = ["test", "run", "--ci", "--junit", "t.xml", "--summary", "t.md"];
    let output = command(&folder, &args).env("GITHUB_ACTIONS", "true").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let out = String::from_utf8(output.stdout).unwrap();
    let annotated: Vec<&str> = out.lines().filter(|line| line.starts_with("::error ")).collect();
    assert!(annotated.iter().any(|line| line.contains("title=close::") && line.contains("+20%25")), "{out}");
    assert!(annotated.iter().any(|line| line.starts_with("::error file=ledgers/racks.ledger,line=16,")), "{out}");
    let xml = read(&folder, "t.xml");
    assert!(xml.contains("<testsuite name=\"tests/q2.test\" tests=\"1\" failures=\"1\" errors=\"0\">"), "{xml}");
    assert!(xml.contains("<testcase name=\"close\"") && xml.contains("2,000,000 → 2,400,000 USD"), "{xml}");
    let page = read(&folder, "t.md");
    assert!(
        page.contains("| Maker.contra\\_revenue[racks.growth.T1] in 2026-Q2 | 2,000,000 → 2,400,000 USD"),
        "{page}"
    );
    assert_eq!(results(&folder), before);
}

/// A process killed at ever later moments leaves the old result with the old record, or the new with the new.
#[test]
fn a_killed_acceptance_is_whole() {
    let folder = project("kill", CLOSE);
    accept(&folder);
    let old = results(&folder);
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    let (mut delay, mut killed) = (Duration::ZERO, 0);
    loop {
        let _ = std::fs::remove_dir_all(folder.join("snapshots"));
        std::fs::create_dir(folder.join("snapshots")).unwrap();
        old.iter().for_each(|(name, text)| std::fs::write(folder.join("snapshots").join(name), text).unwrap());
        says(&folder, &["test", "run"], 1);
        let args = ["test", "accept", "--by", "x", "--reason", "why"];
        let mut child = command(&folder, &args).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(delay);
        let ended = child.try_wait().unwrap().is_some();
        let _ = child.kill();
        child.wait().unwrap();
        // Whatever reads first finds it whole; what writes first finishes it.
        says(
            &folder,
            &["test", "pending"],
            if results(&folder).iter().any(|(n, _)| n == ".accepting.json") { 0 } else { i32::from(waits(&folder)) },
        );
        let log = read(&folder, "snapshots/LOG.md");
        let entries = log.matches("\n## ").count();
        let new = read(&folder, "snapshots/close.snap.csv") != ACCEPTED;
        assert_eq!((entries, waits(&folder)), if new { (2, false) } else { (1, true) }, "after {delay:?}: {log}");
        assert!(!folder.join("snapshots/.accepting.json").exists());
        killed += usize::from(!ended);
        if ended && new {
            break;
        }
        delay += Duration::from_millis(4) + delay / 6;
    }
    assert!(killed > 0);
}

/// For a browser: each fact under its cause, each command one that a shell takes as it stands.
#[test]
fn what_waits_is_a_page() {
    let folder = project("page", CLOSE);
    accept(&folder);
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    says(&folder, &["test", "review", "--html", "review.html"], 1);
    let page = read(&folder, "review.html");
    // 400,000 shares at 6 USD are 2.4m.
    assert!(page.contains("2,000,000 → 2,400,000 USD"), "{page}");
    let commands: Vec<String> = page
        .split("data-command=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().replace("NAME", "x").replace("WHY", "dearer"))
        .collect();
    let explain = commands.iter().find(|line| line.starts_with("proforma explain ")).unwrap();
    let fact = explain.split('\'').nth(1).unwrap();
    let (told, _) = says(&folder, &["explain", fact, "tests/q2.test", "--width", "80"], 0);
    assert!(told.contains("2,400,000"), "{told}");
    assert!(commands.contains(&"proforma test accept close --by x --reason 'dearer'".to_owned()), "{commands:?}");
    says(&folder, &["test", "accept", "close", "--by", "x", "--reason", "dearer"], 0);
    let nothing = says(&folder, &["test", "review", "--html", "review.html"], 0).0;
    assert!(nothing.contains("nothing differs"), "{nothing}");
}

/// Five tests accepted by five processes at once: all are accepted, and the record names each once.
#[test]
fn acceptances_at_once_wait_for_each_other() {
    let folder = project("at-once", CLOSE);
    let names: Vec<String> = (0..5).map(|number| format!("close_{number}")).collect();
    for name in &names {
        std::fs::write(
            folder.join(format!("tests/{name}.test")),
            format!("use \"../ledgers/racks.ledger\"\n{}", CLOSE.replace("test close", &format!("test {name}"))),
        )
        .unwrap();
    }
    says(&folder, &["test", "run"], 1);
    let children: Vec<_> = names
        .iter()
        .map(|name| {
            let args = ["test", "accept", name, "--by", "x", "--reason", "why"];
            command(&folder, &args).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let log = read(&folder, "snapshots/LOG.md");
    for name in &names {
        assert_eq!(log.matches(&format!("\n## {name},")).count(), 1, "{log}");
        assert_eq!(read(&folder, &format!("snapshots/{name}.snap.csv")), ACCEPTED);
    }
}

fn waits(folder: &Path) -> bool {
    folder.join("snapshots/close.snap.csv.new").exists()
}

fn git(folder: &Path, args: &[&str]) -> bool {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let mut git = Command::new("git");
    git.args(identity).args(args).current_dir(folder).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    git.output().is_ok_and(|output| output.status.success())
}

/// With git the cause is the line that was edited, and only tests that an edit can touch are run.
#[test]
fn git_knows_the_cause() {
    let folder = project("git", CLOSE);
    if !git(&folder, &["init", "-q"]) {
        return;
    }
    accept(&folder);
    std::fs::write(
        folder.join("tests/other.test"),
        "party Alone \"Alone\" { currency USD }\nparty Other \"Other\" { currency USD }\n\
         contract c \"c\" between Alone as seller, Other as buyer {\n  signed 2026-01-05\n  \
         supply s { 3 GW definitive firm; price 2m USD/GW; pays rest on delivery; control passes at delivery }\n}\n\
         2026-02-02 deliver c.s 1 GW\ntest other { keep billed }\n",
    )
    .unwrap();
    accept(&folder);
    assert!(git(&folder, &["add", "-A"]) && git(&folder, &["commit", "-qm", "one"]));
    let (out, _) = says(&folder, &["test", "run", "--changed"], 0);
    assert_eq!(out, "0 tests; 2 untouched\n");
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    let line = 1 + read(&folder, "rules/racks.pf").lines().position(|line| line.contains("fair value 6")).unwrap();
    let (out, _) = says(&folder, &["test", "run", "--changed"], 1);
    assert!(out.contains(&format!("\n  edited: rules/racks.pf:{line}\n")), "{out}");
    assert!(out.contains("1 test: 1 differs") && out.contains("; 1 untouched\n"), "{out}");
    let (out, _) = says(&folder, &["test", "review"], 1);
    assert!(out.starts_with(&format!("edited: rules/racks.pf:{line}; 1 fact in 1 test\n")), "{out}");
    // A file of the other test, one that is gone, and a revision before.
    assert!(git(&folder, &["commit", "-qam", "two"]));
    assert!(says(&folder, &["test", "run", "--changed=HEAD~1"], 1).0.contains("1 test: 1 differs"));
    let (_, err) = says(&folder, &["test", "run", "--changed=nowhere"], 2);
    assert!(err.contains("git knows no revision `nowhere` here"), "{err}");
    says(&folder, &["test", "reject"], 0);
    std::fs::remove_file(folder.join("ledgers/racks/late.ledger")).unwrap();
    assert!(says(&folder, &["test", "run", "--changed"], 1).0.contains("2 tests: 1 as accepted, 1 differs"));
}

/// Without git the facts are told by the line on which they rest.
#[test]
fn without_git_the_lines_are_told() {
    let folder = project("plain", CLOSE);
    accept(&folder);
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    let (out, _) = says(&folder, &["test", "review"], 1);
    assert!(out.starts_with("all rest on "), "{out}");
}

/// What a test asks for and is not there, and what would be ambiguous, is said with its place; nothing is written.
#[test]
fn wrong_tests_are_told() {
    for (text, code) in [
        ("test close { keep revenu }\n", "E0801"),
        ("test close { keep Maker.revenue[racks.sistems] in 2026-Q2 }\n", "E0802"),
        ("test close { keep revenue; entity Nobody }\n", "E0204"),
        ("test close { keep revenue; scenario nothing }\n", "E0601"),
        ("test close { keep vested; within 5 USD for vested }\n", "E0805"),
        ("test close { keep revenue; within 5 EUR for revenue }\n", "E0805"),
        ("test close { keep revenue; within 5 shares for money }\n", "E0207"),
        ("test close { keep revenue }\ntest close { keep vested }\n", "E0205"),
        ("test close { keep revenue; period 2026-Q9 }\n", "E0111"),
        ("# nothing\n", "E0209"),
    ] {
        let folder = project("wrong", text);
        let (out, err) = says(&folder, &["test", "run"], 2);
        assert!(err.contains(&format!("error[{code}]")) && err.contains("tests/q2.test:"), "{text}{out}{err}");
        assert_eq!(results(&folder), [], "{text}");
    }
    // Names of files on some disks do not tell capitals apart.
    let folder = project("wrong", CLOSE);
    std::fs::write(
        folder.join("tests/z.test"),
        format!("use \"../rules/racks.pf\"\n{}", CLOSE.replace("close", "Close")),
    )
    .unwrap();
    let (_, err) = says(&folder, &["test", "run"], 2);
    assert!(err.contains("error[E0205]") && err.contains("tests/q2.test:3") && err.contains("tests/z.test:2"), "{err}");
    for args in [
        &["test", "run", "nothing"][..],
        &["test", "run", "-s", "late"],
        &["test", "run", "--json"],
        &["test", "run", "none.test"],
    ] {
        says(&folder, args, 2);
    }
    let (_, err) = says(&empty("none"), &["test", "run"], 2);
    assert!(err.contains("`tests/*.test` matches no file"), "{err}");
}

/// A file that cannot be checked is an error where machines look, beside the tests of other files.
#[test]
fn a_file_with_errors_hides_no_other() {
    let folder = project("broken", CLOSE);
    accept(&folder);
    std::fs::write(
        folder.join("tests/broken.test"),
        "use \"../rules/racks.pf\"\ntest b { keep revenue; entity Mkr }\n",
    )
    .unwrap();
    let args = ["test", "run", "--ci", "--junit", "t.xml", "--summary", "t.md"];
    let output = command(&folder, &args).env("GITHUB_ACTIONS", "true").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.contains("1 test: 1 as accepted; 4 assertions hold; 1 file with errors\n"), "{out}");
    assert!(out.contains("\n::error file=tests/broken.test,line=2,title=tests::E0204"), "{out}");
    let xml = read(&folder, "t.xml");
    assert!(xml.contains("<testsuite name=\"tests/broken.test\" tests=\"1\" failures=\"0\" errors=\"1\">"), "{xml}");
    assert!(read(&folder, "t.md").contains("- tests/broken.test:2: E0204"));
    // Its tests are not known, so no result counts as one of no test.
    std::fs::write(folder.join("snapshots/b.snap.csv"), ACCEPTED).unwrap();
    let (_, err) = says(&folder, &["test", "gc", "--yes"], 2);
    assert!(err.contains("no result counts as an orphan") && folder.join("snapshots/b.snap.csv").exists(), "{err}");
}

/// The invented buyer falls below its minimum on 2027-11-08. A payment that comes later moves the day, which is told
/// before every amount; so is headroom that was above zero and is below.
#[test]
fn a_first_breach_is_told_first() {
    let folder = empty("breach");
    for file in [
        "rules/examples/mockup.pf",
        "rules/examples/mockup-cash.pf",
        "rules/books/us-gaap.pf",
        "rules/parties.pf",
        "ledgers/examples/mockup.ledger",
        "ledgers/examples/mockup-cash.ledger",
        "ledgers/prices/mockup-amd.csv",
        "tests/mockup-cash.test",
        "snapshots/mockup_cash.snap.csv",
    ] {
        let to = folder.join(file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(root().join(file), to).unwrap();
    }
    says(&folder, &["test", "run", "--ci"], 0);
    edit(&folder, "tests/mockup-cash.test", "  keep", "  scenario slow_gw2_paid\n  keep");
    let (out, _) = says(&folder, &["test", "run"], 1);
    let told: Vec<&str> = out.lines().filter(|line| line.starts_with("      ")).map(str::trim).collect();
    let breach = told.iter().position(|line| line.starts_with("first breach: 2027-11-08 → ")).unwrap();
    assert!(told[..breach].iter().all(|line| line.starts_with("sign: ")), "{out}");
    assert!(told[breach + 1..].iter().all(|line| !line.starts_with("sign: ")), "{out}");
}

/// On a terminal a person decides: here one line of answers on a terminal that `script` makes.
#[test]
#[cfg(target_os = "linux")]
fn a_person_decides_on_a_terminal() {
    let folder = project("terminal", CLOSE);
    accept(&folder);
    edit(&folder, "rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share");
    std::fs::write(folder.join("answers"), "e\nA\nm.ortiz\nthe value was corrected\n").unwrap();
    let line = format!("script -qec '{PROGRAM} test review' /dev/null < answers > shown");
    let ran = Command::new("sh").args(["-c", &line]).current_dir(&folder).env("TERM", "dumb").status();
    let shown = std::fs::read_to_string(folder.join("shown")).unwrap_or_default();
    if !ran.is_ok_and(|status| status.success()) && !shown.contains("cause 1 of 1") {
        return;
    }
    assert!(
        shown.contains("cause 1 of 1: ") && shown.contains("1 fact in 1 test") && shown.contains("answer book us_gaap"),
        "{shown}"
    );
    assert_eq!(read(&folder, "snapshots/close.snap.csv"), ACCEPTED.replace(",2000000,", ",2400000,"));
    assert!(read(&folder, "snapshots/LOG.md").contains("## close, by m.ortiz\n\nthe value was corrected\n"));
}

//! The program from outside: exit codes, streams, files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::root;

pub fn proforma(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_proforma")).args(args).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder with one small contract and its ledger.
pub fn project(name: &str, ledger: &str) -> PathBuf {
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
fn a_folder_is_all_its_rule_files_with_their_ledgers() {
    let folder = project("folder", "use \"../rules/a.pf\"\n2026-02-02 deliver c.goods 1 GW\n");
    // A second file shares the first one's parties; its own ledger is found too.
    std::fs::write(
        folder.join("rules/b.pf"),
        "use \"a.pf\"\n\
         contract d \"More\" between S as seller, B as buyer {\n  signed 2026-01-05\n  \
         supply goods { 3 GW definitive firm; price 2m USD/GW; pays rest on delivery; control passes at delivery }\n}\n",
    )
    .unwrap();
    std::fs::write(folder.join("ledgers/b.ledger"), "2026-02-03 deliver d.goods 2 GW\n").unwrap();
    let output = proforma(&folder, &["facts", "rules"]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
    // 1 GW and 2 GW at 2m USD/GW.
    for expected in ["S,B,2026-Q1,billed,c.goods,2000000,USD", "S,B,2026-Q1,billed,d.goods,4000000,USD"] {
        assert!(out(&output).contains(expected), "{}", out(&output));
    }
    let output = proforma(&folder, &["run", "ledgers"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("no rule file"), "{}", err(&output));
}

/// The deals of this repository all together in one legal ledger.
#[test]
fn all_deals_run_together() {
    let output = proforma(&root(), &["run", "rules/deals"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    for contract in ["amd_openai.penny", "marvell_google", "nvidia_openai"] {
        assert!(out(&output).contains(contract), "{contract}: {}", out(&output));
    }
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
    assert!(out(&output).contains("2,000,000.00"), "{}", out(&output));
    assert!(err(&output).contains("2,000,000 USD") && err(&output).contains("3,000,000 USD"), "{}", err(&output));
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
    let own = crate::common::files("tests", "test").into_iter().filter(|file| file.matches('/').count() == 1);
    let own: Vec<String> = own.collect();
    let files: Vec<&str> = own.iter().map(String::as_str).collect();
    let output = proforma(&root(), &[&["fmt", "--check", "rules", "ledgers"], &files[..]].concat());
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

/// A file that has none of what a report is about gives an empty report that says so.
#[test]
fn an_empty_report_is_an_answer() {
    let folder = std::env::temp_dir().join(format!("proforma-test-{}-empty", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.pf"), "party A \"A\" { currency USD; fiscal year ends 31 December }\n").unwrap();
    for (report, says) in [
        ("warrants", "every party here has issued no warrants"),
        ("revenue", "every party here sells nothing"),
        ("journal", "every party here keeps no book"),
        ("cash", "every party here pays and is paid nothing"),
        ("dues", "nothing here has a date"),
        ("milestones", "no warrants here"),
        ("standing", "nothing here has a date"),
        ("summary", "nothing here has a date"),
    ] {
        let output = proforma(&folder, &["report", report, "a.pf"]);
        assert_eq!(output.status.code(), Some(0), "{report}: {}", err(&output));
        assert!(out(&output).contains(says), "{report}: {}", out(&output));
        assert!(!out(&output).contains("0001-01-01"), "{report}: {}", out(&output));
    }
}

/// What is asked of one contract says nothing of the others, and says that it does not.
#[test]
fn a_contract_alone() {
    let asked = ["rules/examples/mockup.pf", "--contract", "amd_openai"];
    for report in ["summary", "milestones", "warrants", "revenue", "dues", "standing", "journal"] {
        let text = out(&proforma(&root(), &[&["report", report], &asked[..]].concat()));
        assert!(text.contains("2 contracts") && text.contains("amd_meta (not asked for)"), "{report}: {text}");
        assert!(!text.replace("amd_meta (not asked for)", "").contains("amd_meta"), "{report}: {text}");
    }
    let facts = out(&proforma(&root(), &[&["facts"], &asked[..]].concat()));
    assert!(facts.contains("amd_openai") && !facts.contains("amd_meta"));
    // The first contract cites one assumption, the other another; a third serves both.
    let rules = |name: &str, own: &str| {
        format!(
            "contract {name} \"{name}\" between S as seller, B as buyer {{\n  signed 2026-01-05\n  supply goods {{\n    \
             3 GW definitive firm\n    price both\n    pays rest on delivery assumed {own}\n    control passes at delivery\n  }}\n}}\n"
        )
    };
    let text = format!(
        "party S \"S\" {{ currency USD; fiscal year ends 31 December }}\nparty B \"B\" {{ currency USD; fiscal year ends 31 December }}\n\
         assume both = 2m USD/GW \"for both\"\nassume one \"only here\"\nassume other \"only there\"\n{}{}\
         2026-02-02 deliver first.goods 1 GW\n2026-02-02 deliver second.goods 1 GW\n",
        rules("first", "one"),
        rules("second", "other")
    );
    let folder = project("alone", "");
    std::fs::write(folder.join("b.pf"), text).unwrap();
    let text = out(&proforma(&folder, &["report", "standing", "b.pf", "--contract", "first"]));
    assert!(text.contains("both = 2,000,000 USD/GW") && text.contains("only here"), "{text}");
    assert!(!text.contains("only there") && text.contains("1 assumption of contracts not asked for"), "{text}");
}

/// An editor pipes its buffer; `use` in it is relative to the name it gives.
#[test]
fn a_pipe_has_a_name() {
    use std::io::Write as _;
    let folder = project("pipe", "");
    let rules = std::fs::read_to_string(folder.join("rules/a.pf")).unwrap();
    std::fs::write(folder.join("rules/b.pf"), rules).unwrap();
    let piped = |text: &str, args: &[&str]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_proforma"))
            .args(args)
            .current_dir(&folder)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let text = "use \"b.pf\"\n2026-02-02 deliver c.goods 1 GW\n2026-02-03 deliver c.gods 1 GW\n";
    let output = piped(text, &["check", "-f", "-", "--stdin-filename", "rules/buffer.ledger"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("rules/buffer.ledger:3") && err(&output).contains("c.goods"), "{}", err(&output));
    let output = piped("", &["check", "rules/b.pf", "--stdin-filename", "x.pf"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
}

/// An empty folder.
fn empty(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("proforma-it-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The words of a command line as a shell would cut them; nothing if it needs a shell.
fn words(line: &str) -> Option<Vec<String>> {
    let rest = line.trim().strip_prefix("proforma ")?;
    if rest.contains(['|', '>', '~']) {
        return None;
    }
    let parts = rest.split('\'').enumerate();
    let cut = |(index, part): (usize, &str)| match index % 2 {
        1 => vec![part.to_owned()],
        _ => part.split_whitespace().map(str::to_owned).collect(),
    };
    Some(parts.flat_map(cut).collect())
}

/// A new project passes: every command of its own README, formatting, its scenarios and its story.
#[test]
fn a_new_project_passes() {
    let folder = empty("new");
    for (name, args) in [("mine", &[][..]), ("amd", &["--example", "amd-openai"])] {
        let made = proforma(&folder, &[&["new", name], args].concat());
        assert_eq!(made.status.code(), Some(0), "{}", err(&made));
        let project = folder.join(name);
        let readme = std::fs::read_to_string(project.join("README.md")).unwrap();
        let commands: Vec<Vec<String>> = readme.lines().filter_map(words).collect();
        assert!(commands.len() >= 4, "{readme}");
        for command in commands {
            let command: Vec<&str> = command.iter().map(String::as_str).collect();
            let output = proforma(&project, &[&command[..], &["--strict"]].concat());
            assert_eq!(output.status.code(), Some(0), "{command:?}: {}", err(&output));
            assert_eq!(err(&output), "", "{command:?}");
        }
        assert_eq!(
            proforma(&project, &["fmt", "--check", "rules", "ledgers", "tests"]).status.code(),
            Some(0),
            "{name}"
        );
        // Nothing is overwritten, and nothing is left behind.
        std::fs::write(project.join("README.md"), "mine").unwrap();
        let again = proforma(&folder, &["new", name]);
        assert_eq!(again.status.code(), Some(2));
        assert!(err(&again).contains("there already"), "{}", err(&again));
        assert_eq!(std::fs::read_to_string(project.join("README.md")).unwrap(), "mine");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    assert_eq!(proforma(&folder, &["new", "no/such/folder"]).status.code(), Some(2));
}

/// The assertions of a new project are tests: what they claim can fail.
#[test]
fn a_new_project_has_tests() {
    let folder = empty("tests");
    assert_eq!(proforma(&folder, &["new", "mine"]).status.code(), Some(0));
    let project = folder.join("mine");
    for (file, from, to, ledger) in [
        (
            "ledgers/racks.ledger",
            "deliver racks.systems 4 rack",
            "deliver racks.systems 3 rack",
            "ledgers/racks.ledger",
        ),
        ("rules/racks.pf", "fair value 5 USD/share", "fair value 6 USD/share", "ledgers/racks/late.ledger"),
    ] {
        let text = std::fs::read_to_string(project.join(file)).unwrap();
        std::fs::write(project.join(file), text.replace(from, to)).unwrap();
        let output = proforma(&project, &["run", "rules/racks.pf", "-l", ledger]);
        assert_eq!(output.status.code(), Some(1), "{file}: {}", err(&output));
        assert!(err(&output).contains("assertion failed"), "{}", err(&output));
        std::fs::write(project.join(file), text).unwrap();
    }
}

/// Every command says what it is for, its exit codes, and an example that works in a new project.
#[test]
fn help_has_examples_that_work() {
    let folder = empty("help");
    assert_eq!(proforma(&folder, &["new", "mine"]).status.code(), Some(0));
    let project = folder.join("mine");
    let mut ran = 0;
    for command in [
        "new",
        "check",
        "fmt",
        "run",
        "report",
        "facts",
        "journal",
        "explain",
        "diff",
        "grid",
        "solve",
        "help",
        "completions",
        "man",
        "test",
    ] {
        let output = proforma(&project, &[command, "--help"]);
        assert_eq!(output.status.code(), Some(0), "{command}");
        let text = out(&output);
        assert!(text.contains("Examples:\n  proforma ") && text.contains("Exit codes:"), "{command}: {text}");
        assert_eq!(out(&proforma(&project, &["help", command])), text, "{command}");
        for line in text.lines().skip_while(|line| *line != "Examples:").skip(1).take_while(|line| !line.is_empty()) {
            if let Some(args) = words(line) {
                let args: Vec<&str> = args.iter().map(String::as_str).collect();
                let output = proforma(&project, &args);
                assert_eq!(output.status.code(), Some(0), "{line}: {}", err(&output));
                ran += 1;
            }
        }
    }
    assert!(ran > 10, "{ran}");
}

/// The manual is inside, and so are the pages that shells and `man` read.
#[test]
fn the_program_tells_about_itself() {
    let folder = empty("about");
    let said = |args: &[&str]| {
        let output = proforma(&folder, args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
        out(&output)
    };
    for (topic, page) in
        [("language", "docs/LANGUAGE.md"), ("errors", "docs/ERRORS.md"), ("Glossary", "docs/GLOSSARY.md")]
    {
        assert_eq!(said(&["help", topic]), std::fs::read_to_string(root().join(page)).unwrap());
    }
    let list = said(&["help"]);
    assert!(list.contains("semantics") && list.contains("completions"), "{list}");
    let schema: serde_json::Value = serde_json::from_str(&said(&["help", "schema-report"])).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = said(&["completions", shell]);
        assert!(script.contains("explain") && script.contains("known-by"), "{shell}");
    }
    assert!(said(&["man"]).contains(".TH proforma"));
    assert!(said(&["man", "report"]).contains("milestones"));
    assert_eq!(proforma(&folder, &["help", "langage"]).status.code(), Some(2));
    assert!(err(&proforma(&folder, &["help", "langage"])).contains("did you mean `language`?"));
}

/// Every format of every command is written whole, and an unknown ending is refused before anything runs.
#[test]
fn the_ending_chooses_the_format() {
    let folder = project("formats", "2026-02-02 deliver c.goods 1 GW\n");
    let fact = "S.revenue[c.goods] in 2026-Q1";
    for command in [
        &["report", "revenue", "rules/a.pf"][..],
        &["run", "rules/a.pf"],
        &["journal", "rules/a.pf"],
        &["facts", "rules/a.pf"],
        &["explain", fact, "rules/a.pf"],
        &["check", "--sources", "rules/a.pf"],
    ] {
        for (ending, begins) in [("json", "{\n  \"version\": 1,"), ("csv", ""), ("md", ""), ("txt", "")] {
            let file = format!("out.{ending}");
            let output = proforma(&folder, &[command, &["-o", &file]].concat());
            assert!(matches!(output.status.code(), Some(0 | 1)), "{command:?} {ending}: {}", err(&output));
            assert_eq!(out(&output), "", "{command:?}");
            let text = std::fs::read_to_string(folder.join(&file)).unwrap();
            assert!(text.starts_with(begins) && text.lines().count() > 1, "{command:?} {ending}: {text}");
            if ending == "csv" {
                let mut rows = ::csv::Reader::from_reader(text.as_bytes());
                assert!(rows.records().all(|row| row.is_ok()), "{command:?}: {text}");
            }
            if ending == "md" && command[0] != "explain" {
                let rows: Vec<&str> = text.lines().skip_while(|line| !line.starts_with('|')).collect();
                let bars = |line: &str| line.replace("\\|", "").matches('|').count();
                let table: Vec<&&str> = rows.iter().take_while(|line| line.starts_with('|')).collect();
                assert!(table.len() > 2 && table.iter().all(|line| bars(line) == bars(table[0])), "{text}");
            }
        }
        let output = proforma(&folder, &[command, &["-o", "out.xlsx"]].concat());
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        assert!(!folder.join("out.xlsx").exists());
    }
}

/// Two days around the order PO-3, and two scenarios: what was read first, then every fact that came out otherwise.
/// On 22 July 2027 PO-3 is known, and T3 probable: of its 25m × 121.80 USD = 3,045m, 0.15 GW of the one of its band pass by
/// September, 456.75m. The day before nothing of it was booked.
#[test]
fn days_and_scenarios_are_compared() {
    let diff = |args: &[&str]| proforma(&root(), &[&["diff"], args, &["rules/examples/mockup.pf"]].concat());
    let known = diff(&["2027-07-21", "2027-07-22", "--entity", "AMD", "-p", "2027-Q3", "--width", "160"]);
    assert_eq!(known.status.code(), Some(1), "{}", err(&known));
    let text = out(&known);
    assert!(text.contains("po3: order amd_openai.instinct 1 GW") && text.contains("PO-3 signed"), "{text}");
    let row = text.lines().find(|line| line.contains("contra_revenue") && line.contains("penny.T3")).unwrap();
    assert!(row.contains("456,750,000.00") && row.contains("—"), "{row}");
    let slow = out(&diff(&["base", "slow_gw2", "--width", "160"]));
    assert!(slow.contains("drop gw2") && slow.contains("scenario base and slow_gw2"), "{slow}");
    let same = diff(&["base", "base"]);
    assert!(same.status.code() == Some(0) && out(&same).contains("nothing differs"), "{}", out(&same));
    for wrong in [["base", "2027-07-21"], ["base", "nowhere"], ["2027-07-21", "us_gaap"]] {
        assert_eq!(diff(&wrong).status.code(), Some(2), "{wrong:?}");
    }
}

/// A copy of a book with one line changed: what it says differently first, then what moved; the exit code is the answer.
#[test]
fn a_book_is_compared_with_its_copy() {
    let folder = project("diff", "2026-02-02 deliver c.goods 1 GW\n2026-05-04 deliver c.goods 1 GW\n");
    let book = std::fs::read_to_string(folder.join("us-gaap.pf")).unwrap().replace("book us_gaap", "book mine");
    std::fs::write(folder.join("mine.pf"), &book).unwrap();
    let same = proforma(&folder, &["diff", "us_gaap", "mine.pf", "rules/a.pf"]);
    assert_eq!(same.status.code(), Some(0), "{}", err(&same));
    assert!(out(&same).contains("nothing differs"), "{}", out(&same));
    let line = "    cr sale(d.supply) d.price\n";
    assert!(book.contains(line));
    std::fs::write(folder.join("mine.pf"), book.replace(line, "    cr receipts d.price\n")).unwrap();
    let moved = proforma(&folder, &["diff", "us_gaap", "mine.pf", "rules/a.pf", "--entity", "S", "-O", "csv"]);
    assert_eq!(moved.status.code(), Some(1), "{}", err(&moved));
    let text = out(&moved);
    let (said, amounts) = (text.find("on transfer as seller").unwrap(), text.find("2026-Q1").unwrap());
    assert!(said < amounts && text.contains("cr receipts d.price") && text.contains("2026-Q2"), "{text}");
    for wrong in [&["diff", "us_gaap", "ours", "rules/a.pf"][..], &["diff", "us_gaap", "rules/a.pf", "rules/a.pf"]] {
        assert_eq!(proforma(&folder, wrong).status.code(), Some(2), "{wrong:?}");
    }
    // A book by its file, for one run.
    let other = proforma(&folder, &["report", "revenue", "rules/a.pf", "--book", "mine.pf"]);
    assert!(out(&other).contains("book mine"), "{}{}", out(&other), err(&other));
}

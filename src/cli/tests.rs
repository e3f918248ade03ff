//! The parts of the command line that need no disk.

use clap::CommandFactory;

use super::args::{Args, Color, Command, Format, in_full};
use super::disk::ledger_of;
use super::glob::matches;
use super::session::Session;
use super::{hash, names};
use crate::time::{Date, PeriodName};

fn parse(line: &str) -> Result<Args, clap::Error> {
    Args::from(std::iter::once("proforma").chain(line.split_whitespace()), false)
}

#[test]
fn the_arguments_are_well_formed() {
    Args::command().debug_assert();
}

/// The session of a command line, and its command.
fn session(line: &str) -> (Session, Command) {
    let args = parse(line).unwrap();
    let inputs = args.command.inputs().cloned().unwrap_or_default();
    (Session::new(args.inputs.then(&inputs), args.options), args.command)
}

#[test]
fn options_stand_before_or_after_the_command() {
    for line in ["-p 2027-Q3 -s slow report warrants x.pf --json", "report -s slow warrants -p 2027-Q3 x.pf -O json"] {
        let (session, command) = session(line);
        assert_eq!(session.options.period, Some(PeriodName::Quarter(2027, 3)), "{line}");
        assert_eq!(session.inputs.scenarios, ["slow"]);
        assert!(matches!(&command, Command::Report(r) if r.name == "warrants" && r.input.files == ["x.pf"]));
        assert_eq!(session.format(), Ok(Format::Json));
    }
    // Nothing is lost between the two places.
    let (both, command) = session("-f a.pf -s slow run -f b.pf --file c.pf d.pf -s cheap -l e.ledger --color never");
    assert_eq!(
        (both.inputs.files, both.inputs.ledgers),
        (vec!["a.pf".into(), "b.pf".into(), "c.pf".into()], vec!["e.ledger".into()])
    );
    assert_eq!(both.inputs.scenarios, ["slow", "cheap"]);
    assert!(matches!(&command, Command::Run(run) if run.input.files == ["d.pf"]));
    assert_eq!(both.options.color, Color::Never);
    for (file, format) in [("a.csv", Format::Csv), ("a.b.JSON", Format::Json), ("a.md", Format::Md), ("a", Format::Txt)]
    {
        assert_eq!(session(&format!("facts x.pf -o {file}")).0.format(), Ok(format), "{file}");
    }
    assert!(session("facts x.pf -o a.xlsx").0.format().is_err());
    assert_eq!(session("facts x.pf -o a.xlsx -O csv").0.format(), Ok(Format::Csv));
}

/// Short forms are for people at a terminal; a form that could be two things is none.
#[test]
fn commands_may_be_shortened_by_hand() {
    let typed = |line: &str| Args::from(std::iter::once("proforma").chain(line.split_whitespace()), true);
    let command = typed("rep warrants x.pf").unwrap().command;
    assert!(matches!(&command, Command::Report(r) if r.name == "warrants" && r.input.files == ["x.pf"]));
    assert!(typed("f x.pf").is_err(), "`fmt` or `facts`");
    assert!(parse("rep warrants x.pf").is_err());
    for (short, full) in [("war", "warrants"), ("w", "warrants"), ("s", "s"), ("warrants", "warrants"), ("x", "x")] {
        assert_eq!(in_full(short), full);
    }
}

#[test]
fn wrong_usage_is_refused() {
    for line in [
        "",
        "report",
        "report warrant",
        "run --known-by 20/08/2027",
        "run -p 2027-Q5",
        "run -p 2027 --from 2027-01-01",
        "run --from 2027-01-01 -b 2027-01-01",
        "run --json -O txt",
        "run -q -v",
        "run --width 3",
    ] {
        assert!(parse(line).is_err(), "{line}");
    }
}

#[test]
fn a_rule_file_has_its_ledger() {
    let there = |known: &'static [&'static str]| move |path: &str| known.contains(&path);
    let both = there(&["ledgers/deals/x.ledger", "rules/deals/x.ledger"]);
    assert_eq!(ledger_of("rules/deals/x.pf", both).unwrap(), "ledgers/deals/x.ledger");
    assert_eq!(ledger_of("rules/deals/x.pf", there(&["rules/deals/x.ledger"])).unwrap(), "rules/deals/x.ledger");
    assert_eq!(
        ledger_of("/rules/p/rules/x.pf", there(&["/rules/p/ledgers/x.ledger"])).unwrap(),
        "/rules/p/ledgers/x.ledger"
    );
    assert_eq!(ledger_of("x.pf", there(&["x.ledger"])).unwrap(), "x.ledger");
    assert_eq!(ledger_of("x.pf", |_| false), None);
    assert_eq!(ledger_of("x.ledger", |_| true), None);
}

#[test]
fn patterns() {
    for (pattern, name) in
        [("*.pf", "a.pf"), ("*", "a"), ("a?c", "aéc"), ("a*b*c", "axxbyyc"), ("*b", "bb"), (".*", ".x"), ("a*", "a")]
    {
        assert!(matches(pattern, name), "{pattern} {name}");
    }
    for (pattern, name) in [("*.pf", "a.ledger"), ("*", ".hidden"), ("a?", "a"), ("?", ""), ("a*b", "ac"), ("", "a")] {
        assert!(!matches(pattern, name), "{pattern} {name}");
    }
    // Many stars stay linear in the number of letters times the length of the pattern.
    assert!(!matches(&"*a".repeat(30), &"a".repeat(29)));
}

#[test]
fn the_hash_is_stable() {
    // FNV-1a of nothing is its start.
    assert_eq!(hash::short([]), "811c9dc5");
    let one = hash::short([("rules/a.pf", "x"), ("ledgers/a.ledger", "y")]);
    assert_eq!(one, hash::short([("ledgers/a.ledger", "y"), ("rules/a.pf", "x")]));
    assert_eq!(one, hash::short([("/home/p/ledgers/a.ledger", "y"), ("/home/p/rules/a.pf", "x")]));
    assert_eq!(one.len(), 8);
    for other in [[("rules/a.pf", "y"), ("ledgers/a.ledger", "y")], [("rules/a.pf", "x"), ("ledgers/b.ledger", "y")]] {
        assert_ne!(one, hash::short(other));
    }
}

#[test]
fn names_forgive_capitals_and_hyphens() {
    let list = ["slow_gw2", "AMD"];
    let known = |wanted| names::known("scenario", wanted, list.into_iter());
    assert_eq!(known("slow-gw2"), Ok("slow_gw2"));
    assert_eq!(known("amd"), Ok("AMD"));
    assert_eq!(known("slow_gw3").unwrap_err().message, "no scenario is named `slow_gw3`; did you mean `slow_gw2`?");
    assert_eq!(known("xyz").unwrap_err().message, "no scenario is named `xyz`; there are: slow_gw2, AMD");
    let none = names::known("book", "gaap", [].into_iter()).unwrap_err().message;
    assert_eq!(none, "no book is named `gaap`; the files declare no book");
}

#[test]
fn dates_are_iso() {
    let args = parse("run --known-by 2027-08-20 -b 2027-01-01 -e 2028-01-01").unwrap();
    assert_eq!(args.options.known_by(), Date::new(2027, 8, 20));
    assert_eq!(args.options.end.map(Date::prev), Date::new(2027, 12, 31));
}

/// `docs/schema` is generated; `PROFORMA_WRITE=1 cargo test --lib schemas` writes it.
#[test]
fn the_schemas_are_current() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
    for (name, schema) in crate::render::json::schema::all() {
        let path = folder.join(format!("{name}.json"));
        if std::env::var_os("PROFORMA_WRITE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &schema).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, schema, "run PROFORMA_WRITE=1 cargo test --lib schemas");
    }
}

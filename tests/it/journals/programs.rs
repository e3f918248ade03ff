//! The programs themselves, where they are installed.

use std::collections::BTreeMap;
use std::process::{Command, Output};

use proforma::plaintext::Dialect;

/// Whether a program can be asked. With `CI` set it must be there, unless `PROFORMA_PROGRAMS=absent` says it cannot be
/// had: then whoever runs the tests has been told.
pub fn there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    let excused = std::env::var("PROFORMA_PROGRAMS").is_ok_and(|value| value == "absent");
    assert!(
        found || excused || std::env::var_os("CI").is_none(),
        "{program} is not installed; install hledger, ledger and beancount, or set PROFORMA_PROGRAMS=absent"
    );
    if !found {
        eprintln!("NOT RUN: {program} is not installed");
    }
    found
}

pub fn run(program: &str, args: &[&str]) -> Output {
    let command = Command::new(program).args(args).env("LC_ALL", "C.UTF-8").output();
    command.unwrap_or_else(|error| panic!("{program}: {error}"))
}

pub fn program(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Beancount => "bean-query",
        Dialect::Hledger => "hledger",
        Dialect::Ledger => "ledger",
    }
}

/// The balances a program finds, in millionths; or what it says against the journal.
pub fn balances(dialect: Dialect, text: &str) -> Result<BTreeMap<(String, String), i128>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("x.{}", dialect.name()));
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let output = match dialect {
        Dialect::Beancount => {
            // bean-query prints what is wrong and answers all the same; numbers as texts keep all their places.
            let checked = run("bean-check", &["--no-cache", path]);
            if !checked.status.success() {
                return Err(String::from_utf8_lossy(&checked.stderr).into_owned());
            }
            run("bean-query", &["--no-errors", "-q", "-f", "csv", path, "SELECT account, str(number), currency"])
        }
        Dialect::Hledger => run("hledger", &["-f", path, "print", "-x", "-O", "csv"]),
        Dialect::Ledger => run(
            "ledger",
            &["-f", path, "reg", "--no-rounding", "--format", "%(account),%(quantity(amount)),%(commodity(amount))\n"],
        ),
    };
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let rows = String::from_utf8(output.stdout).unwrap();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(rows.as_bytes());
    let mut all: BTreeMap<(String, String), i128> = BTreeMap::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let cell = |index: usize| record.get(index).unwrap_or("").to_owned();
        let (account, number, commodity) = match dialect {
            Dialect::Hledger => (cell(7), cell(8), cell(9)),
            _ => (cell(0), cell(1), cell(2)),
        };
        if (at == 0 && dialect != Dialect::Ledger) || number.is_empty() {
            continue;
        }
        // hledger keeps a decimal comma, and groups nothing.
        let number = if dialect == Dialect::Hledger { number.replace(',', ".") } else { number };
        let number = number.trim_start_matches("Decimal('").trim_end_matches("')").to_owned();
        let account = account.trim_matches(['(', ')', '[', ']']).to_owned();
        *all.entry((account, commodity.trim_matches('"').to_owned())).or_default() += millionths(&number);
    }
    all.retain(|_, sum| *sum != 0);
    Ok(all)
}

fn millionths(number: &str) -> i128 {
    let number = number.replace(',', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    assert!(fraction.trim_end_matches('0').len() <= 6, "{number}");
    let padded = format!("{:0<6}", fraction.get(..6).unwrap_or(fraction));
    format!("{whole}{padded}").parse().unwrap_or_else(|_| panic!("{number}"))
}

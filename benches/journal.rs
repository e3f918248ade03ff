//! Reading journals beside their own programs: `cargo bench --bench journal -- TRANSACTIONS FOLDER`.
//!
//! Writes one journal in the forms of beancount, hledger and ledger, reads each in this process, and times `ledger`,
//! `hledger` and `bean-check` on the same files where they are installed.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for benches stops at once and says what it found"
)]

use std::fmt::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use proforma::base::{Diagnostic, SourceId, Span};
use proforma::plaintext::{Dialect, Included, Includes, read};
use proforma::syntax::text::normalise;
use proforma::time::Date;

/// A journal that includes nothing.
struct Alone;

impl Includes for Alone {
    fn include(&mut self, _: SourceId, _: &str, span: Span) -> Result<Vec<Included>, Diagnostic> {
        Err(Diagnostic::new(proforma::base::Code::FileNotFound, span, "nothing is included"))
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let [count, folder] = words.as_slice() else {
        println!("usage: cargo bench --bench journal -- TRANSACTIONS FOLDER");
        return;
    };
    let count: u64 = count.parse().expect("a number of transactions");
    std::fs::create_dir_all(folder).expect("a folder to write to");
    println!("{count} transactions of two postings; seconds of the whole process, or of reading and booking here");
    for (dialect, ending, program, args) in [
        (Dialect::Beancount, "beancount", "bean-check", ["--no-cache", "", ""]),
        (Dialect::Hledger, "journal", "hledger", ["bal", "-f", ""]),
        (Dialect::Ledger, "dat", "ledger", ["bal", "-f", ""]),
    ] {
        let path = format!("{folder}/journal.{ending}");
        let text = journal(count, dialect);
        std::fs::write(&path, &text).expect("a file that can be written");
        let start = Instant::now();
        let bytes = std::fs::read(&path).expect("the file");
        let text = normalise(&bytes).expect("a text");
        let (books, found) = read(dialect, (SourceId(0), &text), &mut Alone);
        let held = books.balances(Date::MAX).expect("balances").len();
        let ours = start.elapsed().as_secs_f64();
        assert!(found.is_empty(), "the journal is wrong");
        let args: Vec<&str> = args.into_iter().filter(|arg| !arg.is_empty()).chain([path.as_str()]).collect();
        let start = Instant::now();
        let ran = Command::new(program).args(args).env("LC_ALL", "C.UTF-8").stdout(Stdio::null()).status();
        let theirs = match ran {
            Ok(status) if status.success() => format!("{:.3}", start.elapsed().as_secs_f64()),
            _ => "not run".to_owned(),
        };
        let megabytes = text.len() / 1_000_000;
        println!("{:>9} {megabytes:>4} MB {held:>6} balances  here {ours:.3}  {program} {theirs}", dialect.name());
    }
}

/// Accounts that postings go between.
fn account(number: u64) -> String {
    match number % 90 {
        n @ 0..20 => format!("Assets:Bank:A{n}"),
        n @ 20..80 => format!("Expenses:Cat{n}"),
        n => format!("Income:Src{n}"),
    }
}

/// A journal over ten years; amounts and accounts follow from the number of the transaction.
fn journal(count: u64, dialect: Dialect) -> String {
    let mut text = String::new();
    if dialect == Dialect::Beancount {
        for number in 0..90 {
            // Writing to a string does not fail.
            let _ = writeln!(text, "2014-12-31 open {}", account(number));
        }
    }
    for number in 0..count {
        let day = number * 3360 / count.max(1);
        let date = format!("{}-{:02}-{:02}", 2015 + day / 336, 1 + day / 28 % 12, 1 + day % 28);
        let cents = number * 7919 % 1_000_000 + 1;
        let (from, to) = (account(number * 31), account(number * 17 + 7));
        let amount = format!("{}.{:02} USD", cents / 100, cents % 100);
        let (payee, words) = (number % 500, format!("Narration {number}"));
        let _ = match dialect {
            Dialect::Beancount => {
                writeln!(text, "\n{date} * \"Payee {payee}\" \"{words}\"\n  {from}  {amount}\n  {to}  -{amount}")
            }
            _ => writeln!(text, "\n{date} * Payee {payee} | {words}\n    {from}  {amount}\n    {to}  -{amount}"),
        };
    }
    text
}

//! Plain-text journals: what we read is what their own programs read, and what we write they accept.
#![expect(clippy::print_stderr, reason = "says what was asked of other programs, and what could not be")]

mod features;
mod generate;
mod programs;
mod spoilt;

use std::collections::BTreeMap;

use proforma::base::{Diagnostic, Diagnostics, SourceId, Span};
use proforma::plaintext::{Books, Dialect, Given, Included, Includes, Kind, read};
use proforma::render::plaintext_journal;
use proforma::report::Scope;
use proforma::report::journal::export::{Export, export};
use proforma::time::Date;
use proptest::prelude::*;

use crate::common::{Repository, checked, files, with_run};
use generate::{Dice, Txn};

const ALL: [Dialect; 3] = [Dialect::Beancount, Dialect::Hledger, Dialect::Ledger];

struct Alone;

impl Includes for Alone {
    fn include(&mut self, _: SourceId, _: &str, _: Span) -> Result<Vec<Included>, Box<Diagnostic>> {
        panic!("nothing is included");
    }
}

fn books(dialect: Dialect, text: &str) -> (Books, Diagnostics) {
    read(dialect, (SourceId(0), text), &mut Alone)
}

/// What is wrong, one a line.
fn words(found: &Diagnostics) -> String {
    found.iter().map(|d| format!("{} {} ({})\n", d.code, d.message, d.primary.1)).collect()
}

/// Balances in millionths; those of nothing are left out.
fn balances(books: &Books) -> BTreeMap<(String, String), i128> {
    let mut all = BTreeMap::new();
    for ((account, commodity), balance) in books.balances(Date::MAX).unwrap() {
        let amount = balance.amount.times(proforma::num::Fixed::new(1_000_000, 0)).unwrap();
        let whole: i128 = amount.rounded(0).to_string().parse().unwrap();
        assert_eq!(amount.rounded(0), amount, "{}", balance.amount);
        if whole != 0 {
            let names = &books.journal;
            let key = (names.accounts.get(account).to_owned(), names.commodities.get(commodity).to_owned());
            all.insert(key, whole);
        }
    }
    all
}

/// The transactions as they were made up, found again in what was read.
fn same(made: &[Txn], books: &Books, text: &str, dialect: Dialect) -> Result<(), String> {
    let under = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or("?");
    let journal = &books.journal;
    if journal.transactions.len() != made.len() {
        return Err(format!("{} transactions, not {}", journal.transactions.len(), made.len()));
    }
    for (txn, found) in made.iter().zip(&journal.transactions) {
        let head = (found.date.to_string(), char::from(found.flag), under(found.narration));
        if head != (txn.date.clone(), txn.flag, txn.narration) {
            return Err(format!("{head:?}, not {txn:?}"));
        }
        if dialect != Dialect::Ledger && under(found.payee) != txn.payee {
            return Err(format!("payee {}, not {}", under(found.payee), txn.payee));
        }
        let mut legs: Vec<&generate::Leg> = txn.legs.iter().collect();
        let mut said = false;
        legs.retain(|leg| !leg.elided || !std::mem::replace(&mut said, true));
        let postings = journal.postings_of(found);
        if postings.len() != legs.len() {
            return Err(format!("{} postings of {txn:?}", postings.len()));
        }
        for (leg, posting) in legs.into_iter().zip(postings) {
            let account = journal.accounts.get(posting.account);
            let kind = if leg.free { Kind::Free } else { Kind::Real };
            let given = if leg.elided { Given::Nothing } else { Given::Amount };
            if (account, posting.kind, posting.given) != (leg.account, kind, given) {
                return Err(format!("{posting:?} of {leg:?}"));
            }
            let shown = generate::digits(leg.amount, false);
            if !leg.elided
                && (posting.amount.to_string(), journal.commodities.get(posting.commodity))
                    != (shown, leg.amount.commodity)
            {
                return Err(format!("{} of {leg:?}", posting.amount));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Printed in every form and read again, a journal says what it said.
    #[test]
    fn a_journal_reads_back(seed in any::<u64>(), count in 1..30_u64) {
        for dialect in ALL {
            let made = generate::journal(seed, count, dialect);
            let text = generate::print(&made, dialect, seed);
            let (books, found) = books(dialect, &text);
            prop_assert!(found.is_empty(), "{}\n{text}", words(&found));
            prop_assert_eq!(same(&made, &books, &text, dialect), Ok(()), "{}", text);
            prop_assert_eq!(balances(&books), generate::balances(&made), "{}", text);
        }
    }
}

/// Asks the programs themselves about generated journals, right ones and ones that are slightly wrong. A few in every
/// run; `PROFORMA_JOURNALS=300` for more.
#[test]
fn the_programs_find_the_same_balances() {
    let count: u64 = std::env::var("PROFORMA_JOURNALS").ok().and_then(|n| n.parse().ok()).unwrap_or(2);
    let first: u64 = std::env::var("PROFORMA_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut wrongs = Vec::new();
    for dialect in ALL {
        let (mut right, mut refused) = (0, 0);
        if !programs::there(programs::program(dialect)) {
            continue;
        }
        for seed in first..first + count {
            let made = generate::journal(seed, 20, dialect);
            let text = generate::print(&made, dialect, seed);
            let theirs = programs::balances(dialect, &text);
            right += 1;
            if theirs != Ok(generate::balances(&made)) {
                wrongs.push(format!(
                    "{} {seed}: {theirs:?}\nnot {:?}\n{text}",
                    dialect.name(),
                    generate::balances(&made)
                ));
            }
            // Off by a little: who refuses, and who does not?
            let text = generate::print(&off(&made, seed), dialect, seed);
            let (books, found) = books(dialect, &text);
            let theirs = programs::balances(dialect, &text);
            refused += u64::from(theirs.is_err());
            match theirs {
                Err(_) if found.has_errors() => {}
                Ok(theirs) if !found.has_errors() && theirs == balances(&books) => {}
                theirs => {
                    let ours = if found.has_errors() { words(&found) } else { format!("{:?}", balances(&books)) };
                    wrongs.push(format!("{} {seed} (off): {theirs:?}\nours: {ours}\n{text}", dialect.name()));
                }
            }
        }
        let name = dialect.name();
        eprintln!(
            "{name}: {right} journals, as many slightly wrong, {refused} of those refused; {} differ",
            wrongs.len()
        );
    }
    assert!(wrongs.is_empty(), "{} differ\n{}", wrongs.len(), wrongs.join("\n\n"));
}

/// The journal with one written amount a little off.
fn off(made: &[Txn], seed: u64) -> Vec<Txn> {
    let mut dice = Dice(seed ^ 0x0ff);
    let mut made = made.to_vec();
    for txn in made.iter_mut().filter(|txn| txn.legs.iter().all(|leg| !leg.elided && !leg.free)).take(2) {
        let by = dice.pick(&[1, 10, 100, 1_000, 4_000, 5_000, 6_000, 10_000]);
        if let Some(leg) = txn.legs.last_mut() {
            leg.amount.millionths += by;
            leg.amount.places = 6;
            while leg.amount.places > 0 && leg.amount.millionths % 10_i128.pow(7 - leg.amount.places) == 0 {
                leg.amount.places -= 1;
            }
        }
    }
    made
}

/// Every ledger of the repository, exported whole.
fn exports() -> Vec<(String, Export)> {
    files("ledgers", "ledger")
        .into_iter()
        .map(|ledger| {
            let checked = checked(&Repository, &[&ledger]);
            let exported = with_run(&checked, &[], |replay| export(replay, &Scope::default()).unwrap());
            (ledger, exported)
        })
        .collect()
}

/// What is exported reads back without a word, and has the balances that the run ends with.
#[test]
fn what_is_exported_reads_back() {
    // One that states earnings alone books nothing.
    let all: Vec<_> = exports().into_iter().filter(|(_, exported)| !exported.entries.is_empty()).collect();
    assert!(all.len() >= 10, "{} ledgers", all.len());
    for (ledger, exported) in all {
        assert!(!exported.closing.is_empty(), "{ledger}");
        for (dialect, text) in [
            (Dialect::Beancount, plaintext_journal::beancount(&exported)),
            (Dialect::Hledger, plaintext_journal::hledger(&exported)),
            (Dialect::Ledger, plaintext_journal::hledger(&exported)),
        ] {
            let (books, found) = books(dialect, &text);
            assert!(found.is_empty(), "{ledger} as {}: {}", dialect.name(), words(&found));
            assert_eq!(
                books.journal.transactions.len(),
                exported.entries.len() + usize::from(dialect != Dialect::Beancount)
            );
            let mut ours: Vec<String> = exported
                .closing
                .iter()
                .filter(|closing| !closing.amount.is_zero())
                .map(|closing| closing.amount.to_string())
                .collect();
            let read = books.balances(Date::MAX).unwrap();
            let mut theirs: Vec<String> = read
                .values()
                .filter(|balance| !balance.amount.is_zero())
                .map(|balance| balance.amount.number().unwrap().to_string())
                .collect();
            ours.sort();
            theirs.sort();
            assert_eq!(theirs, ours, "{ledger} as {}", dialect.name());
        }
    }
}

/// hledger and beancount accept every ledger of the repository, with the balances stated at the end.
#[test]
fn the_programs_accept_what_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let (hledger, beancount) = (programs::there("hledger"), programs::there("bean-check"));
    for (ledger, exported) in exports() {
        let mut asked: Vec<(&str, Vec<&str>, String)> = Vec::new();
        if hledger {
            asked.push(("hledger", vec!["check", "--strict", "-f"], plaintext_journal::hledger(&exported)));
        }
        if beancount {
            asked.push(("bean-check", vec!["--no-cache"], plaintext_journal::beancount(&exported)));
        }
        for (program, mut args, text) in asked {
            let path = folder.path().join(format!("{program}.journal"));
            std::fs::write(&path, text).unwrap();
            args.push(path.to_str().unwrap());
            let output = programs::run(program, &args);
            let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.trim().is_empty(), "{program} on {ledger}: {said}");
        }
    }
}

/// A balance that is not right is seen by the programs: the assertions they are given can fail.
#[test]
fn a_wrong_balance_is_refused() {
    let (_, mut exported) = exports().into_iter().next().unwrap();
    let closing = exported.closing.iter_mut().find(|c| !c.amount.is_zero() && c.amount == c.with_below).unwrap();
    closing.amount = closing.amount.plus(proforma::num::Number::ONE).unwrap();
    closing.with_below = closing.amount;
    for (dialect, text) in [
        (Dialect::Beancount, plaintext_journal::beancount(&exported)),
        (Dialect::Hledger, plaintext_journal::hledger(&exported)),
    ] {
        let codes: Vec<&str> = books(dialect, &text).1.iter().map(|d| d.code.number()).collect();
        assert_eq!(codes, ["E0705"], "{}", dialect.name());
        if programs::there(programs::program(dialect)) {
            assert!(programs::balances(dialect, &text).is_err(), "{}", dialect.name());
        }
    }
}

/// Journals that others wrote: `PROFORMA_FILES="a.beancount b.journal"` compares our balances with the program's.
#[test]
fn files_have_the_balances_that_their_programs_find() {
    let Ok(paths) = std::env::var("PROFORMA_FILES") else { return };
    for path in paths.split_whitespace() {
        let dialect = Dialect::of(path).unwrap_or(Dialect::Ledger);
        let text = proforma::syntax::text::normalise(&std::fs::read(path).unwrap()).unwrap();
        let (books, found) = books(dialect, &text);
        let theirs = programs::balances(dialect, &text);
        eprintln!("{path}: {} transactions, {}", books.journal.transactions.len(), words(&found));
        if !found.has_errors() {
            assert_eq!(theirs, Ok(balances(&books)), "{path}");
        }
    }
}

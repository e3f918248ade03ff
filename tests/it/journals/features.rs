//! One construct at a time, with what it comes to: worked out by hand, and asked of the program where it is installed.

use std::collections::BTreeMap;

use proforma::plaintext::Dialect::{self, Beancount, Hledger, Ledger};

use super::{balances, books, programs, words};

/// What a construct shows: who reads it, the text, and balances as `account amount commodity` lines.
const RIGHT: &[(&[Dialect], &str, &str)] = &[
    // Marks, signs and places of commodities.
    (
        &[Hledger, Ledger],
        "2024/1/5 * (7) Shop ; first\n    ; a remark\n    Assets:Cash  $-1,234.50\n    Expenses:Food  $1,000.00  ; tag: x\n    Expenses:Drink  234.50 $\n\n2024-01-06 b\n    Assets:Cash  -$1.00\n    Expenses:Food\n",
        "Assets:Cash -1235.5 $\nExpenses:Drink 234.5 $\nExpenses:Food 1001 $",
    ),
    (
        &[Hledger, Ledger],
        "2024-01-05 x\n    Assets:Cash  1.234,50 EUR\n    Assets:Stock  3 \"AMD 2\"\n    Equity:Own\n",
        "Assets:Cash 1234.5 EUR\nAssets:Stock 3 AMD 2\nEquity:Own -3 AMD 2\nEquity:Own -1234.5 EUR",
    ),
    (&[Ledger], "2024-01-05 x\n    A  1,000 EUR\n    A  1 EUR\n    B\n", "A 1001 EUR\nB -1001 EUR"),
    (
        &[Hledger],
        "decimal-mark ,\n2024-01-05 x\n    A  1.000 EUR\n    A  1,5 EUR\n    B\n",
        "A 1001.5 EUR\nB -1001.5 EUR",
    ),
    (&[Hledger], "commodity 1.000,00 EUR\n2024-01-05 x\n    A  1.000 EUR\n    B\n", "A 1000 EUR\nB -1000 EUR"),
    (&[Hledger], "2024-01-05 x\n    A  1 000 000.5 EUR\n    B\n", "A 1000000.5 EUR\nB -1000000.5 EUR"),
    (&[Hledger], "D $1,000.00\n2024-01-05 x\n    A  5\n    B\n", "A 5 $\nB -5 $"),
    // Prices and lots.
    (
        &[Hledger, Ledger],
        "2024-01-05 x\n    Stock  10 AMD @ 12.5 USD\n    Cash\n\n2024-01-06 y\n    Stock  -4 AMD @@ 60 USD\n    Cash  60 USD\n",
        "Cash -65 USD\nStock 6 AMD",
    ),
    (
        &[Ledger],
        "2024-01-05 x\n    Stock  10 AMD {10 USD} @ 10 USD\n    Cash\n\n2024-01-06 y\n    Stock  -4 AMD {10 USD} @ 12 USD\n    Cash  48 USD\n    Gain\n",
        "Cash -52 USD\nGain -8 USD\nStock 6 AMD",
    ),
    (
        &[Ledger],
        "2024-01-05 x\n    Stock  10 AMD {{100 USD}} [2024-01-05] (first) @ 10 USD\n    Cash\n",
        "Cash -100 USD\nStock 10 AMD",
    ),
    (
        &[Hledger, Ledger],
        "2024-01-05 two commodities\n    A  10 EUR\n    B  -12 USD\n    A  3 EUR\n",
        "A 13 EUR\nB -12 USD",
    ),
    (
        &[Beancount],
        "2024-01-01 open Assets:S \"FIFO\"\n2024-01-01 open Assets:C\n2024-01-01 open Income:G\n\n2024-01-02 * \"buy\"\n  Assets:S  10 AMD {10.00 USD}\n  Assets:C\n\n2024-01-03 * \"buy\"\n  Assets:S  10 AMD {12.00 USD, \"second\"}\n  Assets:C\n\n2024-01-04 * \"sell 12 at 15: 10 cost 10, 2 cost 12; gain 180 - 124 = 56\"\n  Assets:S  -12 AMD {} @ 15.00 USD\n  Assets:C  180.00 USD\n  Income:G\n",
        "Assets:C -40 USD\nAssets:S 8 AMD\nIncome:G -56 USD",
    ),
    (
        &[Beancount],
        "2024-01-01 open Assets:S\n2024-01-01 open Assets:C\n2024-01-01 open Income:G\n\n2024-01-02 * \"buy\"\n  Assets:S  10 AMD {{100.00 USD}}\n  Assets:C\n\n2024-01-03 * \"another\"\n  Assets:S  1 AMD {11.00 USD, 2023-12-31}\n  Assets:C\n\n2024-01-04 * \"sell by cost, then by date\"\n  Assets:S  -4 AMD {10.00 USD}\n  Assets:S  -1 AMD {2023-12-31}\n  Assets:C  55.00 USD\n  Income:G\n",
        "Assets:C -56 USD\nAssets:S 6 AMD\nIncome:G -4 USD",
    ),
    // A date in a comment of the transaction moves nothing.
    (&[Hledger], "2024-01-05 x  ; date: 2024-02-01\n    ; date:2024-03-01\n    A  1 USD\n    B\n", "A 1 USD\nB -1 USD"),
    // What balances by how it is written: 3 times 1.333 is 3.999.
    (&[Hledger, Ledger], "2024-01-05 x\n    A  3 AMD @ 1.333 USD\n    B  -4.00 USD\n", "A 3 AMD\nB -4 USD"),
    (
        &[Beancount],
        "2024-01-01 open Assets:A\n2024-01-01 open Assets:B\n2024-01-05 * \"within half a cent\"\n  Assets:A  3 AMD @ 1.3330 USD\n  Assets:B  -4.00 USD\n",
        "Assets:A 3 AMD\nAssets:B -4 USD",
    ),
    // Virtual postings: for ledger those in square brackets balance with the real ones.
    (
        &[Hledger],
        "2024-01-05 x\n    A  10 USD\n    B\n    (Budget:Food)  -3 USD\n    [Save:One]  2 USD\n    [Save:Two]\n",
        "A 10 USD\nB -10 USD\nBudget:Food -3 USD\nSave:One 2 USD\nSave:Two -2 USD",
    ),
    (
        &[Ledger],
        "2024-01-05 x\n    A  10 USD\n    B\n    (Budget:Food)  -3 USD\n    [Save:One]  2 USD\n",
        "A 10 USD\nB -12 USD\nBudget:Food -3 USD\nSave:One 2 USD",
    ),
    // Assertions and assignments.
    (
        &[Hledger, Ledger],
        "2024-01-05 x\n    A  10.00 USD = 10.00 USD\n    B\n\n2024-01-06 y\n    A  = 7.50 USD\n    C\n",
        "A 7.5 USD\nB -10 USD\nC 2.5 USD",
    ),
    (
        &[Hledger],
        "2024-01-07 later\n    A:Sub  1 USD ==* 1 USD\n    A  0 USD =* 11 USD\n    B\n\n2024-01-05 earlier, as the days go\n    A  10 USD == 10 USD\n    B\n",
        "A 10 USD\nA:Sub 1 USD\nB -11 USD",
    ),
    (
        &[Beancount],
        "2024-01-01 open Assets:A\n2024-01-01 open Assets:A:Sub\n2024-01-01 open Equity:O\n2024-01-02 pad Assets:A Equity:O\n2024-01-03 * \"x\"\n  Assets:A:Sub  1.00 USD\n  Equity:O\n2024-01-05 balance Assets:A  10.00 USD\n2024-01-06 balance Assets:A:Sub  1.005 ~ 0.01 USD\n2024-01-07 * \"y\"\n  Assets:A  -4.00 USD\n  Equity:O\n2024-01-08 balance Assets:A  6 USD\n",
        "Assets:A 5 USD\nAssets:A:Sub 1 USD\nEquity:O -6 USD",
    ),
    // Directives that change names and dates.
    (
        &[Hledger, Ledger],
        "Y2024\n1/5 x\n    A  1 USD\n    B\n\napply account Home\n\n2024/1/6 y\n    A  1 USD\n    B\nend apply account\n\n2024.1.7=2024.1.9 z\n    A  1 USD\n    B\n",
        "A 2 USD\nB -2 USD\nHome:A 1 USD\nHome:B -1 USD",
    ),
    (
        &[Hledger],
        "alias Bank = Assets:Bank\n2024-01-05 x\n    Bank:One  1 USD\n    Bank\nend aliases\n2024-01-06 y\n    Bank  1 USD\n    C\n",
        "Assets:Bank -1 USD\nAssets:Bank:One 1 USD\nBank 1 USD\nC -1 USD",
    ),
    (
        &[Ledger],
        "account Assets:Bank\n    alias bank\n    note where the money is\n2024-01-05 x\n    bank  1 USD\n    C\n",
        "Assets:Bank 1 USD\nC -1 USD",
    ),
    (
        &[Hledger, Ledger],
        "; c\n# c\n* c\ncomment\n2024-01-05 not read\n    A  1 USD\n    B\nend comment\naccount A\ncommodity USD\nP 2024-01-05 AMD 12.50 USD\nP 2024/01/06 00:00:00 AMD $13\ntag x\n\n2024-01-06 y\n    ! A  1 USD\n    * B\n",
        "A 1 USD\nB -1 USD",
    ),
    (
        &[Beancount],
        "option \"title\" \"T\"\n* Heading\n; comment\npushtag #t\n2024-01-01 open Assets:A USD, EUR\n2024-01-01 open Equity:O\n2024-01-01 commodity USD\n  name: \"Dollar\"\n2024-01-02 txn \"a \\\"quoted\\\" text\" ^link\n  key: \"value\"\n  ! Assets:A  1,000.50 USD ; why\n    inner: 5\n  Equity:O\n2024-01-02 note Assets:A \"text\"\n2024-01-02 event \"place\" \"here\"\n2024-01-02 price EUR 1.10 USD\n2024-01-03 P \"padded by hand\"\n  Assets:A  USD\n  Equity:O  -1 USD\npoptag #t\n2024-01-04 close Assets:A\n",
        "Assets:A 1001.5 USD\nEquity:O -1001.5 USD",
    ),
];

/// What its own program refuses, and with which code we do.
const WRONG: &[(&[Dialect], &str, &str)] = &[
    (&[Hledger, Ledger], "E0704", "2024-01-05 x\n    A  10.00 USD\n    B  -9.99 USD\n"),
    (&[Hledger, Ledger], "E0704", "2024-01-05 x\n    A  10.00 USD\n    B\n    C\n"),
    (&[Hledger, Ledger], "E0704", "2024-01-05 of one sign\n    A  10 USD\n    B  12 EUR\n"),
    (&[Hledger], "E0704", "2024-01-05 x\n    A  1 USD\n    B\n    [C]  2 USD\n"),
    (&[Hledger, Ledger], "E0705", "2024-01-05 x\n    A  10 USD = 11 USD\n    B\n"),
    (&[Hledger], "E0705", "2024-01-05 x\n    A  10 USD\n    A  1 EUR == 1 EUR\n    B\n"),
    (&[Hledger, Ledger], "E0106", "2024-02-30 x\n    A  10 USD\n    B\n"),
    (&[Hledger, Ledger], "E0701", "2024-01-05 x\n    A  10 USD what\n    B\n"),
    (
        &[Beancount],
        "E0704",
        "2024-01-01 open Assets:A\n2024-01-05 * \"x\"\n  Assets:A  10.00 USD\n  Assets:A  -9.994 USD\n",
    ),
    (&[Beancount], "E0705", "2024-01-01 open Assets:A\n2024-01-05 balance Assets:A 1 USD\n"),
    (&[Beancount], "E0705", "2024-01-01 open Assets:A\n2024-01-01 open Equity:O\n2024-01-05 pad Assets:A Equity:O\n"),
    (
        &[Beancount],
        "E0706",
        "2024-01-01 open Assets:A EUR\n2024-01-05 * \"x\"\n  Assets:A  10.00 USD\n  Assets:A  -10.00 USD\n",
    ),
    (
        &[Beancount],
        "E0706",
        "2024-01-01 open Assets:A\n2024-01-02 close Assets:A\n2024-01-05 * \"x\"\n  Assets:A  1 USD\n  Assets:A  -1 USD\n",
    ),
    (
        &[Beancount],
        "E0709",
        "2024-01-01 open Assets:A\n2024-01-05 * \"x\"\n  Assets:A  1 AMD {5 USD}\n  Assets:A  -5 USD\n2024-01-06 * \"y\"\n  Assets:A  -1 AMD {6 USD}\n  Assets:A  6 USD\n",
    ),
    (&[Beancount], "E0701", "2024-01-01 opne Assets:A\n"),
];

/// What is not read and says so, though its own program reads it.
const UNREAD: &[(&[Dialect], &str, &str)] = &[
    (&[Hledger, Ledger], "E0703", "2024-01-05 x\n    A  (2 * 3 USD)\n    B\n"),
    (&[Ledger], "E0703", "bucket A\n2024-01-05 x\n    B  1 USD\n"),
    (&[Hledger], "E0703", "alias /x/ = y\n"),
    (&[Hledger], "E0703", "2024-01-05 x\n    A  1 USD  ; date: 2024-02-01\n    B\n"),
    (&[Ledger], "E0703", "2024-01-05 x\n    A  1 USD  ; [2024-02-01]\n    B\n"),
    (&[Hledger], "E0703", "2024-01-05 x\n    A  1 USD\n    ; date: 2024-02-01\n    B\n"),
    (&[Ledger], "E0703", "2024-01-05 x  ; [2024-02-01]\n    A  1 USD\n    B\n"),
    (&[Ledger], "E0703", "C 1.00 Kb = 1024 b\n"),
    (&[Hledger], "E0703", "i 2024-01-05 09:00:00 work\n"),
    (&[Beancount], "E0703", "plugin \"my.plugin\"\n"),
    (
        &[Beancount],
        "E0707",
        "2024-01-01 open Assets:A\n2024-01-05 * \"x\"\n  Assets:A  (1+2) USD\n  Assets:A  -3 USD\n",
    ),
    (&[Hledger], "W0702", "~ monthly\n    A  1 USD\n    B\n"),
    (&[Hledger], "W0702", "= A\n    B  *2\n"),
];

fn expected(lines: &str) -> BTreeMap<(String, String), i128> {
    let line = |line: &str| {
        let mut words = line.splitn(3, ' ');
        let (account, amount, commodity) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let millionths: i128 = format!("{whole}{fraction:0<6}").parse().unwrap();
        ((account.to_owned(), commodity.to_owned()), millionths)
    };
    lines.lines().map(line).collect()
}

#[test]
fn constructs_come_to_what_they_should() {
    let mut wrongs = Vec::new();
    for (dialects, text, balanced) in RIGHT {
        for dialect in *dialects {
            // As saved on another system.
            for text in [
                (*text).to_owned(),
                proforma::syntax::text::normalise(format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes())
                    .unwrap(),
            ] {
                let (books, found) = books(*dialect, &text);
                if !found.is_empty() || balances(&books) != expected(balanced) {
                    wrongs.push(format!("{}: {}{:?}\n{text}", dialect.name(), words(&found), balances(&books)));
                }
            }
            if programs::there(programs::program(*dialect)) {
                let theirs = programs::balances(*dialect, text);
                if theirs != Ok(expected(balanced)) {
                    wrongs.push(format!("{} itself: {theirs:?}\n{text}", dialect.name()));
                }
            }
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

#[test]
fn what_the_programs_refuse_has_a_code() {
    let mut wrongs = Vec::new();
    for (dialects, code, text) in WRONG {
        for dialect in *dialects {
            let mut codes: Vec<&str> = books(*dialect, text).1.iter().map(|d| d.code.number()).collect();
            codes.dedup();
            if codes != [*code] {
                wrongs.push(format!("{}: {codes:?}, not {code}\n{text}", dialect.name()));
            }
            if programs::there(programs::program(*dialect)) && programs::balances(*dialect, text).is_ok() {
                wrongs.push(format!("{} itself reads\n{text}", dialect.name()));
            }
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
}

#[test]
fn what_is_not_read_says_so() {
    for (dialects, code, text) in UNREAD {
        for dialect in *dialects {
            let codes: Vec<&str> = books(*dialect, text).1.iter().map(|d| d.code.number()).collect();
            assert_eq!(codes, [*code], "{}\n{text}", dialect.name());
        }
    }
}

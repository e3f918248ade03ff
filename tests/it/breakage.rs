//! Take or pay with rights that will not all be used (ASC 606-10-55-46 to -49).

use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

/// 30 units a quarter at 10, to be made up until the end of 2027. Taken: 25, 30, 25 and 20.
fn story(book: &str, choice: &str, ledger: &str) -> String {
    format!(
        r#"
use "rules/books/{book}.pf"
unit unit_
party S "Seller" {{ currency USD; fiscal year ends 31 December; book {0} {choice} }}
party B "Buyer" {{ currency USD; fiscal year ends 31 December }}
contract c "Take or pay" between S as seller, B as buyer {{
  signed 2026-01-01
  supply s {{
    120 unit_ definitive firm
    price 10 USD/unit_
    pays rest on delivery
    control passes at delivery
    take or pay 30 unit_ every quarter from 2026-01-01 to 2026-12-31 with make_up until 2027-12-31
  }}
}}
2026-02-02 deliver c.s 25 unit_
2026-05-04 deliver c.s 30 unit_
2026-08-03 deliver c.s 25 unit_
2026-11-02 deliver c.s 20 unit_
{ledger}
"#,
        book.replace('-', "_")
    )
}

fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(text), &[], |replay| {
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
        for name in report::NAMES {
            let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
            for check in &report.checks {
                assert_ne!(check.holds(), Some(false), "{name}: {} {:?} {:?}", check.claim, check.left, check.right);
            }
        }
    });
}

const JUDGED: &str = "2026-01-01 judge c.s breakage 200 USD \"a sixth was never taken in years like this\"\n";

/// 1,200 must be paid for, 200 is expected never to be taken: each of the 1,000 taken earns a fifth more. 250 + 50, 300 + 60, 250 + 50, 200 + 40
/// = 1,200. What is forfeited at the end of 2027, 20 × 10 = 200, was earned by then. Left after Q1: 1,200 − 300 = 900.
#[test]
fn in_proportion_to_what_is_taken() {
    for book in ["us-gaap", "ifrs"] {
        holds(
            &story(book, "{ breakage_pattern = in_proportion }", JUDGED),
            &[
                ("S.revenue in 2026-Q1", "300"),
                ("S.revenue in 2026-Q2", "360"),
                ("S.revenue in 2026-Q3", "300"),
                ("S.revenue in 2026-Q4", "240"),
                ("S.revenue in 2027", "0"),
                ("S.rpo[c.s] on 2026-03-31", "900"),
                ("S.rpo[c.s] on 2026-12-31", "0"),
                // Billed 300 a quarter; 50 of contract liability for what was not taken, and as much earned of it.
                ("S.contract_asset[c.s] on 2026-03-31", "50"),
                ("S.contract_liability[c.s] on 2026-03-31", "50"),
                ("S.contract_asset[c.s] on 2027-12-31", "0"),
                ("S.contract_liability[c.s] on 2027-12-31", "0"),
            ],
        );
    }
}

/// The default: when it is remote that the customer takes them, which here is when it cannot any more. Without a judgement the other
/// policy does the same.
#[test]
fn when_it_is_remote() {
    for (choice, judged) in [("", JUDGED), ("{ breakage_pattern = in_proportion }", "")] {
        holds(
            &story("us-gaap", choice, judged),
            &[
                ("S.revenue in 2026-Q1", "250"),
                ("S.revenue in 2026-Q2", "300"),
                ("S.revenue in 2026", "1000"),
                ("S.revenue in 2027", "200"),
            ],
        );
    }
}

/// More is taken than was expected: 15 more units in March 2027 leave 5 to forfeit. 200 is too much by then: judged again to be 50, 50 × 1,150/1,150 = 50 is left
/// of the 200 earned before, 150 go back beside the 150 that are taken; then 5 × 10 are forfeited.
#[test]
fn another_judgement_is_caught_up() {
    let more = "2027-03-01 deliver c.s 15 unit_\n2027-03-31 judge c.s breakage 50 USD\n";
    holds(
        &story("us-gaap", "{ breakage_pattern = in_proportion }", &format!("{JUDGED}{more}")),
        &[
            ("S.revenue in 2026", "1200"),
            ("S.revenue in 2027-Q1", "0"),
            ("S.revenue in 2027", "0"),
            ("S.contract_liability[c.s] on 2027-12-31", "0"),
        ],
    );
}

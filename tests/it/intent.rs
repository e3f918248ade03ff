//! What binds nobody is in no book but for the cash that moved, with the arithmetic.

use std::collections::BTreeSet;

use proforma::report::cash::Tier;
use proforma::report::{Scope, build};

use crate::common::{checked_text, fact, facts_are, number, with_run};

const INTENT: &str = r#"
use "rules/books/us-gaap.pf"
use "rules/books/ifrs.pf"
unit rack
party S "Seller" { currency USD; fiscal year ends 31 December; book us_gaap }
party B "Buyer" { currency USD; fiscal year ends 31 December; book ifrs }
contract intent "Letter of intent" between S as seller, B as buyer {
  signed 2026-01-05
  standing letter of intent
  supply goods { 10 rack definitive firm; price 10 USD/rack; pays 20% of price on order; pays rest on delivery; control passes at delivery }
}
contract agreed "What was agreed" between S as seller, B as buyer {
  signed 2026-07-01
  supply more { 10 rack definitive firm; price 10 USD/rack; pays 20% of price on order; pays rest on delivery; control passes at delivery }
  supply goods { 10 rack definitive firm; price 10 USD/rack; pays 20% of price on order; pays rest on delivery; control passes at delivery }
}
2026-01-01 open B { cash 500 USD }
2026-02-02 order intent.goods 5 rack
2026-02-10 pay intent.goods 7 USD
2026-03-02 known 2026-01-05 forecast deliver intent.goods 2 rack
"#;

fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(&format!("{INTENT}{text}")), &[], |replay| {
        facts_are(replay, expected);
        for name in proforma::report::NAMES {
            for entity in ["S", "B"] {
                let Ok(report) = build(name, replay, &Scope { entity: Some(entity.into()), ..Scope::default() }) else {
                    continue;
                };
                assert!(report.checks.iter().all(|check| check.holds() != Some(false)), "{name}: {:?}", report.checks);
            }
        }
    });
}

/// Five racks are ordered and two delivered under a letter: no revenue, no equipment, no claim. The 7 paid are a deposit on
/// both sides, and cash: 500 − 7 = 493 are left with the buyer.
#[test]
fn a_letter_of_intent_is_a_deposit_and_nothing_else() {
    holds(
        "",
        &[
            ("S.revenue in 2026-Q1", "0"),
            ("S.receivable in 2026-Q1", "0"),
            ("S.contract_liability in 2026-Q1", "0"),
            ("S.rpo in 2026-Q1", "0"),
            ("S.customer_deposits in 2026-Q1", "7"),
            ("S.cash in 2026-Q1", "7"),
            ("B.equipment in 2026-Q1", "0"),
            ("B.payable in 2026-Q1", "0"),
            ("B.supplier_deposits in 2026-Q1", "7"),
            ("B.cash in 2026-Q1", "493"),
        ],
    );
}

/// The contract that replaces it takes the 7 over, under the supply of the same name. An order of 5 bills 20% × 50 = 10: the 7
/// meet it, 3 are open. 2 are delivered: 20 of revenue, 16 more billed, 10 − 4 = 6 of the deposit for those to come.
#[test]
fn the_contract_that_replaces_it_takes_the_deposit_over() {
    holds(
        "2026-07-01 supersede intent by agreed
2026-07-02 order agreed.goods 5 rack
2026-08-03 deliver agreed.goods 2 rack
",
        &[
            ("S.customer_deposits in 2026-Q3", "0"),
            ("S.revenue in 2026-Q3", "20"),
            ("S.receivable in 2026-Q3", "19"),
            ("S.contract_liability in 2026-Q3", "6"),
            ("S.contract_liability[agreed.more] in 2026-Q3", "0"),
            ("S.cash in 2026-Q3", "7"),
            ("B.supplier_deposits in 2026-Q3", "6"),
            ("B.payable in 2026-Q3", "19"),
            ("B.equipment in 2026-Q3", "20"),
            ("B.cash in 2026-Q3", "493"),
        ],
    );
}

/// Cash that moved counts whatever the paper says: 7. What is only expected waits: 80% × 20 = 16 on delivery; of the 10 on order
/// the 7 paid are all there is.
#[test]
fn cash_counts_what_moved_and_keeps_what_is_expected_apart() {
    with_run(&checked_text(INTENT), &[], |replay| {
        for with in [BTreeSet::new(), Tier::ALL.into_iter().collect()] {
            let scope = Scope { entity: Some("S".into()), with, ..Scope::default() };
            let report = build("cash", replay, &scope).unwrap();
            assert!(report.checks.iter().all(|check| check.holds() == Some(true)), "{:?}", report.checks);
        }
        assert_eq!(fact(replay, "S.closing_cash in 2026-Q1"), Some(number("7")));
        assert_eq!(fact(replay, "S.closing_cash_with_loi in 2026-Q1"), Some(number("23")));
    });
}

/// A deposit in another currency: 100 EUR at 1.10 are 110 USD; 40 EUR go back at 1.20, 48 USD, of a deposit of 44, which is a
/// difference of 4. The check of the supply counts deposits and what was given back.
#[test]
fn a_deposit_from_abroad_ties() {
    let text = INTENT
        .replace("price 10 USD/rack", "price 10 EUR/rack")
        .replace("2026-02-10 pay intent.goods 7 USD", "2026-01-01 price rate(EUR in USD) 1.10 USD/EUR\n2026-02-10 pay intent.goods 100 EUR\n2026-04-01 price rate(EUR in USD) 1.20 USD/EUR\n2026-04-02 refund intent.goods 40 EUR");
    with_run(&checked_text(&text), &[], |replay| {
        let report = build("revenue", replay, &Scope { entity: Some("S".into()), ..Scope::default() }).unwrap();
        assert!(report.checks.iter().any(|check| check.claim.contains("rates of the days")), "{:?}", report.checks);
        assert!(report.checks.iter().all(|check| check.holds() == Some(true)), "{:?}", report.checks);
        facts_are(
            replay,
            &[
                ("S.customer_deposits[intent.goods] in 2026-Q1", "110"),
                ("S.customer_deposits[intent.goods] in 2026-Q2", "66"),
            ],
        );
        assert_eq!(fact(replay, "S.fx_gain_or_loss[intent.goods] in 2026-Q2"), Some(number("-4")));
    });
}

//! Financial statements, by hand.

use std::collections::BTreeMap;

use crate::common::{Memory, checked, checked_text, fact, number, with_run};

use proforma::report::{self, Cell, Report, Row, Scope};

use proforma::time::PeriodName;

const STORY: &str = r#"
use "rules/books/us-gaap.pf"
unit widget
party S "Seller" { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book us_gaap }
party B "Buyer" { currency USD; fiscal year ends 31 December; book us_gaap }
contract c "Supply" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods {
    100 widget definitive firm
    price 10 USD/widget
    pays 20% of price on order
    pays rest 30 days after delivery
    control passes at delivery
  }
  counter bought = sum widget over delivery goods by anyone since signed
  warrant w over 100 shares of S.common at 1 USD/share, issuer S, holder B {
    expires 2036-01-01
    exercise cash
    adjusts for splits
    tranche T1 100 shares { vests when bought >= 50 widget; fair value 3 USD/share }
  }
}
2026-01-01 open S { S.common 1_000 shares; cash 1_000 USD }
2026-01-01 open B { cash 5_000 USD }
2026-01-10 judge c.w.T1 probable
2026-02-01 order c.goods 100 widget
2026-02-01 pay c.goods 200 USD
2026-03-01 deliver c.goods 50 widget
2026-03-31 pay c.goods 400 USD
2026-05-01 deliver c.goods 50 widget
2026-06-15 exercise c.w.T1 40 shares
"#;

fn year(entity: &str, period: &str) -> Scope {
    Scope { entity: Some(entity.into()), period: PeriodName::parse(period), ..Scope::default() }
}

/// The rows of a table as `line: figure figure …`, those that begin so.
fn rows(report: &Report, table: &str) -> Vec<String> {
    let table = report.tables.iter().find(|t| t.title == table).unwrap();
    let said = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Figure(figure) => figure.amount.known().unwrap().to_string(),
        _ => String::new(),
    };
    let cells = table.rows.iter().filter_map(|row| match row {
        Row::Cells { cells, .. } => Some(cells.iter().map(said).collect::<Vec<_>>().join(" | ")),
        _ => None,
    });
    cells.collect()
}

fn holds(report: &Report) {
    let failed: Vec<&str> = report.checks.iter().filter(|c| c.holds() != Some(true)).map(|c| c.name).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

/// Revenue 50 × 10 = 500 a quarter. The award, 100 × 3 = 300, is earned by the first 50 widgets, in Q1: net income 200, 500.
/// Cash at 03-31: 1,000 + 200 + 400 = 1,600; of the 200 paid on order half is for what has passed, so 100 is owed in goods.
/// Cash at 06-30: 1,600 + 40 exercised × 1 = 1,640; 400 billed and not paid. The exercise takes 300 × 40/100 = 120 of the award:
/// common stock 40 × 0.01 = 0.40, paid-in capital 40 + 120 − 0.40 = 159.60.
/// Operating cash Q1: 200 + 300 (award, no cash) + 100 (owed in goods) = 600; Q2: 500 − 400 − 100 = 0.
#[test]
fn four_statements_by_hand() {
    let checked = checked_text(STORY);
    with_run(&checked, &[], |replay| {
        let report = report::build("statements", replay, &year("S", "2026-Q2")).unwrap();
        holds(&report);
        assert_eq!(
            rows(&report, "Income statement"),
            [
                "Revenue | 500 | 1000",
                "Consideration payable to customers | 0 | -300",
                "Income, net of reductions | 500 | 700",
                "Net income | 500 | 700",
            ]
        );
        assert_eq!(
            rows(&report, "Balance sheet"),
            [
                "Cash and cash equivalents | 1600 | 1640",
                "Accounts receivable | 0 | 400",
                "Total assets | 1600 | 2040",
                "Contract liabilities | 100 | 0",
                "Total liabilities | 100 | 0",
                "Customer awards | 300 | 180",
                "Common stock | 0 | 0.4",
                "Additional paid-in capital | 0 | 159.6",
                "Opening equity | 1000 | 1000",
                "Retained earnings | 200 | 700",
                "Total equity | 1500 | 2040",
                "Total liabilities and equity | 1600 | 2040",
            ]
        );
        // The 40 of cash are shared out over stock and paid-in capital as 0.40 to 159.60: 0.10 and 39.90.
        assert_eq!(
            rows(&report, "Cash flows"),
            [
                "Net income | 500 | 700",
                "Accounts receivable | -400 | -400",
                "Contract liabilities | -100 | 0",
                "Customer awards | 0 | 300",
                "Cash from operating activities | 0 | 600",
                "Cash from investing activities | 0 | 0",
                "Common stock | 0.1 | 0.1",
                "Additional paid-in capital | 39.9 | 39.9",
                "Opening equity | 0 | 1000",
                "Cash from financing activities | 40 | 1040",
                "Cash at the beginning | 1600 | 0",
                "Cash at the end | 1640 | 1640",
            ]
        );
    });
}

/// The buyer pays for equipment: investing. Opening cash is recorded as received from owners on the first day.
#[test]
fn the_other_side_and_facts_of_statements() {
    let checked = checked_text(STORY);
    with_run(&checked, &[], |replay| {
        for (entity, period) in [("B", "2026"), ("B", "2026-Q1"), ("S", "2026"), ("S", "2026-01")] {
            holds(&report::build("statements", replay, &year(entity, period)).unwrap());
        }
        for (name, expected) in [
            ("S.net_income in 2026-Q1", "200"),
            ("S.net_income in 2026", "700"),
            ("S.total_assets in 2026-Q2", "2040"),
            ("S.total_liabilities in 2026-Q1", "100"),
            ("S.total_equity in 2026-Q2", "2040"),
            ("S.accumulated_earnings in 2026-Q2", "700"),
            // 1,000 opened as equity and 600 from the customer.
            ("S.operating_cash_flow in 2026-Q1", "600"),
            ("S.financing_cash_flow in 2026-Q1", "1000"),
            ("B.investing_cash_flow in 2026-Q1", "-600"),
        ] {
            assert_eq!(fact(replay, name), Some(number(expected)), "{name}");
        }
    });
}

/// An account that a book adds appears by its class and line, and accounts that share a line are one.
#[test]
fn an_account_says_where_it_stands() {
    let book = std::fs::read_to_string(crate::common::root().join("rules/books/us-gaap.pf")).unwrap();
    let book = book
        .replace(
            "account revenue income under \"Revenue\"",
            "account revenue income under \"Sales\"\n  account late_fees income under \"Sales\"",
        )
        .replace(
            "  on pay p as seller {",
            "  on pay p as seller { dr cash p.amount * 0.01; cr late_fees p.amount * 0.01 } cite \"ASC 606-10-25-30\"\n  on pay p as seller {",
        );
    let files = BTreeMap::from([("rules/books/us-gaap.pf".to_owned(), book), ("t.pf".to_owned(), STORY.to_owned())]);
    let checked = checked(&Memory(files), &["t.pf"]);
    with_run(&checked, &[], |replay| {
        let report = report::build("statements", replay, &year("S", "2026-Q1")).unwrap();
        // 500 and a fee of 1 % on payments of 200 and 400: 2 + 4.
        assert!(rows(&report, "Income statement").contains(&"Sales | 506".to_owned()));
        holds(&report);
    });
}

/// A figure without its term is no nil: statements of a supply whose price is not disclosed say what is missing.
#[test]
fn what_is_missing_stays_missing() {
    let checked = checked_text(&STORY.replace("price 10 USD/widget", "price undisclosed"));
    with_run(&checked, &[], |replay| {
        let report = report::build("statements", replay, &year("S", "2026-Q1")).unwrap();
        let said = |note: &String| note.contains("on transfer as seller") && note.contains("c.goods.price");
        assert!(report.notes.iter().any(said), "{:?}", report.notes);
    });
}

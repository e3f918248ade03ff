//! Issued periods: what becomes known after one, before and after it is issued, and errors. Closed is issued.

use crate::common::{checked_text, fact, number, with_run};
use proforma::engine::Inputs;
use proforma::report::{self, Cell, Report, Row, Scope};
use proforma::run::Replay;
use proforma::time::{Date, PeriodName};

/// 10 USD a widget, passed and billed on delivery. FY2026 is issued on 2027-02-20.
fn story(lines: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
unit widget
party S "Seller" {{ currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book us_gaap }}
party B "Buyer" {{ currency USD; book us_gaap }}
contract c "Supply" between S as seller, B as buyer {{
  signed 2026-01-01
  supply goods {{ 1_000 widget definitive firm; price 10 USD/widget; pays rest on delivery; control passes at delivery }}
  counter bought = sum widget over delivery goods by anyone since signed
  warrant w over 100 shares of S.common at 1 USD/share, issuer S, holder B {{
    expires 2036-01-01; exercise cash; adjusts for splits
    tranche T1 100 shares {{ vests when bought >= 100 widget; fair value 3 USD/share }}
  }}
}}
2026-01-10 judge c.w.T1 probable
2026-11-02 d1: deliver c.goods 40 widget
2027-02-20 close S 2026
2027-04-01 d9: deliver c.goods 10 widget
{lines}"#
    )
}

fn holds(text: &str, expected: &[(&str, &str)]) {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
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

fn report_of(text: &str, name: &str, period: &str) -> Report {
    let scope = Scope { entity: Some("S".into()), period: PeriodName::parse(period), ..Scope::default() };
    with_run(&checked_text(text), &[], |replay| report::build(name, replay, &scope).unwrap())
}

fn noted(report: &Report, part: &str) -> bool {
    report.notes.iter().any(|note| note.contains(part))
}

/// Revenue of FY2026: 40 × 10 = 400; its cost, 100 × 3 × 40/100 = 120. A delivery of 5 on 15 December becomes known on 20 January,
/// before the issue: 50 more and 15 of cost, in FY2026 (type 1, ASC 855-10-25-1). 2027-Q2: 10 × 10 = 100.
#[test]
fn known_before_the_issue_reopens_the_period() {
    let text = story("2026-12-15 known 2027-01-20 d2: deliver c.goods 5 widget\n");
    holds(
        &text,
        &[
            ("S.revenue in 2026", "450"),
            ("S.contra_revenue in 2026", "135"),
            ("S.revenue in 2027-Q1", "0"),
            ("S.revenue in 2027-Q2", "100"),
        ],
    );
    let report = report_of(&text, "revenue", "2026");
    assert!(noted(&report, "line d2") && noted(&report, "ASC 855-10-25-1"), "{:?}", report.notes);
}

/// The same delivery becomes known on 10 May, after the issue: FY2026 stays at 400 and 120, as issued; 2027-Q2 has 100 and 50
/// more, and 30 + 15 of cost. By 9 May nobody knew.
#[test]
fn known_after_the_issue_is_caught_up() {
    let text = story("2026-12-15 known 2027-05-10 d2: deliver c.goods 5 widget\n");
    holds(
        &text,
        &[
            ("S.revenue in 2026", "400"),
            ("S.contra_revenue in 2026", "120"),
            ("S.revenue in 2027-Q2", "150"),
            ("S.contra_revenue in 2027-Q2", "45"),
            ("S.revenue[c.goods] on 2027-05-10", "50"),
        ],
    );
    for (name, period) in [("revenue", "2026"), ("revenue", "2027"), ("statements", "2027")] {
        let report = report_of(&text, name, period);
        assert!(noted(&report, "line d2") && noted(&report, "ASC 250-10-45-17"), "{name} {:?}", report.notes);
    }
    assert!(!noted(&report_of(&text, "revenue", "2028"), "ASC 250"));
}

/// The rows of the first table as `cell | cell | …`.
fn rows(report: &Report) -> Vec<String> {
    let said = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Figure(figure) => figure.amount.known().unwrap().to_string(),
        _ => String::new(),
    };
    let table = report.tables.first().unwrap();
    let cells = table.rows.iter().filter_map(|row| match row {
        Row::Cells { cells, .. } => Some(cells.iter().map(said).collect::<Vec<_>>().join(" | ")),
        _ => None,
    });
    cells.collect()
}

/// 40 were counted where 30 were delivered: an error, found on 4 May and restated. FY2026 becomes 30 × 10 = 300 and 100 × 3 ×
/// 30/100 = 90 of cost. Reported before: 400 and 120, and that is what is read by 3 May. 2027-Q2 has its own 100 and 30 alone.
#[test]
fn an_error_is_restated() {
    let text = story(
        "2026-11-02 known 2027-05-04 d1b: deliver c.goods 30 widget corrects d1\n\
         2027-05-04 restate S 2026 for d1b \"a pallet was counted twice\"\n",
    );
    holds(
        &text,
        &[
            ("S.revenue in 2026", "300"),
            ("S.contra_revenue in 2026", "90"),
            ("S.revenue in 2027-Q2", "100"),
            ("S.contra_revenue in 2027-Q2", "30"),
        ],
    );
    let checked = checked_text(&text);
    let before = Inputs::select(&checked.terms, &[], Date::parse("2027-05-03")).unwrap();
    let replay = Replay::new(&checked.terms, &before, None).unwrap();
    assert_eq!(fact(&replay, "S.revenue in 2026"), Some(number("400")));

    let report = report_of(&text, "restatement", "2026");
    let found = rows(&report);
    for row in [
        "S | receivable | 2026-Q4 | 400 | 300 | -100",
        "S | revenue | 2026-Q4 | 400 | 300 | -100",
        "S | contra_revenue | 2026-Q4 | 120 | 90 | -30",
        "S | award_equity | 2026-Q4 | 120 | 90 | -30",
    ] {
        assert!(found.contains(&row.to_owned()), "{row}: {found:?}");
    }
    assert!(found.iter().all(|row| row.contains("2026-Q4")), "{found:?}");
    let foot = report.tables.first().unwrap().footnotes.join(" ");
    assert!(foot.contains("d1b: a pallet was counted twice"), "{foot}");
    assert!(noted(&report_of(&text, "revenue", "2026"), "restated, on 2027-05-04"));
    // A delivery that was overlooked is an error as well, where it is named: 5 × 10 in FY2026, not in 2027.
    let overlooked = "2026-12-15 known 2027-05-10 d2: deliver c.goods 5 widget\n2027-05-10 restate S 2026 for d2\n";
    holds(&story(overlooked), &[("S.revenue in 2026", "450"), ("S.revenue in 2027-Q2", "100")]);
}

/// A correction that was known before the issue is no restatement, and a forecast is no fact that was issued.
#[test]
fn what_was_known_before_needs_no_word() {
    let text = story("2026-11-02 known 2027-01-15 d1b: deliver c.goods 30 widget corrects d1\n");
    holds(&text, &[("S.revenue in 2026", "300"), ("S.revenue in 2027-Q2", "100")]);
    let text = story(
        "2026-12-01 known 2026-06-01 forecast f1: deliver c.goods 20 widget\n2027-03-01 withdraws f1 \"never came\"\n",
    );
    holds(&text, &[("S.revenue in 2026", "400")]);
}

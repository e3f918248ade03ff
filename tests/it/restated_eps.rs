//! A restatement shows earnings per share as they were reported and as restated (ASC 250-10-50-7).

use proforma::check;
use proforma::report::{self, Cell, Report, Row, Scope};
use proforma::time::PeriodName;

use crate::common::{Memory, checked_text, fact, number, with_run};

fn codes(text: &str) -> Vec<String> {
    let files = Memory(std::collections::BTreeMap::from([("t.pf".to_owned(), text.to_owned())]));
    let found = check::check(&files, &["t.pf".to_owned()]);
    found.diagnostics.iter().map(|d| d.code.to_string()).collect()
}

/// FY2026: 1,000m of income over 500m shares, 50m more by awards; issued on 20 February 2027. In May the income is found to have been 900m.
fn story(lines: &str) -> String {
    format!(
        "use \"rules/books/us-gaap.pf\"\n\
         party S \"Seller\" {{ currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book us_gaap }}\n\
         2026-01-01 open S {{ S.common 500m shares }}\n\
         2027-02-10 e1: earnings S 2026 {{ continuing 1_000m USD; increment awards 50m shares }}\n\
         2027-02-20 close S 2026\n{lines}"
    )
}

const ERROR: &str =
    "2027-05-04 e1b: earnings S 2026 { continuing 900m USD; increment awards 50m shares } corrects e1\n";
const SAID: &str = "2027-05-04 restate S 2026 for e1b \"interest was left out\"\n";

fn rows(report: &Report, title: &str) -> Vec<String> {
    let said = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Figure(figure) => figure.amount.known().unwrap().to_string(),
        _ => String::new(),
    };
    let tables = report.tables.iter().filter(|table| table.title.starts_with(title));
    let rows = tables.flat_map(|table| &table.rows).filter_map(|row| match row {
        Row::Cells { cells, .. } => Some(cells.iter().map(said).collect::<Vec<_>>().join(" | ")),
        _ => None,
    });
    rows.collect()
}

/// 1,000/500 = 2.00 and 1,000/550 = 1.818182 as issued; 900/500 = 1.80 and 900/550 = 1.636364 as restated.
#[test]
fn as_issued_and_as_restated() {
    let text = story(&format!("{ERROR}{SAID}"));
    with_run(&checked_text(&text), &[], |replay| {
        assert_eq!(fact(replay, "S.eps_basic in 2026"), Some(number("1.8")));
        assert_eq!(fact(replay, "S.eps_diluted in 2026"), Some(number("1.636364")));
        let scope = Scope { entity: Some("S".into()), period: PeriodName::parse("2026"), ..Scope::default() };
        let report = report::build("restatement", replay, &scope).unwrap();
        let found = rows(&report, "Earnings per share");
        assert_eq!(
            found,
            [
                "S.common | 2026 | income for common shares, basic | 1000000000 | 900000000 | -100000000",
                "S.common | 2026 | basic | 2 | 1.8 | -0.2",
                "S.common | 2026 | income for common shares, diluted | 1000000000 | 900000000 | -100000000",
                "S.common | 2026 | diluted | 1.818182 | 1.636364 | -0.181818",
            ]
        );
    });
}

/// Nothing says that the correction is a restatement: it is none that may be made in silence, though the line stands after the period.
#[test]
fn a_correction_of_issued_earnings_is_said() {
    assert!(codes(&story(ERROR)).contains(&"E0524".to_owned()), "{:?}", codes(&story(ERROR)));
    assert_eq!(codes(&story(&format!("{ERROR}{SAID}"))), Vec::<String>::new());
    // A quarter that was never issued may be corrected.
    let open = "2027-04-20 q1: earnings S 2027-Q1 { continuing 10m USD }\n2027-05-04 earnings S 2027-Q1 { continuing 9m USD } corrects q1\n";
    assert_eq!(codes(&story(open)), Vec::<String>::new());
}

/// A share count that was wrong is restated as well: shares that were issued on 1 July 2026 and overlooked, 100m × 184/365 = 50,410,958.904 more.
#[test]
fn a_wrong_share_count_is_restated() {
    let text = story(
        "2026-07-01 known 2027-05-04 i1: issue 100m shares of S.common to holders\n2027-05-04 restate S 2026 for i1 \"overlooked\"\n",
    );
    with_run(&checked_text(&text), &[], |replay| {
        let scope = Scope { entity: Some("S".into()), period: PeriodName::parse("2026"), ..Scope::default() };
        let found = rows(&report::build("restatement", replay, &scope).unwrap(), "Earnings per share");
        let row = "S.common | 2026 | shares, basic | 500000000 | 550410958.904 | 50410958.904";
        assert!(found.contains(&row.to_owned()), "{found:?}");
    });
}

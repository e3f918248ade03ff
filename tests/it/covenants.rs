//! Covenants, by hand.

use crate::common::{Memory, checked_text, fact, facts_are, with_run};

use std::collections::BTreeMap;

use proforma::render::csv;
use proforma::report::{self, Scope};
use proforma::time::PeriodName;

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
party Bank "Bank, N.A." { currency USD; fiscal year ends 31 December; book us_gaap }
party Firm "Firm, Inc." { currency USD; fiscal year ends 31 December; book us_gaap }
"#;

fn contract(clauses: &str) -> String {
    format!(
        "{PARTIES}contract term \"Loan\" between Bank as lender, Firm as borrower {{ signed 2026-01-01\n{clauses}\n}}\n"
    )
}

/// Facts, and the report up to the end of a period.
fn tested(text: &str, period: &str, expected: &[(&str, &str)]) -> String {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        facts_are(replay, expected);
        let scope = Scope { entity: Some("Firm".into()), period: PeriodName::parse(period), ..Scope::default() };
        let report = report::build("covenants", replay, &scope).unwrap();
        let told: Vec<String> = report.tables.iter().flat_map(|table| table.footnotes.clone()).collect();
        csv::report(&report) + &told.join("\n")
    })
}

/// As filed, in millions: 20,606 + 7,623 + 1,671 = 29,900; 4,599 − 780 = 3,819; 29,900 / 3,819 = 7.829275, where 3 are needed.
/// 29,900 − 3 × 3,819 = 18,443, 61.68 % of 29,900; 29,900 / 3 − 3,819 = 6,147.666667, 160.98 % of 3,819.
#[test]
fn interest_coverage_as_filed() {
    let text = contract(
        "covenant coverage \"Interest coverage\" of Firm {
           measure ebitda = operating_income + depreciation + amortisation
           measure net_interest = interest_expense - interest_income
           test ebitda / net_interest >= 3.0
           tested every quarter from 2026-12-31 to 2027-12-31
           over 4 quarters
         }",
    ) + "2027-02-20 known 2027-02-20 reported Firm 2026 {
           operating_income 20_606m USD; depreciation 7_623m USD; amortisation 1_671m USD
           interest_expense 4_599m USD; interest_income 780m USD
         }\n";
    let report = tested(
        &text,
        "2026",
        &[
            ("Firm.covenant_numerator[term.coverage] in 2026", "29900000000"),
            ("Firm.covenant_denominator[term.coverage] in 2026", "3819000000"),
            ("Firm.covenant_value[term.coverage] in 2026", "7.829275"),
            ("Firm.covenant_met[term.coverage] in 2026", "1"),
            ("Firm.covenant_numerator_room[term.coverage] in 2026", "18443000000"),
            ("Firm.covenant_numerator_room_percent[term.coverage] in 2026", "61.68"),
            ("Firm.covenant_denominator_room[term.coverage] in 2026", "6147666666.67"),
            ("Firm.covenant_denominator_room_percent[term.coverage] in 2026", "160.98"),
        ],
    );
    for word in [
        "7.829275",
        "at least 3",
        "operating_income 20,606,000,000 + depreciation 7,623,000,000",
        "next tested on 2027-03-31",
    ] {
        assert!(report.contains(word), "{word}: {report}");
    }
    with_run(&checked_text(&text), &[], |replay| {
        let name = proforma::check::fact_name("Firm.covenant_value[term.coverage] in 2026").unwrap();
        let told = format!("{:?}", proforma::explain::explain(replay, &name).unwrap());
        for word in ["interest_expense 4,599,000,000 - interest_income 780,000,000", "term term.coverage"] {
            assert!(told.contains(word), "{word}: {told}");
        }
    });
}

/// Four quarters that roll: 40 + 30 + 20 + 10 over 4 × 10 is 2.5 where 2 are needed; a quarter later 30 + 20 + 10 + 5 = 65 over 40 is 1.625:
/// a breach, by 15 of the one or 7.5 of the other. The next quarter is not reported: open. Then a forecast of 45: (10 + 5 + x + 45), open
/// as well.
#[test]
fn four_quarters_that_roll() {
    let text = contract(
        "covenant coverage of Firm {
           test ebitda / interest >= 2
           tested every quarter from 2026-10-01 to 2027-06-30
           over 4 quarters
         }",
    ) + &["2026-Q1 40", "2026-Q2 30", "2026-Q3 20", "2026-Q4 10", "2027-Q1 5"]
        .iter()
        .enumerate()
        .map(|(at, said)| {
            let (quarter, ebitda) = said.split_once(' ').unwrap();
            format!("2027-04-{:02} reported Firm {quarter} {{ ebitda {ebitda}m USD; interest 10m USD }}\n", at + 1)
        })
        .collect::<String>();
    let report = tested(
        &text,
        "2027-Q2",
        &[
            ("Firm.covenant_value[term.coverage] in 2026-Q4", "2.5"),
            ("Firm.covenant_numerator_room_percent[term.coverage] in 2026-Q4", "20"),
            ("Firm.covenant_value[term.coverage] in 2027-Q1", "1.625"),
            ("Firm.covenant_met[term.coverage] in 2027-Q1", "0"),
            ("Firm.covenant_numerator_room[term.coverage] in 2027-Q1", "-15000000"),
            ("Firm.covenant_denominator_room[term.coverage] in 2027-Q1", "-7500000"),
        ],
    );
    assert!(report.contains("term.coverage is breached on 2027-03-31: 1.625, and it must be at least 2."), "{report}");
    assert!(report.contains("open"), "{report}");
    with_run(&checked_text(&text), &[], |replay| {
        assert_eq!(fact(replay, "Firm.covenant_met[term.coverage] in 2027-Q2"), None);
    });
}

/// From the book itself: 60 a quarter of receipts, 1,000 lent at 8 %, so 20 of interest. 60 / 20 = 3 where 2.5 are needed: may fall by
/// 60 − 50 = 10, 16.67 %. 1,000 over four times 60 is 4.166667 where at most 4 is allowed: 40 too much, or 10 too little. Cash:
/// 100 + 60 + 60 − nothing paid yet, where 200 are needed. Nothing is repaid, so nothing is tested against nothing.
#[test]
fn measures_of_the_book() {
    let text = contract(
        "loan note of 1_000m USD { outstanding 1_000m USD on 2026-02-01; matures 2031-01-01; interest 8% every year, thirty_360 }
         covenant coverage of Firm {
           measure earned = receipts - operating_costs
           test earned / interest_expense >= 2.5
           tested on 2026-06-30, 2026-03-31
           over 1 quarter
         }
         covenant leverage of Firm {
           measure yearly = 4 * (receipts - operating_costs)
           test debt_principal / yearly <= 4
           tested on 2026-06-30
           over 1 quarter
         }
         covenant liquidity of Firm { test closing_cash >= 200m USD; tested every quarter from 2026-06-30 to 2026-06-30; over 1 quarter }
         covenant nothing of Firm { test receipts / extinguishment_loss > 1; tested on 2026-06-30; over 1 quarter }",
    ) + "flow sales \"Sales\" from others to Firm { 2026-Q1 60m USD; 2026-Q2 60m USD }
         2026-01-01 open Bank { cash 5bn USD }\n2026-01-01 open Firm { cash 100m USD }\n";
    let report = tested(
        &text,
        "2026-Q2",
        &[
            ("Firm.interest_expense in 2026-Q2", "20000000"),
            ("Firm.covenant_value[term.coverage] in 2026-Q2", "3"),
            ("Firm.covenant_numerator_room[term.coverage] in 2026-Q2", "10000000"),
            ("Firm.covenant_numerator_room_percent[term.coverage] in 2026-Q2", "16.67"),
            ("Firm.covenant_denominator_room[term.coverage] in 2026-Q2", "4000000"),
            ("Firm.covenant_value[term.leverage] in 2026-Q2", "4.166667"),
            ("Firm.covenant_met[term.leverage] in 2026-Q2", "0"),
            ("Firm.covenant_numerator_room[term.leverage] in 2026-Q2", "-40000000"),
            ("Firm.covenant_denominator_room[term.leverage] in 2026-Q2", "-10000000"),
            ("Firm.covenant_value[term.liquidity] in 2026-Q2", "220000000"),
            ("Firm.covenant_numerator_room[term.liquidity] in 2026-Q2", "20000000"),
            ("Firm.covenant_met[term.liquidity] in 2026-Q2", "1"),
        ],
    );
    assert!(report.contains("extinguishment_loss is nil: there is no ratio"), "{report}");
    assert!(report.contains("term.leverage is breached on 2026-06-30"), "{report}");
    with_run(&checked_text(&text), &[], |replay| {
        assert_eq!(fact(replay, "Firm.covenant_met[term.nothing] in 2026-Q2"), None);
    });
}

fn codes(clauses: &str, lines: &str) -> Vec<String> {
    let files = Memory(BTreeMap::from([("t.pf".to_owned(), contract(clauses) + lines)]));
    let checked = proforma::check::check(&files, &["t.pf".to_owned()]);
    checked.diagnostics.iter().map(|found| format!("{} {}", found.code, found.message)).collect()
}

/// What no account, report or measure has; a threshold in money of a ratio, and none at all; no time to look back on.
#[test]
fn wrong_covenants() {
    let covenant = |clauses: &str| format!("covenant c of Firm {{ {clauses} }}");
    let one = |clauses: &str, lines: &str, code: &str| {
        let found = codes(&covenant(clauses), lines);
        assert!(found.iter().any(|found| found.starts_with(code)), "{clauses}: {found:?}");
    };
    one("test ebitda / interest_expense >= 2; tested on 2026-06-30; over 1 quarter", "", "E0204");
    one("test receipts / interest_expense >= 2m USD; tested on 2026-06-30; over 1 quarter", "", "E0207");
    one("test receipts / interest_expense >= 0; tested on 2026-06-30; over 1 quarter", "", "E0213");
    one("test receipts + 2; tested on 2026-06-30; over 1 quarter", "", "E0208");
    one("test receipts >= 2m USD; over 1 quarter", "", "E0209");
    one("test receipts >= 2m USD; tested on 2026-06-30", "", "E0209");
    one("test receipts >= 2m USD; tested every quarter from 2026-05-01 to 2026-05-31; over 1 quarter", "", "E0213");
    one("test receipts >= 2m USD; tested on 2026-06-30; over 41 quarters", "", "E0213");
    one(
        "measure m = receipts; measure m = revenue; test m >= 2m USD; tested on 2026-06-30; over 1 quarter",
        "",
        "E0210",
    );
    one("", "2026-06-30 reported Firm 2026-Q1 { a 1m USD; a 2m USD }\n", "E0210");
}

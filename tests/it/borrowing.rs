//! What `report debt` says, loans older than the books, credit losses of lenders: by hand.

use crate::common::{checked_text, facts_are, with_run};

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
        "{PARTIES}contract term \"Loans\" between Bank as lender, Firm as borrower {{ signed 2026-01-01\n{clauses}\n}}\n"
    )
}

/// Facts by name, that the reports on statements and debt hold together, and the report on debt of a year's end.
fn hold(text: &str, year: &str, expected: &[(&str, &str)]) -> String {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        facts_are(replay, expected);
        for (entity, name) in [("Bank", "statements"), ("Firm", "statements"), ("Bank", "debt"), ("Firm", "debt")] {
            let period = PeriodName::parse(year);
            let scope = Scope { entity: Some(entity.into()), period, ..Scope::default() };
            let report = report::build(name, replay, &scope).unwrap();
            assert!(!report.checks.is_empty(), "{name} of {entity}");
            let failed: Vec<_> = report.checks.iter().filter(|c| c.holds() != Some(true)).collect();
            assert!(failed.is_empty(), "{name} of {entity}: {failed:?}");
        }
        let period = PeriodName::parse(year);
        let scope = Scope { entity: Some("Firm".into()), period, ..Scope::default() };
        csv::report(&report::build("debt", replay, &scope).unwrap())
    })
}

/// A stack of facilities, in millions: 1,438 at 15 %, 4,425 at 11 %, 3,000 at 9 %, 1,700 at 9 %, 1,260 at 7 %. Together 11,823;
/// (215.70 + 486.75 + 270 + 153 + 88.20) / 11,823 = 1,213.65 / 11,823 = 10.265161 %. All of it was drawn before the books begin.
#[test]
fn a_stack_of_facilities() {
    let loan = |name: &str, amount: &str, rate: &str, year: &str| {
        format!(
            "loan {name} of 5bn USD {{
               outstanding {amount} USD on 2026-03-31
               matures {year}-03-31; interest {rate} every quarter, thirty_360
             }}\n"
        )
    };
    let text = contract(
        &[
            loan("one", "1_438m", "15%", "2028"),
            loan("two", "4_425m", "11%", "2029"),
            loan("three", "3_000m", "9%", "2030"),
            loan("four", "1_700m", "9%", "2031"),
            loan("five", "1_260m", "7%", "2034"),
        ]
        .concat(),
    ) + "2026-03-31 open Bank { cash 1bn USD }\n2026-03-31 open Firm { cash 5bn USD }\n";
    let report = hold(
        &text,
        "2026-Q1",
        &[
            ("Firm.debt_principal in 2026-Q1", "11823000000"),
            ("Firm.debt_rate in 2026-Q1", "10.265161"),
            ("Firm.debt_undrawn in 2026-Q1", "0"),
            ("Firm.debt_carried in 2026-Q1", "11823000000"),
            ("Firm.debt_rate[term.two] in 2026-Q1", "11"),
            // No discount: what is paid is what is earned.
            ("Firm.debt_effective_rate[term.two] in 2026-Q1", "11"),
            ("Bank.lent_rate in 2026-Q1", "10.265161"),
            ("Firm.cash in 2026-Q1", "5000000000"),
            // 5,000 less 11,823 of debt that nothing here brought in.
            ("Firm.opening_equity in 2026-Q1", "-6823000000"),
            // 1,213.65 × 90/360.
            ("Firm.interest_expense in 2026-Q2", "303412500"),
        ],
    );
    // From the quarter's end on: what falls due in 2028 to 2031 within five years, in 2034 later.
    assert!(report.contains("10.265161"), "{report}");
    for word in ["1438000000", "4425000000", "1260000000", "11823000000", "2028-03-31"] {
        assert!(report.contains(word), "{word}: {report}");
    }
}

/// D1 a year later: 1,000 at 8 %, carried at 975.036141 after the first year. The same rate, 8.766612431 %, so the same interest from then
/// on: 85.477640, 85.957843, 86.480144, 87.048233. What fell due on the day itself was paid before. Nothing is drawn, and no cash moves.
#[test]
fn older_than_the_books() {
    let text = contract(
        "loan note of 1_000m USD {
           outstanding 1_000m USD on 2027-01-01, carried at 975_036_140.58 USD
           matures 2031-01-01; interest 8% every year, thirty_360
         }",
    ) + "2027-01-01 open Bank { cash 1bn USD }\n2027-01-01 open Firm { cash 1bn USD }\n";
    let report = hold(
        &text,
        "2027",
        &[
            ("Firm.debt_discount on 2027-01-01", "-24963859.42"),
            ("Firm.accrued_interest on 2027-01-01", "0"),
            ("Firm.interest_expense in 2027", "85477639.51"),
            ("Firm.interest_expense in 2030", "87048233.04"),
            ("Bank.interest_income in 2028", "85957842.94"),
            ("Firm.debt_discount in 2027", "-19486219.91"),
            ("Firm.debt_carried in 2027", "980513780.09"),
            ("Firm.cash_inflows[term.note] in 2027", "0"),
            ("Firm.cash_outflows[term.note] in 2028", "80000000"),
            ("Firm.cash_outflows[term.note] in 2031", "1080000000"),
            ("Firm.debt in 2031", "0"),
        ],
    );
    assert!(report.contains("8.766612"), "{report}");
}

/// Opened between two days of interest: 90 of 360 days of 8 % on 1,000 are owed already, 20; the whole 80 is paid on its day, and
/// the year's cost is 60. Of 600 that can still be drawn 100 are; 0.5 % × 600 × 91/360 = 758,333.33 for the first quarter.
#[test]
fn opened_within_a_period_and_partly_drawn() {
    let text = contract(
        "loan note of 1_000m USD {
           outstanding 1_000m USD on 2027-04-01; matures 2031-01-01; interest 8% every year, thirty_360
         }
         loan facility of 1_000m USD {
           outstanding 400m USD on 2027-04-01; available to 2028-04-01; matures 2031-01-01
           interest 6% every year, thirty_360
           undrawn fee 0.5% every quarter, act_360
         }",
    ) + "2027-04-01 open Bank { cash 1bn USD }\n2027-04-01 open Firm { cash 1bn USD }\n2027-07-01 draw term.facility 100m USD\n";
    hold(
        &text,
        "2027",
        &[
            ("Firm.accrued_interest[term.note] on 2027-04-01", "20000000"),
            ("Firm.interest_expense[term.note] in 2027", "60000000"),
            ("Firm.cash_outflows[term.note] in 2028", "80000000"),
            ("Firm.debt_undrawn on 2027-06-30", "600000000"),
            ("Firm.debt_undrawn in 2027", "500000000"),
            ("Firm.cash_outflows[term.facility] in 2027-Q3", "758333.33"),
            ("Firm.cash_inflows[term.facility] in 2027", "100000000"),
            ("Firm.debt_principal in 2027", "1500000000"),
        ],
    );
}

/// 1,000 lent; 2 % are expected to be lost, then 5 %: 20, and 30 more. 100 are written off, and 3 % of the 900 that are left: 27, so the
/// cost is 27 + 100 − 50 = 77. 500 are repaid: 3 % of 400 are 12, and 15 come back. Of 600 that can be drawn 4 are expected to be lost.
#[test]
fn credit_losses_of_a_lender() {
    let text = contract(
        "loan note of 1_000m USD { drawn at signing; matures 2031-01-01; interest 8% every year, thirty_360 }
         loan line of 600m USD { available to 2028-01-01; matures 2031-01-01; interest 8% every year, thirty_360 }",
    ) + "2026-01-01 open Bank { cash 5bn USD }\n2026-01-01 open Firm { cash 1bn USD }
         2026-03-31 judge term.note loss_rate 2%\n2026-12-31 judge term.note loss_rate 5%\n2026-12-31 judge term.line undrawn_loss 4m USD
         2027-06-30 judge term.note written_off 100m USD\n2027-06-30 judge term.note loss_rate 3%
         2028-01-01 repay term.note 500m USD\n";
    hold(
        &text,
        "2027",
        &[
            ("Bank.loan_loss_expense[term.note] in 2026-Q1", "20000000"),
            ("Bank.loan_loss_expense[term.note] in 2026", "50000000"),
            ("Bank.loan_allowance in 2026", "-50000000"),
            ("Bank.commitment_loss_liability in 2026", "4000000"),
            ("Bank.loan_loss_expense[term.note] in 2027", "77000000"),
            ("Bank.loan_allowance in 2027", "-27000000"),
            ("Bank.loans_receivable in 2027", "900000000"),
            ("Bank.lent_carried[term.note] in 2027", "873000000"),
            ("Bank.loan_loss_expense in 2028-Q1", "-15000000"),
            // Nobody forgives the debtor: it still owes.
            ("Firm.debt in 2027", "1000000000"),
        ],
    );
}

/// Under IFRS 5 of the next twelve months; after a significant increase in credit risk 6 % of 1,000 over the whole life.
#[test]
fn credit_losses_under_ifrs() {
    let text = contract(
        "loan note of 1_000m USD { drawn at signing; matures 2031-01-01; interest 8% every year, thirty_360 }",
    ) + "2026-01-01 open Bank { cash 5bn USD }\n2026-01-01 open Firm { cash 1bn USD }
         2026-03-31 judge term.note loss 5m USD\n2026-03-31 judge term.note lifetime_rate 6%
         2026-09-30 judge term.note significant_increase 100% \"ninety days late\"\n";
    let text = text.replace("us-gaap", "ifrs").replace("us_gaap", "ifrs");
    hold(
        &text,
        "2026",
        &[
            ("Bank.loan_loss_expense in 2026-Q1", "5000000"),
            ("Bank.loan_loss_expense in 2026-Q3", "55000000"),
            ("Bank.loan_allowance in 2026", "-60000000"),
        ],
    );
}

/// 100m EUR at 8 % a year from a bank that counts in euros to a firm that counts in dollars. At 1.10 it owes 110m; at 1.20 120m, at 1.25
/// 125m. Interest is 666,666.67, .66 and .67 EUR in the first three months: 733,333.34 and 733,333.33 at 1.10, 800,000.00 at 1.20.
/// What had accrued by February, 1,333,333.33 EUR, was 1,466,666.67 and is 1,600,000.00: 133,333.33 lost beside the 10m. 8m EUR are
/// paid on 1 January at 1.25, 10m; and 108m EUR at 1.05 a year later, 113.4m. The bank sees no rate at all.
/// Of its own the firm holds 50m EUR, with the loan 150m: 15m gained by March beside, 7.5m by December, 142m × 1.25 and 200m are left in January; 34m ×
/// 1.05 and 200m in 2028.
#[test]
fn a_loan_in_another_currency() {
    let text =
        contract("loan note of 100m EUR { drawn at signing; matures 2028-01-01; interest 8% every year, thirty_360 }")
            .replace("party Bank \"Bank, N.A.\" { currency USD", "party Bank \"Bank AG\" { currency EUR")
            + "2026-01-01 price rate(EUR in USD) 1.10 USD/EUR\n2026-03-31 price rate(EUR in USD) 1.20 USD/EUR
           2026-12-31 price rate(EUR in USD) 1.25 USD/EUR\n2028-01-01 price rate(EUR in USD) 1.05 USD/EUR
           2026-01-01 open Bank { cash 500m EUR }\n2026-01-01 open Firm { cash 200m USD; cash 50m EUR }\n";
    hold(
        &text,
        "2026",
        &[
            ("Firm.debt on 2026-01-01", "110000000"),
            ("Firm.debt in 2026-Q1", "120000000"),
            ("Firm.interest_expense in 2026-Q1", "2266666.67"),
            ("Firm.accrued_interest in 2026-Q1", "2400000"),
            ("Firm.fx_gain_or_loss in 2026-Q1", "4866666.67"),
            ("Firm.debt in 2026", "125000000"),
            ("Firm.accrued_interest in 2026", "10000000"),
            ("Firm.accrued_interest on 2027-01-01", "0"),
            ("Firm.cash on 2027-01-01", "377500000"),
            ("Firm.closing_cash on 2027-01-01", "377500000"),
            ("Firm.debt in 2028", "0"),
            ("Firm.accrued_interest in 2028", "0"),
            ("Firm.cash in 2028", "235700000"),
            ("Firm.debt_principal in 2026", "100000000"),
            ("Firm.debt_carried in 2026", "125000000"),
            ("Bank.fx_gain_or_loss in 2026", "0"),
            ("Bank.loans_receivable in 2026", "100000000"),
        ],
    );
}

/// The same, lent by a bank that counts in dollars to a firm that counts in euros, at 97 % of its face: what is carried follows the rate, and
/// so does the discount. 3m EUR less what has become interest are left, and nothing at the end, in either currency.
#[test]
fn a_discount_in_another_currency() {
    let text = contract(
        "loan note of 100m EUR { drawn at signing; issued at 97%; matures 2028-01-01; interest 8% every year, thirty_360 }",
    )
    .replace("party Firm \"Firm, Inc.\" { currency USD", "party Firm \"Firm AG\" { currency EUR")
        + "2026-01-01 price rate(EUR in USD) 1.10 USD/EUR\n2026-12-31 price rate(EUR in USD) 1.20 USD/EUR
           2026-06-30 judge term.note loss 2m EUR
           2026-01-01 open Bank { cash 500m USD }\n2026-01-01 open Firm { cash 200m EUR }\n";
    hold(
        &text,
        "2026",
        &[
            // 3m × 1.10 at first.
            ("Bank.loan_discount on 2026-01-01", "-3300000"),
            ("Bank.loans_receivable on 2026-01-01", "110000000"),
            ("Bank.loans_receivable in 2026", "120000000"),
            // 2m × 1.10 in June, worth 2m × 1.20 by the end of the year.
            ("Bank.loan_loss_expense in 2026-Q2", "2200000"),
            ("Bank.loan_allowance in 2026", "-2400000"),
            ("Bank.loan_discount in 2028", "0"),
            ("Bank.loans_receivable in 2028", "0"),
            ("Bank.interest_receivable in 2028", "0"),
            // 500 − 97 × 1.10, and 8 × 1.20 + 108 × 1.20 later.
            ("Bank.cash in 2028", "532500000"),
        ],
    );
}

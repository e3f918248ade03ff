//! What awards, judged or modified after the grant, have cost so far, what of them is still in the remaining obligation, and what loans
//! with warrants are carried at. Every figure is worked out by hand in the comments; checks of reports hold beside.

use proforma::report::{self, Scope};
use proforma::time::PeriodName;

use crate::common::{checked_text, facts_are, holds_in_millions, with_run};

/// 10m rights worth 5 at the grant, so 50m, earned over purchases of 400m, `definitive` as told.
fn award(binding: &str, vests: &str, ledger: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
use "rules/books/ifrs.pf"
party S "Seller" {{ currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap }}
party B "Buyer" {{ currency USD; book us_gaap }}
contract d "Awards" between S as seller, B as buyer {{
  signed 2026-01-01
  supply g {{ 400m USD definitive {binding}; pays rest on invoice; control passes at invoice }}
  counter b = sum USD over invoice g by B since signed
  warrant w over 10m shares of S.common at 1 USD/share, issuer S, holder B {{
    expires 2033-01-01; exercise cash; adjusts for splits
    tranche P 10m shares {{ vests {vests}; earned over 0 USD to 400m USD of b; fair value 5 USD/share }}
  }}
}}
{ledger}
"#
    )
}

/// Type I, +2, with 200 of 400 bought; then a liability. At 200: cost 5 × 10 × 1/2 = 25; liability 10 × 10 × 1/2 = 50, so 25 is
/// remeasured. At 400: cost 50 + 2 × 10 = 70; liability 12 × 10 = 120: remeasured 120 − 70 = 50 in all. Equity at 11: 110, so
/// 40 in all.
#[test]
fn what_a_modification_added_is_in_the_value_of_a_liability() {
    let ledger = "2026-01-01 judge d.w.P probable
2026-03-01 invoice d.g 200m USD
2026-04-10 modify d.w.P type I from 7 USD/share to 9 USD/share
2026-07-01 judge d.w.P liability
2026-07-01 value d.w.P 10 USD/share
2026-10-01 invoice d.g 200m USD
2026-12-31 value d.w.P 12 USD/share
2027-01-31 value d.w.P 11 USD/share
2027-01-31 judge d.w.P equity";
    let expected = [
        ("S.award_liability[d.w.P] in 2026-Q3", "50"),
        ("S.award_remeasurement[d.w.P] in 2026-Q3", "25"),
        ("S.award_liability[d.w.P] in 2026-Q4", "120"),
        ("S.contra_revenue[d.w.P] in 2026", "70"),
        ("S.award_remeasurement[d.w.P] in 2026", "50"),
        ("S.award_liability[d.w.P] in 2027-Q1", "0"),
        ("S.award_equity[d.w.P] in 2027-Q1", "110"),
        ("S.award_remeasurement[d.w.P] in 2027", "-10"),
    ];
    let text = award("option", "when b >= 400m USD", ledger);
    holds_in_millions(&text, &expected);
    holds_in_millions(&text.replace("book us_gaap }\nparty B", "book ifrs }\nparty B"), &expected);
}

/// A liability from the grant on, all bought: 70 at 7. Type I to 9: 90; cost 50 + 20, so 20 is remeasured in all. The change says what it
/// is worth, with or without a `value` line. When it ends unexercised nothing is owed: 70 − 70.
#[test]
fn a_liability_modified_and_expired() {
    let story = |value: &str| {
        let ledger = format!(
            "2026-01-01 judge d.w.P liability\n2026-03-01 invoice d.g 400m USD\n2026-03-31 value d.w.P 7 USD/share\n\
             2026-04-10 modify d.w.P type I from 7 USD/share to 9 USD/share\n{value}\n\
             2033-06-30 price close(S.common) 1 USD/share"
        );
        award("firm", "at signing", &ledger)
    };
    for value in ["", "2026-04-10 value d.w.P 9 USD/share"] {
        holds_in_millions(
            &story(value),
            &[
                ("S.award_liability[d.w.P] in 2026-Q1", "70"),
                ("S.award_liability[d.w.P] in 2026-Q2", "90"),
                ("S.contra_revenue[d.w.P] in 2026", "70"),
                ("S.award_remeasurement[d.w.P] in 2026", "20"),
                ("S.award_liability[d.w.P] in 2033-Q1", "0"),
                ("S.award_remeasurement[d.w.P] in 2033", "-90"),
            ],
        );
    }
}

/// 4m of 10m are exercised at 7, carried 28; then type I adds 2 to the 6m that are left: cost 50 + 12; liability 6 × 9 = 54.
/// Remeasured in all: 28 + 54 − 62 = 20.
#[test]
fn only_rights_that_are_left_are_modified() {
    let ledger = "2026-01-01 judge d.w.P liability
2026-03-01 invoice d.g 400m USD
2026-03-31 value d.w.P 7 USD/share
2026-04-01 exercise d.w.P 4m shares cash
2026-04-10 modify d.w.P type I from 7 USD/share to 9 USD/share";
    holds_in_millions(
        &award("firm", "at signing", ledger),
        &[
            ("S.contra_revenue[d.w.P] in 2026", "62"),
            ("S.award_liability[d.w.P] in 2026-Q2", "54"),
            ("S.award_remeasurement[d.w.P] in 2026", "20"),
            ("S.warrant_unrecognised[d.w.P] in 2026-Q2", "0"),
        ],
    );
}

/// Equity, cost 50, +2 makes 70; a liability at 6 is 60: 10 of the cost stays in equity, nothing is remeasured. At 8: 80, a loss
/// of 10 above the cost.
#[test]
fn cost_stays_when_equity_becomes_a_cheaper_liability() {
    let ledger = "2026-01-01 judge d.w.P probable
2026-03-01 invoice d.g 400m USD
2026-04-10 modify d.w.P type I from 3 USD/share to 5 USD/share
2026-05-01 value d.w.P 6 USD/share
2026-05-02 judge d.w.P liability
2026-07-01 value d.w.P 8 USD/share";
    holds_in_millions(
        &award("firm", "when b >= 400m USD", ledger),
        &[
            ("S.award_liability[d.w.P] in 2026-Q2", "60"),
            ("S.award_equity[d.w.P] in 2026-Q2", "10"),
            ("S.award_remeasurement[d.w.P] in 2026-Q2", "0"),
            ("S.award_liability[d.w.P] in 2026-Q3", "80"),
            ("S.award_equity[d.w.P] in 2026-Q3", "0"),
            ("S.award_remeasurement[d.w.P] in 2026-Q3", "10"),
        ],
    );
}

/// Two of 10m at 5: P by 400m of purchases, Q by 31 March unless 600m are bought. 300m are bought: P's cost is 50 × 3/4 = 37.5, of Q's
/// 50 a quarter, (300 − 200)/400, was 12.5 until it was forfeited. Then nothing of Q is to be recognised (718-10-50-2(i)): 12.5 of P is left,
/// and 50 without purchases is 50, a price not reached takes nothing back (718-10-30-14).
#[test]
fn what_was_forfeited_is_not_to_be_recognised() {
    let second = |more: &str| {
        let ledger = "2026-01-01 judge d.w.P probable\n2026-01-01 judge d.w.Q probable\n2026-02-01 invoice d.g 300m USD\n\
                      2026-12-31 price close(S.common) 1 USD/share";
        award("firm", "when b >= 400m USD", ledger)
            .replace("over 10m shares", "over 20m shares")
            .replace("    tranche P", &format!("    tranche Q 10m shares {{ vests when {more}; by 2026-03-31; earned over 200m USD to 600m USD of b; fair value 5 USD/share }}\n    tranche P"))
    };
    holds_in_millions(
        &second("b >= 600m USD"),
        &[
            ("S.warrant_unrecognised[d.w.Q] on 2026-03-30", "37.5"),
            ("S.warrant_unrecognised[d.w.Q] in 2026-Q2", "0"),
            ("S.contra_revenue[d.w.Q] in 2026", "0"),
            ("S.warrant_unrecognised[d.w.P] in 2026-Q2", "12.5"),
            ("S.warrant_unrecognised in 2026-Q2", "12.5"),
        ],
    );
    holds_in_millions(
        &second("close(S.common) >= 90 USD/share latched since signed"),
        &[("S.contra_revenue[d.w.Q] in 2026", "12.5"), ("S.warrant_unrecognised[d.w.Q] in 2026-Q2", "37.5")],
    );
}

/// What is still to be taken off the price of what is left, and what of the cost is not yet recognised.
#[test]
fn the_obligation_without_what_is_recognised_or_bought() {
    // Cancelled with 300 of 400 passed: all 50 are recognised, 100 are left and nothing is to come off them.
    let ledger = "2026-01-01 judge d.w.P probable\n2026-02-01 invoice d.g 300m USD\n2026-11-01 cancel d.w.P";
    holds_in_millions(
        &award("firm", "when b >= 400m USD", ledger),
        &[
            ("S.contra_revenue[d.w.P] in 2026", "50"),
            ("S.rpo[d.g] in 2026-Q4", "100"),
            ("S.warrant_unrecognised[d.w.P] in 2026-Q4", "0"),
        ],
    );
    // 20 of 50 pay for something distinct, which comes first: a quarter of the way 12.5 is an expense; 30 is to come off the 300 left,
    // and 7.5 more is to be an expense: 37.5 is not recognised.
    let distinct = |bought: &str| {
        let ledger = format!(
            "2026-01-01 judge d.w.P probable\n2026-01-01 judge d.w.P distinct 20m USD\n2026-02-01 invoice d.g {bought} USD"
        );
        award("firm", "when b >= 400m USD", &ledger)
    };
    holds_in_millions(
        &distinct("100m"),
        &[
            ("S.services_received[d.w.P] in 2026", "12.5"),
            ("S.contra_revenue[d.w.P] in 2026", "0"),
            ("S.rpo[d.g] in 2026-Q4", "270"),
            ("S.warrant_unrecognised[d.w.P] in 2026-Q4", "37.5"),
        ],
    );
    // 50 = 20 expense + 30 contra-revenue: nothing is left.
    holds_in_millions(
        &distinct("400m"),
        &[
            ("S.services_received[d.w.P] in 2026", "20"),
            ("S.contra_revenue[d.w.P] in 2026", "30"),
            ("S.rpo[d.g] in 2026-Q4", "0"),
            ("S.warrant_unrecognised[d.w.P] in 2026-Q4", "0"),
        ],
    );
    // A fifth buys nothing to come: 10 at once, 40 over the band. A quarter of it passed: 10 + 10; 30 is to come: 300 − 30.
    let ledger = "2026-01-01 judge d.w.P immediate 20%\n2026-02-01 invoice d.g 100m USD";
    holds_in_millions(
        &award("firm", "at signing", ledger),
        &[
            ("S.contra_revenue[d.w.P] in 2026", "20"),
            ("S.customer_incentive[d.w.P] in 2026-Q4", "30"),
            ("S.rpo[d.g] in 2026-Q4", "270"),
        ],
    );
    // Written off: all 50 are recognised.
    let ledger = "2026-02-01 invoice d.g 100m USD\n2026-06-01 judge d.w.P immediate 100%";
    holds_in_millions(
        &award("firm", "at signing", ledger),
        &[
            ("S.contra_revenue[d.w.P] in 2026", "50"),
            ("S.rpo[d.g] in 2026-Q4", "300"),
            ("S.warrant_unrecognised[d.w.P] in 2026-Q4", "0"),
        ],
    );
}

/// A condition of service until ASU 2025-04: 200 of 400 bought, 25 recognised. From 2027 on purchases are a performance condition, not judged
/// probable: the 25 go back through equity, and all 50 are not recognised.
#[test]
fn what_an_adoption_takes_back_is_not_recognised() {
    let ledger = "2026-02-01 invoice d.g 200m USD\n2027-05-02 invoice d.g 100m USD";
    let text = award("option", "when b >= 400m USD", ledger);
    let text = text.replacen("book us_gaap }", "book us_gaap { purchases = service_condition } }", 1);
    holds_in_millions(
        &text,
        &[
            ("S.warrant_unrecognised[d.w.P] in 2026-Q4", "25"),
            ("S.award_equity[d.w.P] in 2027-Q2", "0"),
            ("S.warrant_unrecognised[d.w.P] in 2027-Q2", "50"),
        ],
    );
    let words = |year: i16| {
        with_run(&checked_text(&text), &[], |replay| {
            let scope = Scope { period: Some(PeriodName::Year(year)), ..Scope::default() };
            let report = report::build("revenue", replay, &scope).unwrap();
            let all = report.tables.iter().flat_map(|table| &table.rows);
            all.filter(|row| format!("{row:?}").contains("On adoption, through equity")).count()
        })
    };
    assert_eq!((words(2026), words(2027)), (0, 1));
}

/// 1,000,000 lent at 5 % a year with a warrant worth 200,000, the debt alone 900,000: the warrant is 1,000,000 × 200/1,100 = 181,818.18 and the
/// debt 818,181.82. 818,181.82 = 50,000/r + 50,000/r² + 1,050,000/r³ at r = 1.12655379: after a year 818,181.82 × r − 50,000 =
/// 871,725.83. Repaid: nothing, on both sides.
#[test]
fn a_loan_with_warrants_is_carried_at_what_the_balance_sheet_says() {
    let text = r#"
use "rules/books/us-gaap.pf"
party S "Maker" { currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap }
party B "Bank" { currency USD; book us_gaap }
contract l "Loan" between B as lender, S as borrower {
  signed 2026-01-01
  loan n of 1_000_000 USD { drawn at signing; matures 2029-01-01; interest 5% every year, thirty_360; fair value 900_000 USD }
  warrant w over 100_000 shares of S.common at 5 USD/share, issuer S, holder B {
    expires 2036-01-01; exercise cash; adjusts for splits; given for n
    tranche T 100_000 shares { vests at signing; fair value 2 USD/share }
  }
}
2026-01-01 open B { cash 10m USD }
2027-06-30 repay l.n 1_000_000 USD
"#;
    with_run(&checked_text(text), &[], |replay| {
        facts_are(
            replay,
            &[
                ("S.debt_carried[l.n] on 2026-01-01", "818181.82"),
                ("S.debt_carried[l.n] on 2026-12-31", "871725.83"),
                ("B.lent_carried[l.n] on 2026-12-31", "871725.83"),
                ("S.debt_carried[l.n] on 2027-06-30", "0"),
                ("B.lent_carried[l.n] on 2027-06-30", "0"),
            ],
        );
        let report = report::build("debt", replay, &Scope::default()).unwrap();
        let ties: Vec<_> = report.checks.iter().filter(|check| check.name == "loans_carried").collect();
        assert_eq!(ties.iter().map(|check| check.holds()).collect::<Vec<_>>(), [Some(true), Some(true)]);
    });
}

/// An agent keeps 850,000 of 1,000,000; what is to be bought back is owed: the cash from customers is told apart as it is, and no check is
/// open, for nothing is undisclosed.
#[test]
fn supplies_judged_otherwise_tie_to_cash() {
    let text = r#"
use "rules/books/us-gaap.pf"
unit rack
party S "Maker" { currency USD; book us_gaap }
party B "Buyer" { currency USD; book us_gaap }
contract ag "agent" between S as seller, B as buyer {
  signed 2026-01-01
  supply g { 10 rack definitive firm; price 100_000 USD/rack; pays rest on delivery; control passes at delivery }
}
contract rp "repurchase" between S as seller, B as buyer {
  signed 2026-01-01
  supply g { 10 rack definitive firm; price 100_000 USD/rack; pays rest on delivery; control passes at delivery }
}
2026-01-01 open B { cash 10m USD }
2026-01-01 judge ag.g agent 85%
2026-01-01 judge rp.g repurchase_obligation
2026-03-31 deliver ag.g 10 rack
2026-03-31 deliver rp.g 10 rack
2026-04-15 pay rp.g 1_000_000 USD
2026-05-15 pay ag.g 400_000 USD
"#;
    holds_in_millions(
        text,
        &[
            ("S.revenue[ag.g] in 2026", "0.15"),
            ("S.due_to_principals[ag.g] in 2026-Q2", "0.85"),
            ("S.repurchase_obligation[rp.g] in 2026-Q2", "1"),
        ],
    );
    with_run(&checked_text(text), &[], |replay| {
        for name in report::NAMES {
            let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
            let open: Vec<_> = report.checks.iter().filter(|check| check.holds() != Some(true)).collect();
            assert!(open.is_empty(), "{name}: {open:?}");
        }
    });
}

//! Loans, by hand. Amounts are in millions, so that a vector of six decimals is exact to the dollar.

use crate::common::{checked_text, fact, number, with_run};

use proforma::engine::RefusalKind;
use proforma::report::{self, Scope};
use proforma::time::PeriodName;

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
party Bank "Bank, N.A." { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share, calendar weekdays; book us_gaap }
party Firm "Firm, Inc." { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share, calendar weekdays; book us_gaap }
2026-01-01 open Bank { cash 10bn USD }
2026-01-01 open Firm { cash 1bn USD }
"#;

fn contract(clauses: &str) -> String {
    format!(
        "{PARTIES}contract term \"A loan\" between Bank as lender, Firm as borrower {{ signed 2026-01-01\n{clauses}\n}}\n"
    )
}

/// Facts by name, and that the statements of both parties hold together.
fn hold(text: &str, expected: &[(&str, &str)]) {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
        assert!(replay.register.refusals.is_empty());
        for entity in ["Bank", "Firm"] {
            let scope = Scope { entity: Some(entity.into()), period: PeriodName::parse("2027"), ..Scope::default() };
            let statements = report::build("statements", replay, &scope).unwrap();
            let failed: Vec<&str> =
                statements.checks.iter().filter(|c| c.holds() != Some(true)).map(|c| c.name).collect();
            assert!(failed.is_empty(), "{entity}: {failed:?}");
        }
    });
}

/// D1: 1,000 for five years at 8 %, 970 received. The rate r with 80/(1+r) + … + 1,080/(1+r)^5 = 970 is 8.766612431 %.
/// Interest: 970 × r = 85.036141; (970 + 85.036141 − 80) × r = 85.477640; 85.957843; 86.480144; 87.048233.
/// Carried: 975.036141, 980.513780, 986.471623, 992.951767, 1,000: 1,000 less what is left of the discount of 30.
/// A quarter begun: 80 × 90/360 and 90 of 365 days of 5.036141, 1,241,788.09.
#[test]
fn effective_interest_with_a_fee() {
    let text = contract(
        "loan note of 1_000m USD { drawn at signing; matures 2031-01-01; interest 8% every year, thirty_360; fee 30m USD }",
    );
    hold(
        &text,
        &[
            ("Firm.interest_expense in 2026-Q1", "21241788.09"),
            ("Firm.interest_expense in 2026", "85036140.58"),
            ("Firm.interest_expense in 2027", "85477639.51"),
            ("Firm.interest_expense in 2028", "85957842.94"),
            ("Firm.interest_expense in 2029", "86480143.93"),
            ("Firm.interest_expense in 2030", "87048233.04"),
            ("Firm.debt[term.note] in 2026", "1000000000"),
            ("Firm.debt_discount[term.note] in 2026", "-24963859.42"),
            ("Firm.debt_discount in 2027", "-19486219.91"),
            ("Firm.debt_discount in 2028", "-13528376.97"),
            ("Firm.debt_discount in 2029", "-7048233.04"),
            ("Firm.debt_discount in 2030", "0"),
            ("Firm.accrued_interest in 2026", "80000000"),
            ("Bank.interest_income in 2028", "85957842.94"),
            ("Bank.loans_receivable in 2028", "1000000000"),
            ("Bank.loan_discount in 2028", "-13528376.97"),
            // 970 in 2026; 80 a year from 2027 on; 1,080 on 2031-01-01.
            ("Firm.cash_inflows[term.note] in 2026", "1000000000"),
            ("Firm.cash_outflows[term.note] in 2026", "30000000"),
            ("Firm.cash_outflows[term.note] in 2027", "80000000"),
            ("Firm.cash_outflows[term.note] in 2031", "1080000000"),
            ("Firm.debt in 2031", "0"),
        ],
    );
    let checked = checked_text(&text);
    with_run(&checked, &[], |replay| {
        let name = proforma::check::fact_name("Firm.debt_discount[term.note] in 2027").unwrap();
        let told = format!("{:?}", proforma::explain::explain(replay, &name).unwrap());
        assert!(told.contains("effective rate of 8.766612431 % a year"), "{told}");
    });
}

/// D2: 1,000 can be drawn for 12 months, for a fee of 20. 400 at closing: 400/1,000 × 20 = 8 is discount, 12 an asset. Three
/// months later 12 × 3/12 = 3 is gone and 9 left; of the 600 undrawn 300 are drawn: 9 × 300/600 = 4.5 is discount. By the end
/// of June 4.5 × 3/9 = 1.5 of the rest is gone.
/// On what is undrawn 0.50 % × 600m × 90/360 = 750,000, paid on 1 April; then 0.50 % × 300m × 91/360 = 379,166.67.
/// Interest of Q1: 400 × 6 % × 90/360 = 6m; + 750,000 + 3m + 90/365 of 2,494,286.17 (392 at 6.758746471 % − 24) = 615,029.47.
/// Of Q2: 6m + 300 × 6 % × 90/360 = 4.5m + 379,166.67 + 1.5m + 91/365 of the same, 621,863.12 + the second draw: 295.5 from
/// 1 April at 6.604373801 % of a year of which 275/365 count, less 13.5m: 1,203,778.79, of which 91/275 = 398,341.35.
#[test]
fn delayed_draw() {
    let text = contract(
        "loan facility of 1_000m USD {
           available to 2027-01-01
           matures 2029-01-01
           interest 6% every year, thirty_360
           fee 20m USD
           undrawn fee 0.5% every quarter, act_360
         }",
    ) + "2026-01-01 draw term.facility 400m USD\n2026-04-01 draw term.facility 300m USD\n";
    hold(
        &text,
        &[
            ("Firm.loan_commitment_cost in 2026-Q1", "9000000"),
            ("Firm.loan_commitment_cost in 2026-Q2", "3000000"),
            ("Firm.loan_commitment_cost in 2026", "0"),
            ("Firm.interest_expense in 2026-Q1", "10365029.47"),
            ("Firm.interest_expense in 2026-Q2", "13399371.14"),
            ("Firm.cash_outflows[term.facility] in 2026-Q1", "20000000"),
            ("Firm.cash_outflows[term.facility] in 2026-Q2", "750000"),
            ("Bank.loan_commitment_fees in 2026-Q1", "9000000"),
            ("Bank.interest_income in 2026-Q2", "13399371.14"),
            ("Firm.debt in 2026-Q2", "700000000"),
            ("Firm.debt_discount in 2028", "0"),
        ],
    );
}

/// The same twelve months, written with their last day: what is drawn at once aside, 12 expire at 1 a month.
#[test]
fn a_commitment_may_name_its_last_day() {
    let loan = |to: &str| {
        contract(&format!(
            "loan facility of 1_000m USD {{
               available to {to}
               matures 2029-01-01
               interest 6% every year, thirty_360
               fee 20m USD
             }}"
        )) + "2026-01-01 draw term.facility 400m USD\n"
    };
    for to in ["2026-12-31", "2027-01-01"] {
        hold(
            &loan(to),
            &[
                ("Firm.loan_commitment_cost in 2026-Q1", "9000000"),
                ("Firm.loan_commitment_cost in 2026-Q3", "3000000"),
                ("Firm.loan_commitment_cost in 2026-Q4", "0"),
            ],
        );
    }
}

/// 100m at 7.25 % from 15 January to 15 April 2026, 90 days: /360 1,812,500.00; /365 1,787,671.23; 30/360 1,812,500.00. From
/// 15 December 2027 to 15 March 2028 by ACT/ACT: 17/365 + 74/366 = 0.2487611348 of 7.25m, 1,803,518.23.
#[test]
fn day_counts() {
    let loan = |name: &str, from: &str, to: &str, count: &str| {
        format!("loan {name} of 100m USD {{ drawn on {from}; matures {to}; interest 7.25% every quarter, {count} }}\n")
    };
    let clauses = [
        loan("a", "2026-01-15", "2026-04-15", "act_360"),
        loan("b", "2026-01-15", "2026-04-15", "act_365"),
        loan("c", "2026-01-15", "2026-04-15", "thirty_360"),
        loan("d", "2027-12-15", "2028-03-15", "act_act"),
    ];
    hold(
        &contract(&clauses.concat()),
        &[
            ("Firm.cash_outflows[term.a] in 2026-Q2", "101812500"),
            ("Firm.cash_outflows[term.b] in 2026-Q2", "101787671.23"),
            ("Firm.cash_outflows[term.c] in 2026-Q2", "101812500"),
            ("Firm.cash_outflows[term.d] in 2028-Q1", "101803518.23"),
        ],
    );
}

/// 100m for a year at the benchmark + 2.5 %, by quarters, less a fee of 1m. The benchmark is 4 % at the beginning and 3 % from
/// 15 March: the first quarter pays 6.5 % × 90/360 = 1,625,000.00, the second 5.5 % × 91/360 = 1,390,277.78, then 92/360 twice,
/// 1,405,555.56. At the rate of the draw (1.909315928 % a quarter if 6.5 % stayed) the fee becomes interest by 265,222.77,
/// 252,231.15, 238,991.49, 243,554.59; as the rate changes (1.653448687 % from the second quarter on) by 265,222.77, 251,021.74,
/// 239,894.48, 243,861.01. The first is the same: nothing had changed.
#[test]
fn a_floating_rate() {
    let loan = |effective: &str| {
        contract(&format!(
            "loan note of 100m USD {{
               drawn at signing; matures 2027-01-01; fee 1m USD
               interest benchmark(SOFR) + 2.5% every quarter, act_360
               effective rate {effective}
             }}"
        )) + "2025-12-30 price benchmark(SOFR) 4%\n2026-03-15 price benchmark(SOFR) 3%\n"
    };
    let paid = [
        ("Firm.cash_outflows[term.note] in 2026-Q2", "1625000"),
        ("Firm.cash_outflows[term.note] in 2026-Q3", "1390277.78"),
        ("Firm.cash_outflows[term.note] in 2027-Q1", "101405555.56"),
    ];
    let inception = [
        ("Firm.debt_discount in 2026-Q1", "-734777.23"),
        ("Firm.debt_discount in 2026-Q2", "-482546.08"),
        ("Firm.debt_discount in 2026-Q3", "-243554.59"),
        ("Firm.debt_discount in 2026-Q4", "0"),
    ];
    let changes = [
        ("Firm.debt_discount in 2026-Q1", "-734777.23"),
        ("Firm.debt_discount in 2026-Q2", "-483755.49"),
        ("Firm.debt_discount in 2026-Q3", "-243861.01"),
        ("Firm.debt_discount in 2026-Q4", "0"),
    ];
    hold(&loan("at inception"), &[&paid[..], &inception].concat());
    hold(&loan("as it changes"), &[&paid[..], &changes].concat());
}

/// D1, of which 500 are repaid after two years: half of what is left of the discount, 19,486,219.91 / 2 = 9,743,109.95,
/// is a loss; of the third year's interest, 85,957,842.94, half remains.
#[test]
fn repaid_early() {
    let text = contract(
        "loan note of 1_000m USD { drawn at signing; matures 2031-01-01; interest 8% every year, thirty_360; fee 30m USD }",
    ) + "2028-01-01 repay term.note 500m USD\n";
    hold(
        &text,
        &[
            ("Firm.extinguishment_loss in 2028", "9743109.95"),
            ("Firm.interest_expense in 2028", "42978921.47"),
            ("Firm.cash_outflows[term.note] in 2028", "580000000"),
            ("Firm.cash_outflows[term.note] in 2029", "40000000"),
            ("Firm.debt in 2029", "500000000"),
            ("Firm.debt_discount in 2030", "0"),
        ],
    );
}

/// 300m issued at 99 %: 297m received, 10.589691869 % a year; of the first year's 1,451,384.85 of discount 90/365 by the end of March,
/// 357,875.72. 100m are repaid on each 1 January from 2027 on, with 10 % on what was owed: 130, 120, 110.
#[test]
fn repaid_evenly_and_issued_below_par() {
    let text = contract(
        "loan note of 300m USD {
           drawn when attested closing; issued at 99%; matures 3 years after draw; repaid evenly from 2026-06-30
           interest 10% every year, thirty_360
         }",
    ) + "2026-01-01 attest term.note closing\n";
    hold(
        &text,
        &[
            ("Firm.cash_inflows[term.note] in 2026", "297000000"),
            ("Firm.cash_outflows[term.note] in 2027", "130000000"),
            ("Firm.cash_outflows[term.note] in 2028", "120000000"),
            ("Firm.cash_outflows[term.note] in 2029", "110000000"),
            ("Firm.debt_discount in 2026-Q1", "-2642124.28"),
            ("Firm.debt_discount in 2028", "0"),
        ],
    );
}

/// More than is undrawn; after the time to draw; before the condition; more than is outstanding: refused, and nothing moves.
#[test]
fn refused() {
    let clauses = "loan facility of 100m USD {
           available from 2026-02-01 to 2026-06-30 when attested ready
           matures 2029-01-01; interest 6% every year, thirty_360
         }";
    let lines = "2026-02-10 draw term.facility 10m USD\n2026-03-01 attest term.facility ready\n\
                 2026-03-01 draw term.facility 60m USD\n2026-03-02 draw term.facility 50m USD\n\
                 2026-03-03 repay term.facility 61m USD\n2026-07-01 draw term.facility 10m USD\n";
    let checked = checked_text(&(contract(clauses) + lines));
    with_run(&checked, &[], |replay| {
        let kinds: Vec<RefusalKind> = replay.register.refusals.iter().map(|refusal| refusal.kind).collect();
        let expected = [
            RefusalKind::DrawBeforeCondition,
            RefusalKind::DrawAboveCommitment,
            RefusalKind::RepayAboveOutstanding,
            RefusalKind::DrawOutsideAvailability,
        ];
        assert_eq!(kinds, expected);
        assert_eq!(fact(replay, "Firm.debt in 2026-Q4"), Some(number("60000000")));
    });
}

/// The same under IFRS: D1, and the catch-up of what is expected to be paid (IFRS 9.B5.4.6). At the first rate what is left to be
/// paid after 500 of 1,000 are repaid is worth half of 980.513780; 490.256890 + 500 − 980.513780 = 9.743110 is the loss.
#[test]
fn the_same_under_ifrs() {
    let text = contract(
        "loan note of 1_000m USD { drawn at signing; matures 2031-01-01; interest 8% every year, thirty_360; fee 30m USD }",
    ) + "2028-01-01 repay term.note 500m USD\n";
    let text = text.replace("us-gaap", "ifrs").replace("us_gaap", "ifrs");
    hold(
        &text,
        &[
            ("Firm.interest_expense in 2026", "85036140.58"),
            ("Firm.interest_expense in 2027", "85477639.51"),
            ("Firm.extinguishment_loss in 2028", "9743109.95"),
            ("Bank.interest_income in 2028", "52722031.42"),
        ],
    );
}

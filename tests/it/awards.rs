//! Awards to customers after the grant: liabilities, shares charged at once, modifications, outcomes, older policies.
//! Expected numbers are worked out in the comments.

use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

/// A supply counted by value and a warrant over 10m shares, with the clauses of its tranches and the lines of a ledger.
fn award(book: &str, tranches: &str, ledger: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
party S "Seller" {{ currency USD; fiscal year ends 31 December; class common par 0.01 USD/share, calendar nyse; {book} }}
party B "Buyer" {{ currency USD; fiscal year ends 31 December; book us_gaap }}
contract c "Supply" between S as seller, B as buyer {{
  signed 2026-01-02
  supply goods {{ 10_000m USD definitive option; pays rest on invoice; control passes at invoice }}
  counter bought = sum USD over invoice goods by anyone since signed
  warrant w over 10m shares of S.common at 0.01 USD/share, issuer S, holder B {{
    expires 2036-01-02; exercise cash; adjusts for splits
    {tranches}
  }}
}}
2026-01-02 open S {{ S.common 500m shares }}
{ledger}
"#
    )
}

/// Facts of a run, each against a number in millions; every check of the revenue report holds.
fn holds(text: &str, expected: &[(&str, &str)]) {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        for (name, millions) in expected {
            let million = number("1000000");
            let expected = number(millions).times(million).unwrap();
            assert_eq!(fact(replay, name), Some(expected), "{name}: {millions}m");
        }
        for name in report::NAMES {
            let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
            for check in &report.checks {
                assert_ne!(check.holds(), Some(false), "{name}: {} {:?} {:?}", check.claim, check.left, check.right);
            }
        }
    });
}

const OWN: &str = "book us_gaap";

/// R11. 10m shares, value 40 at the grant, earned over 1,000. Purchases 300, 400, 300; values 50, 45, 60.
/// Contra-revenue 10m × 40 × 0.3, 0.4, 0.3 = 120, 160, 120. Liability 10m × F × b/B: 10 × 50 × 0.3 = 150; 10 × 45 × 0.7 = 315;
/// 10 × 60 × 1 = 600. Loss ΔL − ΔC: 150 − 120 = 30; 165 − 160 = 5; 285 − 120 = 165.
const R11: &str = "
2026-01-02 judge c.w.T liability
2026-01-02 judge c.w.T probable
2026-02-02 invoice c.goods 300m USD
2026-03-31 value c.w.T 50 USD/share
2026-05-04 invoice c.goods 400m USD
2026-06-30 value c.w.T 45 USD/share
2026-08-03 invoice c.goods 300m USD
2026-09-30 value c.w.T 60 USD/share
";
const BAND: &str = "tranche T 10m shares { vests when bought >= 1_000m USD; fair value 40 USD/share }";

#[test]
fn a_liability_is_remeasured_outside_revenue() {
    holds(
        &award(OWN, BAND, R11),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "120"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "160"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "120"),
            ("S.award_liability[c.w.T] on 2026-03-31", "150"),
            ("S.award_liability[c.w.T] on 2026-06-30", "315"),
            ("S.award_liability[c.w.T] on 2026-09-30", "600"),
            ("S.award_remeasurement[c.w.T] in 2026-Q1", "30"),
            ("S.award_remeasurement[c.w.T] in 2026-Q2", "5"),
            ("S.award_remeasurement[c.w.T] in 2026-Q3", "165"),
        ],
    );
}

/// Reclassified on 30 June, when 700 of 1,000 are bought and a right is worth 45: the liability of 315 becomes equity, without
/// gain. Then 300 more: contra 10m × 40 × 0.3 = 120; the excess of 45 over 40, 10m × 5 × 0.3 = 15, stands outside revenue;
/// equity 315 + 135 = 450. The value of 60 in September changes nothing.
#[test]
fn reclassified_to_equity_it_keeps_the_value_of_that_day() {
    let ledger = R11.replace("2026-08-03", "2026-06-30 judge c.w.T equity\n2026-08-03");
    holds(
        &award(OWN, BAND, &ledger),
        &[
            ("S.award_remeasurement[c.w.T] in 2026-Q2", "5"),
            ("S.award_liability[c.w.T] on 2026-06-30", "0"),
            ("S.award_equity[c.w.T] on 2026-06-30", "315"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "120"),
            ("S.award_remeasurement[c.w.T] in 2026-Q3", "15"),
            ("S.award_liability[c.w.T] on 2026-09-30", "0"),
            ("S.award_equity[c.w.T] on 2026-09-30", "450"),
        ],
    );
}

/// Equity at first, a liability from 30 June, when 700 are bought and a right is worth 45: 280 of equity go over, and 10m × 5 × 0.7 = 35
/// are lost. In September as R11: liability 600, so 600 − 315 − 120 = 165 lost.
#[test]
fn reclassified_to_liability_it_is_brought_to_its_value() {
    let ledger = R11.replace("2026-01-02 judge c.w.T liability\n", "2026-06-30 judge c.w.T liability\n");
    holds(
        &award(OWN, BAND, &ledger),
        &[
            ("S.award_equity[c.w.T] on 2026-03-31", "120"),
            ("S.award_remeasurement[c.w.T] in 2026-Q1", "0"),
            ("S.award_equity[c.w.T] on 2026-06-30", "0"),
            ("S.award_liability[c.w.T] on 2026-06-30", "315"),
            ("S.award_remeasurement[c.w.T] in 2026-Q2", "35"),
            ("S.award_remeasurement[c.w.T] in 2026-Q3", "165"),
        ],
    );
}

/// A vested liability is exercised in part at 60, then worth 70. Exercise of 4m: 4m × 60 = 240 leaves the liability, with 0.04 of
/// cash: par 0.04, paid-in capital 240. The other 6m: 6m × 70 = 420; loss 6m × 10 = 60.
#[test]
fn an_exercise_settles_its_part_of_a_liability() {
    let ledger = format!("{R11}2026-10-05 exercise c.w.T 4m shares cash\n2026-12-31 value c.w.T 70 USD/share\n");
    holds(
        &award(OWN, BAND, &ledger),
        &[
            ("S.award_liability[c.w.T] on 2026-10-05", "360"),
            ("S.apic on 2026-10-05", "240"),
            ("S.award_liability[c.w.T] on 2026-12-31", "420"),
            ("S.award_remeasurement[c.w.T] in 2026-Q4", "60"),
        ],
    );
}

/// A value by a model on its own day: the clauses of docs/MEASUREMENT.md. A right at 0.01 on a share of 50 with little volatility left
/// is worth 50 − 0.01 × e^(−0.04 × 9.76) = 49.9932 (four places): 10m × 49.9932 × 0.3 = 149.9796; less 120 is 29.9796.
#[test]
fn a_later_value_may_be_a_models() {
    let model = "black_scholes(spot 50 USD/share, volatility 1%, rate 4%)";
    let ledger = R11.replace("50 USD/share", model);
    let ledger = ledger.split("2026-05-04").next().unwrap().to_owned();
    holds(&award(OWN, BAND, &ledger), &[("S.award_remeasurement[c.w.T] in 2026-Q1", "29.9796")]);
}

/// R7. Vested at signing, worth 115.0 (10m × 11.5); two thirds buy nothing to come, the rest is earned over expected purchases of 50.
/// At once 76.666667; asset 38.333333. Purchases of 10: 38.333333 × 10/50 = 7.666667 (rounded to cents).
#[test]
fn a_share_may_be_charged_at_once() {
    let tranche =
        "tranche T 10m shares { vests at signing; fair value 11.50 USD/share; earned over 0 USD to 50m USD of bought }";
    let ledger = "2026-01-02 judge c.w.T immediate 2/3\n2026-04-01 invoice c.goods 10m USD\n";
    holds(
        &award(OWN, tranche, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "76.66666667"),
            ("S.customer_incentive[c.w.T] on 2026-03-31", "38.33333333"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "7.66666667"),
            ("S.customer_incentive[c.w.T] on 2026-06-30", "30.66666666"),
        ],
    );
}

/// What the charged share leaves is written off when nothing more is expected: 115 in all, the asset is nil.
/// Then nothing reverses when the vested rights expire unexercised.
#[test]
fn an_asset_that_buys_nothing_any_more_is_charged() {
    let tranche =
        "tranche T 10m shares { vests at signing; fair value 11.50 USD/share; earned over 0 USD to 50m USD of bought }";
    let ledger = "2026-04-01 invoice c.goods 10m USD\n2026-07-01 judge c.w.T immediate 100%\n";
    holds(
        &award(OWN, tranche, ledger).replace("expires 2036-01-02", "expires 2026-11-02"),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "0"),
            ("S.customer_incentive[c.w.T] on 2026-03-31", "115"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "23"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "92"),
            ("S.customer_incentive[c.w.T] on 2026-09-30", "0"),
            ("S.contra_revenue[c.w.T] in 2026-Q4", "0"),
            ("S.lapsed[c.w.T] in 2026-Q4", "10"),
            ("S.award_equity[c.w.T] on 2026-12-31", "115"),
        ],
    );
}

/// The purchases expected to earn an asset change from 50 to 40 after 10 were made: 115 × 10/50 = 23, then 115 × 10/40 = 28.75, caught up
/// at once (5.75); 30 more bring 115.
#[test]
fn expected_purchases_change() {
    let tranche =
        "tranche T 10m shares { vests at signing; fair value 11.50 USD/share; earned over 0 USD to 50m USD of bought }";
    let ledger = "2026-02-02 invoice c.goods 10m USD\n2026-04-01 judge c.w.T expected 40m USD\n2026-07-01 invoice c.goods 30m USD\n";
    holds(
        &award(OWN, tranche, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "23"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "5.75"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "86.25"),
        ],
    );
}

/// R8. Gross 100; the tranche worth 400 (10m × 40) is earned over purchases from 100 to 500. The condition is waived and no purchases are
/// expected: 400 at once, net revenue 100 − 400 = −300, never floored; cash of 100 is not touched. The report says so.
#[test]
fn a_waiver_may_make_revenue_negative() {
    let tranche = "tranche T 10m shares { vests when bought >= 500m USD; earned over 100m USD to 500m USD of bought; fair value 40 USD/share }";
    let ledger = "
2026-01-02 judge c.w.T probable
2026-02-02 invoice c.goods 100m USD
2026-02-02 pay c.goods 100m USD
2026-03-02 modify c.w.T type I waived
2026-03-02 judge c.w.T immediate 100%
";
    let text = award(OWN, tranche, ledger);
    holds(
        &text,
        &[
            ("S.revenue[c.goods] in 2026-Q1", "100"),
            ("S.contra_revenue[c.w.T] in 2026-Q1", "400"),
            ("S.net_revenue[c.goods] in 2026-Q1", "-300"),
            ("S.vested[c.w.T] in 2026-Q1", "10"),
            ("S.cash on 2026-03-31", "100"),
        ],
    );
    let checked = checked_text(&text);
    with_run(&checked, &[], |replay| {
        let report = report::build("revenue", replay, &Scope::default()).unwrap();
        assert!(report.notes.iter().any(|note| note.contains("net revenue of c is negative")), "{:?}", report.notes);
    });
}

/// R10, with 1m of shares: value 8 at the grant, earned over 100. Half is bought: 1m × 8 × 50/100 = 4. Then a type I modification takes a
/// right from 12 to 17: 5 more over the remaining 50. With the next 25: 1m × (8 × 25/100 + 5 × 25/50) = 2 + 2.5 = 4.5; with the last 25
/// as much. From an untouched award 8 + 5 = 13 in all; here 4 + 4.5 + 4.5 = 13.
#[test]
fn a_modification_adds_over_the_remaining_purchases() {
    let tranche = "tranche T 1m shares { vests when bought >= 100m USD; fair value 8 USD/share }
    tranche U 9m shares { vests on 2030-01-02; earned over 0 USD to 100m USD of bought; fair value 0 USD/share }";
    let before = "
2026-01-02 judge c.w.T probable
2026-02-02 invoice c.goods 50m USD
2026-04-01 modify c.w.T type I from 12 USD/share to 17 USD/share
2026-05-04 invoice c.goods 25m USD
2026-08-03 invoice c.goods 25m USD
";
    holds(
        &award(OWN, tranche, before),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "4"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "4.5"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "4.5"),
            ("S.warrant_unrecognised[c.w.T] on 2026-06-30", "4.5"),
            ("S.warrant_unrecognised[c.w.T] on 2026-09-30", "0"),
        ],
    );
    // Modified before any purchase: 1m × (8 + 5) = 13 to recognise.
    let first = before.replace("2026-04-01 modify", "2026-01-05 modify");
    holds(
        &award(OWN, tranche, &first),
        &[
            ("S.warrant_unrecognised[c.w.T] on 2026-01-31", "13"),
            ("S.contra_revenue[c.w.T] in 2026-Q1", "6.5"),
            ("S.contra_revenue[c.w.T] in 2026", "13"),
        ],
    );
    // A loss of value adds nothing: max(0, 12 − 17).
    let less = before.replace("from 12 USD/share to 17 USD/share", "from 17 USD/share to 12 USD/share");
    holds(&award(OWN, tranche, &less), &[("S.contra_revenue[c.w.T] in 2026", "8")]);
    // All bought and vested by then: 5 at once.
    let late = before.replace("2026-04-01 modify", "2026-10-01 modify");
    holds(
        &award(OWN, tranche, &late),
        &[("S.contra_revenue[c.w.T] in 2026-Q3", "2"), ("S.contra_revenue[c.w.T] in 2026-Q4", "5")],
    );
}

/// Type III: improbable, nothing booked after 50 of 100. The modification makes it probable and a right is worth 17: 1m × 17 over the
/// remaining 50, nothing for what was bought before. 25 more: 8.5; the last 25: 8.5. Type IV: nothing until it becomes probable, then the
/// same with what has been bought since.
#[test]
fn from_improbable_the_value_of_the_modification_counts() {
    let tranche = "tranche T 1m shares { vests when bought >= 100m USD; fair value 8 USD/share }
    tranche U 9m shares { vests on 2030-01-02; earned over 0 USD to 100m USD of bought; fair value 0 USD/share }";
    let ledger = "
2026-02-02 invoice c.goods 50m USD
2026-04-01 modify c.w.T type III from 0 USD/share to 17 USD/share
2026-04-01 judge c.w.T probable
2026-05-04 invoice c.goods 25m USD
2026-08-03 invoice c.goods 25m USD
";
    holds(
        &award(OWN, tranche, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "0"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "8.5"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "8.5"),
        ],
    );
    let fourth = ledger.replace("type III", "type IV").replace("2026-04-01 judge", "2026-07-01 judge");
    holds(
        &award(OWN, tranche, &fourth),
        &[("S.contra_revenue[c.w.T] in 2026-Q2", "0"), ("S.contra_revenue[c.w.T] in 2026-Q3", "17")],
    );
}

/// R12. Purchases or a price: 300 without the market condition, 210 with it (30 and 21 a right). While the purchases are not probable 210 is
/// recognised over them, 50/100 = 105; once they are, 300: 150 by then. Never the sum. A price that is not reached reverses nothing.
#[test]
fn either_purchases_or_a_price() {
    let tranche = "tranche T 10m shares {
      vests when bought >= 100m USD or close(S.common) >= 90 USD/share latched since signed
      earned over 0 USD to 100m USD of bought
      fair value 30 USD/share
      fair value if market 21 USD/share
    }";
    let ledger = "
2026-02-02 invoice c.goods 50m USD
2026-02-02 price close(S.common) 40 USD/share
2026-04-01 judge c.w.T probable
2026-07-01 judge c.w.T not probable
2026-10-01 invoice c.goods 50m USD
";
    holds(
        &award(OWN, tranche, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "105"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "45"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "-45"),
            ("S.contra_revenue[c.w.T] in 2026-Q4", "195"),
        ],
    );
}

/// A condition that changes the strike: one grant-date value per outcome (718-10-30-15); the outcome achieved is the one that counts.
/// Worth 5, or 8 at the lower strike: 10m × 5 × 50/100 = 25, then 10m × 8 × 50/100 = 40, so 15 more; in the end 80.
#[test]
fn each_outcome_has_its_value() {
    let tranche = "tranche T 10m shares {
      vests when bought >= 100m USD
      fair value 5 USD/share
      fair value if lower_strike 8 USD/share
    }";
    let ledger = "
2026-01-02 judge c.w.T probable
2026-02-02 invoice c.goods 50m USD
2026-04-01 judge c.w.T outcome lower_strike
2026-07-01 invoice c.goods 50m USD
";
    holds(
        &award(OWN, tranche, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "25"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "15"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "40"),
        ],
    );
}

/// The strike is fixed later: no grant date until then. 10m shares over 100, estimated at 10, then 12: 25/100 × 100 = 25; with 50 bought
/// 60, so 35; at the grant 14: 70, so 10 are trued up; values after it change nothing: the rest is 70.
#[test]
fn an_award_without_a_grant_date_is_estimated() {
    let tranche = "tranche T 10m shares { vests when bought >= 100m USD }";
    let ledger = "
2026-01-02 judge c.w.T probable
2026-01-02 value c.w.T 10 USD/share
2026-02-02 invoice c.goods 25m USD
2026-05-04 invoice c.goods 25m USD
2026-06-30 value c.w.T 12 USD/share
2026-07-01 grant c.w.T 14 USD/share
2026-09-30 value c.w.T 20 USD/share
2026-10-01 invoice c.goods 50m USD
";
    holds(
        &award(OWN, tranche, ledger),
        &[
            ("S.contra_revenue[c.w.T] in 2026-Q1", "25"),
            ("S.contra_revenue[c.w.T] in 2026-Q2", "35"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "10"),
            ("S.contra_revenue[c.w.T] in 2026-Q4", "70"),
        ],
    );
}

/// Before ASU 2025-04: purchases as a condition of service, forfeitures as they occur. 400 over 1,000 without any judgement: 300 bought, 120.
/// It lapses unvested: reversed.
#[test]
fn conditions_on_purchases_as_conditions_of_service() {
    let ledger = "2026-02-02 invoice c.goods 300m USD\n";
    let text = award("book us_gaap { purchases = service_condition }", BAND, ledger);
    holds(
        &text.replace("expires 2036-01-02", "expires 2026-11-02"),
        &[("S.contra_revenue[c.w.T] in 2026-Q1", "120"), ("S.contra_revenue[c.w.T] in 2026-Q4", "-120")],
    );
    holds(&award(OWN, BAND, ledger), &[("S.contra_revenue[c.w.T] in 2026-Q1", "0")]);
}

/// ASU 2025-04 is adopted on 1 July, when the purchases are not probable: 120 go to opening retained earnings, not to revenue. Made
/// probable in August, after 400 more: 10m × 40 × 700/1,000 = 280 in revenue.
#[test]
fn an_adoption_goes_to_opening_retained_earnings() {
    let ledger = "
2026-02-02 invoice c.goods 300m USD
2026-07-01 adopt S purchases = performance_condition modified_retrospective
2026-08-03 invoice c.goods 400m USD
2026-08-03 judge c.w.T probable
";
    let text = award("book us_gaap { purchases = service_condition }", BAND, ledger);
    // The year begins on 1 July, as early adoption must: quarters are Q3 and Q4 of 2026, then Q1 of 2027.
    let text = text.replacen("fiscal year ends 31 December", "fiscal year ends 30 June", 1);
    let expected = [
        ("S.contra_revenue[c.w.T] in 2026-Q3", "120"),
        ("S.contra_revenue[c.w.T] in 2027-Q1", "280"),
        ("S.retained_earnings[c.w.T] on 2026-07-01", "120"),
        ("S.award_equity[c.w.T] on 2026-07-31", "0"),
        ("S.award_equity[c.w.T] on 2026-09-30", "280"),
    ];
    holds(&text, &expected);
    // Caught up in revenue instead: −120 + 280 = 160.
    holds(
        &text.replace("modified_retrospective", "catch_up"),
        &[("S.contra_revenue[c.w.T] in 2027-Q1", "160"), ("S.retained_earnings on 2026-09-30", "0")],
    );
}

/// Before ASU 2018-07 and 2019-08 (ASC 505-50): measured again until it vests. T1 vests at 100, T2 at 300; 1m shares each. Values 2, then 3:
/// Q1: T1 50/100 × 2 = 1. Q2: 3 a right, T1 vests at 100: 3 in all, so 2; T2 50/200 × 3 = 0.75. Q3: 4 a right: T1 stays at 3; T2 100/200 × 4 = 2,
/// so 1.25. Adopted on 1 October 2018, the first day of the year (its quarters are Q2, Q3, Q4 of 2018 and Q1 of 2019): T2 stays at 4; the value of 9 changes nothing: T2 200/200 × 4 = 4, so 2.
#[test]
fn measured_until_it_vests_and_then_for_good() {
    let tranches = "tranche T1 1m shares { vests when bought >= 100m USD; fair value 1 USD/share }
    tranche T2 1m shares { vests when bought >= 300m USD; fair value 1 USD/share }
    tranche T3 8m shares { vests when bought >= 10_000m USD; fair value 1 USD/share }";
    let ledger = "
2018-01-02 judge c.w.T1 probable
2018-01-02 judge c.w.T2 probable
2018-01-02 value c.w 2 USD/share
2018-02-02 invoice c.goods 50m USD
2018-04-01 value c.w 3 USD/share
2018-05-04 invoice c.goods 100m USD
2018-07-01 value c.w 4 USD/share
2018-08-03 invoice c.goods 50m USD
2018-10-01 adopt S measurement = grant_date
2018-10-02 value c.w 9 USD/share
2018-11-02 invoice c.goods 100m USD
";
    holds(
        &award("book us_gaap { measurement = until_vested }", tranches, ledger)
            .replace("2026", "2018")
            .replace("fiscal year ends 31 December", "fiscal year ends 30 September"),
        &[
            ("S.contra_revenue[c.w.T1] in 2018-Q2", "1"),
            ("S.contra_revenue[c.w.T1] in 2018-Q3", "2"),
            ("S.contra_revenue[c.w.T2] in 2018-Q3", "0.75"),
            ("S.contra_revenue[c.w.T1] in 2018-Q4", "0"),
            ("S.contra_revenue[c.w.T2] in 2018-Q4", "1.25"),
            ("S.contra_revenue[c.w.T1] in 2019-Q1", "0"),
            ("S.contra_revenue[c.w.T2] in 2019-Q1", "2"),
        ],
    );
}

/// R4, paid in rights worth 40 (10m × 4) for services worth 25: expense 25, contra-revenue 15. Unknown: nothing judged, contra-revenue 40.
#[test]
fn a_distinct_service_is_bought_and_the_excess_is_a_price_reduction() {
    let tranche =
        "tranche T 10m shares { vests at signing; earned over 0 USD to 50m USD of bought; fair value 4 USD/share }";
    let known = "2026-01-02 judge c.w.T immediate 100%\n2026-01-02 judge c.w.T distinct 25m USD\n";
    holds(
        &award(OWN, tranche, known),
        &[("S.services_received[c.w.T] in 2026-Q1", "25"), ("S.contra_revenue[c.w.T] in 2026-Q1", "15")],
    );
    let unknown = "2026-01-02 judge c.w.T immediate 100%\n";
    holds(
        &award(OWN, tranche, unknown),
        &[("S.services_received[c.w.T] in 2026-Q1", "0"), ("S.contra_revenue[c.w.T] in 2026-Q1", "40")],
    );
}

/// R4 in cash: the seller buys services from its customer. 40 paid for what is worth 25: expense 25, contra-revenue 15; a fair value that cannot
/// be estimated: contra-revenue 40; no fair value clause: an ordinary purchase.
#[test]
fn cash_paid_to_a_customer() {
    let paid = |fair: &str| {
        format!(
            r#"
use "rules/books/us-gaap.pf"
unit campaign
party S "Seller" {{ currency USD; fiscal year ends 31 December; class common; book us_gaap }}
party B "Buyer" {{ currency USD; fiscal year ends 31 December }}
contract marketing "Marketing by the customer" between B as seller, S as buyer {{
  signed 2026-01-02
  supply services {{ 10 campaign definitive option; price 40m USD/campaign; {fair}; pays rest on delivery; control passes at delivery }}
}}
2026-02-02 deliver marketing.services 1 campaign
2026-02-02 pay marketing.services 40m USD
"#
        )
    };
    let facts = |services: &'static str, contra: &'static str, equipment: &'static str| {
        [
            ("S.services_received in 2026-Q1", services),
            ("S.contra_revenue in 2026-Q1", contra),
            ("S.equipment on 2026-03-31", equipment),
            ("S.cash on 2026-03-31", "-40"),
        ]
    };
    holds(&paid("fair value 25m USD/campaign"), &facts("25", "15", "0"));
    holds(&paid("fair value 50m USD/campaign"), &facts("40", "0", "0"));
    holds(&paid("fair value undisclosed USD/campaign"), &facts("0", "40", "0"));
    holds(&paid("").replace("; ;", ";"), &facts("0", "0", "40"));
}

/// Equity until 30 June, when 700 of 1,000 are bought (cost 280) and a right is worth 30: the liability is 7m × 30 = 210, and 70 stay in equity; nothing
/// is gained. In September all is bought and a right is worth 60: contra-revenue 120, liability 600. The 70 leave equity, and 600 − 210 − 120 − 70 =
/// 200 are lost, which is 10m × (60 − 40). Had it been a liability from the grant on, the fall to 30 would be a gain of 7m × 10 = 70.
#[test]
fn equity_that_becomes_a_liability_keeps_its_cost() {
    let ledger = R11.replace("2026-01-02 judge c.w.T liability\n", "2026-06-30 judge c.w.T liability\n");
    let ledger = ledger.replace("45 USD/share", "30 USD/share");
    holds(
        &award(OWN, BAND, &ledger),
        &[
            ("S.award_liability[c.w.T] on 2026-06-30", "210"),
            ("S.award_equity[c.w.T] on 2026-06-30", "70"),
            ("S.award_remeasurement[c.w.T] in 2026-Q2", "0"),
            ("S.contra_revenue[c.w.T] in 2026-Q3", "120"),
            ("S.award_liability[c.w.T] on 2026-09-30", "600"),
            ("S.award_equity[c.w.T] on 2026-09-30", "0"),
            ("S.award_remeasurement[c.w.T] in 2026-Q3", "200"),
        ],
    );
    // 7m × 30 = 210; 150 in March. Cost 160, so 60 − 160 = −100: a gain, of which 30 take back the loss of March.
    let always = R11.replace("45 USD/share", "30 USD/share");
    holds(
        &award(OWN, BAND, &always),
        &[
            ("S.award_liability[c.w.T] on 2026-06-30", "210"),
            ("S.award_remeasurement[c.w.T] in 2026-Q2", "-100"),
            ("S.award_equity[c.w.T] on 2026-06-30", "0"),
        ],
    );
}

/// Three tranches of 10 shares worth 10, 50 units each; 10, 20 (bought by another), 25 and 30 pass in the quarters. What the buyer buys: 10, 0,
/// 25, and 15 of 30 up to the end of the band: 20, 0, 50, 30. From July on: 0, 0, 25, 25: 50 and 50. Until June: 10 and 20 of 50, 20
/// and 40, and no more: what may not be reached any more is judged so, and 60 come back.
#[test]
fn purchases_that_a_counter_does_not_count_earn_nothing() {
    let text = r#"
use "rules/books/us-gaap.pf"
unit rack
party M "Maker" { currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap }
party B "Buyer" { currency USD; book us_gaap }
party X "Other" { currency USD; book us_gaap }
contract d "Deal" between M as seller, B as buyer {
  signed 2026-01-05
  supply g { 200 rack definitive option; price 10 USD/rack; pays rest 30 days after delivery; control passes at delivery }
  counter own = sum rack over delivery g by B since signed
  counter late = sum rack over delivery g by anyone since 2026-07-01
  counter early = sum rack over delivery g by anyone since signed until 2026-06-30
  warrant w over 30 shares of M.common at 1 USD/share, issuer M, holder B {
    expires 2030-12-31; exercise cash; adjusts for splits; fair value 10 USD/share
    tranche A 10 shares { vests when own >= 50 rack }
    tranche L 10 shares { vests when late >= 50 rack }
    tranche E 10 shares { vests when early >= 50 rack }
  }
}
2026-01-05 open M { M.common 50m shares; cash 10m USD }
2026-01-05 judge d.w probable
2026-02-02 deliver d.g 10 rack
2026-05-04 deliver d.g 20 rack by X
2026-08-03 deliver d.g 25 rack
2026-11-02 deliver d.g 30 rack
2026-12-31 judge d.w.E not probable "it ended in June"
"#;
    with_run(&checked_text(text), &[], |replay| {
        for (tranche, quarters) in
            [("A", ["20", "0", "50", "30"]), ("L", ["0", "0", "50", "50"]), ("E", ["20", "40", "0", "-60"])]
        {
            let of = |quarter| fact(replay, &format!("M.contra_revenue[d.w.{tranche}] in 2026-Q{quarter}"));
            assert_eq!([1, 2, 3, 4].map(of), quarters.map(|n| Some(number(n))), "{tranche}");
        }
        let report = proforma::report::build("revenue", replay, &proforma::report::Scope::default()).unwrap();
        assert!(report.checks.iter().all(|check| check.holds() == Some(true)), "{:?}", report.checks);
    });
}

/// Racks for 10 each, and a tranche of so many shares worth 10 at 100 racks.
fn racks(shares: u32, clause: &str, ledger: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
unit rack
party M "Maker" {{ currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap }}
party B "Buyer" {{ currency USD; book us_gaap }}
contract d "Deal" between M as seller, B as buyer {{
  signed 2026-01-05
  supply g {{ 200 rack definitive firm; price 10 USD/rack; pays rest 30 days after delivery; control passes at delivery }}
  counter t = sum rack over delivery g by B since signed
  warrant w over {shares} shares of M.common at 1 USD/share, issuer M, holder B {{
    expires 2028-12-31; exercise cash; adjusts for splits
    tranche C {shares} shares {{ vests when t >= 100 rack; fair value 10 USD/share{clause} }}
  }}
}}
2026-01-05 open M {{ M.common 50m shares; cash 10m USD }}
2026-01-05 judge d.w probable
{ledger}"#
    )
}

/// What lapsed is not brought back by purchases after it: 4 of 10 recognised, reversed in June, and nothing in November.
#[test]
fn what_lapsed_stays_lapsed() {
    for (clause, line) in [("; by 2026-06-30", ""), ("", "2026-06-30 forfeit d.w \"the agreement ended\"\n")] {
        let lines = format!("2026-02-02 deliver d.g 40 rack\n{line}2026-11-02 deliver d.g 60 rack\n");
        with_run(&checked_text(&racks(1, clause, &lines)), &[], |replay| {
            let of = |quarter| fact(replay, &format!("M.contra_revenue[d.w.C] in 2026-Q{quarter}"));
            assert_eq!([1, 2, 3, 4].map(of), ["4", "-4", "0", "0"].map(|n| Some(number(n))));
        });
    }
}

/// A liability of 20 of 100 at 14 a share, 28, is cancelled: the rest of the cost at the grant, 80, is recognised, and nothing is owed: 28 + 80
/// leave by the line outside revenue, and no later value moves it.
#[test]
fn a_liability_that_is_cancelled_is_owed_no_more() {
    let lines = "2026-01-05 judge d.w liability
2026-02-02 deliver d.g 20 rack
2026-03-31 value d.w 14 USD/share
2026-06-30 cancel d.w
2026-12-31 value d.w 30 USD/share
";
    with_run(&checked_text(&racks(10, "", lines)), &[], |replay| {
        for (name, expected) in [
            ("award_liability[d.w.C] in 2026-Q1", "28"),
            ("award_remeasurement[d.w.C] in 2026-Q1", "8"),
            ("contra_revenue[d.w.C] in 2026-Q2", "80"),
            ("award_liability[d.w.C] in 2026-Q2", "0"),
            ("award_remeasurement[d.w.C] in 2026-Q2", "-108"),
            ("award_liability[d.w.C] in 2026-Q4", "0"),
        ] {
            assert_eq!(fact(replay, &format!("M.{name}")), Some(number(expected)), "{name}");
        }
    });
}

/// Vests when 100 have been paid, at 10 a unit: earned by the 10 units it pays for, 6 in the first quarter and 4 in the second, though they are
/// paid in the third. 80 × 6/10 = 48 and 32. Written out as a band it is the same.
#[test]
fn payments_are_earned_by_what_they_pay_for() {
    for band in ["", "; earned over 0 USD to 100 USD of paid"] {
        let text = format!(
            r#"
use "rules/books/us-gaap.pf"
unit plane
party N "N" {{ currency USD; class common par 0.01 USD/share, calendar weekdays; book us_gaap }}
party A "A" {{ currency USD; book us_gaap }}
contract deal "Agreement" between N as seller, A as buyer {{
  signed 2025-01-01
  supply goods {{ 100 plane definitive option; price 10 USD/plane; pays rest 30 days after delivery; control passes at delivery }}
  counter paid = sum USD over payment goods by A since signed
  warrant w over 10 shares of N.common at 20 USD/share, issuer N, holder A {{
    expires 2032-01-02; exercise cash; adjusts for splits; fair value 8 USD/share
    tranche A 10 shares {{ vests when paid >= 100 USD{band} }}
  }}
}}
2025-01-01 open N {{ N.common 1_000 shares }}
2025-01-01 judge deal.w probable
2025-03-10 deliver deal.goods 6 plane
2025-06-10 deliver deal.goods 4 plane
2025-08-04 pay deal.goods 100 USD
"#
        );
        with_run(&checked_text(&text), &[], |replay| {
            let of = |quarter| fact(replay, &format!("N.contra_revenue[deal.w.A] in 2025-Q{quarter}"));
            assert_eq!([1, 2, 3].map(of), ["48", "32", "0"].map(|n| Some(number(n))));
            assert_eq!(fact(replay, "N.vested_unexercised[deal.w.A] in 2025-Q2"), Some(number("0")));
            assert_eq!(fact(replay, "N.vested_unexercised[deal.w.A] in 2025-Q3"), Some(number("10")));
        });
    }
}

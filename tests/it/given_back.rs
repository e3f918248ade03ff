//! What is left at the end of a contract, what is expected to be given back, and what it was paid for, with the arithmetic.

use proforma::report::{Scope, build};

use crate::common::{checked_text, facts_are, with_run};

const DEAL: &str = r#"
use "rules/books/us-gaap.pf"
use "rules/books/ifrs.pf"
unit unit
party S "Seller" { currency USD; fiscal year ends 31 December; book us_gaap }
party B "Buyer" { currency USD; fiscal year ends 31 December; book ifrs }
contract deal "Deal" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods { 10 unit definitive firm; price 100 USD/unit; pays 20% of price on signing; pays rest on delivery; control passes at delivery }
  variable ending of goods by most likely amount
  variable rebate of goods by most likely amount
}
2026-01-01 open B { cash 5_000 USD }
"#;

fn run(text: &str, check: impl FnOnce(&proforma::run::Replay<'_>)) {
    with_run(&checked_text(&format!("{DEAL}{text}")), &[], |replay| {
        for name in proforma::report::NAMES {
            for entity in ["S", "B"] {
                let Ok(report) = build(name, replay, &Scope { entity: Some(entity.into()), ..Scope::default() }) else {
                    continue;
                };
                assert!(report.checks.iter().all(|check| check.holds() != Some(false)), "{name}: {:?}", report.checks);
            }
        }
        check(replay);
    });
}

fn holds(text: &str, expected: &[(&str, &str)]) {
    run(text, |replay| facts_are(replay, expected));
}

/// 200 are paid at signing; 3 units are delivered, 300 of revenue, 240 billed, 60 of the deposit used; then the contract ends.
const ENDED: &str = "2026-01-01 pay deal.goods 200 USD
2026-02-02 deliver deal.goods 3 unit
2026-02-03 pay deal.goods 240 USD
2026-04-06 terminate deal
";

/// Nothing is judged: 200 − 60 = 140 stay a contract liability, and the report says so.
#[test]
fn what_is_left_unjudged_stays_and_is_told() {
    run(ENDED, |replay| {
        facts_are(
            replay,
            &[("S.contract_liability in 2026-Q2", "140"), ("S.revenue in 2026-Q2", "0"), ("S.rpo in 2026-Q2", "0")],
        );
        let report = build("balances", replay, &Scope { entity: Some("S".into()), ..Scope::default() }).unwrap();
        assert!(
            report.notes.iter().any(|note| note.contains("140 USD") && note.contains("judge deal")),
            "{:?}",
            report.notes
        );
    });
}

/// Nothing is left to perform and the 140 need not be given back: revenue of the seller, a loss of the buyer.
#[test]
fn what_need_not_be_given_back_is_revenue_at_the_end() {
    let expected = [
        ("S.contract_liability in 2026-Q2", "0"),
        ("S.revenue in 2026-Q2", "140"),
        ("B.supplier_deposits in 2026-Q2", "0"),
        ("B.forfeited_deposits in 2026-Q2", "140"),
    ];
    holds(&format!("{ENDED}2026-04-07 judge deal nonrefundable\n"), &expected);
    // Judged before the end it waits for it.
    let early = ENDED.replace("2026-04-06", "2026-03-02 judge deal nonrefundable\n2026-04-06");
    holds(&early, &[expected.as_slice(), &[("S.contract_liability in 2026-Q1", "140")]].concat());
}

/// It is to be given back: owed, on both sides, until it is. 100 of it in July leave 40.
#[test]
fn what_is_to_be_given_back_is_owed_until_it_is() {
    holds(
        &format!("{ENDED}2026-04-07 judge deal refundable\n2026-07-06 refund deal.goods 100 USD\n"),
        &[
            ("S.contract_liability in 2026-Q2", "0"),
            ("S.refund_liability in 2026-Q2", "140"),
            ("S.refund_liability in 2026-Q3", "40"),
            ("S.revenue in 2026", "300"),
            ("S.cash in 2026-Q3", "340"),
            ("B.refund_due in 2026-Q2", "140"),
            ("B.refund_due in 2026-Q3", "40"),
            ("B.supplier_deposits in 2026-Q2", "0"),
            ("B.cash in 2026-Q3", "4660"),
            ("S.operating_cash_flow in 2026-Q3", "-100"),
        ],
    );
}

/// A fee for ending, 50, billed on the day and paid: with nothing left to perform it is revenue, and no contract liability. The
/// 140 besides it are judged for themselves. An estimate of 30 made before is overtaken by what was charged.
#[test]
fn a_fee_for_ending_is_revenue() {
    let fee = "2026-04-06 invoice deal.ending 50 USD\n2026-05-04 pay deal.goods 50 USD\n";
    for estimate in ["", "2026-03-02 estimate deal.ending { 30 USD at 100% }\n"] {
        holds(
            &format!("{ENDED}{estimate}{fee}2026-06-01 judge deal nonrefundable\n"),
            &[
                ("S.revenue in 2026", "490"),
                ("S.contract_liability in 2026", "0"),
                ("S.contract_asset in 2026", "0"),
                ("S.receivable in 2026", "0"),
                ("S.cash in 2026", "490"),
            ],
        );
    }
    // Charged before the end, it waits for it as a contract liability.
    let early = ENDED.replace("2026-04-06", "2026-03-02 invoice deal.ending 50 USD\n2026-04-06");
    holds(
        &early,
        &[("S.contract_asset in 2026-Q1", "-50"), ("S.contract_asset in 2026-Q2", "0"), ("S.revenue in 2026-Q2", "50")],
    );
}

/// A rebate of 100 for all ten units: 4 delivered and paid at 400 have 100 × 4/10 = 40 of it, which is owed to the customer. 60
/// are given back in July: 20 more than was expected, so less revenue.
#[test]
fn a_rebate_that_is_expected_is_owed() {
    holds(
        "2026-01-01 estimate deal.rebate { -100 USD at 100% } constrained to -100 USD
2026-01-01 pay deal.goods 200 USD
2026-02-02 deliver deal.goods 4 unit
2026-02-03 pay deal.goods 320 USD
2026-07-06 refund deal.goods 60 USD
",
        &[
            ("S.revenue in 2026-Q1", "360"),
            ("S.refund_liability in 2026-Q1", "40"),
            ("S.contract_liability in 2026-Q1", "120"),
            ("S.contract_asset in 2026-Q1", "0"),
            ("S.refund_liability in 2026-Q3", "0"),
            ("S.revenue in 2026-Q3", "-20"),
            ("S.cash in 2026-Q3", "460"),
            ("B.equipment in 2026-Q1", "400"),
            ("B.equipment in 2026-Q3", "340"),
            ("B.refund_due in 2026-Q3", "0"),
        ],
    );
}

/// More cannot be given back than was paid.
#[test]
fn a_refund_above_what_was_paid_is_refused() {
    run("2026-01-01 pay deal.goods 200 USD\n2026-02-02 refund deal.goods 200.01 USD\n", |replay| {
        let refused: Vec<_> = replay.register.refusals.iter().map(|refusal| refusal.kind.code()).collect();
        assert_eq!(refused, ["R44"]);
    });
}

/// Paid and given back on one day, in either order of the file: 200 − 60 = 140 are left.
#[test]
fn what_is_paid_on_a_day_can_be_given_back_on_it() {
    let (pay, back) = ("2026-01-01 pay deal.goods 200 USD\n", "2026-01-01 refund deal.goods 60 USD\n");
    for text in [format!("{pay}{back}"), format!("{back}{pay}")] {
        run(&text, |replay| {
            let refused: Vec<_> =
                replay.register.refusals.iter().map(|refusal| (refusal.kind.code(), &refusal.detail)).collect();
            assert_eq!(refused, []);
            facts_are(replay, &[("S.cash in 2026-Q1", "140"), ("B.cash in 2026-Q1", "4860")]);
        });
    }
}

/// Sold with a duty to buy it back: a financing. The 300 are received for it, in cash flows from financing.
#[test]
fn cash_of_a_repurchase_is_financing() {
    holds(
        "2026-01-01 judge deal.goods repurchase_obligation
2026-02-02 deliver deal.goods 3 unit
2026-02-03 pay deal.goods 300 USD
",
        &[
            ("S.repurchase_obligation in 2026-Q1", "300"),
            ("S.financing_cash_flow in 2026-Q1", "300"),
            ("S.operating_cash_flow in 2026-Q1", "0"),
        ],
    );
}

/// 100 for 100 each, 40 delivered; then 20 fewer. A text with the modification, its way and the deliveries after.
fn fewer(amount: &str, how: &str) -> String {
    format!(
        "use \"rules/books/us-gaap.pf\"\nunit rack
party S \"Seller\" {{ currency USD; fiscal year ends 31 December; book us_gaap }}
party B \"Buyer\" {{ currency USD; fiscal year ends 31 December; book us_gaap }}
contract h \"H\" between S as seller, B as buyer {{
  signed 2026-01-05
  supply g {{ 100 rack definitive firm; price 100 USD/rack; pays rest on delivery; control passes at delivery }}
}}
2026-02-02 deliver h.g 40 rack
2026-04-06 modify h.g -20 rack for {amount} USD {how}
2026-07-06 deliver h.g 30 rack
2026-10-05 deliver h.g 10 rack
"
    )
}

/// 606-10-25-13: 20 fewer at their price leave 40 at 100: an obligation of 4,000. At 1,500 less the 40 left are 4,500, 112.50 each,
/// legally and prospectively alike: 30 are 3,375, and 4,000 + 3,375 are owed. Caught up, 80 are 8,500: the 40 passed 4,250, so 250 at once, and 30 are
/// 8,500 × 30/80 = 3,187.50.
#[test]
fn fewer_units_for_less_money() {
    let cases: [(&str, &str, [&str; 4]); 3] = [
        ("-2_000", "prospectively", ["0", "4000", "3000", "7000"]),
        ("-1_500", "prospectively", ["0", "4500", "3375", "7375"]),
        ("-1_500", "cumulatively", ["250", "4250", "3187.5", "7375"]),
    ];
    for (amount, how, [at_once, rpo, third, owed]) in cases {
        with_run(&checked_text(&fewer(amount, how)), &[], |replay| {
            facts_are(
                replay,
                &[
                    ("S.revenue in 2026-Q2", at_once),
                    ("S.rpo in 2026-Q2", rpo),
                    ("S.revenue in 2026-Q3", third),
                    ("S.receivable in 2026-Q3", owed),
                    ("S.rpo in 2026-Q4", "0"),
                ],
            );
            for name in ["revenue", "balances", "dues", "statements"] {
                let scope = Scope { entity: Some("S".into()), ..Scope::default() };
                let report = build(name, replay, &scope).unwrap();
                assert!(report.checks.iter().all(|check| check.holds() != Some(false)), "{name}: {:?}", report.checks);
            }
        });
    }
}

/// Only what has not passed can be taken out, and nothing more is delivered than is left.
#[test]
fn fewer_units_bind_both_sides() {
    for (from, to, code) in [("-20 rack", "-61 rack", "R25"), ("10 rack\n", "11 rack\n", "R06")] {
        let text = fewer("-2_000", "prospectively").replace(from, to);
        with_run(&checked_text(&text), &[], |replay| {
            let refused: Vec<_> = replay.register.refusals.iter().map(|refusal| refusal.kind.code()).collect();
            assert_eq!(refused, [code]);
        });
    }
}

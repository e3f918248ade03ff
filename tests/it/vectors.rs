//! Worked examples of the accounting rules, with the arithmetic.

use crate::common::{checked_text, fact, number, with_run};

/// Three tranches earned by purchases of 1,000, 3,000 and 6,000; values 400m, 700m, 900m; the third becomes probable in the
/// fourth quarter. Purchases of 500, 700, 900, 600.
pub fn three_tranches(attribution: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
unit GPU
party S "Seller" {{ currency USD; fiscal year ends 31 December; class common; book us_gaap {{ attribution = {attribution} }} }}
party B "Buyer" {{ currency USD; fiscal year ends 31 December; book us_gaap }}
contract c "Supply" between S as seller, B as buyer {{
  signed 2026-01-01
  supply goods {{
    6_000 GPU definitive option
    price 1m USD/GPU
    pays all_of_it on delivery
    control passes at delivery
  }}
  counter bought = sum GPU over delivery goods by anyone since signed
  warrant w over 60m shares of S.common at 0.01 USD/share, issuer S, holder B {{
    expires 2036-01-01
    exercise cash
    adjusts for splits
    tranche T1 10m shares {{ vests when bought >= 1_000 GPU; fair value 40 USD/share }}
    tranche T2 20m shares {{ vests when bought >= 3_000 GPU; fair value 35 USD/share }}
    tranche T3 30m shares {{ vests when bought >= 6_000 GPU; fair value 30 USD/share }}
  }}
}}
2026-01-01 judge c.w.T1 probable
2026-01-01 judge c.w.T2 probable
2026-02-01 deliver c.goods 500 GPU
2026-05-01 deliver c.goods 700 GPU
2026-08-01 deliver c.goods 900 GPU
2026-11-01 judge c.w.T3 probable
2026-11-01 deliver c.goods 600 GPU
"#
    )
    .replace("all_of_it", "rest")
}

fn quarters(text: &str) -> Vec<String> {
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        let cost = |q: u8| fact(replay, &format!("S.contra_revenue in 2026-Q{q}")).unwrap().to_string();
        (1..=4).map(cost).collect()
    })
}

/// R6, method A. Own band: T1 is earned by the first 1,000, T2 by the next 2,000, T3 by the next 3,000.
/// Q1 500/1,000 × 400 = 200; Q2 500/1,000 × 400 + 200/2,000 × 700 = 270; Q3 900/2,000 × 700 = 315; Q4 600/2,000 × 700 = 210.
#[test]
fn each_tranche_by_its_own_band() {
    assert_eq!(quarters(&three_tranches("own_band")), ["200000000", "270000000", "315000000", "210000000"]);
}

/// R6, method B. Single pool: (400 + 700)/3,000 a unit until Q4, then (400 + 700 + 900)/6,000, caught up at once:
/// 500 × 11/30 = 183.33; 700 × 11/30 = 256.67; 900 × 11/30 = 330; 2,700/3 − 770 = 130 (of which −70 is catch-up).
#[test]
fn one_pool_catches_up_when_a_tranche_becomes_probable() {
    let found = quarters(&three_tranches("single_pool"));
    // Rounded per tranche to cents, so a cent may stand in the next quarter; the year is exact.
    let expected = ["183333333.33", "256666666.67", "330000000", "130000000"];
    for (found, expected) in found.iter().zip(expected) {
        let difference = number(found).minus(number(expected)).unwrap().abs();
        assert!(difference <= number("0.02"), "{found} against {expected}");
    }
    let year = found.iter().map(|n| number(n)).try_fold(number("0"), |a, b| a.plus(b)).unwrap();
    assert_eq!(year, number("900000000"));
}

/// A tranche that failed its performance condition is reversed; one whose market condition failed is not.
/// T1 (10m × 40) needs 1,000 bought: 500/1,000 × 400m = 200m is recognised, then reversed when the warrant expires.
/// The market tranche (1m × 7, price 900 never reached) earns over the same 500 of 500: 7m stays.
#[test]
fn only_a_failed_performance_condition_is_reversed() {
    let text = r#"
use "rules/books/us-gaap.pf"
unit GPU
party S "Seller" { currency USD; class common calendar nyse; book us_gaap }
party B "Buyer" { currency USD; book us_gaap }
contract c "Supply" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods { 6_000 GPU definitive option; price 1m USD/GPU; pays rest on delivery; control passes at delivery }
  counter bought = sum GPU over delivery goods by anyone since signed
  warrant w over 11m shares of S.common at 0.01 USD/share, issuer S, holder B {
    expires 2027-01-01; exercise cash; adjusts for splits
    tranche T1 10m shares { vests when bought >= 1_000 GPU; fair value 40 USD/share; earned over 0 GPU to 1_000 GPU of bought }
    tranche M 1m shares {
      vests when bought >= 500 GPU and close(S.common) >= 900 USD/share latched since signed
      fair value 7 USD/share
      earned over 0 GPU to 500 GPU of bought
    }
  }
}
2026-01-01 judge c.w.T1 probable
2026-02-02 deliver c.goods 500 GPU
2026-03-02 price close(S.common) 100 USD/share
"#;
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "S.contra_revenue[c.w.T1] in 2026-Q1"), Some(number("200000000")));
        assert_eq!(fact(replay, "S.contra_revenue[c.w.M] in 2026-Q1"), Some(number("7000000")));
        assert_eq!(fact(replay, "S.contra_revenue[c.w.T1] in 2027-Q1"), Some(number("-200000000")));
        assert_eq!(fact(replay, "S.contra_revenue[c.w.M] in 2027-Q1"), Some(number("0")));
        assert_eq!(fact(replay, "S.lapsed[c.w] in 2027-Q1"), Some(number("11000000")));
    });
}

/// A tranche vested at signing for purchases to come is an asset, spent as the firm commitment is delivered:
/// 3m × 10 = 30m over 40 firm units; after 10 of them 7.5m is cost and 22.5m still an asset.
#[test]
fn what_vests_ahead_of_revenue_is_an_asset() {
    let text = r#"
use "rules/books/us-gaap.pf"
unit GPU
party S "Seller" { currency USD; class common; book us_gaap }
party B "Buyer" { currency USD; book us_gaap }
contract c "Supply" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods { 40 GPU definitive firm; price 1m USD/GPU; pays rest on delivery; control passes at delivery }
  warrant w over 3m shares of S.common at 5 USD/share, issuer S, holder B {
    expires 2030-01-01; exercise cash; adjusts for splits
    tranche T1 3m shares { vests at signing; fair value 10 USD/share }
  }
}
2026-02-02 deliver c.goods 10 GPU
"#;
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "S.contra_revenue[c.w.T1] in 2026-Q1"), Some(number("7500000")));
        assert_eq!(fact(replay, "S.customer_incentive[c.w.T1] in 2026-Q1"), Some(number("22500000")));
        assert_eq!(fact(replay, "S.award_equity[c.w.T1] in 2026-Q1"), Some(number("30000000")));
    });
}

/// Net exercise: floor(1,000,000 × (50 − 12.5) / 50) = 750,000 shares, nothing paid. Cash: 250,000 × 12.5 = 3,125,000.
/// Of the award (1.5m × 8 = 12m): 8m goes with the first, 2m with the second; par 0.01 a share.
#[test]
fn exercise_moves_the_award_to_equity() {
    let text = r#"
use "rules/books/us-gaap.pf"
unit GPU
party S "Seller" { currency USD; class common par 0.01 USD/share; book us_gaap }
party B "Buyer" { currency USD; book us_gaap }
contract c "Supply" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods { 40 GPU definitive firm; price 1m USD/GPU; pays rest on delivery; control passes at delivery }
  counter bought = sum GPU over delivery goods by anyone since signed
  warrant w over 1_500_000 shares of S.common at 12.50 USD/share, issuer S, holder B {
    expires 2030-01-01; exercise cash or net; adjusts for splits
    tranche T1 1_500_000 shares { vests when bought >= 40 GPU; fair value 8 USD/share }
  }
}
2026-01-01 open S { S.common 10m shares; cash 1m USD }
2026-02-02 deliver c.goods 40 GPU
2026-03-02 price close(S.common) 50 USD/share
2026-03-02 exercise c.w.T1 1m shares net
2026-03-03 exercise c.w.T1 250_000 shares cash
"#;
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        assert!(replay.register.refusals.is_empty(), "{:?}", replay.register.refusals);
        // 10,000,000 + 750,000 + 250,000.
        assert_eq!(fact(replay, "S.shares_outstanding in 2026-Q1"), Some(number("11000000")));
        assert_eq!(fact(replay, "S.award_equity[c.w.T1] in 2026-Q1"), Some(number("2000000")));
        // 750,000 × 0.01 + 250,000 × 0.01.
        assert_eq!(fact(replay, "S.common_stock in 2026-Q1"), Some(number("10000")));
        // 8m − 7,500, then 2m + 3,125,000 − 2,500.
        assert_eq!(fact(replay, "S.apic in 2026-Q1"), Some(number("13115000")));
        assert_eq!(fact(replay, "S.cash[c.w.T1] in 2026-Q1"), Some(number("3125000")));
        // Holder: 12m received against the equipment, 10m of it now shares, plus the cash paid.
        // They are listed, and the last close is all that is known of the end of the quarter: 1m × 50, less 13.125m.
        assert_eq!(fact(replay, "B.shares_at_fair_value in 2026-Q1"), Some(number("50000000")));
        assert_eq!(fact(replay, "B.investment_gains in 2026-Q1"), Some(number("36875000")));
        assert_eq!(fact(replay, "B.warrants_received in 2026-Q1"), Some(number("2000000")));
        assert_eq!(fact(replay, "B.equipment in 2026-Q1"), Some(number("28000000")));
    });
}

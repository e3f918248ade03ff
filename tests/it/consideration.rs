//! The transaction price, worked examples with the arithmetic: allocation, variable amounts, financing, modifications.

use crate::common::{checked_text, facts_are, with_run};
use proforma::num::Rounding;

const CENTS: Rounding = Rounding::CENTS;

/// A machine for 100 with a right to buy up to 50 refills below their price, worth 0.24 each after how likely they are
/// taken: 12 (ASC 606-10-55-42 to -44). The 100 are allocated: 100 × 100/112 = 89.29 to the machine and 10.71 to the right. Of
/// the right 20/50 are used in April, 10.71 × 0.4 = 4.28 (4.284), beside their own 20 × 0.70 = 14; in July the last day
/// passes and what is left, 6.43, is revenue. Before, 10.71 are still to come.
const RIGHT: &str = r#"
contract deal "A machine and cheap refills" between S as seller, B as buyer {
  signed 2026-01-01
  supply machine {
    1 unit definitive firm
    price 100 USD/unit
    pays 100% of price on delivery
    control passes at delivery
  }
  supply refills {
    50 unit definitive option
    price 0.70 USD/unit
    material right at 0.24 USD/unit until 2026-07-31
    pays 100% of price on delivery
    control passes at delivery
  }
}
2026-01-15 deliver deal.machine 1 unit
2026-04-16 order deal.refills 20 unit
2026-04-16 deliver deal.refills 20 unit
LAST
"#;

#[test]
fn a_material_right_is_a_promise_of_its_own() {
    holds(
        &RIGHT.replace("LAST\n", "2026-12-31 pay deal.machine 100 USD\n"),
        &[
            ("S.revenue[deal.machine] in 2026-Q1", "89.29"),
            ("S.revenue[deal.refills] in 2026-Q1", "0"),
            ("S.rpo[deal.refills] in 2026-Q1", "10.71"),
            ("S.revenue[deal.refills] in 2026-Q2", "18.28"),
            ("S.rpo[deal.refills] in 2026-Q2", "6.43"),
            ("S.revenue[deal.refills] in 2026-Q3", "6.43"),
            ("S.rpo[deal.refills] in 2026-Q3", "0"),
            ("S.revenue in 2026", "114"),
        ],
    );
}

/// All fifty are taken: 35 of their own and all of the right, 100 + 35 in all, and nothing is left to end.
#[test]
fn a_material_right_used_up_is_earned_before_its_last_day() {
    let text = RIGHT
        .replace("deliver deal.refills 20 unit", "deliver deal.refills 50 unit")
        .replace("order deal.refills 20 unit", "order deal.refills 50 unit")
        .replace("LAST\n", "");
    holds(
        &text,
        &[("S.revenue[deal.refills] in 2026-Q2", "45.71"), ("S.revenue in 2026-Q3", "0"), ("S.revenue in 2026", "135")],
    );
}

#[test]
fn a_right_to_nothing_is_refused() {
    let text = RIGHT.replace("LAST\n", "").replace("50 unit definitive option", "50 unit definitive firm");
    let files = crate::probe::files::Bytes::new(&[("main.pf", &format!("{PARTIES}{text}"))]);
    let found = proforma::check::check(&files, &["main.pf".to_owned()]);
    assert_eq!(found.diagnostics.iter().map(|d| d.code.number()).collect::<Vec<_>>(), ["E0213"]);
}

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
unit unit
party S "Seller" { currency USD; fiscal year ends 31 December; book us_gaap }
party B "Buyer" { currency USD; fiscal year ends 31 December; book us_gaap }
"#;

/// Each fact of a run against its number; every refusal and every failed check is shown.
fn holds(text: &str, expected: &[(&str, &str)]) {
    let checked = checked_text(&format!("{PARTIES}{text}"));
    with_run(&checked, &[], |replay| {
        facts_are(replay, expected);
    });
}

/// R1. 10,000,000 for a machine, its installation and a year of support, which sell alone for 8.0m, 2.5m and 1.5m:
/// 10m × 8/12 = 6,666,666.67; 10m × 2.5/12 = 2,083,333.33; 10m × 1.5/12 = 1,250,000.00; together 10,000,000.00.
/// The whole is asked for the machine; support passes evenly: of 365 days, 181 by 30 June: 1.25m × 181/365 = 619,863.01.
const BUNDLE: &str = r#"
contract deal "A bundle" between S as seller, B as buyer {
  signed 2026-01-01
  supply machine {
    1 unit definitive firm
    price 10m USD/unit
    stands alone at 8m USD/unit
    pays 100% of price on delivery
    control passes at delivery
  }
  supply installation {
    1 unit definitive firm
    price 0 USD/unit
    stands alone at 2.5m USD/unit
    pays 100% of price on delivery
    control passes by progress
  }
  supply support {
    1 unit definitive firm
    price 0 USD/unit
    stands alone at 1.5m USD/unit
    pays 100% of price on delivery
    control passes evenly from 2026-01-01 to 2026-12-31
  }
}
2026-01-15 deliver deal.machine 1 unit
2026-02-28 progress deal.installation 40%
2026-05-31 progress deal.installation 750_000 USD of 1m USD "cost so far of all expected"
2027-01-31 progress deal.installation 100%
"#;

#[test]
fn a_price_is_allocated_by_stand_alone_prices() {
    holds(
        BUNDLE,
        &[
            ("S.revenue[deal.machine] in 2026", "6666666.67"),
            ("S.revenue[deal.support] in 2026", "1250000.00"),
            // 90/365 × 1.25m = 308,219.18 by 31 March.
            ("S.revenue[deal.support] in 2026-Q1", "308219.18"),
            // 619,863.01 − 308,219.18.
            ("S.revenue[deal.support] in 2026-Q2", "311643.83"),
            // 40% and 75% of 2,083,333.33: 833,333.33 and 1,562,500.00 (1,562,499.9975).
            ("S.revenue[deal.installation] in 2026-Q1", "833333.33"),
            ("S.revenue[deal.installation] in 2026-Q2", "729166.67"),
            ("S.revenue[deal.installation] in 2027-Q1", "520833.33"),
            // 2,083,333.33 − 1,562,500.00 is still to come; all of the rest has passed.
            ("S.rpo[deal.installation] in 2026", "520833.33"),
            ("S.rpo in 2026", "520833.33"),
            ("S.rpo in 2027-Q1", "0"),
        ],
    );
}

/// What passes over time counts as delivered: it is billed as it passes, and counters see it.
/// 12 units from 1 January to 31 December 2026 at 1,000: 12,000 × 31/365 = 1,019.18 a month of 31 days.
#[test]
fn what_passes_evenly_is_billed_as_it_passes() {
    holds(
        r#"
contract deal "A service" between S as seller, B as buyer {
  signed 2026-01-01
  supply capacity {
    12 unit definitive firm
    price 1_000 USD/unit
    pays rest 30 days after delivery
    control passes evenly from 2026-01-01 to 2026-12-31
  }
}
2027-02-28 pay deal.capacity 12_000 USD
"#,
        &[
            ("S.revenue[deal.capacity] in 2026-01", "1019.18"),
            ("S.revenue[deal.capacity] in 2026", "12000"),
            ("S.billed[deal.capacity] in 2026", "12000"),
            ("S.receivable[deal.capacity] in 2026", "12000"),
            ("S.receivable[deal.capacity] in 2027-Q1", "0"),
            ("S.contract_asset[deal.capacity] in 2026", "0"),
        ],
    );
}

/// R2. A bonus of 1,000,000 at 60%: expected value 600,000, most likely 1,000,000; 0 where a reversal is not improbable.
/// Half of the goods had passed when the estimate changed, so half of the change is caught up.
fn bonus(method: &str, constrained: &str) -> String {
    format!(
        r#"
contract deal "Goods and a bonus" between S as seller, B as buyer {{
  signed 2026-01-01
  supply goods {{
    10 unit definitive firm
    price 1m USD/unit
    pays 100% of price on delivery
    control passes at delivery
  }}
  variable bonus by {method}
}}
2026-01-01 estimate deal.bonus {{ 1m USD at 60%; 0 USD at 40% }} {constrained}
2026-02-02 deliver deal.goods 5 unit
2026-05-04 estimate deal.bonus {{ 1m USD at 100% }} "met"
2026-06-01 invoice deal.bonus 1m USD
2026-06-02 pay deal.goods 6m USD
2026-08-03 deliver deal.goods 5 unit
"#
    )
}

#[test]
fn a_bonus_is_included_as_far_as_no_reversal_is_probable() {
    // First quarter: 5 × 1m + half of what is included. Second: half of the change. Third: 5m + 500,000.
    let cases = [
        ("expected value", "", "5300000", "200000"),
        ("most likely amount", "", "5500000", "0"),
        ("most likely amount", "constrained to 0 USD", "5000000", "500000"),
        ("expected value", "constrained to 250_000 USD", "5125000", "375000"),
    ];
    for (method, constrained, first, second) in cases {
        holds(
            &bonus(method, constrained),
            &[
                ("S.revenue[deal.goods] in 2026-Q1", first),
                ("S.revenue[deal.goods] in 2026-Q2", second),
                ("S.revenue[deal.goods] in 2026-Q3", "5500000"),
                // 5m of the goods and half of the million.
                ("S.rpo[deal.goods] in 2026-Q2", "5500000"),
                ("S.rpo[deal.goods] in 2026-Q3", "0"),
                // 11m earned, of which 5m of the second half is billed and not paid; nothing else is left over.
                ("S.contract_asset[deal.goods] in 2026", "0"),
                ("S.receivable[deal.goods] in 2026", "5000000"),
            ],
        );
    }
}

/// A variable amount of one promise does not touch the other (606-10-32-40): 90 for a penalty of one supply.
#[test]
fn a_variable_amount_may_belong_to_one_promise() {
    holds(
        r#"
contract deal "Two promises" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods { 1 unit definitive firm; price 1_000 USD/unit; pays rest on delivery; control passes at delivery }
  supply care { 1 unit definitive firm; price 500 USD/unit; pays rest on delivery; control passes at delivery }
  variable penalty of care by expected value
}
2026-01-01 estimate deal.penalty { -100 USD at 90%; 0 USD at 10% }
2026-02-02 deliver deal.goods 1 unit
2026-02-02 deliver deal.care 1 unit
"#,
        // 500 + 0.9 × (−100) + 0.1 × 0 = 410.
        &[("S.revenue[deal.goods] in 2026-Q1", "1000"), ("S.revenue[deal.care] in 2026-Q1", "410")],
    );
}

/// R3a. 500m paid two years ahead, 6%: 500 × 6% = 30.0; 530 × 6% = 31.8; revenue 561.8. By the end of June of the first
/// year 181 of 365 days: 30 × 181/365 = 14,876,712.33.
#[test]
fn cash_long_before_control_bears_interest() {
    holds(
        r#"
contract deal "Paid ahead" between S as seller, B as buyer {
  signed 2025-12-31
  supply plant {
    1 unit definitive firm
    price 500m USD/unit
    pays 100% of price on signing
    control passes at delivery
    financing at 6%
  }
}
2025-12-31 pay deal.plant 500m USD
2027-12-31 deliver deal.plant 1 unit
"#,
        &[
            ("S.interest_expense[deal.plant] in 2026", "30000000"),
            ("S.interest_expense[deal.plant] in 2026-01-01..2026-06-30", "14876712.33"),
            ("S.contract_liability[deal.plant] in 2026", "530000000"),
            ("S.interest_expense[deal.plant] in 2027", "31800000"),
            ("S.revenue[deal.plant] in 2027", "561800000"),
            ("S.contract_liability[deal.plant] in 2027", "0"),
        ],
    );
}

/// Two units paid for together and delivered a year apart: 250m × 1.06 = 265m, then 250m × 1.06² = 280.9m. The interest of
/// the second year is that of the second unit: 265m × 6% = 15.9m.
#[test]
fn advances_are_used_up_in_the_order_they_came() {
    holds(
        r#"
contract deal "Paid ahead" between S as seller, B as buyer {
  signed 2025-12-31
  supply plant {
    2 unit definitive firm
    price 250m USD/unit
    pays 100% of price on signing
    control passes at delivery
    financing at 6%
  }
}
2025-12-31 pay deal.plant 500m USD
2026-12-31 deliver deal.plant 1 unit
2027-12-31 deliver deal.plant 1 unit
"#,
        &[
            ("S.revenue[deal.plant] in 2026", "265000000"),
            ("S.interest_expense[deal.plant] in 2026", "30000000"),
            ("S.interest_expense[deal.plant] in 2027", "15900000"),
            ("S.revenue[deal.plant] in 2027", "280900000"),
            ("S.contract_liability[deal.plant] in 2027", "0"),
        ],
    );
}

/// R3b. 121 payable 24 months after delivery, 10%: revenue 121/1.21 = 100; interest 10 and 11.
#[test]
fn cash_long_after_control_is_worth_less() {
    holds(
        r#"
contract deal "Paid later" between S as seller, B as buyer {
  signed 2025-12-31
  supply plant {
    1 unit definitive firm
    price 121 USD/unit
    pays 100% of price 730 days after delivery
    control passes at delivery
    financing at 10%
  }
}
2025-12-31 deliver deal.plant 1 unit
2027-12-31 pay deal.plant 121 USD
"#,
        &[
            ("S.revenue[deal.plant] in 2025", "100"),
            ("S.interest_income[deal.plant] in 2026", "10"),
            ("S.interest_income[deal.plant] in 2027", "11"),
            ("S.unearned_interest[deal.plant] in 2026", "-11"),
            ("S.unearned_interest[deal.plant] in 2027", "0"),
            ("S.receivable[deal.plant] in 2027", "0"),
            ("S.cash[deal.plant] in 2027", "121"),
        ],
    );
}

/// 120 units at 100, 60 of them passed, 30 more at 80.
fn modified(how: &str) -> String {
    format!(
        r#"
contract deal "Modified" between S as seller, B as buyer {{
  signed 2026-01-01
  supply goods {{ 120 unit definitive firm; price 100 USD/unit; pays rest on delivery; control passes at delivery }}
}}
2026-02-02 deliver deal.goods 60 unit
2026-04-01 modify deal.goods 30 unit for 2_400 USD {how}
2026-05-04 deliver deal.goods 1 unit
2026-07-01 deliver deal.goods 59 unit
2026-10-01 deliver deal.goods 30 unit
"#
    )
}

/// R-mod. (60 × 100 + 30 × 80)/90 = 8,400/90 = 93.333333 a unit for the rest: 93.33; 60 of them 5,600; 30 of them 2,800.
/// A contract of its own: 100 for the first 120, 80 for 30. Caught up: 14,400/150 = 96 a unit, so 60 × (96 − 100) = −240.
#[test]
fn a_modification_is_one_of_three() {
    let cases = [
        ("prospectively", ["6000", "93.33", "5506.67", "2800"], "8306.67"),
        ("separately", ["6000", "100", "5900", "2400"], "8300"),
        // 61 × 96 − 60 × 100 = −144.
        ("cumulatively", ["6000", "-144", "5664", "2880"], "8544"),
    ];
    for (how, quarters, rpo) in cases {
        let [first, second, third, fourth] = quarters;
        holds(
            &modified(how),
            &[
                ("S.revenue[deal.goods] in 2026-Q1", first),
                ("S.revenue[deal.goods] in 2026-Q2", second),
                ("S.revenue[deal.goods] in 2026-Q3", third),
                ("S.revenue[deal.goods] in 2026-Q4", fourth),
                ("S.rpo[deal.goods] in 2026-Q1", "6000"),
                ("S.rpo[deal.goods] in 2026-Q2", rpo),
                ("S.rpo[deal.goods] in 2026-Q4", "0"),
                // The customer pays 120 × 100 + 30 × 80 whatever the accounting.
                ("S.billed[deal.goods] in 2026", "14400"),
                ("S.revenue[deal.goods] in 2026", "14400"),
                ("S.contract_asset[deal.goods] in 2026", "0"),
            ],
        );
    }
}

/// A lower price for what is left, 600 off the 60 units to come, so 90 a unit: billed and recognised at 90.
#[test]
fn a_changed_price_is_spread_over_what_is_left() {
    holds(
        r#"
contract deal "Modified" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods { 120 unit definitive firm; price 100 USD/unit; pays rest on delivery; control passes at delivery }
}
2026-02-02 deliver deal.goods 60 unit
2026-04-01 modify deal.goods for -600 USD prospectively
2026-05-04 deliver deal.goods 20 unit
2026-07-01 deliver deal.goods 40 unit
"#,
        &[
            ("S.revenue[deal.goods] in 2026-Q2", "1800"),
            ("S.billed[deal.goods] in 2026-Q2", "1800"),
            ("S.rpo[deal.goods] in 2026-Q2", "3600"),
            ("S.revenue[deal.goods] in 2026-Q3", "3600"),
        ],
    );
}

/// 606-10-25-13(c), both kinds on a day: a machine (1,000) and its care of 12 months (1,200), sold alone for the same.
/// After the machine and 6 months of care, 6 more months for 300, prospectively: (600 + 300)/12 = 75 a month.
/// The machine is changed as part of itself for 50 more: 50 at once.
#[test]
fn a_mixture_is_a_line_for_each_promise() {
    holds(
        r#"
contract deal "Modified" between S as seller, B as buyer {
  signed 2026-01-01
  supply machine { 1 unit definitive firm; price 1_000 USD/unit; pays rest on delivery; control passes by progress }
  supply care { 12 unit definitive firm; price 100 USD/unit; pays rest on delivery; control passes at delivery }
}
2026-02-02 progress deal.machine 50%
2026-02-02 deliver deal.care 6 unit
2026-04-01 modify deal.machine for 50 USD cumulatively
2026-04-01 modify deal.care 6 unit for 300 USD prospectively
2026-05-04 deliver deal.care 1 unit
2026-08-03 progress deal.machine 100%
"#,
        &[
            // 1,050 × 50% − 500 = 25.
            ("S.revenue[deal.machine] in 2026-Q2", "25"),
            ("S.revenue[deal.care] in 2026-Q2", "75"),
            ("S.revenue[deal.machine] in 2026-Q3", "525"),
            ("S.billed[deal.machine] in 2026", "1050"),
        ],
    );
}

/// Take or pay: 30 units a quarter at 100, paid on delivery. Taken 20, 35, 0 and 30; 10 and 30 were not.
const MINIMUM: &str = r#"
contract deal "Take or pay" between S as seller, B as buyer {
  signed 2026-01-01
  supply capacity {
    120 unit definitive firm
    5 unit definitive option
    price 100 USD/unit
    pays rest on delivery
    control passes at delivery
    take or pay 30 unit every quarter from 2026-01-01 to 2026-12-31 MAKE_UP
  }
}
2026-02-02 deliver deal.capacity 20 unit
2026-05-04 deliver deal.capacity 35 unit
2026-11-02 deliver deal.capacity 30 unit
2027-12-31 price rate(EUR in USD) 1.10 USD/EUR
"#;

/// Without make-up rights the seller stood ready: 30 × 100 a quarter at least, so 3,000, 3,500, 3,000 and 3,000, billed
/// as recognised. The five units above the minimum of the second quarter are paid for as well.
#[test]
fn a_minimum_without_make_up_passes_with_its_period() {
    holds(
        &MINIMUM.replace("MAKE_UP", ""),
        &[
            ("S.revenue[deal.capacity] in 2026-Q1", "3000"),
            ("S.revenue[deal.capacity] in 2026-Q2", "3500"),
            ("S.revenue[deal.capacity] in 2026-Q3", "3000"),
            ("S.revenue[deal.capacity] in 2026-Q4", "3000"),
            ("S.billed[deal.capacity] in 2026-Q3", "3000"),
            ("S.delivered[deal.capacity] in 2026", "85"),
            ("S.contract_liability[deal.capacity] in 2026", "0"),
            ("S.contract_asset[deal.capacity] in 2026", "0"),
            // 125 have passed, more than the firm 120: nothing is left.
            ("S.rpo[deal.capacity] in 2026", "0"),
        ],
    );
}

/// With make-up rights until the end of 2027 what was paid and not taken is a liability. Q1: 20 taken, 10 short (1,000).
/// Q2: 35 taken, of which 5 make up: 30 are billed, 5 short remain (500). Q3: 30 short more (3,500). Q4: 30 taken.
/// On the last day 35 are forfeited: 3,500 is breakage.
#[test]
fn a_minimum_with_make_up_is_a_liability_until_taken_or_forfeited() {
    holds(
        &MINIMUM.replace("MAKE_UP", "with make_up until 2027-12-31"),
        &[
            ("S.revenue[deal.capacity] in 2026-Q1", "2000"),
            ("S.billed[deal.capacity] in 2026-Q1", "3000"),
            ("S.contract_liability[deal.capacity] in 2026-Q1", "1000"),
            ("S.revenue[deal.capacity] in 2026-Q2", "3500"),
            ("S.billed[deal.capacity] in 2026-Q2", "3000"),
            ("S.contract_liability[deal.capacity] in 2026-Q2", "500"),
            ("S.revenue[deal.capacity] in 2026-Q3", "0"),
            ("S.contract_liability[deal.capacity] in 2026-Q3", "3500"),
            ("S.revenue[deal.capacity] in 2026-Q4", "3000"),
            ("S.rpo[deal.capacity] in 2026", "3500"),
            ("S.revenue[deal.capacity] in 2027", "3500"),
            ("S.contract_liability[deal.capacity] in 2027", "0"),
            ("S.billed[deal.capacity] in 2026-01-01..2027-12-31", "12000"),
        ],
    );
}

/// After the last period nothing goes before what is made up: of the 35 short at the end of 2026, 15 are taken in March 2027 without
/// a bill, and 20 are forfeited.
#[test]
fn what_is_made_up_after_the_last_minimum_is_not_billed_again() {
    let text = MINIMUM.replace("MAKE_UP", "with make_up until 2027-12-31");
    holds(
        &format!("{text}2027-03-01 deliver deal.capacity 15 unit\n"),
        &[
            ("S.contract_liability[deal.capacity] in 2026", "3500"),
            ("S.billed[deal.capacity] in 2027", "0"),
            ("S.revenue[deal.capacity] in 2027-Q1", "1500"),
            ("S.contract_liability[deal.capacity] in 2027-Q1", "2000"),
            ("S.revenue[deal.capacity] in 2027-Q4", "2000"),
        ],
    );
}

/// Machines for 900 and 24 months for 240, and a bonus of 114 that is certain: 114 × 900/1,140 = 90 and 24. After 12 months, 132
/// recognised, 12 more months are added for 120, prospectively: (132 + 120)/24 = 10.5 a month, six months 63; nothing is taken back
/// from the machines. The bonus doubles later: 90 more for the machines, and 24 for the 24 months there were before (606-10-32-45):
/// 12 of them at once, of the other 12 the 6/24 that have passed since, 3.
#[test]
fn a_bonus_stays_with_what_it_was_promised_for() {
    let text = r#"
contract deal "Machines and support" between S as seller, B as buyer {
  signed 2025-01-01
  supply m { 10 unit definitive firm; price 90 USD/unit; stands alone at 90 USD/unit; pays rest on delivery; control passes at delivery }
  supply care { 24 unit definitive firm; price 10 USD/unit; stands alone at 10 USD/unit; pays rest on delivery; control passes at delivery }
  variable bonus by expected value
}
2025-01-01 estimate deal.bonus { 114 USD at 100% }
2025-03-31 deliver deal.m 10 unit
2025-12-31 deliver deal.care 12 unit
2026-03-02 modify deal.care 12 unit for 120 USD prospectively
2026-06-30 deliver deal.care 6 unit
2026-08-03 estimate deal.bonus { 228 USD at 100% }
"#;
    holds(
        text,
        &[
            ("S.revenue[deal.m] in 2025", "990"),
            ("S.revenue[deal.care] in 2025", "132"),
            ("S.revenue in 2026-Q1", "0"),
            ("S.rpo[deal.care] in 2026-Q1", "252"),
            ("S.revenue[deal.care] in 2026-Q2", "63"),
            ("S.revenue[deal.m] in 2026-Q3", "90"),
            ("S.revenue[deal.care] in 2026-Q3", "15"),
        ],
    );
}

/// 24 months for 240, evenly over 2025 and 2026. At the beginning of 2026, 120 recognised, 12 more for 60: prospectively 180 over the year,
/// 90 of 365 days in the first quarter, 44.38 (44.3836); cumulatively half of 36 months have passed for half of 300, 30 at once.
#[test]
fn what_is_added_to_what_passes_evenly() {
    let text = |how: &str| {
        format!(
            r#"
contract deal "Support" between S as seller, B as buyer {{
  signed 2025-01-01
  supply care {{ 24 unit definitive firm; price 10 USD/unit; pays rest on delivery; control passes evenly from 2025-01-01 to 2026-12-31 }}
}}
2026-01-01 modify deal.care 12 unit for 60 USD {how}
"#
        )
    };
    holds(
        &text("prospectively"),
        &[("S.revenue in 2025", "120"), ("S.revenue in 2026-Q1", "44.38"), ("S.revenue in 2026", "180")],
    );
    // 300 × (365 + 90)/730 = 186.99 (186.986) in all.
    holds(&text("cumulatively"), &[("S.revenue in 2025", "120"), ("S.revenue in 2026-Q1", "66.99")]);
}

/// Every report about these contracts ties: no check fails, and the bands of time add up.
#[test]
fn all_checks_hold() {
    use proforma::report::{Scope, build};
    let financed = r#"
contract deal "Paid ahead and later" between S as seller, B as buyer {
  signed 2025-12-31
  supply plant { 2 unit definitive firm; price 250m USD/unit; pays rest on signing; control passes at delivery; financing at 6% }
  supply parts { 1 unit definitive firm; price 121 USD/unit; pays rest 730 days after delivery; control passes at delivery; financing at 10% }
}
2025-12-31 pay deal.plant 500m USD
2026-03-31 deliver deal.parts 1 unit
2026-12-31 deliver deal.plant 1 unit
2027-05-31 known 2026-12-31 forecast deliver deal.plant 1 unit
"#;
    let bonus = bonus("expected value", "constrained to 250_000 USD");
    let make_up = MINIMUM.replace("MAKE_UP", "with make_up until 2027-12-31");
    let modified: Vec<String> = ["prospectively", "separately", "cumulatively"].map(modified).into();
    let mut texts = vec![BUNDLE, financed, &bonus, &make_up];
    texts.extend(modified.iter().map(String::as_str));
    for text in texts {
        let checked = checked_text(&format!("{PARTIES}{text}"));
        with_run(&checked, &[], |replay| {
            for year in ["2025", "2026", "2027"] {
                for name in ["revenue", "balances", "rpo", "net-price", "dues", "summary", "journal"] {
                    let period = proforma::time::PeriodName::parse(year);
                    let scope = Scope { entity: Some("S".into()), period, ..Scope::default() };
                    let report = build(name, replay, &scope).unwrap();
                    for check in &report.checks {
                        assert_ne!(check.holds(), Some(false), "{name} {year}: {} {check:?}\n{text}", check.claim);
                    }
                }
            }
        });
    }
}

/// On 31 December 2026 one plant of 250m is left and delivered in 5 months; what was signed is 500m + 121.
#[test]
fn the_remaining_obligation_is_shown_in_bands_of_time() {
    use proforma::report::{Cell, Row, Scope, build};
    let text = r#"
contract deal "Plants" between S as seller, B as buyer {
  signed 2026-01-01
  supply plant {
    4 unit definitive firm
    2 unit definitive option
    price 100m USD/unit
    pays rest on delivery
    control passes at delivery
  }
}
2026-06-30 deliver deal.plant 1 unit
2027-05-31 known 2026-06-30 forecast deliver deal.plant 1 unit
2028-05-31 known 2026-06-30 forecast deliver deal.plant 1 unit
"#;
    let checked = checked_text(&format!("{PARTIES}{text}"));
    with_run(&checked, &[], |replay| {
        let report = build("rpo", replay, &Scope { entity: Some("S".into()), ..Scope::default() }).unwrap();
        let Some(Row::Cells { cells, .. }) = report.tables[0].rows.first() else { panic!("no row") };
        let figures: Vec<String> = cells
            .iter()
            .filter_map(|cell| match cell {
                Cell::Figure(figure) => Some(figure.amount.known().unwrap().to_string()),
                _ => None,
            })
            .collect();
        // Signed 6 × 100m, enforceable 4, passed 1, left 3: one within a year, one within three, none later, one without a day.
        let expected = ["600000000", "400000000", "100000000", "300000000", "100000000", "100000000", "0", "100000000"];
        assert_eq!(figures, expected);
    });
}

/// 10m shares worth 40 each at the grant for 1,000 units at 1m: 400m/1,000 = 400,000 a unit, so 600,000 net. At a close of 50
/// and a strike of 0.01: 10m × 49.99 / 1,000 = 499,900 a unit, so 500,100 net.
#[test]
fn the_price_of_a_unit_is_shown_net_of_the_award() {
    use proforma::report::{Cell, Row, Scope, build};
    let text = r#"
use "rules/books/us-gaap.pf"
unit unit
party S "Seller" { currency USD; class common calendar nyse; book us_gaap }
party B "Buyer" { currency USD; book us_gaap }
contract deal "Goods and a warrant" between S as seller, B as buyer {
  signed 2026-01-01
  supply goods { 1_000 unit definitive firm; price 1m USD/unit; pays rest on delivery; control passes at delivery }
  counter bought = sum unit over delivery goods by anyone since signed
  warrant w over 10m shares of S.common at 0.01 USD/share, issuer S, holder B {
    expires 2030-01-01; exercise cash; adjusts for splits
    tranche T1 10m shares { vests when bought >= 1_000 unit; fair value 40 USD/share }
  }
}
2026-02-02 deliver deal.goods 100 unit
2026-03-02 price close(S.common) 50 USD/share
"#;
    let checked = checked_text(text);
    with_run(&checked, &[], |replay| {
        let report = build("net-price", replay, &Scope { entity: Some("S".into()), ..Scope::default() }).unwrap();
        let Some(Row::Cells { cells, .. }) = report.tables[0].rows.first() else { panic!("no row") };
        let figures: Vec<String> = cells
            .iter()
            .filter_map(|cell| match cell {
                Cell::Figure(figure) => Some(figure.amount.known().unwrap().round(CENTS).to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(figures, ["1000000", "400000", "600000", "499900", "500100"]);
    });
}

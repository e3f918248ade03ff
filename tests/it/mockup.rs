//! The invented example against figures worked out by hand (`tests/expected/*.csv`; the arithmetic is in the comments of
//! the rule file and the ledger, and in the report drawings the example comes from).

use crate::common::{Repository, checked, fact, number, with_run};
use proforma::num::{Number, Rounding};

/// Every row of a file of expected figures.
fn compare(file: &str, scenarios: &[&str]) {
    let checked = checked(&Repository, &["ledgers/examples/mockup.ledger"]);
    let text = std::fs::read_to_string(crate::common::root().join(file)).unwrap();
    with_run(&checked, scenarios, |replay| {
        let mut compared = 0;
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [measure, entity, item, period, value, unit] = cells[..] else { panic!("{line}") };
            let item = if item.is_empty() { String::new() } else { format!("[{item}]") };
            let name = format!("{entity}.{measure}{item} in {period}");
            let found = fact(replay, &name);
            let expected = (value != "n/a").then(|| number(value));
            // Expected share counts are whole shares and percentages have three places; the program keeps more.
            let places = match unit {
                "%" => 3,
                "shares" => 0,
                _ => 28,
            };
            let rounded = found.map(|n: Number| n.round(Rounding { places, ..Rounding::CENTS }));
            assert_eq!(rounded, expected, "{name}");
            compared += 1;
        }
        assert!(compared > 100, "{compared} rows compared");
    });
}

#[test]
fn base_figures() {
    compare("tests/expected/mockup.csv", &[]);
}

#[test]
fn slow_gw2_figures() {
    compare("tests/expected/mockup-slow_gw2.csv", &["slow_gw2"]);
}

/// A price hurdle decides legal vesting and share counts, never contra-revenue: 1,711.35m with or without the 400.
#[test]
fn a_price_hurdle_never_changes_the_cost() {
    let checked = checked(&Repository, &["ledgers/examples/mockup.ledger"]);
    for scenario in [&[][..], &["amd_400_early"], &["amd_400_late"]] {
        with_run(&checked, scenario, |replay| {
            let cost = fact(replay, "AMD.contra_revenue in 2027-Q3");
            // T2: 0.45 GW × 2,788.00m = 1,254.60m; T3: 0.15 GW × 3,045.00m = 456.75m.
            assert_eq!(cost, Some(number("1711350000")), "{scenario:?}");
            assert_eq!(fact(replay, "AMD.vested[amd_openai.penny.T2] in 2027-08-20"), Some(number("20000000")));
        });
    }
}

/// A single pool, T1 to T3 probable in Q3: (3,162 + 2,788 + 3,045)/3 × 2.15 − (3,162 + 2,788)/2 × 1.55 = 1,835.17m.
#[test]
fn a_single_pool_catches_up() {
    let rules = std::fs::read_to_string(crate::common::root().join("rules/examples/mockup.pf")).unwrap();
    let pooled = rules.replace("attribution = own_band", "attribution = single_pool");
    assert_ne!(rules, pooled);
    let files = crate::common::Memory([("rules/examples/mockup.pf".to_owned(), pooled)].into());
    let checked = checked(&files, &["ledgers/examples/mockup.ledger"]);
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "AMD.contra_revenue[amd_openai.penny] in 2027-Q3"), Some(number("1835166666.67")));
    });
}

/// Late news about a closed quarter reaches the books on the day it became known, not before.
#[test]
fn closed_periods_are_locked() {
    let ledger = std::fs::read_to_string(crate::common::root().join("ledgers/examples/mockup.ledger")).unwrap();
    // 0.05 GW of May, known on 2027-08-25, after the second quarter was issued on 2027-08-03.
    let late = format!("{ledger}\n2027-05-20 known 2027-08-25 late: deliver amd_openai.instinct 0.05 GW\n");
    let files = crate::common::Memory([("ledgers/examples/mockup.ledger".to_owned(), late)].into());
    let before = checked(&crate::common::Repository, &["ledgers/examples/mockup.ledger"]);
    let after = checked(&files, &["ledgers/examples/mockup.ledger"]);
    for period in ["2027-Q1", "2027-Q2"] {
        let name = format!("AMD.revenue[amd_openai.instinct] in {period}");
        let was = with_run(&before, &[], |r| fact(r, &name));
        assert_eq!(with_run(&after, &[], |r| fact(r, &name)), was, "{name}");
    }
    // 9,000m + 0.05 GW × 15,000m.
    let third = with_run(&after, &[], |r| fact(r, "AMD.revenue[amd_openai.instinct] in 2027-Q3"));
    assert_eq!(third, Some(number("9750000000")));
}

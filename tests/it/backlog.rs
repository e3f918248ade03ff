//! What is still to come of a contract: when it ends, when minimums stand, when prices change.

use crate::common::{checked_text, facts_are, with_run};
use proforma::report::{Scope, build};

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
unit mo
unit t
party S "Seller" { currency USD; fiscal year ends 31 December; book us_gaap }
party B "Buyer" { currency USD; fiscal year ends 31 December; book us_gaap }
"#;

fn holds(text: &str, expected: &[(&str, &str)]) {
    let checked = checked_text(&format!("{PARTIES}{text}"));
    with_run(&checked, &[], |replay| facts_are(replay, expected));
}

/// 24 months at 1m a month over 730 days. By 31 March 90 days: 24m × 90/730 = 2,958,904.11. It ends on 30 June, by which 181
/// days are over: 24m × 181/730 = 5,950,684.93; the quarter 2,991,780.82. Nothing is to come.
const SERVICE: &str = r#"
contract d "A service" between S as seller, B as buyer {
  signed 2026-01-01
  supply s { 24 mo definitive firm; price 1m USD/mo; pays rest on delivery; control passes evenly from 2026-01-01 to 2027-12-31 }
}
"#;

#[test]
fn service_up_to_a_termination_is_earned_and_billed() {
    holds(
        &format!("{SERVICE}2026-06-30 terminate d \"convenience\"\n"),
        &[
            ("S.revenue[d.s] in 2026-Q1", "2958904.11"),
            ("S.revenue[d.s] in 2026-Q2", "2991780.82"),
            ("S.billed[d.s] in 2026", "5950684.93"),
            ("S.rpo[d.s] in 2026-Q1", "21041095.89"),
            ("S.rpo[d.s] in 2026-Q2", "0"),
            ("S.revenue[d.s] in 2026-Q3", "0"),
        ],
    );
}

/// In the middle of a month: 166 days by 15 June, 24m × 166/730 = 5,457,534.25.
#[test]
fn a_termination_in_the_middle_of_a_month_counts_its_days() {
    holds(
        &format!("{SERVICE}2026-06-15 terminate d \"convenience\"\n"),
        &[("S.revenue[d.s] in 2026", "5457534.25"), ("S.billed[d.s] in 2026", "5457534.25")],
    );
}

/// A later contract takes over on 1 July: the earlier one served 181 days, as above, and the later one 184 of the year.
#[test]
fn what_is_superseded_serves_up_to_the_day_before() {
    let later = r#"
contract e "The next" between S as seller, B as buyer {
  signed 2026-07-01
  supersedes d
  supply s { 12 mo definitive firm; price 1m USD/mo; pays rest on delivery; control passes evenly from 2026-07-01 to 2027-06-30 }
}
"#;
    holds(
        &format!("{SERVICE}{later}2026-12-31 pay e.s 1 USD\n"),
        &[
            ("S.revenue[d.s] in 2026", "5950684.93"),
            // 12m × 184/365.
            ("S.revenue[e.s] in 2026", "6049315.07"),
        ],
    );
}

/// Minimums of 100 t a quarter at 1k. 120 are taken in the second: what goes beyond one minimum leaves the next ones as they
/// are (nothing can be made up), so that after Q1 300, after Q2 200 and after Q3 100 t are still to come.
const DELIVERIES: &str = "2025-02-01 deliver k.g 100 t\n2025-05-01 deliver k.g 120 t\n2025-08-01 deliver k.g 100 t\n2025-11-01 deliver k.g 100 t\n";

fn minimum(quantities: &str, rest: &str) -> String {
    format!(
        "contract k \"Take or pay\" between S as seller, B as buyer {{\n  signed 2025-01-01\n  supply g {{ {quantities} price 1k USD/t; pays rest 30 days after delivery; control passes at delivery; take or pay 100 t every quarter from 2025-01-01 to 2025-12-31{rest} }}\n}}\n"
    )
}

#[test]
fn what_is_taken_above_a_minimum_leaves_the_later_ones() {
    for (quantities, rest) in [
        ("400 t definitive firm; 20 t definitive option;", ""),
        ("420 t definitive option;", ""),
        ("100 t definitive option;", ", options beyond"),
    ] {
        holds(
            &format!("{}{DELIVERIES}", minimum(quantities, rest)),
            &[
                ("S.rpo[k.g] in 2025-Q1", "300000"),
                ("S.rpo[k.g] in 2025-Q2", "200000"),
                ("S.rpo[k.g] in 2025-Q3", "100000"),
                ("S.rpo[k.g] in 2025-Q4", "0"),
                ("S.revenue[k.g] in 2025", "420000"),
                ("S.billed[k.g] in 2025", "420000"),
            ],
        );
    }
}

/// Without another quantity the minimums are all that is promised: 100, 70 and 30 not taken, 100, 100: 400 in all.
#[test]
fn a_minimum_alone_is_a_promise() {
    holds(
        &format!(
            "{}2025-02-01 deliver k.g 100 t\n2025-05-01 deliver k.g 70 t\n2025-08-01 deliver k.g 100 t\n2025-11-01 deliver k.g 100 t\n",
            minimum("", "")
        ),
        &[
            ("S.rpo[k.g] in 2025-Q1", "300000"),
            ("S.revenue[k.g] in 2025-Q2", "100000"),
            ("S.rpo[k.g] in 2025-Q2", "200000"),
            ("S.revenue[k.g] in 2025", "400000"),
            ("S.rpo[k.g] in 2025", "0"),
        ],
    );
}

/// With make-up: 60 in Q1 leaves 40 paid for and to come, 340 in all; 150 in Q2 are its 100, 40 made up and 10 beyond:
/// the 200 of the later quarters stay; 210 and 210 of 100 each: 100, then none.
#[test]
fn what_is_made_up_is_not_beyond() {
    holds(
        &format!(
            "{}2025-02-01 deliver k.g 60 t\n2025-05-01 deliver k.g 150 t\n2025-08-01 deliver k.g 100 t\n2025-11-01 deliver k.g 100 t\n",
            minimum("100 t definitive option;", " with make_up until 2026-12-31, options beyond")
        ),
        &[
            ("S.rpo[k.g] in 2025-Q1", "340000"),
            ("S.rpo[k.g] in 2025-Q2", "200000"),
            ("S.rpo[k.g] in 2025-Q3", "100000"),
            ("S.rpo[k.g] in 2025-Q4", "0"),
            ("S.billed[k.g] in 2025", "410000"),
        ],
    );
}

/// Who arranges for 85% to go to others keeps 15%: of 200 t at 10, 20 × 100 t... 100,000 to come are 15,000 of its own.
#[test]
fn what_is_to_come_for_an_agent_is_what_it_keeps() {
    holds(
        "contract ag \"Agent\" between S as seller, B as buyer {\n  signed 2026-01-01\n  supply g { 20 t definitive firm; price 10k USD/t; pays rest on delivery; control passes at delivery }\n}\n2026-01-01 judge ag.g agent 85%\n2026-03-01 deliver ag.g 10 t\n",
        &[("S.revenue[ag.g] in 2026-Q1", "15000"), ("S.rpo[ag.g] in 2026-Q1", "15000")],
    );
}

/// 100 t at 100, half billed at signing: 5,000. 60 are delivered: 6,000, of which 3,000 were paid ahead. Then 900 less for the
/// 40 that are left: 4,000 − 900 = 3,100. Their deposit of 2,000 stays, so 1,100 are billed: 5,000 + 3,000 + 1,100 = 9,100.
#[test]
fn a_price_falls_after_a_deposit_on_all_of_it() {
    holds(
        "contract neg \"Less\" between S as seller, B as buyer {\n  signed 2025-01-01\n  supply g { 100 t definitive firm; price 100 USD/t; pays 50% of price on signing; pays rest on delivery; control passes at delivery }\n}\n2025-02-01 deliver neg.g 60 t\n2025-04-01 modify neg.g for -900 USD prospectively\n2025-08-01 deliver neg.g 40 t\n",
        &[
            ("S.revenue[neg.g] in 2025-Q1", "6000"),
            ("S.rpo[neg.g] in 2025-Q1", "4000"),
            ("S.rpo[neg.g] in 2025-Q2", "3100"),
            ("S.revenue[neg.g] in 2025-Q3", "3100"),
            ("S.billed[neg.g] in 2025", "9100"),
            ("S.contract_liability[neg.g] in 2025-Q2", "2000"),
            ("S.contract_liability[neg.g] in 2025", "0"),
            ("S.contract_asset[neg.g] in 2025", "0"),
            ("S.receivable[neg.g] in 2025", "9100"),
        ],
    );
}

/// A guarantee worth 6m for a fee of 1m costs 5m: the customer is given that (606-10-32-25), over its first 80 of 100 units at
/// 1m. To come at signing 100 − 5 = 95. After 80 units all 5m are contra-revenue, 20m are to come, and the guarantee's
/// own account is at nothing: 6 worth − 1 fee − 5 given.
#[test]
fn a_guarantee_with_a_fee_costs_what_nobody_pays_for() {
    holds(
        r#"
party O "Owner" { currency USD; fiscal year ends 31 December; book us_gaap }
contract sup "Goods" between S as seller, B as buyer, O as landlord {
  signed 2025-01-01
  supply r { 100 t definitive firm; price 1m USD/t; pays rest on delivery; control passes at delivery }
  counter taken = sum t over delivery r by B since signed
  guarantee bk of 50m USD, guarantor S, beneficiary O, obligor B { from 2025-01-01 to 2026-12-31; fair value 6m USD; fee 1m USD; earned over 0 t to 80 t of taken }
}
2025-01-01 open S { cash 100m USD }
2025-06-30 deliver sup.r 80 t
"#,
        &[
            ("S.rpo[sup.r] in 2025-Q1", "95000000"),
            ("S.customer_incentive[sup.bk] in 2025-Q1", "5000000"),
            ("S.contra_revenue[sup.bk] in 2025-Q2", "5000000"),
            ("S.customer_incentive[sup.bk] in 2025-Q2", "0"),
            ("S.guarantee_given[sup.bk] in 2025-Q2", "0"),
            ("S.rpo[sup.r] in 2025-Q2", "20000000"),
        ],
    );
}

/// 20bn for shares worth 18bn, in two equal parts, both earned over 200 t at 30m: 2,000 of 6,000, 33.33 % of each sale. What is to
/// come is lower by both parts from the start: 6,000 − 2,000 = 4,000; after half of it 3,000 − 1,000 = 2,000.
const ABOVE: &str = r#"
party Chip "Chip" { currency USD; class common par 0.001 USD/share; fiscal year ends 31 December; book us_gaap }
party Lab "Lab" { currency USD; class common par 0.0001 USD/share; fiscal year ends 31 December; book us_gaap }
contract buy "Goods and shares" between Chip as seller, Lab as buyer {
  signed 2025-01-01
  supply racks { 200 t definitive firm; price 30m USD/t; pays rest on delivery; control passes at delivery }
  counter dep = sum t over delivery racks by Lab since signed
  investment inv of 20bn USD in Lab.common, company Lab, investor Chip {
    price 500 USD/share
    fair value 90%
    tranche a 10bn USD { called at signing; earned over 0 t to 200 t of dep }
    tranche b 10bn USD { called when dep >= 100 t; earned over 0 t to 200 t of dep }
  }
}
2025-01-01 open Lab { Lab.common 1_000m shares; cash 20bn USD }
2025-01-01 open Chip { Chip.common 24_000m shares; cash 50bn USD }
2025-01-01 fund buy.inv.a 10bn USD
2025-03-31 deliver buy.racks 100 t
2025-03-31 fund buy.inv.b 10bn USD
2025-03-31 pay buy.racks 3bn USD
2025-06-30 deliver buy.racks 100 t
2025-06-30 pay buy.racks 3bn USD
"#;

#[test]
fn what_is_paid_above_fair_value_is_of_the_price_of_what_earns_it() {
    holds(
        ABOVE,
        &[
            ("Chip.contra_revenue[buy.inv.a] in 2025-Q1", "500000000"),
            ("Chip.rpo[buy.racks] in 2025-Q1", "2000000000"),
            ("Chip.contra_revenue in 2025", "2000000000"),
            ("Chip.rpo[buy.racks] in 2025-Q2", "0"),
        ],
    );
    let checked = checked_text(&format!("{PARTIES}{ABOVE}"));
    with_run(&checked, &[], |replay| {
        let circular = build("circular", replay, &Scope::default()).unwrap();
        let shown =
            circular.tables.iter().flat_map(|table| &table.rows).map(|row| format!("{row:?}")).collect::<String>();
        assert!(shown.contains("33.3333"), "{shown}");
        let revenue = build("revenue", replay, &Scope { entity: Some("Chip".into()), ..Scope::default() }).unwrap();
        let failed: Vec<_> = revenue.checks.iter().filter(|check| check.holds() == Some(false)).collect();
        assert!(failed.is_empty(), "{failed:?}");
    });
}

/// 40 % for 100m, of net assets of 200m; 20m of the price are used over 60 months, 1m a quarter. On 30 June 98.0m are carried, of
/// which a quarter is sold for 30m: 24.5, a gain of 5.5. 73.5 are left, 13.5 of them to be used over 54 months, 0.25 a month: by 31
/// October 72.5, of which a third is sold for 30m: 24.17, a gain of 5.83. By the end of the year 2 months of 8.33 over 50: 48.0.
#[test]
fn a_part_is_sold_at_what_it_is_carried_at_that_day() {
    holds(
        r#"
party Fund "Fund" { currency USD; fiscal year ends 31 December; book us_gaap }
party T "Target" { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book us_gaap }
2025-01-01 open Fund { cash 1bn USD }
2025-01-01 open T { T.common 100m shares }
2025-01-01 hold Fund 40% of T.common for 100m USD
2025-01-01 allocate Fund.T.common { net_assets 200m USD; tech 20m USD over 5 years }
2025-03-31 earnings T 2025-Q1 { net_income 0 USD }
2025-06-30 hold Fund 30m shares of T.common for 30m USD
2025-06-30 earnings T 2025-Q2 { net_income 0 USD }
2025-11-15 hold Fund 20m shares of T.common for 30m USD
2025-12-31 earnings T 2025 { net_income 0 USD }
"#,
        &[
            ("Fund.shares_under_equity_method[T.common] in 2025-Q1", "99000000"),
            ("Fund.investment_gains[T.common] in 2025-Q2", "5500000"),
            ("Fund.shares_under_equity_method[T.common] in 2025-Q2", "73500000"),
            ("Fund.investment_gains[T.common] in 2025-Q4", "5833333.33"),
            ("Fund.shares_under_equity_method[T.common] in 2025-Q4", "48000000"),
        ],
    );
}

/// 100 items at 100 USD, 10 of them passed: 9,000. Forecasts deliver 30 within a year, 20 more within three, 15 later, 25 never:
/// 3,000, 2,000, 1,500 and 2,500. That the customer will not be able to pay from 2027 on is no performance of what is owed today,
/// and in no band.
#[test]
fn bands_are_what_forecasts_deliver_of_what_is_owed_today() {
    let text = r#"
contract d "Goods" between S as seller, B as buyer {
  signed 2026-01-05
  supply g { 100 t definitive firm; price 100 USD/t; pays rest on delivery; control passes at delivery }
}
2026-01-05 judge d collectible
2026-02-01 deliver d.g 10 t
2026-12-01 known 2026-01-05 forecast deliver d.g 30 t
2027-03-01 known 2026-01-05 forecast judge d not collectible
2027-06-01 known 2026-01-05 forecast deliver d.g 20 t
2029-09-01 known 2026-01-05 forecast deliver d.g 15 t
"#;
    with_run(&checked_text(&format!("{PARTIES}{text}")), &[], |replay| {
        let report = build("rpo", replay, &Scope { entity: Some("S".into()), ..Scope::default() }).unwrap();
        let said = proforma::render::text::report(&report, &proforma::render::Style { width: Some(160), color: false });
        let line = said.lines().find(|line| line.starts_with("d ")).unwrap();
        let cells: Vec<&str> = line.split_whitespace().skip(5).collect();
        assert_eq!(cells, ["9,000.00", "3,000.00", "2,000.00", "1,500.00", "2,500.00", "100.0%"], "{said}");
    });
}

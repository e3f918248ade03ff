//! Money between suppliers and their customers, and what each side books; worked examples with the arithmetic.

use crate::common::{checked_text, fact, facts_are, number, with_run};
use proforma::report::{Scope, build};

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
party S "Supplier" { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share, calendar nyse; book us_gaap }
party C "Customer" { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book us_gaap }
"#;

/// Each fact of a run against its number; every refusal is shown.
fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(&format!("{PARTIES}{text}")), &[], |replay| facts_are(replay, expected));
}

const SALES: &str = r#"
contract deal "Supply" between S as seller, C as buyer {
  signed 2026-01-01
  supply goods { 20bn USD definitive firm; pays rest on invoice; control passes at invoice }
  counter bought = sum USD over invoice goods by C since signed
}
"#;

/// RT1: 10.0bn for shares worth 9.2bn beside an enforceable supply of 20.0bn: 0.8bn / 20.0bn = 4.0 % of each sale. Sales of 5bn:
/// contra-revenue 0.2bn, and 0.6bn stay an asset; the customer's cost is 4.8bn, and it owes 0.6bn of credits.
const ROUND: &str = r#"
contract stake "Shares" between S as investor, C as company {
  signed 2026-01-15
  investment shares of 10bn USD in C.common, company C, investor S {
    price 10 USD/share
    fair value 9.2bn USD
    tranche all 10bn USD { called at signing; earned over 0 USD to 20bn USD of deal.bought }
  }
}
2026-01-01 open S { S.common 1bn shares; cash 30bn USD }
2026-01-01 open C { C.common 9bn shares; cash 1bn USD }
2026-01-20 fund stake.shares.all 10bn USD
2026-03-31 invoice deal.goods 5bn USD
2026-03-31 pay deal.goods 5bn USD
"#;

#[test]
fn what_is_paid_above_fair_value_lowers_each_sale() {
    holds(
        &format!("{SALES}{ROUND}"),
        &[
            ("S.shares_held[C.common] in 2026-Q1", "9200000000"),
            ("S.revenue[deal.goods] in 2026-Q1", "5000000000"),
            ("S.contra_revenue[stake.shares.all] in 2026-Q1", "200000000"),
            ("S.net_revenue[deal.goods] in 2026-Q1", "4800000000"),
            ("S.customer_incentive[stake.shares.all] in 2026-Q1", "600000000"),
            ("C.equipment in 2026-Q1", "4800000000"),
            ("C.vendor_credit[stake.shares.all] in 2026-Q1", "600000000"),
            // 10bn of cash, 1bn shares at par 0.01: 9.2bn − 0.01bn.
            ("C.apic[stake.shares.all] in 2026-Q1", "9190000000"),
            // 15bn are to come; 0.6bn of them are paid for already.
            ("S.rpo[deal.goods] in 2026-Q1", "14400000000"),
            ("S.excess_payable[C] in 2026-Q1", "800000000"),
            // 10bn went out for 5bn that came in.
            ("S.funding_ratio[C] in 2026-Q1", "2.0000"),
        ],
    );
    let checked = checked_text(&format!("{PARTIES}{SALES}{ROUND}"));
    with_run(&checked, &[], |replay| {
        let report = build("circular", replay, &Scope::default()).unwrap();
        let text = proforma::render::text::report(&report, &proforma::render::Style::default());
        assert!(text.contains("4.00"), "{text}");
        assert!(text.contains("pays above fair value"), "{text}");
        assert!(text.contains("deal and stake"), "{text}");
    });
}

/// Before the money is paid the promise counts: sales of 5bn carry 0.2bn of what is promised.
#[test]
fn a_promise_is_enough() {
    let later = ROUND.replace("2026-01-20 fund", "2026-06-30 fund");
    holds(
        &format!("{SALES}{later}"),
        &[
            ("S.contra_revenue[stake.shares.all] in 2026-Q1", "200000000"),
            ("S.customer_incentive[stake.shares.all] in 2026-Q1", "-200000000"),
            ("S.customer_incentive[stake.shares.all] in 2026-Q2", "600000000"),
        ],
    );
}

/// RT2: purchases of 12 in four quarters, of which the supplier paid 9 (6 for shares, 3 lent): 9/12 = 0.75, flagged. What was
/// paid more than a year ago does not count. Of net revenue of 12, 3 come from the customer's own money.
#[test]
fn a_supplier_that_funds_its_own_sales_is_flagged() {
    let text = r#"
contract stake "Shares" between S as investor, C as company {
  signed 2025-01-15
  investment shares of 10 USD in C.common, company C, investor S {
    price 1 USD/share
    tranche early 4 USD { called by S }
    tranche late 6 USD { called by S }
  }
}
flow loan "A loan" from S to C { financing; 2026-03-01 3 USD }
2025-01-01 open S { S.common 1_000 shares; cash 100 USD }
2025-01-01 open C { C.common 1_000 shares; cash 100 USD }
2025-02-01 call stake.shares.early 4 USD
2025-02-01 fund stake.shares.early 4 USD
2026-02-01 call stake.shares.late 6 USD
2026-02-01 fund stake.shares.late 6 USD
2026-03-01 pay loan 3 USD
2026-06-30 invoice deal.goods 12 USD
2026-06-30 pay deal.goods 12 USD
"#;
    holds(
        &format!("{SALES}{text}"),
        &[
            ("S.purchases_paid[C] in 2026-Q2", "12"),
            ("S.supplier_sourced_cash[C] in 2026-Q2", "9"),
            ("S.funding_ratio[C] in 2026-Q2", "0.7500"),
            // Four quarters to the end of March: 9, and nothing was bought.
            ("S.supplier_sourced_cash[C] in 2026-Q1", "9"),
            ("S.purchases_paid[C] in 2026-Q1", "0"),
        ],
    );
    let checked = checked_text(&format!("{PARTIES}{SALES}{text}"));
    with_run(&checked, &[], |replay| {
        let report = build("circular", replay, &Scope::default()).unwrap();
        let text = proforma::render::text::report(&report, &proforma::render::Style::default());
        assert!(text.contains("funds its own sales"), "{text}");
        // 12 less 0.75 × 12.
        let cells = proforma::render::csv::report(&report);
        assert!(cells.contains("Less what the supplier paid,3,USD"), "{cells}");
    });
}

const WARRANT: &str = r#"
contract parts "Parts and warrant" between S as seller, C as buyer {
  signed 2026-01-01
  supply goods { 100 GW definitive firm; price 10 USD/GW; pays rest on delivery; control passes at delivery }
  counter bought = sum GW over delivery goods by C since signed
  warrant w over 100 shares of S.common at 0.01 USD/share, issuer S, holder C {
    expires 2030-01-01; exercise cash or net; adjusts for splits
    tranche T1 100 shares { vests when bought >= 50 GW; fair value 4 USD/share; earned over 0 GW to 100 GW of bought }
  }
}
2026-01-01 open S { S.common 1_000 shares; cash 100 USD }
2026-01-01 open C { C.common 1_000 shares; cash 2_000 USD }
2026-02-01 deliver parts.goods 50 GW
2026-02-01 judge parts.w.T1 derivative 100% "settled net in listed shares"
2026-03-31 value parts.w.T1 6 USD/share
2026-06-30 value parts.w.T1 5 USD/share
2026-07-01 exercise parts.w.T1 40 shares cash
2026-09-30 value parts.w.T1 7 USD/share
"#;

/// A warrant of a vendor: 100 rights worth 4 at the grant: 400 received when they vest, half of it earned. At fair value: 6 and 5
/// at the ends of quarters: +200, −100. 40 are exercised at 5: 200 of 500 go, with 0.40 of cash. At 7 the other 60 gain 120.
#[test]
fn a_warrant_held_follows_its_fair_value() {
    holds(
        &format!("{WARRANT}2026-01-01 judge parts.w.T1 probable"),
        &[
            ("C.warrants_received[parts.w.T1] in 2026-Q1", "600"),
            ("C.warrant_gains[parts.w.T1] in 2026-Q1", "200"),
            ("C.vendor_credit[parts.w.T1] in 2026-Q1", "200"),
            // 500 for 50 GW less half of 400.
            ("C.equipment in 2026-Q1", "300"),
            ("C.warrant_gains[parts.w.T1] in 2026-Q2", "-100"),
            ("C.shares_held[S.common] in 2026-Q3", "200.40"),
            ("C.warrant_gains[parts.w.T1] in 2026-Q3", "120"),
            ("C.warrants_received[parts.w.T1] in 2026-Q3", "420"),
        ],
    );
    // Without the judgement it stays a credit at the value of the grant.
    let plain: String =
        WARRANT.lines().filter(|line| !line.contains("derivative")).map(|line| format!("{line}\n")).collect();
    holds(
        &plain,
        &[("C.warrants_received[parts.w.T1] in 2026-Q2", "400"), ("C.warrant_gains[parts.w.T1] in 2026", "0")],
    );
}

/// What is not used by the end is lost: 100 rights worth 4, of which 40 were exercised, 60 × 4 = 240. At fair value the other 60
/// stand at 7 by then: 420.
#[test]
fn a_warrant_held_that_lapses_is_lost() {
    let plain: String =
        WARRANT.lines().filter(|line| !line.contains("derivative")).map(|line| format!("{line}\n")).collect();
    for (text, lost) in [(plain.as_str(), "-240"), (WARRANT, "-420")] {
        holds(
            &format!("{text}2026-01-01 judge parts.w.T1 probable\n2030-02-01 value parts.w.T1 9 USD/share\n"),
            &[
                ("C.warrants_received[parts.w.T1] in 2030-Q1", "0"),
                ("C.warrant_gains[parts.w.T1] in 2030-Q1", lost),
                // The price of what was bought stays lower by what was received.
                ("C.vendor_credit[parts.w.T1] in 2030-Q1", "200"),
            ],
        );
    }
}

/// As a policy it is recognised when it is granted, and taken back if it lapses unvested.
#[test]
fn a_warrant_held_may_be_recognised_at_the_grant() {
    let early = PARTIES.replace(
        "class common par 0.01 USD/share; book us_gaap",
        "class common par 0.01 USD/share; book us_gaap { warrants_from = at_grant }",
    );
    let text = WARRANT.lines().take(10).map(|line| format!("{line}\n")).collect::<String>();
    let checked = checked_text(&format!("{early}{text}2026-01-01 open C {{ cash 2_000 USD }}\n"));
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "C.warrants_received[parts.w.T1] in 2026-Q1"), Some(number("400")));
        assert_eq!(fact(replay, "C.warrants_received[parts.w.T1] in 2030-Q1"), Some(number("0")));
    });
}

/// A holder that keeps its book in euros has no euros for a warrant valued in dollars: what it received is listed as not posted, not taken
/// one for one.
#[test]
fn a_warrant_in_another_currency_is_not_taken_one_for_one() {
    let euros = |line: &str| if line.starts_with("party C") { line.replace("USD", "EUR") } else { line.to_owned() };
    let parties = PARTIES.lines().map(|line| euros(line) + "\n").collect::<String>();
    let text = format!("{parties}2026-01-01 price rate(EUR in USD) 1.25 USD/EUR\n{WARRANT}")
        .replace("cash 2_000 USD", "cash 2_000 EUR");
    let checked = checked_text(&format!("{text}2026-01-01 judge parts.w.T1 probable\n"));
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "C.warrants_received[parts.w.T1] in 2026-Q1"), None);
        let scope = Scope { entity: Some("C".into()), ..Scope::default() };
        let report = build("statements", replay, &scope).unwrap();
        assert!(report.notes.iter().any(|note| note.contains("parts.w.T1, in USD")), "{:?}", report.notes);
    });
}

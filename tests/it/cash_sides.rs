//! Cash of shares and of dividends, cash that was there at the beginning, calls of a syndicate, and the one rounding of interest.

use proforma::render::{Style, text};
use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, facts, number, with_run};

const BOOK: &str = "use \"rules/books/us-gaap.pf\"\n";

fn page(text: &str, entity: &str, by_counterparty: bool) -> String {
    with_run(&checked_text(&format!("{BOOK}{text}")), &[], |replay| {
        let scope = Scope { entity: Some(entity.into()), by_counterparty, ..Scope::default() };
        let report = report::build("cash", replay, &scope).unwrap();
        for check in &report.checks {
            assert_ne!(check.holds(), Some(false), "{}: {:?} {:?}", check.claim, check.left, check.right);
        }
        text::report(&report, &Style { width: Some(160), ..Style::default() })
    })
}

fn row(page: &str, label: &str) -> Vec<String> {
    let line =
        page.lines().find(|line| line.trim_start().starts_with(label)).unwrap_or_else(|| panic!("{label}: {page}"));
    line.split_whitespace().map(str::to_owned).collect()
}

fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(&format!("{BOOK}{text}")), &[], |replay| {
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
    });
}

/// 1,000 shares, 250 of them Fund's since it bought them for 500. A dividend of 40: 10 to Fund, 30 to holders nobody names. 100 new shares for 300.
const SHARES: &str = "party Fund \"Fund\" { currency USD; book us_gaap }\n\
    party Target \"Target\" { currency USD; class common, calendar weekdays; book us_gaap }\n\
    2026-01-05 open Fund { cash 1_000 USD }\n2026-01-05 open Target { Target.common 1_000 shares; cash 100 USD }\n\
    2026-02-02 hold Fund 250 shares of Target.common for 500 USD\n2026-03-02 dividend Target.common 40 USD\n\
    2026-04-01 issue 100 shares of Target.common to holders for 300 USD\n";

#[test]
fn dividends_and_shares_have_their_names() {
    let target = page(SHARES, "Target", false);
    assert_eq!(row(&target, "Target.common: dividends").last().unwrap(), "(40.00)", "{target}");
    assert_eq!(row(&target, "Target.common: shares issued").last().unwrap(), "300.00", "{target}");
    assert!(!target.contains("Opening balance"), "{target}");
    let fund = page(SHARES, "Fund", false);
    assert_eq!(row(&fund, "Target.common: dividends").last().unwrap(), "10.00", "{fund}");
    assert!(fund.contains("shares bought"), "{fund}");
    let sides = page(SHARES, "Target", true);
    assert_eq!(row(&sides, "Fund").last().unwrap(), "(10.00)", "{sides}");
    assert!(sides.lines().any(|line| line.contains("others") && line.contains("(30.00)")), "{sides}");
}

/// What a party opens with is its cash at the beginning, no receipt. 100 − 40 + 300 = 360.
#[test]
fn opening_cash_is_no_receipt() {
    holds(
        SHARES,
        &[
            ("Target.opening_cash in 2026", "100"),
            ("Target.cash_inflows in 2026", "300"),
            ("Target.cash_outflows in 2026", "40"),
            ("Target.closing_cash in 2026", "360"),
            ("Target.opening_cash in 2026-Q2", "60"),
        ],
    );
}

/// A party that states no cash has facts of what it pays all the same.
#[test]
fn who_states_no_cash_pays_too() {
    let text = format!("{BOOK}{}", SHARES.replace("2026-01-05 open Fund { cash 1_000 USD }\n", ""));
    let rows = with_run(&checked_text(&text), &[], facts);
    assert!(
        rows.lines().any(|row| row.starts_with("Fund,") && row.contains("cash_outflows") && row.contains(",500,")),
        "{rows}"
    );
    assert!(rows.lines().any(|row| row.starts_with("Fund,") && row.contains("closing_cash")), "{rows}");
}

/// 40m are called and due; a quarter is Partner's: 10m are not in its cash, 30m not in Fund's.
#[test]
fn each_investor_owes_its_part() {
    let text = "party Fund \"Fund\" { currency USD }\nparty Partner \"Partner\" { currency USD }\n\
        party Startup \"Startup\" { currency USD; class common }\n\
        contract round \"Round\" between Fund as investor, Startup as company, Partner as co_investor {\n  signed 2026-01-05\n\
          investment new of 40m USD in Startup.common, company Startup, investor Fund {\n    price 10 USD/share; syndicated 25% to Partner\n\
            tranche a 40m USD { called at signing }\n  }\n}\n\
        2026-01-05 open Startup { Startup.common 20m shares; cash 1 USD }\n2026-01-05 open Partner { cash 50m USD }\n\
        2026-01-05 open Fund { cash 50m USD }\n2026-02-02 issue 1 shares of Startup.common to holders for 1 USD\n";
    for (entity, due) in [("Partner", "10,000,000"), ("Fund", "30,000,000"), ("Startup", "40,000,000")] {
        let shown = page(text, entity, false);
        assert!(shown.contains(&format!("{due} USD are called under round.new.a")), "{entity}: {shown}");
    }
}

/// 100,010 at 5 % for 181 of 360 days: 2,514.140277…, rounded once, though the fee is paid after 90 of them (1,250.125 and 1,264.015277… would be
/// 1,250.13 + 1,264.02 = 2,514.15). With the fee of the second quarter, 899,990 × 1 % × 91/360 = 2,274.974722…: 4,789.11.
#[test]
fn interest_is_rounded_once() {
    let text = "party Bank \"Bank\" { currency USD; book us_gaap }\nparty Firm \"Firm\" { currency USD; book us_gaap }\n\
        contract line \"A line\" between Bank as lender, Firm as borrower {\n  signed 2026-01-01\n\
          loan facility of 1_000_000 USD { available to 2027-01-01; matures 2028-01-01; interest 5% every half_year, act_360; undrawn fee 1% every quarter, act_360 }\n}\n\
        2026-01-01 open Firm { cash 1m USD }\n2026-01-01 open Bank { cash 1m USD }\n2026-01-01 draw line.facility 100_010 USD\n";
    holds(
        text,
        &[
            ("Firm.cash_outflows[line.facility] in 2026-Q3", "4789.11"),
            // 1,250.13 so far and the fee, 899,990 × 1 % × 90/360 = 2,249.975: 3,500.11; then 2,514.14 − 1,250.13 + 2,274.97.
            ("Firm.interest_expense in 2026-Q1", "3500.11"),
            ("Firm.interest_expense in 2026-Q2", "3538.98"),
            ("Bank.interest_income in 2026-Q2", "3538.98"),
        ],
    );
}

/// Rights exercised by their holder and by its affiliate: both are named as those who pay.
#[test]
fn both_payers_are_named() {
    let text = "party Maker \"Maker\" { currency USD; class common, calendar weekdays; book us_gaap }\n\
        party Buyer \"Buyer\" { currency USD }\nparty Branch \"Branch\" { currency USD }\n\
        contract deal \"Deal\" between Maker as issuer, Buyer as holder, Branch as affiliate {\n  signed 2026-01-05\n\
          warrant w over 10 shares of Maker.common at 5 USD/share, issuer Maker, holder Buyer {\n\
            expires 2030-01-05; exercise cash; adjusts for splits; transferable to affiliates; fair value 1 USD/share\n    tranche T 10 shares { vests at signing }\n  }\n}\n\
        2026-01-05 open Maker { Maker.common 100 shares; cash 10 USD }\n2026-02-02 transfer deal.w.T 4 shares to Branch as affiliates\n\
        2026-03-02 exercise deal.w.T 4 shares cash by Branch\n2026-03-03 exercise deal.w.T 6 shares cash\n";
    let maker = page(text, "Maker", false);
    assert!(maker.contains("Branch and Buyer: deal.w"), "{maker}");
    let sides = page(text, "Maker", true);
    assert_eq!(row(&sides, "Branch").last().unwrap(), "20.00", "{sides}");
}

//! Dividends of equity-method investees in the statement of cash flows, money that only an investor may call, and what
//! fully diluted means wherever it is written.

use proforma::render::{Style, text};
use proforma::report::{Scope, build};

use crate::common::{checked_text, fact, number, with_run};

const BOOK: &str = "use \"rules/books/us-gaap.pf\"\n";

fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(&format!("{BOOK}{text}")), &[], |replay| {
        assert!(replay.register.refusals.is_empty(), "{:?}", replay.register.refusals);
        for (name, value) in expected {
            assert_eq!(fact(replay, name), Some(number(value)), "{name}");
        }
        for name in ["statements", "investments", "ownership"] {
            let Ok(report) = build(name, replay, &Scope::default()) else { continue };
            for check in &report.checks {
                assert_ne!(check.holds(), Some(false), "{name}: {} {:?} {:?}", check.claim, check.left, check.right);
            }
        }
    });
}

const FUND: &str = "party Fund \"Fund LP\" { currency USD; class common; book us_gaap }\n\
    party Target \"Target, Inc.\" { currency USD; class common; book us_gaap }\n\
    2025-12-31 open Fund { cash 10_000 USD; Fund.common 100 shares }\n\
    2025-12-31 open Target { Target.common 1_000 shares; cash 1_000 USD }\n\
    2026-01-01 hold Fund 25% of Target.common for 500 USD\n\
    2026-01-01 allocate Fund.Target.common { net_assets 1_200 USD; technology 120 USD over 6 years }\n";

/// I2: 25 % of 100 less 120/6 is 5; of the dividend of 10 it is earnings up to 5, and 5 come back from investing, where 500 went. The year after:
/// 25 % of 200 less 20 is 30, 35 in all less the 5 paid out of them: of 60, 30 and 30. 500 + 5 − 10 + 30 − 60 = 465.
#[test]
fn cumulative_earnings() {
    let text = format!(
        "{FUND}2026-12-31 earnings Target 2026 {{ net_income 100 USD }}\n2026-12-31 dividend Target.common 40 USD\n\
         2027-12-31 earnings Target 2027 {{ net_income 200 USD }}\n2027-12-31 dividend Target.common 240 USD\n"
    );
    holds(
        &text,
        &[
            ("Fund.operating_cash_flow in 2026", "5"),
            ("Fund.investing_cash_flow in 2026", "-495"),
            ("Fund.operating_cash_flow in 2027", "30"),
            ("Fund.investing_cash_flow in 2027", "30"),
            ("Fund.shares_under_equity_method in 2027", "465"),
            ("Fund.distributions_of_earnings in 2027", "0"),
            ("Fund.cash in 2027", "9570"),
        ],
    );
}

/// 25 % of a loss of 60 less 20 is −35: nothing was earned, so all 10 come back. The next year 25 % of 240 less 20 is 40, 5 in all: of 10, 5.
#[test]
fn nothing_is_earned_after_a_loss() {
    let text = format!(
        "{FUND}2026-12-31 earnings Target 2026 {{ net_income -60 USD }}\n2026-12-31 dividend Target.common 40 USD\n\
         2027-12-31 earnings Target 2027 {{ net_income 240 USD }}\n2027-12-31 dividend Target.common 40 USD\n"
    );
    holds(
        &text,
        &[
            ("Fund.operating_cash_flow in 2026", "0"),
            ("Fund.investing_cash_flow in 2026", "-490"),
            ("Fund.operating_cash_flow in 2027", "5"),
            ("Fund.investing_cash_flow in 2027", "5"),
        ],
    );
}

/// Shares measured otherwise pay income, as before: 10 of operations.
#[test]
fn other_dividends_are_income() {
    let text = format!(
        "{}2026-12-31 dividend Target.common 40 USD\n",
        FUND.replace("25% of", "50 shares of").replace(
            "2026-01-01 allocate Fund.Target.common { net_assets 1_200 USD; technology 120 USD over 6 years }",
            ""
        )
    );
    holds(&text, &[("Fund.dividend_income in 2026", "2"), ("Fund.operating_cash_flow in 2026", "2")]);
}

fn round(price: &str, more: &str) -> String {
    format!(
        "party Fund \"Fund LP\" {{ currency USD; book us_gaap }}\n\
         party Startup \"Startup, Inc.\" {{ currency USD; class common; class preferred; book us_gaap }}\n\
         contract round \"Round\" between Fund as investor, Startup as company {{\n  signed 2026-03-31\n\
           investment new of 40m USD in Startup.preferred, company Startup, investor Fund {{\n    {price}\n\
             tranche a 10m USD {{ called at signing }}\n    tranche b 20m USD {{ called on 2027-03-31 }}\n\
             tranche c 10m USD {{ called by Fund; by 2026-12-31 }}\n  }}\n}}\n{more}"
    )
}

/// 40m of which 10m were for the investor to choose, and lapsed: promised are 30m, 10m paid and 20m to come, and no lapse. The row names the investment.
#[test]
fn money_nobody_promised() {
    let text = round(
        "price 10 USD/share",
        "2026-03-31 open Startup { Startup.common 20m shares }\n2026-03-31 fund round.new.a 10m USD\n2027-01-15 price close(Startup.common) 1 USD/share\n",
    );
    with_run(
        &checked_text(&format!("{BOOK}{}", text.replace("class common;", "class common, calendar weekdays;"))),
        &[],
        |replay| {
            let report = build("investments", replay, &Scope::default()).unwrap();
            let page = text::report(&report, &Style { width: Some(200), ..Style::default() });
            let row = |begins: &str| {
                let line = page
                    .lines()
                    .find(|line| line.trim_start().starts_with(begins))
                    .unwrap_or_else(|| panic!("{begins}: {page}"));
                line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
            };
            assert!(row("Total").ends_with(&["30.00", "10.00", "10.00", "—", "20.00"].map(str::to_owned)), "{page}");
            assert!(
                row("Optional, in no total").ends_with(&["10.00", "—", "—", "10.00", "—"].map(str::to_owned)),
                "{page}"
            );
            assert!(page.contains("round.new: Fund in Startup (definitive; in force)"), "{page}");
        },
    );
}

/// Preferred shares have no `open`: what the run issued of them is known. First 20m + 0 over 200m: 10m × 20m / 200m = 1m. With a valuation of the day,
/// a year later, 21m shares before the money: 20m × 21m / 420m = 1m.
#[test]
fn shares_the_run_issued_count() {
    let price = "price valuation(Startup) pre_money, issued shares";
    let lines = "2026-03-31 open Startup { Startup.common 20m shares }\n2026-03-31 price valuation(Startup) 200m USD\n\
                 2026-03-31 fund round.new.a 10m USD\n2027-03-31 price valuation(Startup) 420m USD\n2027-03-31 fund round.new.b 20m USD\n";
    holds(
        &round(price, lines),
        &[
            ("Startup.shares_bought[round.new.a] in 2026", "1000000"),
            ("Startup.shares_bought[round.new.b] in 2027", "1000000"),
        ],
    );
}

/// Fully diluted before the money: 20m issued and a pool of 4m made after the opening, not the 20m USD still promised: 10m × 24m / 240m = 1m.
/// The table's word is the same: 20m + 4m, then with 1m issued 25m; with promised money, at 10 USD a share, 2m more. `c` is over.
#[test]
fn one_meaning_of_fully_diluted() {
    let price = "price 240m USD pre_money, fully diluted shares";
    let lines = "2026-03-01 open Startup { Startup.common 20m shares; Startup.preferred 0 shares }\n\
                 2026-03-15 reserve 4m shares of Startup.common \"option pool\"\n2026-04-01 fund round.new.a 10m USD\n";
    holds(
        &round(price, lines),
        &[
            ("Startup.shares_bought[round.new.a] in 2026", "1000000"),
            ("Startup.shares_fully_diluted[Startup.common] on 2026-12-31", "24000000"),
            ("Startup.shares_fully_diluted[Startup.preferred] on 2027-01-31", "1000000"),
            ("Startup.shares_with_promised[Startup.preferred] on 2027-01-31", "3000000"),
        ],
    );
}

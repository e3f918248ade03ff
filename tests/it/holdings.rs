//! Holdings in other companies after their purchase, worked examples with the arithmetic.

use crate::common::{checked_text, fact, facts_are, number, with_run};
use proforma::report::{Scope, build};

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
party Fund "Fund LP" { currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book us_gaap }
party Other "Other LP" { currency USD; fiscal year ends 31 December; book us_gaap }
party Target "Target, Inc." {
  currency USD
  fiscal year ends 31 December
  class common par 0.01 USD/share, calendar nyse
  class preferred par 0.01 USD/share
  book us_gaap
}
"#;

/// Each fact of a run against its number; every refusal is shown.
fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(&format!("{PARTIES}{text}")), &[], |replay| facts_are(replay, expected));
}

const OPEN: &str = r#"
2025-12-31 open Fund { cash 10_000 USD }
2025-12-31 open Other { cash 10_000 USD }
2025-12-31 open Target { Target.common 1_000 shares; cash 100 USD }
"#;

/// I1: cost 100.00 for 10 shares; a round in identical shares at 14.00, 40 % above: 10 × 14 = 140.00, gain 40.00.
#[test]
fn the_alternative_follows_orderly_transactions() {
    let bought = format!("{OPEN}2026-02-01 hold Fund 10 shares of Target.common for 100 USD\n");
    holds(
        &format!("{bought}2026-06-30 observed Target.common 14 USD/share \"a round of others\""),
        &[
            ("Fund.shares_held[Target.common] in 2026-Q1", "100"),
            ("Fund.shares_held[Target.common] in 2026", "140"),
            ("Fund.investment_gains[Target.common] in 2026", "40"),
            ("Fund.cash in 2026", "9900"),
        ],
    );
    // In similar shares: the price adjusted to these, 12.50: 10 × 12.50 = 125.00, gain 25.00. Then written down to 90.00,
    // and up again by a round at 11: 110 − 90 = 20.
    holds(
        &format!(
            "{bought}2026-06-30 observed Target.common 12.50 USD/share similar Target.preferred \"back-solved from 14\"
2026-09-30 impair Fund.Target.common to 90 USD \"plans failed\"
2026-12-31 observed Target.common 11 USD/share"
        ),
        &[
            ("Fund.investment_gains[Target.common] in 2026-Q2", "25"),
            ("Fund.impairment_losses[Target.common] in 2026-Q3", "35"),
            ("Fund.shares_held[Target.common] in 2026-Q3", "90"),
            ("Fund.investment_gains[Target.common] in 2026-Q4", "20"),
            ("Fund.shares_held[Target.common] in 2026", "110"),
        ],
    );
}

/// Half is sold: 10 at 140 carried, 5 sold for 80: 80 − 70 = 10 beside the 40 found before; 70 stay. A purchase of 5 more for
/// 75 adds 75. A dividend is income.
#[test]
fn shares_are_bought_and_sold_outside_contracts() {
    holds(
        &format!(
            "{OPEN}2026-02-01 hold Fund 10 shares of Target.common for 100 USD
2026-06-30 observed Target.common 14 USD/share
2026-07-31 hold Fund 5 shares of Target.common for 80 USD
2026-08-31 hold Fund 10 shares of Target.common for 75 USD
2026-11-30 dividend Target.common 0.50 USD/share"
        ),
        &[
            ("Fund.investment_gains[Target.common] in 2026", "50"),
            ("Fund.shares_held[Target.common] in 2026", "145"),
            // 10 × 0.50; the company pays 1,000 × 0.50.
            ("Fund.dividend_income[Target.common] in 2026", "5"),
            ("Target.dividends_paid[Target.common] in 2026", "-500"),
            ("Fund.cash in 2026", "9910"),
        ],
    );
}

/// Listed shares at the close of each quarter: 10 at 100; 11 at the end of March, 9 at the end of June: +10, −20.
#[test]
fn listed_shares_follow_their_closes() {
    holds(
        &format!(
            "{OPEN}2026-01-02 price close(Target.common) 10 USD/share
2026-02-02 hold Fund 10 shares of Target.common for 100 USD
2026-03-31 price close(Target.common) 11 USD/share
2026-06-30 price close(Target.common) 9 USD/share"
        ),
        &[
            ("Fund.shares_at_fair_value[Target.common] in 2026-Q1", "110"),
            ("Fund.investment_gains[Target.common] in 2026-Q1", "10"),
            ("Fund.shares_at_fair_value[Target.common] in 2026-Q2", "90"),
            ("Fund.investment_gains[Target.common] in 2026-Q2", "-20"),
            ("Fund.shares_held[Target.common] in 2026-Q2", "0"),
        ],
    );
}

const I2: &str = r#"
2026-01-01 hold Fund 25% of Target.common for 500 USD
2026-01-01 allocate Fund.Target.common { net_assets 1_200 USD; technology 120 USD over 6 years }
2026-12-31 earnings Target 2026 { net_income 100 USD }
2026-12-31 dividend Target.common 40 USD
"#;

/// I2: 25 % for 500 of net assets of 1,200: 300, 200 above, of it 120 over 6 years and 80 goodwill. The year: 25 % × 100 = 25
/// less 120/6 = 20: 5. Dividend 25 % × 40 = 10 comes off: 500 + 5 − 10 = 495.
#[test]
fn a_quarter_of_a_company_by_the_equity_method() {
    holds(
        &format!("{OPEN}{I2}"),
        &[
            ("Fund.equity_earnings[Target.common] in 2026", "5"),
            ("Fund.shares_under_equity_method[Target.common] in 2026", "495"),
            ("Fund.shares_held[Target.common] in 2026", "0"),
            ("Fund.dividend_income in 2026", "0"),
            ("Fund.cash in 2026", "9510"),
        ],
    );
    // For a quarter time alone: −5.
    holds(
        &format!("{OPEN}{I2}"),
        &[
            ("Fund.equity_earnings[Target.common] in 2026-Q1", "-5"),
            ("Fund.shares_under_equity_method[Target.common] in 2026-Q1", "495"),
        ],
    );
}

/// I3: others pay 900 and the part falls from 25 % to 20 %: 250 of 1,250 shares.
/// At once: 20 % × (1,200 + 900) = 420, less 300, less 5/25 × 200 = 40: 80.
/// After the year of I2: 20 % × (1,260 + 900) = 432, less 315, less 5/25 × 180 = 36: 81.
#[test]
fn shares_issued_to_others_dilute() {
    let issue = "issue 250 shares of Target.common to holders for 900 USD\n";
    let purchase: String = I2.lines().take(3).map(|line| format!("{line}\n")).collect();
    holds(
        &format!("{OPEN}{purchase}2026-01-02 {issue}"),
        &[
            ("Fund.dilution_gains[Target.common] in 2026", "80"),
            ("Fund.shares_under_equity_method[Target.common] in 2026", "580"),
            ("Target.cash in 2026", "1000"),
        ],
    );
    holds(
        &format!("{OPEN}{I2}2027-01-01 {issue}2027-12-31 earnings Target 2027 {{ net_income 100 USD }}"),
        &[
            ("Fund.dilution_gains[Target.common] in 2027-Q1", "81"),
            // 495 + 81 = 576. In 2027: 20 % × 100 = 20, less 16 a year: of 100 not used, 80 stay, over five years.
            ("Fund.equity_earnings[Target.common] in 2027", "4"),
            ("Fund.shares_under_equity_method[Target.common] in 2027", "580"),
        ],
    );
}

/// The same by a contract: another investor is issued 250 shares for 900, 3.60 each.
#[test]
fn a_round_of_a_contract_dilutes_too() {
    let round = r#"
contract round "A round" between Other as investor, Target as company {
  signed 2027-01-01
  investment shares of 900 USD in Target.common, company Target, investor Other {
    price 3.60 USD/share
    observable
    tranche all 900 USD { called at signing }
  }
}
2027-01-01 fund round.shares.all 900 USD
"#;
    holds(
        &format!("{OPEN}{I2}{round}"),
        &[
            ("Fund.dilution_gains[Target.common] in 2027-Q1", "81"),
            ("Fund.shares_under_equity_method[Target.common] in 2027-Q1", "576"),
            // Other holds 250 of 1,250, 20 %: by the equity method too, at cost.
            ("Other.shares_under_equity_method[Target.common] in 2027-Q1", "900"),
        ],
    );
    // Where Fund holds 10 shares at a cost of 10, a round at 3.60 makes them 36.
    holds(
        &format!("{OPEN}2026-01-01 hold Fund 10 shares of Target.common for 10 USD{round}"),
        &[
            ("Fund.shares_held[Target.common] in 2027-Q1", "36"),
            ("Fund.investment_gains[Target.common] in 2027-Q1", "26"),
        ],
    );
}

/// I4: 27 % of a company that still has goods with 60 × 40 % = 24 of the supplier's profit in them: 27 % × 24 = 6.48 is not
/// earned, until they are consumed.
#[test]
fn profit_on_goods_the_company_still_has_waits() {
    holds(
        &format!(
            "{OPEN}2026-01-01 hold Fund 27% of Target.common for 500 USD
2026-06-30 judge Fund.Target.common unrealised 60 USD * 40% \"goods of Fund in its assets\"
2026-09-30 judge Fund.Target.common unrealised 0 USD \"consumed\""
        ),
        &[
            ("Fund.equity_earnings[Target.common] in 2026-Q2", "-6.48"),
            ("Fund.shares_under_equity_method[Target.common] in 2026-Q2", "493.52"),
            ("Fund.equity_earnings[Target.common] in 2026-Q3", "6.48"),
            ("Fund.shares_under_equity_method[Target.common] in 2026-Q3", "500"),
        ],
    );
}

/// I5: 25 % for 100; losses of 600, so 150: 100 and, with 30 promised, 30 more are booked and 20 suspended; income of 200, so
/// 50: the first 20 make good what was suspended, 30 are booked.
#[test]
fn losses_stop_at_nothing_and_what_is_promised() {
    holds(
        &format!(
            "{OPEN}2026-01-01 hold Fund 25% of Target.common for 100 USD
2026-01-01 judge Fund.Target.common support 30 USD \"a guarantee\"
2026-12-31 earnings Target 2026 {{ net_income -600 USD }}
2027-12-31 earnings Target 2027 {{ net_income 200 USD }}"
        ),
        &[
            ("Fund.equity_earnings[Target.common] in 2026", "-130"),
            ("Fund.shares_under_equity_method[Target.common] in 2026", "-30"),
            ("Fund.suspended_losses[Target.common] in 2026", "20"),
            ("Fund.equity_earnings[Target.common] in 2027", "30"),
            ("Fund.suspended_losses[Target.common] in 2027", "0"),
            ("Fund.shares_under_equity_method[Target.common] in 2027", "0"),
        ],
    );
}

/// Bought in the year, and more later: results by days. 25 % from 1 July (184 days), another 10 % from 1 October (92 of them);
/// income 365: 1 a day; 92 × 25 % + 92 × 35 % = 23 + 32.2 = 55.20.
#[test]
fn results_count_for_the_days_of_each_part() {
    holds(
        &format!(
            "{OPEN}2026-07-01 hold Fund 25% of Target.common for 300 USD
2026-10-01 hold Fund 35% of Target.common for 150 USD
2026-12-31 earnings Target 2026 {{ net_income 365 USD }}"
        ),
        &[
            ("Fund.equity_earnings[Target.common] in 2026", "55.20"),
            ("Fund.shares_under_equity_method[Target.common] in 2026", "505.20"),
        ],
    );
    // Quarters, then the year: what is left is the fourth quarter's. 25 % × 80 + 25 % × 20.
    holds(
        &format!(
            "{OPEN}2026-01-01 hold Fund 25% of Target.common for 300 USD
2026-09-30 earnings Target 2026-01-01..2026-09-30 {{ net_income 80 USD }}
2026-12-31 earnings Target 2026 {{ net_income 100 USD }}"
        ),
        &[
            ("Fund.equity_earnings[Target.common] in 2026-Q3", "20"),
            ("Fund.equity_earnings[Target.common] in 2026-Q4", "5"),
        ],
    );
}

/// From 10 % (cost 100, a round makes it 150) to 25 % for 225 more: 375 stand as they are, and results count from then on.
/// Back to 15 %: 375 + 25 % × 100 = 400; 40 % sold for 200: 160 leave, gain 40; 240 stay under the alternative.
#[test]
fn the_method_follows_the_part() {
    holds(
        &format!(
            "{OPEN}2026-01-01 hold Fund 10% of Target.common for 100 USD
2026-06-30 observed Target.common 1.50 USD/share
2027-01-01 hold Fund 25% of Target.common for 225 USD
2027-12-31 earnings Target 2027 {{ net_income 100 USD }}
2028-01-01 hold Fund 15% of Target.common for 200 USD
2028-12-31 earnings Target 2028 {{ net_income 100 USD }}"
        ),
        &[
            ("Fund.shares_held[Target.common] in 2026", "150"),
            ("Fund.shares_under_equity_method[Target.common] in 2027-Q1", "375"),
            ("Fund.shares_under_equity_method[Target.common] in 2027", "400"),
            ("Fund.investment_gains[Target.common] in 2028", "40"),
            ("Fund.shares_held[Target.common] in 2028", "240"),
            ("Fund.equity_earnings[Target.common] in 2028", "0"),
        ],
    );
}

/// By judgement: 25 % at fair value instead (825-10), at stated values; 10 % by the equity method.
#[test]
fn a_judgement_goes_before_the_class() {
    holds(
        &format!(
            "{OPEN}2026-01-01 judge Fund.Target.common fair_value_option \"elected at purchase\"
2026-01-01 hold Fund 25% of Target.common for 500 USD
2026-12-31 value Fund.Target.common 2.20 USD/share \"level 3\"
2026-12-31 earnings Target 2026 {{ net_income 100 USD }}"
        ),
        &[
            // 250 × 2.20 = 550.
            ("Fund.shares_under_fair_value_option[Target.common] in 2026", "550"),
            ("Fund.investment_gains[Target.common] in 2026", "50"),
            ("Fund.equity_earnings[Target.common] in 2026", "0"),
        ],
    );
    holds(
        &format!(
            "{OPEN}2026-01-01 hold Fund 10% of Target.common for 200 USD
2026-01-01 judge Fund.Target.common equity_method \"a seat on the board\"
2026-12-31 earnings Target 2026 {{ net_income 100 USD }}"
        ),
        &[("Fund.shares_under_equity_method[Target.common] in 2026", "210")],
    );
}

/// A split changes no part and no amount.
#[test]
fn a_split_moves_nothing() {
    holds(
        &format!(
            "{OPEN}{I2}2027-01-01 split Target.common 4 for 1\n2027-12-31 earnings Target 2027 {{ net_income 0 USD }}"
        ),
        &[
            ("Fund.dilution_gains[Target.common] in 2027", "0"),
            ("Fund.shares_under_equity_method[Target.common] in 2027", "475"),
        ],
    );
}

/// IFRS: no measurement alternative. 10 shares bought for 100: a round at 14 is a gain through profit or loss, or, by election,
/// in a reserve; a part of 25 % is an associate with the figures of I2 and I3.
#[test]
fn under_ifrs() {
    let ifrs = PARTIES.replace("us-gaap.pf", "ifrs.pf").replace("us_gaap", "ifrs");
    let holds = |text: &str, expected: &[(&str, &str)]| {
        let checked = checked_text(&format!("{ifrs}{OPEN}{text}"));
        with_run(&checked, &[], |replay| {
            assert!(replay.register.refusals.is_empty(), "{:?}", replay.register.refusals);
            for (name, n) in expected {
                assert_eq!(fact(replay, name), Some(number(n)), "{name}");
            }
        });
    };
    let bought = "2026-02-01 hold Fund 10 shares of Target.common for 100 USD
2026-06-30 observed Target.common 14 USD/share\n";
    holds(
        bought,
        &[
            ("Fund.shares_at_fair_value[Target.common] in 2026", "140"),
            ("Fund.investment_gains[Target.common] in 2026", "40"),
        ],
    );
    // Sold for 150: 10 are income; the 40 stay in the reserve.
    holds(
        &format!(
            "2026-02-01 judge Fund.Target.common fair_value_oci\n{bought}2026-07-31 hold Fund 0 shares of Target.common for 150 USD"
        ),
        &[
            ("Fund.investments_reserve[Target.common] in 2026", "40"),
            ("Fund.investment_gains[Target.common] in 2026", "10"),
            ("Fund.shares_at_fair_value_oci[Target.common] in 2026", "0"),
        ],
    );
    holds(
        &format!("{I2}2027-01-01 issue 250 shares of Target.common to holders for 900 USD"),
        &[
            ("Fund.equity_earnings[Target.common] in 2026", "5"),
            ("Fund.shares_under_equity_method[Target.common] in 2026", "495"),
            ("Fund.dilution_gains[Target.common] in 2027-Q1", "81"),
        ],
    );
}

/// The roll-forward: what was carried, what moved it by each rule, what is carried.
#[test]
fn holdings_roll_forward() {
    let checked = checked_text(&format!("{PARTIES}{OPEN}{I2}"));
    with_run(&checked, &[], |replay| {
        let scope = Scope { entity: Some("Fund".into()), ..Scope::default() };
        let report = build("holdings", replay, &scope).unwrap();
        assert!(report.checks.iter().all(|check| check.holds() == Some(true)), "{:?}", report.checks);
        let text = proforma::render::text::report(&report, &proforma::render::Style::default());
        for word in ["Target.common", "on acquire", "keep equity_earnings", "on dividend", "equity_method", "25.0000"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    });
}

/// A number of a holding is explained down to the lines.
#[test]
fn a_holding_explains_itself() {
    let checked = checked_text(&format!("{PARTIES}{OPEN}{I2}"));
    with_run(&checked, &[], |replay| {
        let name = proforma::check::fact_name("Fund.equity_earnings[Target.common] in 2026").unwrap();
        let explanation = proforma::explain::explain(replay, &name).unwrap();
        let style = proforma::render::Style::default();
        let text = proforma::render::derivation::explanation(&explanation, &checked.sources, &style);
        for word in ["results(Target.common)", "result behind Target.common", "ASC 323-10-35-4"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    });
}

/// Listed shares bought on a Saturday after the last close that is known: 10 shares for 100 are worth the close of the day before,
/// 14, at the end of the quarter. After a split 2 for 1 later bought ones are worth 7: 30 shares at 7 = 210, and 140 + 35 were carried.
#[test]
fn shares_bought_after_the_last_close_are_worth_it() {
    let priced = format!("{OPEN}2026-02-06 price close(Target.common) 14 USD/share\n");
    holds(
        &format!("{priced}2026-02-07 hold Fund 10 shares of Target.common for 100 USD\n"),
        &[
            ("Fund.shares_at_fair_value[Target.common] in 2026-Q1", "140"),
            ("Fund.investment_gains[Target.common] in 2026-Q1", "40"),
        ],
    );
    holds(
        &format!(
            "{priced}2026-02-07 hold Fund 10 shares of Target.common for 100 USD
2026-07-01 split Target.common 2 for 1
2026-08-03 hold Fund 30 shares of Target.common for 35 USD\n"
        ),
        &[
            ("Fund.shares_at_fair_value[Target.common] in 2026-Q2", "140"),
            ("Fund.shares_at_fair_value[Target.common] in 2026-Q3", "210"),
            ("Fund.investment_gains[Target.common] in 2026-Q3", "35"),
        ],
    );
}

/// Shares bought for 100 before anybody quotes them: at cost, and at fair value once there is a close. 10 × 14 = 140, then 10 × 9 = 90.
#[test]
fn shares_may_be_listed_later() {
    holds(
        &format!(
            "{OPEN}2026-02-02 hold Fund 10 shares of Target.common for 100 USD
2026-05-04 price close(Target.common) 14 USD/share
2026-08-03 price close(Target.common) 9 USD/share\n"
        ),
        &[
            ("Fund.shares_held[Target.common] in 2026-Q1", "100"),
            ("Fund.shares_held[Target.common] in 2026-Q2", "0"),
            ("Fund.shares_at_fair_value[Target.common] in 2026-Q2", "140"),
            ("Fund.investment_gains[Target.common] in 2026-Q2", "40"),
            ("Fund.shares_at_fair_value[Target.common] in 2026-Q3", "90"),
            ("Fund.investment_gains[Target.common] in 2026-Q3", "-50"),
        ],
    );
}

/// Shares that cost 100 are sold for 130: all of the cash is of investing, and the gain of 30 is taken off income in operating cash (ASC 230-10-45-28).
#[test]
fn a_gain_on_a_sale_is_no_operating_cash() {
    holds(
        &format!(
            "{OPEN}2026-02-02 hold Fund 10 shares of Target.common for 100 USD\n2026-05-04 hold Fund 0 shares of Target.common for 130 USD\n"
        ),
        &[
            ("Fund.investing_cash_flow in 2026-Q2", "130"),
            ("Fund.operating_cash_flow in 2026-Q2", "0"),
            ("Fund.net_income in 2026-Q2", "30"),
        ],
    );
}

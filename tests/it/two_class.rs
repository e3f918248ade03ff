//! The two-class method of earnings per share, dividends of other classes, and how little is little consideration.

use proforma::num::Number;
use proforma::render::{Style, text};
use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

const BOOKS: &str = "use \"rules/books/us-gaap.pf\"\n";

fn holds(text: &str, expected: &[(&str, &str)]) {
    let text = format!("{BOOKS}{text}");
    with_run(&checked_text(&text), &[], |replay| {
        let found: Vec<(&str, Option<Number>)> =
            expected.iter().map(|(name, _)| (*name, fact(replay, &format!("M.{name}")))).collect();
        let expected: Vec<_> = expected.iter().map(|(name, value)| (*name, Some(number(value)))).collect();
        assert_eq!(found, expected, "{text}");
        for name in report::NAMES {
            let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
            for check in &report.checks {
                assert_ne!(check.holds(), Some(false), "{name}: {} {:?} {:?}", check.claim, check.left, check.right);
            }
        }
    });
}

/// A year with 5,000 preferred and 10,000 common shares, as the example of 260-10-55-63 has them: beyond its dividend a preferred share
/// takes part with 40 for each 60 of a common one. 65,000 less 27,000 and 21,000 paid leaves 17,000, of which preferred shares have
/// 17,000 × 5,000 × 40/60 / (3,333.333 + 10,000) = 4,250. Common: 65,000 − 27,000 − 4,250 = 33,750, 3.375 a share: 2.10 and 1.275.
#[test]
fn preferred_shares_take_part() {
    let text = "party M \"Maker\" { currency USD; class common; class preferred participates 40 / 60; book us_gaap }\n\
        2027-01-01 open M { M.common 10_000 shares; M.preferred 5_000 shares; cash 100_000 USD }\n\
        2027-12-31 dividend M.preferred 27_000 USD\n2027-12-31 dividend M.common 21_000 USD\n\
        2028-02-01 earnings M 2027 { net_income 65_000 USD }\n";
    holds(
        text,
        &[("eps_numerator_basic in 2027", "33750"), ("eps_basic in 2027", "3.375"), ("eps_diluted in 2027", "3.375")],
    );
}

/// 1,000m shares, 100m rights at 30 that wait for a day and take part; an average price of 50; 0.40 paid on each.
fn warrant(clause: &str, income: &str) -> String {
    format!(
        "party M \"Maker\" {{ currency USD; class common, calendar nyse; book us_gaap }}\n\
         party B \"Buyer\" {{ currency USD; book us_gaap }}\n\
         contract c \"Warrant\" between M as issuer, B as holder {{\n  signed 2026-01-05\n\
           warrant w over 100m shares of M.common at 30 USD/share, issuer M, holder B {{\n\
             expires 2036-01-05; exercise cash; adjusts for splits; fair value 5 USD/share; {clause}\n\
             tranche T 100m shares {{ vests on 2029-01-05 }}\n  }}\n}}\n\
         2026-01-05 open M {{ M.common 1_000m shares; cash 5bn USD }}\n\
         2027-02-15 dividend M.common 0.40 USD/share\n2027-03-31 price close(M.common) 50 USD/share\n\
         2027-04-20 earnings M 2027-Q1 {{ continuing {income} USD }}\n"
    )
}

/// Income 1,500m; 400m paid on shares, 40m on rights; of 1,060m left rights have 1,060 × 100/1,100 = 96.36363636: 1,500 − 40 − 96.36363636
/// = 1,363.63636364 over 1,000m shares. As shares, 100m × (1 − 30/50) = 40m, there would be 1,500/1,040 = 1.442308: more, so they
/// stay what they are. Without the clause: 1.5 and 1.442308, and nothing is paid on rights.
#[test]
fn rights_take_part() {
    holds(
        &warrant("participates in dividends", "1_500m"),
        &[
            ("eps_numerator_basic in 2027-Q1", "1363636363.64"),
            ("eps_basic in 2027-Q1", "1.363636"),
            ("eps_diluted in 2027-Q1", "1.363636"),
            ("eps_shares_diluted in 2027-Q1", "1000000000"),
            // 400m and 40m.
            ("dividends_paid on 2027-03-31", "-440000000"),
        ],
    );
    holds(
        &warrant("not transferable", "1_500m"),
        &[("eps_basic in 2027-Q1", "1.5"), ("eps_diluted in 2027-Q1", "1.442308")],
    );
    with_run(&checked_text(&format!("{BOOKS}{}", warrant("participates in dividends", "1_500m"))), &[], |replay| {
        assert_eq!(fact(replay, "B.dividend_income in 2027-Q1"), Some(number("40000000")));
        assert_eq!(fact(replay, "B.closing_cash in 2027-Q1"), Some(number("40000000")));
        let report = text::report(&report::build("eps", replay, &Scope::default()).unwrap(), &Style::default());
        for row in ["less: distributed to c.w", "less: undistributed, of c.w"] {
            assert!(report.contains(row), "{report}");
        }
    });
}

/// A loss of 200m: the 40m paid on rights are theirs, the rest of the loss is not. −240/1,000. Who shares losses takes 100/1,100 of
/// −200 − 440 = −640: 58.18181818, so −200 − 40 + 58.18181818 = −181.81818182.
#[test]
fn losses_only_where_they_are_shared() {
    holds(
        &warrant("participates in dividends", "-200m"),
        &[("eps_numerator_basic in 2027-Q1", "-240000000"), ("eps_basic in 2027-Q1", "-0.24")],
    );
    holds(
        &warrant("participates in dividends and losses", "-200m"),
        &[("eps_numerator_basic in 2027-Q1", "-181818181.82"), ("eps_basic in 2027-Q1", "-0.181818")],
    );
}

/// Rights for nothing that are exercisable are shares outstanding: 1,500/1,100, and nothing else is taken off.
#[test]
fn what_is_in_basic_has_its_part_as_shares() {
    let text = warrant("participates in dividends", "1_500m")
        .replace("at 30 USD/share", "at 0 USD/share")
        .replace("vests on 2029-01-05", "vests on 2026-03-02");
    holds(&text, &[("eps_numerator_basic in 2027-Q1", "1500000000"), ("eps_basic in 2027-Q1", "1.363636")]);
}

/// 10m preferred shares take part one for one and can be converted three for one: 110m × 10/110 = 10m is theirs, 100m/100m = 1.00. As 30m shares:
/// 110/130 = 0.846154, less, so diluted.
#[test]
fn the_less_of_the_two() {
    let text = "party M \"Maker\" { currency USD; class common; class preferred participates 1; book us_gaap }\n\
        2027-01-01 open M { M.common 100m shares; M.preferred 10m shares }\n\
        2027-04-20 earnings M 2027-Q1 { continuing 110m USD; convertible preferred 30m shares }\n";
    holds(
        text,
        &[
            ("eps_basic in 2027-Q1", "1"),
            ("eps_diluted in 2027-Q1", "0.846154"),
            ("eps_numerator_diluted in 2027-Q1", "110000000"),
            ("eps_shares_diluted[M.common] in 2027-Q1", "130000000"),
        ],
    );
    // Other dilutive shares first: an increment of 50m makes the part 110 × 10/160 = 6.875m, and 103.125m/150m = 0.6875.
    let more = text.replace("convertible preferred 30m shares", "increment a 50m shares");
    holds(
        &more,
        &[
            ("eps_numerator_diluted in 2027-Q1", "103125000"),
            ("eps_diluted in 2027-Q1", "0.6875"),
            ("eps_basic in 2027-Q1", "1"),
        ],
    );
}

/// Units that no contract here has: 112m less 2m paid on them; 110m × 10/110 = 10m is theirs too; 100m over 100m.
#[test]
fn stated_securities_take_part() {
    let text = "party M \"Maker\" { currency USD; class common; book us_gaap }\n\
        2027-04-20 earnings M 2027-Q1 { continuing 112m USD; weighted 100m shares; participating units 10m shares, dividends 2m USD }\n";
    holds(text, &[("eps_numerator_basic in 2027-Q1", "100000000"), ("eps_basic in 2027-Q1", "1")]);
}

/// P7 again, from a line: 510m less 30m paid on preferred shares is 480m, over 1,000m. What is stated goes before lines.
#[test]
fn dividends_on_other_classes_go_first() {
    let text = "party M \"Maker\" { currency USD; class common; class preferred; book us_gaap }\n\
        2027-01-01 open M { M.common 1_000m shares; M.preferred 1m shares; cash 1bn USD }\n\
        2027-02-15 dividend M.preferred 30 USD/share\n\
        2027-04-20 earnings M 2027-Q1 { continuing 510m USD }\n";
    holds(text, &[("eps_numerator_basic in 2027-Q1", "480000000"), ("eps_basic in 2027-Q1", "0.48")]);
    holds(&text.replace("510m USD", "510m USD; preferred 10m USD"), &[("eps_basic in 2027-Q1", "0.5")]);
}

/// A price of 2 beside an average of 50 is 4 %: more than the 1 % of the book, less than the 5 % a party may choose.
#[test]
fn how_little_is_little() {
    let text = warrant("not transferable", "1_500m")
        .replace("at 30 USD/share", "at 2 USD/share")
        .replace("vests on 2029-01-05", "vests on 2026-03-02");
    holds(&text, &[("eps_shares_basic in 2027-Q1", "1000000000")]);
    let chosen =
        text.replace("calendar nyse; book us_gaap", "calendar nyse; book us_gaap { little_consideration = 5% }");
    holds(&chosen, &[("eps_shares_basic in 2027-Q1", "1100000000")]);
}

//! Earnings per share: the vectors of ASC 260 with their arithmetic, and a published reconciliation.

use proforma::num::Number;
use proforma::render::{Style, text};
use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

const MAKER: &str = "use \"rules/books/us-gaap.pf\"\n\
     party M \"Maker, Inc.\" { currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap }\n\
     party B \"Buyer LLC\" { currency USD }\n";

/// The value of a fact of the maker.
fn of(text: &str, name: &str) -> Option<Number> {
    of_party(MAKER, text, name)
}

fn of_party(party: &str, text: &str, name: &str) -> Option<Number> {
    with_run(&checked_text(&format!("{party}{text}")), &[], |replay| fact(replay, &format!("M.{name}")))
}

fn holds(text: &str, expected: &[(&str, &str)]) {
    let found: Vec<_> = expected.iter().map(|(name, _)| (*name, of(text, name))).collect();
    let expected: Vec<_> = expected.iter().map(|(name, value)| (*name, Some(number(value)))).collect();
    assert_eq!(found, expected, "{text}");
}

/// P1: 10m options at 30, average 50: 10m − 10m × 30 / 50 = 4m.
/// P2: 160m at 0.01, average 200: 160m − 1.6m / 200 = 160,000,000 − 8,000 = 159,992,000.
/// P11: 5m restricted shares, 60m of cost not yet recognised, average 40: 5m − 60m / 40 = 5m − 1.5m = 3.5m.
#[test]
fn treasury_stock() {
    let line = |security: &str, average: &str| {
        format!(
            "2027-04-20 earnings M 2027-Q1 {{ continuing 100m USD; weighted 1_000m shares; average {average} USD/share\n{security} }}\n"
        )
    };
    let diluted = "eps_shares_diluted in 2027-Q1";
    holds(&line("options a 10m shares at 30 USD/share", "50"), &[(diluted, "1004000000")]);
    holds(&line("options a 160m shares at 0.01 USD/share", "200"), &[(diluted, "1159992000")]);
    let rsu = "options rsu 5m shares at 0 USD/share, unrecognised 60m USD";
    holds(&line(rsu, "40"), &[(diluted, "1003500000")]);
    // Out of the money: 10m × 60 / 50 would buy back 12m; never more than there are.
    holds(&line("options a 10m shares at 60 USD/share", "50"), &[(diluted, "1000000000")]);
    // Outstanding for 45 of 90 days (15 February to 31 March): half of 4m.
    holds(&line("options a 10m shares at 30 USD/share from 2027-02-15", "50"), &[(diluted, "1002000000")]);
}

/// A warrant of two tranches of 20m for nothing, conditions met on 15 August 2027 (Q3: 92 days, 47 of them from that day);
/// the second also wants a price that is not reached.
const CONTINGENT: &str = "contract c between M as issuer, B as holder {\n  signed 2026-01-05\n\
      warrant w over 40m shares of M.common at 0 USD/share, issuer M, holder B {\n\
        expires 2033-01-05; exercise cash; adjusts for splits; fair value 10 USD/share\n\
        tranche T1 20m shares { VESTS }\n\
        tranche T2 20m shares { vests when attested ready and close(M.common) >= 600 USD/share concurrent }\n\
      }\n}\n\
     2026-01-05 open M { M.common 1_000m shares }\n\
     2027-08-15 attest c.w ready\n\
     2027-09-30 price close(M.common) 500 USD/share\n";

/// P3, P4, P5, P6. Basic (P3): 20m × 47/92 = 10,217,391.304 in the quarter, 20m × 139/365 = 7,616,438.356 in the year. Diluted: 20m in
/// the quarter, from its beginning; (0 + 0 + 20m + 20m)/4 = 10m in the year. T2 nothing in either: its price is not there.
/// The exercise gate counts like the vesting gate (260-10-45-13).
#[test]
fn contingently_issuable() {
    for gates in ["vests when attested ready", "vests at signing; exercisable when attested ready"] {
        let text = CONTINGENT.replace("VESTS", gates);
        holds(
            &text,
            &[
                ("eps_shares_basic in 2027-Q3", "1010217391.304"),
                ("eps_shares_diluted in 2027-Q3", "1020000000"),
                ("eps_shares_basic in 2027", "1007616438.356"),
                ("eps_shares_diluted in 2027", "1010000000"),
                ("eps_shares_diluted in 2027-Q2", "1000000000"),
            ],
        );
        // IAS 33.37: the year by itself, so from its beginning: 20m.
        let ias = MAKER.replace("book us_gaap }", "book us_gaap { eps_year_to_date = recomputed } }");
        let year = of_party(&ias, &text, "eps_shares_diluted in 2027");
        assert_eq!(year, Some(number("1020000000")));
    }
}

/// Nothing but time is missing: 10m at 30 count from the grant by the treasury stock method, 4m at an average of 50.
#[test]
fn time_alone() {
    let text = "contract c between M as issuer, B as holder {\n  signed 2026-01-05\n\
      warrant w over 10m shares of M.common at 30 USD/share, issuer M, holder B {\n\
        expires 2033-01-05; exercise cash; adjusts for splits; fair value 10 USD/share\n\
        tranche T1 10m shares { vests on 2029-01-05 }\n      }\n}\n\
     2026-01-05 open M { M.common 1_000m shares }\n2027-09-30 price close(M.common) 50 USD/share\n";
    holds(text, &[("eps_shares_basic in 2027-Q3", "1000000000"), ("eps_shares_diluted in 2027-Q3", "1004000000")]);
}

/// P7. 510 less 30 of preferred dividends is 480; 480/1,000 = 0.480000. A adds 40 shares for nothing: 480/1,040 = 0.461538.
/// B would add 47.4/100 = 0.474 a share, more than 0.461538: out. C 30/40 = 0.75: out. All three together would give
/// (480 + 47.4 + 30)/1,180, A and B 527.4/1,140 = 0.462632: neither is the least.
#[test]
fn sequence() {
    let text = "2027-04-20 earnings M 2027-Q1 {\n  continuing 510m USD\n  preferred 30m USD\n  weighted 1_000m shares\n\
      convertible c 40m shares, dividends 30m USD\n  convertible b 100m shares, interest 47.4m USD\n\
      increment a 40m shares\n}\n";
    holds(
        text,
        &[
            ("eps_basic in 2027-Q1", "0.48"),
            ("eps_diluted in 2027-Q1", "0.461538"),
            ("eps_numerator_diluted in 2027-Q1", "480000000"),
            ("eps_shares_diluted in 2027-Q1", "1040000000"),
        ],
    );
}

/// ATSG, first quarter of 2022, in thousands: 49,796/73,888 = 0.673939; (49,796 + 760)/(73,888 + 6,745 + 8,111) =
/// 50,556/88,744 = 0.569684. Published: 0.67 and 0.57.
#[test]
fn atsg() {
    let text = "2022-05-10 earnings M 2022-Q1 {\n  continuing 49_796k USD\n  weighted 73_888k shares\n\
      increment awards_and_warrants 6_745k shares\n  convertible notes 8_111k shares, interest 760k USD\n}\n";
    holds(
        text,
        &[
            ("eps_basic in 2022-Q1", "0.673939"),
            ("eps_diluted in 2022-Q1", "0.569684"),
            ("eps_numerator_diluted in 2022-Q1", "50556000"),
            ("eps_shares_diluted in 2022-Q1", "88744000"),
        ],
    );
    let checked = checked_text(&format!("{MAKER}{text}"));
    let report = with_run(&checked, &[], |replay| {
        let report = report::build("eps", replay, &Scope::default()).unwrap();
        text::report(&report, &Style::default())
    });
    for cents in [" 0.67 ", " 0.57 "] {
        assert!(report.contains(cents), "{report}");
    }
}

/// P12: a loss of 9,144,797 over 2,870,120 is (3.186207); without the gain of 395,078 on warrants worth 17,148 shares it is
/// 9,539,875 over 2,887,268, (3.304118): a larger loss per share, so dilutive. Options without such an effect would make
/// the loss per share smaller and stay out.
#[test]
fn loss() {
    let text = "2027-04-20 earnings M 2027-Q1 {\n  continuing -9_144_797 USD\n  weighted 2_870_120 shares\n\
      increment warrants 17_148 shares\n  gain warrants 395_078 USD\n  increment options 100_000 shares\n}\n";
    holds(
        text,
        &[
            ("eps_basic in 2027-Q1", "-3.186207"),
            ("eps_diluted in 2027-Q1", "-3.304118"),
            ("eps_numerator_diluted in 2027-Q1", "-9539875"),
            ("eps_shares_diluted in 2027-Q1", "2887268"),
        ],
    );
}

/// P14: 10m options at 30. Q1 at 50: 4m. Q2 at 40: 10m − 7.5m = 2.5m, but a loss, so none. Six months: (4 + 2.5)/2 = 3.25m
/// with income to date, none with a loss to date. IAS 33 by itself: 10m − 300m/45 = 3,333,333.333 at an average of 45.
#[test]
fn year_to_date() {
    let text = |second: &str| {
        format!(
            "2027-04-20 earnings M 2027-Q1 {{ continuing 100m USD; weighted 1_000m shares; average 50 USD/share; options o 10m shares at 30 USD/share }}\n\
             2027-07-20 earnings M 2027-Q2 {{ continuing -{second}m USD; weighted 1_000m shares; average 40 USD/share; options o 10m shares at 30 USD/share }}\n"
        )
    };
    let half = "eps_shares_diluted in 2027-01-01..2027-06-30";
    holds(
        &text("60"),
        &[
            ("eps_shares_diluted in 2027-Q1", "1004000000"),
            ("eps_shares_diluted in 2027-Q2", "1000000000"),
            (half, "1003250000"),
            // 100m − 60m.
            ("eps_numerator_basic in 2027-01-01..2027-06-30", "40000000"),
        ],
    );
    holds(&text("160"), &[("eps_shares_diluted in 2027-Q2", "1000000000"), (half, "1000000000")]);
    let ias = MAKER.replace("book us_gaap }", "book us_gaap { eps_year_to_date = recomputed } }");
    let own =
        "2027-07-20 earnings M 2027-01-01..2027-06-30 { average 45 USD/share; options o 10m shares at 30 USD/share }\n";
    assert_eq!(of_party(&ias, &(text("60") + own), half), Some(number("1003333333.333")));
}

/// 10m shares for 100m of principal, interest 5m, average 25. Principal in cash: 10m − 100m/25 = 6m and no interest back.
/// Cash or shares: 10m and 5m; before ASU 2020-06, where cash was intended, as if in cash.
#[test]
fn if_converted() {
    let line = |principal: &str| {
        format!(
            "2027-04-20 earnings M 2027-Q1 {{ continuing 1_000m USD; weighted 1_000m shares; average 25 USD/share\n\
             convertible notes 10m shares, interest 5m USD{principal} }}\n"
        )
    };
    let (shares, income) = ("eps_shares_diluted in 2027-Q1", "eps_numerator_diluted in 2027-Q1");
    holds(&line(""), &[(shares, "1010000000"), (income, "1005000000")]);
    holds(&line(", principal 100m USD in cash"), &[(shares, "1006000000"), (income, "1000000000")]);
    holds(&line(", principal 100m USD in either"), &[(shares, "1010000000"), (income, "1005000000")]);
    let before = MAKER.replace("book us_gaap }", "book us_gaap { convertible_either = principal_in_cash } }");
    let either = line(", principal 100m USD in either").replace("2027", "2021");
    let (shares, income) = (shares.replace("2027", "2021"), income.replace("2027", "2021"));
    assert_eq!(of_party(&before, &either, &shares), Some(number("1006000000")));
    assert_eq!(of_party(&before, &either, &income), Some(number("1000000000")));
}

/// Warrants classified as liabilities. Penny warrants in basic: their loss of 30m leaves both numerators: (100 + 30)/1,020 =
/// 0.127451. With a price of 30, an average of 50 and a gain of 60m in an income of 50m: (50 − 60)/1,004 = (0.009960), a
/// diluted loss beside a basic income of 0.05. Without a word on the gain nothing is known.
#[test]
fn liability_warrants() {
    let warrant = |size: &str, strike: &str| {
        format!(
            "contract c between M as issuer, B as holder {{\n  signed 2026-01-05\n\
             warrant w over {size} shares of M.common at {strike} USD/share, issuer M, holder B {{\n\
             expires 2033-01-05; exercise cash; adjusts for splits; fair value 10 USD/share\n\
             tranche T1 {size} shares {{ vests when attested ready }}\n }}\n}}\n\
             2026-01-05 open M {{ M.common 1_000m shares }}\n2026-03-01 attest c.w ready\n\
             2026-03-01 judge c.w liability\n2027-03-31 price close(M.common) 50 USD/share\n"
        )
    };
    let penny = warrant("20m", "0.01");
    let line = |body: &str| format!("2027-04-20 earnings M 2027-Q1 {{ {body} }}\n");
    holds(
        &(penny.clone() + &line("continuing 100m USD; gain c.w -30m USD")),
        &[("eps_numerator_basic in 2027-Q1", "130000000"), ("eps_basic in 2027-Q1", "0.127451")],
    );
    let priced = warrant("10m", "30");
    holds(
        &(priced.clone() + &line("continuing 50m USD; gain c.w 60m USD")),
        &[("eps_basic in 2027-Q1", "0.05"), ("eps_diluted in 2027-Q1", "-0.00996")],
    );
    assert_eq!(of(&(priced + &line("continuing 50m USD")), "eps_diluted in 2027-Q1"), None);
    // In basic from 1 March 2026 on, in the middle of that quarter: how much of the gain came since then?
    let first = |body: &str| {
        penny.clone()
            + &format!("2026-03-31 price close(M.common) 50 USD/share\n2026-04-20 earnings M 2026-Q1 {{ {body} }}\n")
    };
    assert_eq!(of(&first("continuing 100m USD; gain c.w 6m USD"), "eps_numerator_basic in 2026-Q1"), None);
    let told = first("continuing 100m USD; gain c.w 6m USD, basic 2m USD");
    // Basic: 100m − 2m. Diluted: the other 4m leaves as well, over more shares from the grant on: 100m − 6m.
    assert_eq!(of(&told, "eps_numerator_basic in 2026-Q1"), Some(number("98000000")));
    assert_eq!(of(&told, "eps_numerator_diluted in 2026-Q1"), Some(number("94000000")));
}

/// A customer's warrant over 10m shares at 30, worth 60m, earned by 100 racks, 40 of them delivered in the quarter. Cost not
/// yet recognised: 60m, then 36m, on average 48m or 4.80 a share. At an average of 50: 10m × 30/50 = 6m bought back, and with
/// the policy 10m × 34.80/50 = 6.96m: 4m or 3.04m more shares.
#[test]
fn unrecognised_cost_of_customer_awards() {
    let text = "unit rack\ncontract c between M as seller, B as buyer {\n  signed 2026-12-01\n\
      supply s { 100 rack definitive firm; price 5m USD/rack; pays rest on delivery; control passes at delivery }\n\
      counter taken = sum rack over delivery s by B since signed\n\
      warrant w over 10m shares of M.common at 30 USD/share, issuer M, holder B {\n\
        expires 2033-01-05; exercise cash; adjusts for splits\n\
        tranche T1 10m shares { vests at signing; earned over 0 rack to 100 rack of taken; fair value 6 USD/share }\n\
      }\n}\n\
     2026-12-01 open M { M.common 1_000m shares }\n2027-02-01 deliver c.s 40 rack\n\
     2027-03-31 price close(M.common) 50 USD/share\n";
    holds(text, &[("eps_shares_diluted in 2027-Q1", "1004000000")]);
    let with = MAKER.replace("book us_gaap }", "book us_gaap { tsm_include_unrecognised = yes } }");
    assert_eq!(of_party(&with, text, "eps_shares_diluted in 2027-Q1"), Some(number("1003040000")));
}

/// 12m of net income after a loss of 3m from what was given up: 15m is the control number. 15/10 = 1.5 and 12/10 = 1.2 basic;
/// over 12m shares 1.25 and 1.00.
#[test]
fn discontinued_operations() {
    let text = "2027-04-20 earnings M 2027-Q1 { continuing 15m USD; net_income 12m USD; weighted 10m shares; increment a 2m shares }\n";
    let checked = checked_text(&format!("{MAKER}{text}"));
    let report = with_run(&checked, &[], |replay| {
        text::report(&report::build("eps", replay, &Scope::default()).unwrap(), &Style::default())
    });
    for row in ["Net income, basic", "Net income, diluted"] {
        assert!(report.contains(row), "{report}");
    }
    let last = |row: &str| report.lines().find(|line| line.starts_with(row)).unwrap().to_owned();
    assert!(last("Basic").contains("1.50") && last("Net income, basic").contains("1.20"), "{report}");
    assert!(last("Diluted").contains("1.25") && last("Net income, diluted").contains("1.00"), "{report}");
}

/// A split between two quarters: 8m options at 15 while shares stand at 20 are 8 × (1 − 15/20) = 2m, or 6m after 3 for 1; in the second quarter
/// 24m options at 5 while shares stand at 6 are 4m. What was reported before the split, 100m, is 300m: (300 × 90 + 300 × 91)/181.
#[test]
fn a_split_between_quarters_counts_for_all_of_the_year() {
    let text = |earnings: &str| {
        format!(
            r#"
use "rules/books/us-gaap.pf"
party Co "Co, Inc." {{ currency USD; class common par 0.01 USD/share, calendar weekdays; book us_gaap }}
party Cu "Cu LLC" {{ currency USD }}
contract deal "Warrant" between Co as issuer, Cu as holder {{
  signed 2026-01-01
  warrant opt over 8m shares of Co.common at 15 USD/share, issuer Co, holder Cu {{
    expires 2036-01-01; exercise cash; adjusts for splits
    tranche O1 8m shares {{ vests on 2027-06-30; fair value 7 USD/share }}
  }}
}}
2026-01-01 open Co {{ Co.common 100m shares; cash 500m USD }}
2026-02-03 price close(Co.common) 20 USD/share
2026-06-01 split Co.common 3 for 1
2026-06-02 price close(Co.common) 6 USD/share
{earnings}"#
        )
    };
    // Second quarter: 24m × (1 − 5/6) = 4m. (6m + 4m)/2 = 5m over 300m of basic.
    let plain = text(
        "2026-04-20 earnings Co 2026-Q1 { continuing 60m USD }\n2026-07-20 earnings Co 2026-Q2 { continuing 40m USD }\n",
    );
    let weighted = text(
        "2026-04-20 earnings Co 2026-Q1 { continuing 60m USD; weighted 100m shares }
2026-07-20 earnings Co 2026-Q2 { continuing 40m USD; weighted 300m shares }\n",
    );
    for text in [plain, weighted] {
        with_run(&checked_text(&text), &[], |replay| {
            let of = |name: &str| fact(replay, &format!("Co.{name} in 2026-01-01..2026-06-30"));
            assert_eq!(of("eps_shares_basic"), Some(number("300000000")));
            assert_eq!(of("eps_shares_diluted"), Some(number("305000000")));
        });
    }
}

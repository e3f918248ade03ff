//! What a reader with the paragraphs in hand found wrong, each with the arithmetic.

use crate::common::{checked_text, facts_are, with_run};
use proforma::report::{Scope, build};

const PARTIES: &str = r#"
use "rules/books/us-gaap.pf"
party G "Guarantor" { currency USD; book us_gaap }
party L "Landlord" { currency USD; class common par 0.001 USD/share, calendar nyse; book us_gaap }
party T "Tenant" { currency USD; class common par 0.01 USD/share; book us_gaap }
"#;

/// Each fact against its number, nothing refused, and no check of any report fails.
fn holds(text: &str, expected: &[(&str, &str)]) {
    holds_in("us-gaap.pf", text, expected);
}

fn holds_in(book: &str, text: &str, expected: &[(&str, &str)]) {
    let parties = match book {
        "ifrs.pf" => PARTIES.replace("us-gaap.pf", "ifrs.pf").replace("book us_gaap", "book ifrs"),
        _ => PARTIES.to_owned(),
    };
    with_run(&checked_text(&format!("{parties}{text}")), &[], |replay| {
        facts_are(replay, expected);
        for name in proforma::report::NAMES {
            let Ok(report) = build(name, replay, &Scope::default()) else { continue };
            for check in &report.checks {
                assert_ne!(check.holds(), Some(false), "{name}: {} {:?} {:?}", check.claim, check.left, check.right);
            }
        }
    });
}

/// 25 % of net assets of 1,200, carried at 300. Others pay 900 for half as many shares again: 25 % become 1/6. 1/6 × 2,100 − 300 = 50
/// are gained (ASC 323-10-40-1), and the equity method ends with what is carried then, 350 (323-10-35-36).
#[test]
fn a_dilution_that_ends_the_equity_method_is_no_loss() {
    let text = "
2026-01-01 open G { cash 1bn USD }
2026-01-01 open T { T.common 1_000m shares }
2026-01-01 hold G 25% of T.common for 300m USD
2026-01-01 allocate G.T.common { net_assets 1_200m USD }
2026-04-01 issue 500m shares of T.common to holders for 900m USD
";
    holds(
        text,
        &[
            ("G.dilution_gains[T.common] in 2026-Q2", "50000000"),
            ("G.equity_earnings[T.common] in 2026-Q2", "0"),
            ("G.shares_under_equity_method[T.common] on 2026-04-01", "0"),
            ("G.shares_held[T.common] on 2026-04-01", "350000000"),
            ("G.net_income in 2026-Q2", "50000000"),
        ],
    );
    // What was reported and a price above book value before go with it: 500 paid, 1/4 × 1,200 = 300, 120 of the 200 above for six
    // years. A year later 500 − 20 + 25 = 505 are carried, and 1/4 × 1,300 = 325, 100 and 80. Then 1/6 × 2,200 = 366.67, less 325,
    // less a third of 180 = 60: −18.33, a loss. 505 − 18.33 = 486.67.
    let dear = text.replace("for 300m", "for 500m").replace(
        "net_assets 1_200m USD }",
        "net_assets 1_200m USD; technology 120m USD over 6 years }\n2026-12-31 earnings T 2026 { net_income 100m USD }",
    );
    holds(
        &dear.replace("2026-04-01 issue", "2027-01-01 issue"),
        &[
            ("G.equity_earnings[T.common] in 2026", "5000000"),
            ("G.dilution_gains[T.common] in 2027-Q1", "-18333333.33"),
            ("G.equity_earnings[T.common] in 2027-Q1", "0"),
            ("G.shares_held[T.common] on 2027-01-01", "486666666.67"),
        ],
    );
}

/// 10m rights worth 10 at the grant, 140 at 14; 4m exercised leave with 56. At 16 the rest gains 6m × (16 − 14) = 12 and is carried
/// at 6m × 16 = 96, on both sides.
#[test]
fn rights_exercised_are_not_measured_again() {
    let text = |roles: &str, given: &str| {
        format!(
            "contract c \"c\" between {roles} {{
  signed 2026-01-01
  {given}
  warrant w over 10m shares of L.common at 1 USD/share, issuer L, holder G {{
    expires 2030-08-13; exercise cash; adjusts for splits; given for g
    tranche A 10m shares {{ vests at signing; fair value 10 USD/share }}
  }}
}}
2026-01-01 open G {{ cash 2bn USD }}
2026-01-01 open L {{ L.common 100m shares }}
2026-01-01 judge c.w liability
2026-03-31 value c.w 14 USD/share
2026-04-15 exercise c.w.A 4m shares
2026-06-30 value c.w 16 USD/share
"
        )
    };
    let guarantee = "guarantee g of 500m USD, obligor T { from 2026-01-01 to 2026-12-31; fair value 100m USD }";
    let loan = "loan g of 1_000m USD { drawn at signing; matures 2031-01-01; interest 8% every year, thirty_360; fair value 900m USD }";
    for text in
        [text("G as guarantor, L as beneficiary, T as obligor", guarantee), text("G as lender, L as borrower", loan)]
    {
        for book in ["us-gaap.pf", "ifrs.pf"] {
            holds_in(
                book,
                &text,
                &[
                    ("G.warrant_gains[c.w.A] in 2026-Q1", "40000000"),
                    ("G.warrant_gains[c.w.A] in 2026-Q2", "12000000"),
                    ("G.warrants_received[c.w.A] on 2026-06-30", "96000000"),
                ],
            );
        }
        holds(
            &text,
            &[
                ("L.warrant_remeasurement[c.w.A] in 2026-Q2", "12000000"),
                ("L.warrants_issued_liability[c.w.A] on 2026-06-30", "96000000"),
            ],
        );
    }
}

//! Whole pages: header, assumptions, tables, notes, checks.

use super::*;
use crate::render::text::report;
use crate::report::{Check, Header, Report};

fn check(claim: &str, left: Value, right: Value) -> Check {
    Check { name: "c", claim: claim.to_owned(), of: String::new(), left, right }
}

pub(super) fn page() -> Report {
    let price = amount(known("15000000000"), "USD/GW", Basis::Assumed);
    Report {
        name: "revenue",
        header: Header {
            title: "AMD — OpenAI supply agreement: revenue".to_owned(),
            period: Some(("fiscal 2027-Q3".to_owned(), days("2027-06-27", "2027-09-25"))),
            at: None,
            units: "$ in millions".to_owned(),
            scenario: "base".to_owned(),
            book: Some("us_gaap (attribution: own_band)".to_owned()),
            known_by: Some(d("2027-10-20")),
            contracts: (2, vec![("openai_nvda".into(), "superseded 2026-02-27".to_owned())]),
            inputs: "1f0c9a3e".to_owned(),
        },
        assumptions: vec![
            ("gw_price".into(), Some(price), "press, 10 GW at 150bn".into()),
            ("equal_ladder".into(), None, "six equal tranches".into()),
        ],
        undisclosed: vec!["meta.m1.fair_value".into(), "meta.m2.fair_value".into()],
        tables: vec![super::tables::revenue()],
        timelines: Vec::new(),
        notes: vec![
            "T3 is waiting for one leg: 0.85 GW more. Price leg done 2027-02-16. After expiry (2030-10-05) it lapses."
                .to_owned(),
        ],
        brief: false,
        checks: vec![
            check("opening − vested − forfeited = closing", known("260000"), known("260000")),
            check("net revenue + contra = at contract price", known("-1711.35"), known("9000")),
            check("fair value = memo", Value::missing("meta.m1.fair_value"), known("0")),
        ],
        bases: Bases::default(),
    }
}

#[test]
fn on_a_wide_page() {
    let mut report_data = page();
    report_data.tables[0].rows.truncate(4);
    same(&report(&report_data, &WIDE), "
        AMD — OpenAI supply agreement: revenue  fiscal 2027-Q3 (2027-06-27..2027-09-25)
        $ in millions; scenario base; known by 2027-10-20; book us_gaap (attribution: own_band); inputs 1f0c9a3e; 2 contracts, 1 excluded
        excluded  openai_nvda (superseded 2026-02-27)

        assumed      gw_price = 15,000,000,000 USD/GW  press, 10 GW at 150bn
                     equal_ladder                      six equal tranches
        undisclosed  meta.m1.fair_value, meta.m2.fair_value

                                  2027-Q1    2027-Q2    2027-Q3    2027-Q4      FY2027
        ------------------------------------------------------------------------------
        Capacity delivered, GW      0.20       0.35       0.60       0.45        1.60

        Revenue
          At contract price     3,000.00   5,250.00   9,000.00   6,750.00   24,000.00

        note  T3 is waiting for one leg: 0.85 GW more. Price leg done 2027-02-16. After expiry (2030-10-05) it lapses.

        check  opening − vested − forfeited = closing      260,000 = 260,000   ok
        check  net revenue + contra = at contract price   (1,711.35) = 9,000   FAILED (difference (10,711.35))
        check  fair value = memo                                     n/a = 0   open: undisclosed
    ");
}

#[test]
fn on_a_narrow_page() {
    let mut report_data = page();
    report_data.tables.clear();
    report_data.header.period = None;
    report_data.header.at = Some(d("2027-09-25"));
    same(
        &report(&report_data, &Style { width: Some(72), color: false }),
        "
        AMD — OpenAI supply agreement: revenue  at 2027-09-25
        $ in millions; scenario base; known by 2027-10-20;
        book us_gaap (attribution: own_band); inputs 1f0c9a3e;
        2 contracts, 1 excluded
        excluded  openai_nvda (superseded 2026-02-27)

        assumed      gw_price = 15,000,000,000 USD/GW: press, 10 GW at 150bn
                     equal_ladder: six equal tranches
        undisclosed  meta.m1.fair_value, meta.m2.fair_value

        note  T3 is waiting for one leg: 0.85 GW more. Price leg done
              2027-02-16. After expiry (2030-10-05) it lapses.

        check  opening − vested − forfeited = closing
                 260,000 = 260,000   ok
        check  net revenue + contra = at contract price
                 (1,711.35) = 9,000   FAILED (difference (10,711.35))
        check  fair value = memo
                 n/a = 0   open: undisclosed
    ",
    );
}

#[test]
fn a_claim_over_several_periods_and_a_brief_page() {
    let mut report_data = page();
    report_data.tables.clear();
    report_data.notes.clear();
    let quarter = |of: &str, right| Check { of: of.to_owned(), ..check("liability rolls", known("5"), right) };
    report_data.checks = vec![
        quarter("2027-Q1", known("5")),
        quarter("2027-Q2", known("6")),
        quarter("2027-Q3", Value::missing("x")),
        check("cash ties", known("1"), known("1")),
    ];
    let checks =
        |text: &str| text.lines().filter(|l| l.starts_with("check")).fold(String::new(), |all, l| all + l + "\n");
    same(
        &checks(&report(&report_data, &WIDE)),
        "
        check  liability rolls            ok  1/3
        check  liability rolls            open: undisclosed  1/3
        check  liability rolls, 2027-Q2   5 = 6   FAILED (difference (1))
        check  cash ties                  1 = 1   ok
    ",
    );
    report_data.brief = true;
    let brief = report(&report_data, &WIDE);
    assert!(checks(&brief).starts_with("checks  2 of 4 ok\n"), "{brief}");
    assert!(brief.contains("FAILED (difference (1))") && !brief.contains("cash ties"), "{brief}");
    assert!(brief.contains("assumed      gw_price = 15,000,000,000 USD/GW\nby reading   equal_ladder\n"), "{brief}");
}

#[test]
fn every_line_fits() {
    for width in [80, 100, 120, 160] {
        let text = report(&page(), &Style { width: Some(width), color: false });
        for line in text.lines() {
            assert!(line.chars().count() <= width && line == line.trim_end(), "{width}: {line}");
        }
    }
}

#[test]
fn colours_and_control_characters() {
    let mut report_data = page();
    report_data.header.title = "evil \u{1b}[2J title".to_owned();
    let painted = report(&report_data, &Style { color: true, ..WIDE });
    assert!(painted.contains("\u{1b}[32mok\u{1b}[0m") && painted.contains("\u{1b}[1;31mFAILED"));
    let plain = report(&report_data, &WIDE);
    assert!(plain.contains("evil ?[2J title") && !plain.contains('\u{1b}'));
}

//! What reports show: every row or how many are not shown, positions on the side they stand on; what explains a figure is of the same book.

use crate::common::{checked_text, facts_are, inputs, with_run};
use proforma::check::fact_name;
use proforma::explain;
use proforma::render::{Style, text};
use proforma::report::{self, Scope};
use proforma::run::Replay;

/// A report as people see it, at a width.
fn look(program: &str, name: &str, scope: &Scope, width: usize) -> String {
    with_run(&checked_text(program), &[], |replay| {
        let report = report::build(name, replay, scope).unwrap();
        for check in &report.checks {
            assert_ne!(check.holds(), Some(false), "{check:?}");
        }
        text::report(&report, &Style { width: Some(width), color: false })
    })
}

/// Whether every one of these stands in the text, each on one line.
fn shows(text: &str, wanted: &[&str]) {
    let squeezed: Vec<String> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in wanted {
        assert!(squeezed.iter().any(|found| found.contains(line)), "no `{line}` in\n{text}");
    }
}

/// A guarantee of 860m from July on, a loan of 100m of which 40m are drawn, and a hall from 2027 on for 50m a year, 10m of it ahead: each with its
/// state; what is paid under them is due by its day. The interest of 40m is 40 × 6 % / 2 = 1.2m a half-year.
#[test]
fn what_is_lent_let_and_guaranteed_is_shown_as_it_stands() {
    let program = r#"use "rules/books/us-gaap.pf"
party M "Maker" { currency USD; book us_gaap }
party O "Owner" { currency USD; book us_gaap }
party C "Cloud" { currency USD; book us_gaap }
contract b "backstop" between M as guarantor, O as beneficiary, C as obligor {
  signed 2026-01-01
  guarantee rent of 860m USD, obligor C { from 2026-07-01 to 2029-06-30; fair value 60m USD }
}
contract s "site" between O as lessor, C as lessee {
  signed 2026-01-01
  lease hall {
    commences 2027-01-01 until 2028-12-31; rate 7%
    payments 10m USD every year from 2026-02-01 to 2026-02-01
    payments 50m USD every year from 2027-12-31 to 2028-12-31
  }
}
contract f "facility" between M as lender, C as borrower {
  signed 2026-01-01
  loan term of 100m USD { available to 2026-12-31; matures 2028-03-01; interest 6% every half_year, thirty_360 }
}
2026-01-01 open C { cash 1bn USD }
2026-03-01 draw f.term 40m USD
"#;
    let states = [
        "b.rent M O definitive 860.00 860.00 for C, begins 2026-07-01, until 2029-06-30",
        "s.hall O C definitive 110.00 100.00 begins 2027-01-01, until 2028-12-31",
        "f.term M C definitive 100.00 60.00 40.00 drawn in part, matures 2028-03-01",
    ];
    shows(&look(program, "standing", &Scope::default(), 160), &states);
    shows(&look(program, "summary", &Scope::default(), 160), &states);
    shows(
        &look(program, "dues", &Scope::default(), 130),
        &[
            "C pays O under s.hall",
            "1 2026-02-01 rent, before the use 10.00 paid",
            "2 2027-12-31 rent 50.00F to come",
            "1 2026-09-01 interest 1.20F to come",
            "4 2028-03-01 interest, principal 41.20F to come",
        ],
    );
    shows(&look(program, "debt", &Scope::default(), 130), &["b.rent C O 860.00 — 60.00 2029-06-30"]);
    let project = Scope { entity: Some("O".into()), ..Scope::default() };
    let mine = look(program, "standing", &project, 160);
    assert!(mine.contains("s.hall") && mine.contains("b.rent") && !mine.contains("f.term"), "{mine}");
}

const LADDER: &str = r#"use "rules/books/us-gaap.pf"
unit rack
party M "Maker" { currency USD; class common par 0.01 USD/share, calendar weekdays; book us_gaap }
party B "Buyer" { currency USD; book us_gaap }
contract d "deal" between M as seller, B as buyer {
  signed 2026-01-01
  supply g { 200 rack definitive firm; price 10m USD/rack; pays rest 30 days after delivery; control passes at delivery }
  counter t = sum rack over delivery g by B since signed
  warrant f over 16m shares of M.common at 1 USD/share, issuer M, holder B {
    expires 2028-12-31; exercise cash or net; adjusts for splits; fair value 10 USD/share
    tranches R for k in 1..16, 1m shares each { vests when t >= k * 10 rack }
  }
}
2026-01-01 open M { M.common 50m shares; cash 10m USD }
2026-02-01 deliver d.g 40 rack
"#;

/// 40 racks reach four of sixteen thresholds: 4 × 1m shares at 10 USD are 40m, 12 × 10m = 120m wait.
#[test]
fn a_long_ladder_is_folded_and_not_dropped() {
    let folded = look(LADDER, "summary", &Scope::default(), 130);
    shows(
        &folded,
        &[
            "R1 1,000 2026-02-01 2026-02-01 — 10.00 10.00",
            "and 3 tranches like it 3,000 2026-02-01 2026-02-01 — 30.00 30.00",
            "R5 1,000 — — — — 10.00 t 40 of 50 rack",
            "and 11 tranches like it 11,000 — — — — 110.00 the last: t 40 of 160 rack",
            "Total 16,000 4,000 4,000 — 40.00 160.00",
            "`--all` shows every tranche on its own row.",
        ],
    );
    let all = Scope { all: true, ..Scope::default() };
    let every = look(LADDER, "summary", &all, 130);
    shows(&every, &["R4 1,000 2026-02-01", "R12 1,000 — — — — 10.00 t 40 of 120 rack", "R16 1,000 —"]);
    assert!(!every.contains("like it"));
    // Worth something else each, 1 to 16 USD: those that wait are one row all the same, 6 + … + 16 = 121m beside the first.
    let apart = LADDER
        .replace("; fair value 10 USD/share", "")
        .replace("10 rack }\n  }", "10 rack; fair value k * 1 USD/share }\n  }");
    assert_ne!(apart, LADDER);
    let folded = look(&apart, "summary", &Scope::default(), 130);
    shows(
        &folded,
        &[
            "R4 1,000 2026-02-01 2026-02-01 — 4.00 4.00",
            "R5 1,000 — — — — 5.00 t 40 of 50 rack",
            "and 11 tranches not vested 11,000 — — — — 121.00 the last: t 40 of 160 rack",
        ],
    );
    assert!(!folded.contains("R7"), "{folded}");
    // Four have vested and twelve wait.
    let next = look(LADDER, "milestones", &Scope::default(), 130);
    shows(&next, &["d.f: 7 of 16 tranches are shown; `--all` shows every one.", "d.f: 6 more tranches are waiting"]);
    let every = look(LADDER, "milestones", &all, 130);
    shows(&every, &["vest R1 ", "vest R16 ", "d.f.R16 is not vested: t >= 160 rack"]);
    assert!(!every.contains("are shown"));
}

/// Ten machines at 114k (alone 90k) and two years of support for nothing (alone 24 x 10k): 900k + 240k alone are as much
/// as the 1,140k paid, so 900k is earned with the machines and 240k is owed: one liability of the contract. A quarter of
/// support, 3 of 24 months, earns 30k.
const BUNDLE: &str = r#"use "rules/books/us-gaap.pf"
unit mach
unit mo
party S "Seller" { currency USD; book us_gaap }
party B "Buyer" { currency USD; book us_gaap }
contract k "Machines and support" between S as seller, B as buyer {
  signed 2025-01-01
  supply m { 10 mach definitive firm; price 114k USD/mach; stands alone at 90k USD/mach; pays rest on delivery; control passes at delivery }
  supply sup { 24 mo definitive firm; price 0 USD/mo; stands alone at 10k USD/mo; pays rest on delivery; control passes evenly from 2025-04-01 to 2027-03-31 }
}
2025-03-31 deliver k.m 10 mach
2025-03-31 pay k.m 1_140k USD
"#;

#[test]
fn a_contract_stands_on_one_side() {
    let first =
        |name| Scope { entity: Some("S".into()), period: proforma::time::PeriodName::parse(name), ..Scope::default() };
    let sheet = look(BUNDLE, "statements", &first("2025-Q1"), 130);
    shows(
        &sheet,
        &[
            "Total assets — 1,140,000.00",
            "Contract liabilities — 240,000.00",
            "Total liabilities — 240,000.00",
            "Total liabilities and equity — 1,140,000.00",
            "Cash from operating activities 1,140,000.00",
        ],
    );
    assert!(!sheet.contains("Contract assets"), "{sheet}");
    let revenue = look(BUNDLE, "revenue", &first("2025-Q1"), 130);
    shows(&revenue, &["Contract assets, k as a whole —", "Contract liabilities, k as a whole 240,000.00"]);
    with_run(&checked_text(BUNDLE), &[], |replay| {
        facts_are(
            replay,
            &[("S.total_assets on 2025-03-31", "1140000"), ("S.total_liabilities on 2025-03-31", "240000")],
        );
    });
}

/// 1m USD a month in advance from 15 February, 2m received by the end of March: one month is over, and 17 of the 31 days of the second,
/// 1,548,387.10. The rest, 451,612.90, is rent received in advance and no asset below zero.
#[test]
fn rent_in_advance_is_owed() {
    let program = r#"use "rules/books/us-gaap.pf"
party O "Owner" { currency USD; book us_gaap }
party C "Cloud" { currency USD; book us_gaap }
contract l "Site" between O as lessor, C as lessee {
  signed 2025-01-01
  lease mid { commences 2025-02-15 until 2028-02-14; payments 1m USD every month from 2025-02-15 to 2028-01-15; rate 6% }
}
2025-01-01 open O { cash 1m USD }
"#;
    let checked = checked_text(program);
    with_run(&checked, &[], |replay| {
        let scope = Scope {
            entity: Some("O".into()),
            period: proforma::time::PeriodName::parse("2025-Q1"),
            ..Scope::default()
        };
        let report = report::build("statements", replay, &scope).unwrap();
        let sheet = text::report(&report, &Style { width: Some(130), color: false });
        shows(&sheet, &["Total assets — 3,000,000.00", "Rent received in advance — 451,612.90"]);
        assert!(!sheet.contains("Deferred rent  "), "{sheet}");
    });
}

/// Under another book what would change a figure is worked out under that book, from the figure that is explained.
#[test]
fn what_would_change_a_figure_is_of_the_same_book() {
    let program =
        LADDER.replace("book us_gaap }\nparty B", "book us_gaap { purchases = service_condition } }\nparty B");
    let program = format!("use \"rules/books/ifrs.pf\"\n{program}");
    let checked = checked_text(&program);
    let inputs = inputs(&checked, &[]);
    let replay = Replay::new(&checked.terms, &inputs, Some("ifrs")).unwrap();
    let name = fact_name("M.contra_revenue on 2026-03-31").unwrap();
    let told = explain::explain(&replay, &name).unwrap();
    let policies = |name: &str| {
        let book = checked.terms.books.iter().find(|book| &*book.name == name).unwrap();
        let all = book.policies.iter().flat_map(|p| p.choices.iter().map(move |c| format!("{} {c}", p.name)));
        all.collect::<Vec<String>>()
    };
    let (ours, others) = (policies("ifrs"), policies("us_gaap"));
    for change in &told.would_change {
        let foreign = others.contains(&change.what) && !ours.contains(&change.what);
        assert!(!foreign, "{} is of another book", change.what);
        let Some(total) = change.total else { continue };
        // 40m are in the figure: what it would be is that and the change.
        assert_eq!(total, change.change.plus(proforma::num::Number::parse("40_000_000").unwrap()).unwrap());
    }
}

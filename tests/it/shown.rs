//! What reports show: every row or how many are not shown, positions on the side they stand on, names that can be told apart.

use crate::common::{checked_text, with_run};
use proforma::render::{Style, text};
use proforma::report::{self, Scope};

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
    // Four have vested and twelve wait.
    let next = look(LADDER, "milestones", &Scope::default(), 130);
    shows(&next, &["d.f: 7 of 16 tranches are shown; `--all` shows every one.", "d.f: 6 more tranches are waiting"]);
    let every = look(LADDER, "milestones", &all, 130);
    shows(&every, &["vest R1 ", "vest R16 ", "d.f.R16 is not vested: t >= 160 rack"]);
    assert!(!every.contains("are shown"));
}

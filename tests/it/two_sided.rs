//! Contracts in the books of both sides: events are booked alike, and what differs is a rule's.

use crate::common::{checked_text, with_run};
use proforma::render::csv;
use proforma::report::{Report, Scope, build};

const DEAL: &str = r#"
contract parts "Parts and warrant" between S as seller, C as buyer {
  signed 2026-01-01
  supply goods {
    100 GW definitive firm
    price 10 USD/GW
    pays 20% of price on order
    pays rest on delivery
    control passes at delivery
  }
  counter bought = sum GW over delivery goods by C since signed
  warrant w over 100 shares of S.common at 0.01 USD/share, issuer S, holder C {
    expires 2030-01-01; exercise cash or net; adjusts for splits
    tranche T1 100 shares { vests when bought >= 50 GW; fair value 4 USD/share; earned over 0 GW to 100 GW of bought }
  }
}
2026-01-01 open S { S.common 1_000 shares; cash 100 USD }
2026-01-01 open C { cash 2_000 USD }
2026-01-10 order parts.goods 100 GW
2026-01-10 pay parts.goods 200 USD
2026-02-01 deliver parts.goods 50 GW
2026-03-01 pay parts.goods 100 USD
"#;

fn parties(book: &str, other: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
{other}
party S "Supplier" {{ currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book us_gaap }}
party C "Customer" {{ currency USD; fiscal year ends 31 December; class common par 0.01 USD/share; book {book} }}
"#
    )
}

fn compared(source: &str, look: impl FnOnce(&Report, &str)) {
    let checked = checked_text(source);
    with_run(&checked, &[], |replay| {
        assert!(replay.register.refusals.is_empty(), "{:?}", replay.register.refusals);
        let report = build("two-sided", replay, &Scope::default()).unwrap();
        let drawn = csv::report(&report);
        look(&report, &drawn);
    });
}

/// Billed 200 ahead and 400 on delivery, paid 300: both have 300 open and a deposit of 100. Revenue 500 less half of 400 stands
/// against equipment of 500 less half of 400; the award of 400 is a liability of neither.
#[test]
fn both_sides_say_the_same_of_events() {
    compared(&format!("{}{DEAL}", parties("us_gaap", "")), |report, drawn| {
        assert!(!report.checks.is_empty());
        assert!(report.checks.iter().all(|check| check.holds() == Some(true)), "{:?}", report.checks);
        // What measures one side alone is named with its paragraph.
        for word in
            ["receivable", "supplier_deposits", "keep contra_revenue as issuer", "ASC 606-10-32-25", "ASC 705-20-25-1"]
        {
            assert!(drawn.contains(word), "{word}: {drawn}");
        }
        assert!(!drawn.contains("no rule"), "{drawn}");
    });
}

/// A book that forgets what is billed ahead owes 100 less than the other side is owed: no rule measures it, so it is a fault.
#[test]
fn what_no_rule_makes_is_a_fault() {
    let odd = r#"
book odd "Forgets what is billed ahead" {
  account cash asset
  account payable liability
  account equipment asset
  account opening_equity equity
  on open o as party { dr cash o.cash; cr opening_equity rest } cite "own rule"
  on bill b as buyer { dr equipment b.earned; cr payable rest } cite "own rule"
  on pay p as buyer { dr payable p.applied; cr cash rest } cite "own rule"
}
"#;
    compared(&format!("{}{DEAL}", parties("odd", odd)), |report, drawn| {
        let failed: Vec<_> = report.checks.iter().filter(|check| check.holds() == Some(false)).collect();
        assert!(failed.iter().any(|check| check.name == "two_sided" && check.claim.contains("payable")), "{drawn}");
        assert!(drawn.contains("no rule: 200"), "{drawn}");
    });
}

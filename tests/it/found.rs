//! What fuzzing found, each as small as it could be made.

use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

const DEAL: &str = r#"
use "rules/books/us-gaap.pf"
party Maker "Maker, Inc." { currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap }
party Buyer "Buyer LLC" { currency USD; book us_gaap }
contract deal "Deal" between Maker as seller, Buyer as buyer {
  signed 2026-01-05
  supply chips { 10 GW definitive firm; price 1 USD/GW; pays rest on delivery; control passes at delivery }
  counter got = sum GW over delivery chips by anyone since signed
  warrant w over 2 shares of Maker.common at 1 USD/share, issuer Maker, holder Buyer {
    expires 2030-10-04; exercise cash; adjusts for splits; fair value 0.01 USD/share
    tranche T1 1 shares { vests when got >= 2 GW; earned over 0 GW to 2 GW of got }
    tranche T2 1 shares { vests when got >= 2 GW; earned over 0 GW to 2 GW of got }
  }
}
"#;

/// Each of two tranches costs a cent, and half of its two gigawatts is delivered: half a cent each is still to be earned,
/// together one cent. 9 GW × 1 USD − 0.01 = 8.99. Rounded one by one they would make two cents, and the check would fail.
#[test]
fn a_backlog_is_rounded_once() {
    let lines = "2026-01-06 judge deal.w.T1 probable\n2026-01-06 judge deal.w.T2 probable\n2026-02-02 deliver deal.chips 1 GW\n";
    let checked = checked_text(&format!("{DEAL}{lines}"));
    with_run(&checked, &[], |replay| {
        assert_eq!(fact(replay, "Maker.rpo[deal.chips] in 2026-Q1"), Some(number("8.99")));
        let report = report::build("revenue", replay, &Scope::default()).unwrap();
        assert!(report.checks.len() > 2);
        for check in &report.checks {
            assert_eq!(check.holds(), Some(true), "{check:?}");
        }
    });
}

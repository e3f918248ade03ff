//! What a customer pays in its own rights before it has earned them: ASU 2025-07.

use crate::common::{checked_text, fact, number, with_run};

fn story(choice: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
unit rack
party M "Maker" {{ currency USD; fiscal year ends 31 December; book us_gaap {choice} }}
party C "Cloud" {{ currency USD; fiscal year ends 31 December; class common par 0 USD/share, calendar nyse; book us_gaap }}
contract racks "Racks" between M as seller, C as buyer {{
  signed 2026-01-02
  supply goods {{ 100 rack definitive firm; price 3m USD/rack; pays rest on delivery; control passes at delivery }}
  counter taken = sum rack over delivery goods by C since signed
  warrant w over 10m shares of C.common at 0 USD/share, issuer C, holder M {{
    expires 2036-01-02; exercise cash; adjusts for splits; given for goods
    tranche T 10m shares {{ vests when taken >= 100 rack; earned over 0 rack to 100 rack of taken; fair value 15 USD/share }}
  }}
}}
2026-01-02 judge racks.w.T probable
2026-06-01 deliver racks.goods 40 rack
2026-12-31 value racks.w 21 USD/share
2027-06-01 deliver racks.goods 60 rack
2027-12-31 value racks.w 20 USD/share
"#
    )
}

/// 10m rights worth 15 at the beginning, for 100 racks at 3m: 40 delivered, 120 + 150 × 0.4 = 180 of revenue, whatever the policy.
/// As a derivative from the grant: 150 of rights at once, 10m × (21 − 15) = 60 gained in 2026. On 1 January 2027 the standard takes
/// effect: nothing is unconditional, so the rights and the gain leave, 60 of it out of retained earnings. All racks delivered in
/// June: 150, and 60 of gain; worth 20 in December, 10 lost: 50 in 2027. Without the choice the same 50, and nothing in 2026.
#[test]
fn a_right_is_a_derivative_only_once_it_is_unconditional() {
    for (choice, early) in [("{ noncash_from = at_grant }", true), ("", false)] {
        with_run(&checked_text(&story(choice)), &[], |replay| {
            let gained = if early { "60" } else { "0" };
            let held = if early { "210" } else { "0" };
            let out = if early { "-60" } else { "0" };
            for (name, millions) in [
                ("M.revenue in 2026", "180"),
                ("M.warrant_gains in 2026", gained),
                ("M.warrants_received on 2026-12-31", held),
                ("M.warrants_received on 2027-01-01", "0"),
                ("M.retained_earnings on 2027-01-01", out),
                ("M.warrants_received on 2027-06-01", "210"),
                ("M.warrants_received on 2027-12-31", "200"),
                ("M.warrant_gains in 2027", "50"),
                ("M.revenue in 2027", "270"),
                ("M.noncash_due on 2027-12-31", "0"),
            ] {
                let expected = number(millions).times(number("1000000")).unwrap();
                assert_eq!(fact(replay, name), Some(expected), "{choice} {name}: {millions}m");
            }
        });
    }
}

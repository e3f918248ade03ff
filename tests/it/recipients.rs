//! Awards to another than the customer: an affiliate of it, or one that buys the goods from it (ASC 606-10-32-25).

use proforma::report::{self, Scope};

use crate::common::{checked_text, fact, number, with_run};

/// Facts in millions; the checks of every report hold.
fn holds(text: &str, expected: &[(&str, &str)]) {
    with_run(&checked_text(text), &[], |replay| {
        for (name, millions) in expected {
            let expected = number(millions).times(number("1000000")).unwrap();
            assert_eq!(fact(replay, name), Some(expected), "{name}: {millions}m");
        }
        for name in report::NAMES {
            let Ok(report) = report::build(name, replay, &Scope::default()) else { continue };
            for check in &report.checks {
                assert_ne!(check.holds(), Some(false), "{name}: {} {:?} {:?}", check.claim, check.left, check.right);
            }
        }
    });
}

/// A seller, its customer, and a third party; the award stands in a contract of its own.
fn story(book: &str, award: &str, ledger: &str) -> String {
    format!(
        r#"
use "rules/books/us-gaap.pf"
use "rules/books/ifrs.pf"
party S "Seller" {{ currency USD; class common par 0.01 USD/share, calendar nyse; book {book} }}
party B "Customer" {{ currency USD; book {book} }}
party A "The other" {{ currency USD; book {book} }}
contract c "Goods" between S as seller, B as buyer {{
  signed 2026-01-02
  supply goods {{ 100m USD definitive firm; pays rest on invoice; control passes at invoice }}
  counter bought = sum USD over invoice goods by B since signed
}}
contract r "Goods sold on" between B as seller, A as buyer {{
  signed 2026-01-02
  supply goods {{ 50m USD definitive firm; pays rest on invoice; control passes at invoice }}
  counter bought = sum USD over invoice goods by A since signed
}}
contract w "The award" between S as issuer, A as holder {{
  signed 2026-01-02
  warrant w over 10m shares of S.common at 0.01 USD/share, issuer S, holder A {{
    expires 2036-01-02; exercise cash; adjusts for splits
    {award}
  }}
}}
2026-01-02 open S {{ S.common 500m shares }}
2026-01-02 judge w.w.T probable
{ledger}
"#
    )
}

const AFFILIATE: &str = "consideration for c.goods to affiliate
    tranche T 10m shares { vests when c.bought >= 100m USD; fair value 4 USD/share }";

/// 10m rights worth 4 for purchases of 100 by the customer. Seller: 30 bought, 40 × 30/100 = 12 off its revenue of 30; the other 70
/// bring 28. The affiliate gets rights worth 40 when they vest, for which it bought nothing: a contribution of its owners. The
/// customer's goods cost 100.
#[test]
fn an_affiliate_of_the_customer() {
    for book in ["us_gaap", "ifrs"] {
        let ledger = "2026-02-02 invoice c.goods 30m USD\n2026-05-04 invoice c.goods 70m USD\n";
        holds(
            &story(book, AFFILIATE, ledger),
            &[
                ("S.contra_revenue[w.w.T] in 2026-Q1", "12"),
                ("S.net_revenue[c.goods] in 2026-Q1", "18"),
                ("S.contra_revenue[w.w.T] in 2026-Q2", "28"),
                ("S.net_revenue[c.goods] in 2026", "60"),
                ("S.rpo[c.goods] on 2026-03-31", "42"),
                ("A.warrants_received[w.w.T] on 2026-03-31", "0"),
                ("A.warrants_received[w.w.T] on 2026-06-30", "40"),
                ("A.capital_contributed[w.w.T] on 2026-06-30", "40"),
                ("A.vendor_credit in 2026", "0"),
                ("A.equipment in 2026", "0"),
                ("B.equipment on 2026-06-30", "100"),
            ],
        );
    }
}

/// The third party buys 50 of the goods from the customer, and the award vests by that. The seller's cost follows its own sales to the
/// customer: 60 of 100, so 40 × 0.6 = 24 of revenue. The third party's rights are a credit of the one who made the goods: 40, of
/// which min(1, 0.6) × 40 = 24 is off what it bought for 50.
#[test]
fn a_customer_of_the_customer() {
    let award = "consideration for c.goods to onward_buyer
    tranche T 10m shares { vests when r.bought >= 50m USD; earned over 0 USD to 100m USD of c.bought; fair value 4 USD/share }";
    let ledger = "2026-02-02 invoice c.goods 60m USD\n2026-05-04 invoice r.goods 50m USD\n";
    holds(
        &story("us_gaap", award, ledger),
        &[
            ("S.contra_revenue[w.w.T] in 2026-Q1", "24"),
            ("S.net_revenue[c.goods] in 2026", "36"),
            ("A.warrants_received[w.w.T] on 2026-06-30", "40"),
            ("A.vendor_credit[w.w.T] on 2026-06-30", "16"),
            ("A.equipment on 2026-06-30", "26"),
            ("A.capital_contributed in 2026", "0"),
            // What the customer sold on is its revenue, with nothing off it.
            ("B.revenue in 2026", "50"),
        ],
    );
}

/// Without a word on what the holder is, its book leaves the award out and lists it; the seller's does not ask.
#[test]
fn nobody_said_what_the_holder_is() {
    let award = AFFILIATE.replace("consideration for c.goods to affiliate", "");
    let text = story("us_gaap", &award, "2026-02-02 invoice c.goods 100m USD\n");
    with_run(&checked_text(&text), &[], |replay| {
        assert_eq!(fact(replay, "S.contra_revenue[w.w.T] in 2026"), Some(number("40000000")));
        let keeper = replay.keepers.iter().position(|keeper| &*keeper.owner == "A").unwrap();
        let open: Vec<_> = replay.bookings[keeper].unposted.iter().map(|u| u.missing.join(", ")).collect();
        assert!(open.iter().any(|missing| missing == "w.w.consideration"), "{open:?}");
    });
}

/// Rights given for nothing of the buyer's own stay a credit of the vendor: the buyer itself may be named.
#[test]
fn the_buyer_may_be_said_to_be_the_holder() {
    let text = "use \"rules/books/us-gaap.pf\"\n\
        party S \"Seller\" { currency USD; class common par 0.01 USD/share; book us_gaap }\n\
        party B \"Customer\" { currency USD; book us_gaap }\n\
        contract c \"Goods\" between S as seller, B as buyer {\n  signed 2026-01-02\n\
          supply a { 10m USD definitive firm; pays rest on invoice; control passes at invoice }\n\
          supply b { 100m USD definitive firm; pays rest on invoice; control passes at invoice }\n\
          warrant w over 10m shares of S.common at 0.01 USD/share, issuer S, holder B {\n\
            expires 2036-01-02; exercise cash; adjusts for splits; consideration for b\n\
            tranche T 10m shares { vests at signing; fair value 4 USD/share }\n  }\n}\n\
        2026-02-02 invoice c.a 10m USD\n2026-02-02 invoice c.b 25m USD\n";
    // A quarter of b is bought: 40 × 25/100 = 10 on both sides; a earns nothing of it.
    holds(
        text,
        &[
            ("S.contra_revenue[c.w.T] in 2026", "10"),
            ("B.equipment in 2026", "25"),
            ("S.net_revenue[c.a] in 2026", "10"),
        ],
    );
}

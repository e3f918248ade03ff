//! Plug Power's warrants before ASU 2018-07: measured again every period until they vest (ASC 505-50-30-11), at the values its filings give.

use crate::common::{checked_text, fact, number, with_run};

/// Two installments of the second part to Amazon, 7,274,565 rights each for 50m of payments. Values of a right: 1.57 on 31 March 2018, 2.16 when the
/// first vested, 1.55 on 30 September, 1.54 when the second vested, 2.05 on 31 March 2019, after the adoption.
///
/// First: half is paid by March: 7,274,565 × 0.5 × 1.57 = 5,710,533.525; vested at 2.16: 15,713,060.40 in all, so 10,002,526.87 more, whatever
/// comes later. Second: 10m of 50m by September: 7,274,565 × 0.2 × 1.55 = 2,255,115.15; vested at 1.54: 11,202,830.10 in all. A
/// third, unvested on 1 January 2019, stays at the last value stated before, 1.54: 7,274,565 × 0.5 × 1.54 = 5,601,415.05 for half of it.
#[test]
fn published_values_until_vesting() {
    let text = r#"
use "rules/books/us-gaap.pf"
party S "Plug" { currency USD; class common par 0.01 USD/share, calendar nyse; book us_gaap { measurement = until_vested } }
party B "Amazon" { currency USD }
contract c "Equipment" between S as seller, B as buyer {
  signed 2017-04-04
  supply goods { 600m USD definitive option; pays rest on invoice; control passes at invoice }
  counter paid = sum USD over invoice goods by B since signed
  warrant w over 21_823_695 shares of S.common at 1.1893 USD/share, issuer S, holder B {
    expires 2027-04-04; exercise cash or net; adjusts for splits; fair value undisclosed USD/share
    tranche R1 7_274_565 shares { vests when paid >= 50m USD }
    tranche R2 7_274_565 shares { vests when paid >= 100m USD }
    tranche R3 7_274_565 shares { vests when paid >= 150m USD }
  }
}
2017-04-04 judge c.w probable
2018-02-01 invoice c.goods 25m USD
2018-03-31 value c.w 1.57 USD/share
2018-05-01 value c.w 2.16 USD/share
2018-05-01 invoice c.goods 25m USD
2018-08-01 invoice c.goods 10m USD
2018-09-30 value c.w 1.55 USD/share
2018-11-01 value c.w 1.54 USD/share
2018-11-01 invoice c.goods 40m USD
2019-01-01 adopt S measurement = grant_date modified_retrospective
2019-02-01 invoice c.goods 25m USD
2019-03-31 value c.w 2.05 USD/share
"#;
    with_run(&checked_text(text), &[], |replay| {
        for (name, expected) in [
            ("S.contra_revenue[c.w.R1] in 2018-Q1", "5710533.53"),
            ("S.contra_revenue[c.w.R1] in 2018-Q2", "10002526.87"),
            ("S.contra_revenue[c.w.R1] in 2018-Q3", "0"),
            ("S.contra_revenue[c.w.R1] in 2018-Q4", "0"),
            ("S.contra_revenue[c.w.R2] in 2018-Q3", "2255115.15"),
            ("S.contra_revenue[c.w.R2] in 2018", "11202830.1"),
            ("S.contra_revenue[c.w.R3] in 2019-Q1", "5601415.05"),
        ] {
            assert_eq!(fact(replay, name), Some(number(expected)), "{name}");
        }
    });
}

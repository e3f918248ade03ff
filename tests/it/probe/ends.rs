//! A story with values at the ends of what can be written.

use crate::twin::dice::Dice;

const STORY: &str = r#"
party Maker "Maker, Inc." { currency USD; FISCAL; class common par PRICE USD/share, authorised SIZE shares, calendar nyse; book us_gaap }
party Buyer "Buyer LLC" { currency USD; class common par PRICE USD/share, calendar nyse; class second par 1 USD/share, calendar nyse; book us_gaap }
party Fund "Fund LP" { currency EUR; book us_gaap }
use "rules/books/us-gaap.pf"
contract deal "Deal" between Maker as seller, Buyer as buyer {
  signed 2025-10-06
  supply chips { QUANTITY GW definitive firm; QUANTITY GW definitive option; price PRICE USD/GW
    pays 20% of price DAYS days before delivery; pays 10% of price on signing; pays rest DAYS days after delivery
    control passes at delivery }
  counter got = sum GW over delivery chips by anyone since 2025-10-06 until 2030-10-04
  counter paid = sum USD over payment chips by anyone since signed
  warrant w over WHOLE shares of Maker.common at PRICE USD/share, issuer Maker, holder Buyer {
    granted 2025-10-06; expires 2030-10-04; exercise cash or net; adjusts for splits; fair value PRICE USD/share
    tranche T1 WHOLE shares {
      vests when got >= QUANTITY GW and average(close(Maker.common), WINDOW trading days) >= PRICE USD/share latched since 2025-10-06
      by 2029-10-05
    }
  }
  warrant v over 3 shares of Maker.common at PRICE USD/share, issuer Maker, holder Buyer {
    expires never; exercise net; no adjustment for splits
    tranche V1 1 shares { vests at signing; earned over 0 GW to QUANTITY GW of got }
    tranche V2 1 shares { vests on 2026-10-05; exercisable when V1 vested and close(Maker.common) >= PRICE USD/share concurrent }
    tranche V3 1 shares { vests when paid >= PRICE USD or V2 exercised }
  }
  commitment promise PRICE USD from Maker to Buyer
}
contract round "Round" between Maker as investor, Buyer as company, Fund as co_investor {
  signed 2025-10-06
  investment i of 300 USD in Buyer.common, company Buyer, investor Maker {
    price PRICE USD post_money of PRICE USD, fully diluted shares as of 2026-01-05
    syndicated PERCENT% to Fund; funded in cash DAYS days after call
    tranche A1 100 USD { called at signing }
    tranche A2 100 USD { called when attested ready; by 2026-06-30 else 50 USD }
    tranche A3 100 USD { called by Fund when A1 funded }
  }
  investment j of 100 USD in Buyer.second, company Buyer, investor Maker {
    price valuation(Buyer) pre_money, issued shares; funded in shares of Maker.common
    tranche B1 100 USD { called on 2026-02-02 }
  }
}
flow rent "Rent" from Maker to Buyer { PRICE EUR every month from 2026-01-05 to 2027-12-31 growing PERCENT% every quarter; financing }
flow sales "Sales" from others to Fund { 2026-02 PRICE USD; 2026-03 PRICE USD; paid on day 8 of each month; standing letter of intent }
2025-01-06 price rate(EUR in USD) PRICE USD/EUR
2026-05-04 forecast price rate(USD in EUR) PRICE EUR/USD
2026-01-06 price valuation(Buyer) PRICE USD
2026-01-06 minimum Maker PRICE USD
2026-01-06 undrawn Maker revolver PRICE USD until 2026-12-31
2025-10-06 open Buyer { Buyer.common WHOLE shares; Buyer.second SIZE shares; awards SIZE shares; cash PRICE USD }
2025-10-07 fund round.i.A1 100 USD
2026-05-05 forecast attest round.i.A2 ready
2026-06-02 call round.i.A3
2026-07-02 fund round.i.A3 50 USD by Fund
2026-08-03 pay rent PRICE EUR
assume q = QUANTITY GW
2025-10-06 open Maker { Maker.common WHOLE shares; cash PRICE USD; awards SIZE shares; dilutive_awards SIZE shares }
2025-10-07 o1: order deal.chips QUANTITY GW
2026-01-05 forecast f1: deliver deal.chips QUANTITY GW
2026-02-02 d1: deliver deal.chips QUANTITY GW realises f1 in part
2026-03-02 d2: deliver deal.chips q
2026-03-03 p1: pay deal.chips PRICE USD
2026-11-02 x1: exercise deal.w.T1 WHOLE shares net
2026-11-03 x2: exercise deal.v.V1 1 shares net
2026-06-01 split Maker.common SIZE for SIZE
2026-06-02 issue WHOLE shares of Maker.common to holders
2026-06-03 price close(Maker.common) PRICE USD/share
2026-06-04 judge deal.w.T1 probable
2027-02-01 close Maker PERIOD
path close(Maker.common) from 2026-07-01 at PRICE USD/share linear to PRICE USD/share at 2027-01-29 forecast
assert Maker.revenue in PERIOD = PRICE USD
scenario late "late" from base {
  scale rent by PERCENT%; move sales by DAYS days
  move d1 by DAYS days; scale d2 by PERCENT%; set q = QUANTITY GW; move p1 to 2026-12-31
  path close(Maker.common) from 2026-01-02 flat PRICE USD/share to 2026-12-31
}
"#;

const NUMBERS: &[&str] = &[
    "1",
    "2",
    "0.01",
    "0.3333333333",
    "15bn",
    "9999999999999999999999999999",
    "0.0000000000000000000000000001",
    "123456789012345.6789",
];
const WHOLES: &[&str] = &["1", "1m", "160m", "9999999999999999999999999999", "1_000_000_000_007"];
const DATES: &[&str] = &[
    "0001-01-01",
    "0001-12-31",
    "9999-12-31",
    "9999-12-30",
    "2025-10-05",
    "2026-01-05",
    "2026-06-01",
    "2026-12-31",
    "2028-02-29",
];
const WINDOWS: &[&str] = &["1", "2", "30", "10_000"];
const OFFSETS: &[&str] = &["1", "30", "91", "999999999"];
const PERIODS: &[&str] = &["2026-Q1", "2026", "0001-Q1", "9999-Q4", "9999", "0001", "2026-03"];
const YEARS: &[&str] = &[
    "fiscal year ends 31 December",
    "fiscal year ends last Saturday of December",
    "fiscal year ends 29 February",
    "fiscal year ends nearest Saturday to end of January",
    "fiscal year ends 30 June",
];

/// Every word in capitals replaced by a calm value of its kind; the dates are calm as they are.
pub fn calm() -> String {
    told(|_| None)
}

/// The same, but one value in eight, dates included, is thrown from the ends of its kind.
pub fn thrown(dice: &mut Dice) -> String {
    told(|pool| dice.one_in(8).then(|| usize::try_from(dice.below(i64::try_from(pool.len()).unwrap())).unwrap()))
}

/// Asks for each place which value of the pool stands there, if not the calm one.
fn told(mut choose: impl FnMut(&[&str]) -> Option<usize>) -> String {
    let mut out = String::new();
    for piece in pieces(STORY) {
        let (pool, plain) = match piece.as_str() {
            "QUANTITY" | "PRICE" => (NUMBERS, "1"),
            "WHOLE" | "SIZE" => (WHOLES, "160m"),
            "WINDOW" => (WINDOWS, "30"),
            "DAYS" => (OFFSETS, "30"),
            "PERIOD" => (PERIODS, "2026-Q1"),
            "FISCAL" => (YEARS, YEARS[0]),
            "PERCENT" => (&["50", "99.9", "100", "9999999999", "0.00000000000001"][..], "50"),
            date if is_date(date) => (DATES, date),
            other => {
                out.push_str(other);
                continue;
            }
        };
        out.push_str(choose(pool).map_or(plain, |choice| pool[choice]));
    }
    out
}

pub fn is_date(piece: &str) -> bool {
    piece.len() == 10 && piece.matches('-').count() == 2
}

/// Words, numbers and dates as they are; every other character alone.
pub fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        let sticks = c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
        match pieces.last_mut().filter(|_| open && sticks) {
            Some(last) => last.push(c),
            None => pieces.push(c.to_string()),
        }
        open = sticks;
    }
    pieces
}

//! A generated portfolio: the same text for the same numbers, on every machine.
//!
//! Every contract is a supply, a counter and a warrant of four tranches; ten contracts share a pair of parties. Each
//! year has two orders, a delivery in each half and a payment. Of every tenth pair the last tranche also waits for a
//! share price.
#![expect(clippy::unwrap_used, reason = "writing to a string does not fail, and the dates are in range")]

use std::collections::BTreeMap;
use std::fmt::Write;

use proforma::check::Files;
use proforma::time::{Date, TradingCalendar};

/// How much of it there is.
#[derive(Clone, Copy, Debug)]
pub struct Portfolio {
    /// Contracts.
    pub contracts: u32,
    /// Years of events, from 2026.
    pub years: u32,
}

/// Contracts of one pair of parties.
const OF_A_PAIR: u32 = 10;

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory(pub BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_owned())
    }

    fn glob(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// A deterministic spread of `0..range` over whatever is counted.
const fn spread(seed: u32, range: u32) -> u32 {
    let mixed = (seed.wrapping_add(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
    let mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
    (mixed ^ (mixed >> 16)) % range
}

fn day(year: u32, number: u32) -> Date {
    Date::new(i16::try_from(2026 + year).unwrap(), 1, 2).unwrap().plus_days(i64::from(number))
}

impl Portfolio {
    /// Rule files, ledger and prices, by path; the root is `all.ledger`.
    pub fn files(self) -> Memory {
        let book = include_str!("../../rules/books/us-gaap.pf").to_owned();
        Memory(BTreeMap::from([
            ("all.ledger".to_owned(), self.ledger()),
            ("rules.pf".to_owned(), self.rules()),
            ("book.pf".to_owned(), book),
            ("closes.csv".to_owned(), self.closes()),
        ]))
    }

    /// The lines of the ledger that say what happened.
    pub const fn events(self) -> u32 {
        self.contracts * (self.years * 5 + 1) + self.pairs() * 2
    }

    const fn pairs(self) -> u32 {
        self.contracts.div_ceil(OF_A_PAIR)
    }

    fn rules(self) -> String {
        let mut text = String::from("use \"book.pf\"\n\nunit rack\n\n");
        for pair in 0..self.pairs() {
            for side in ["S", "B"] {
                writeln!(
                    text,
                    "party {side}{pair} \"{side}{pair} Inc.\" {{\n  currency USD\n  fiscal year ends 31 December\n  \
                     class common par 0.001 USD/share, calendar nyse\n  book us_gaap\n}}"
                )
                .unwrap();
            }
        }
        for contract in 0..self.contracts {
            self.contract(&mut text, contract);
        }
        text
    }

    fn contract(self, text: &mut String, n: u32) {
        let pair = n / OF_A_PAIR;
        let signed = day(0, spread(n, 20));
        let total = self.years * 20;
        let price = 900 + spread(n, 300);
        writeln!(
            text,
            "\n## Racks and a warrant that vests by racks taken.\ncontract c{n} \"Contract {n}\" between S{pair} as seller, B{pair} as buyer {{\n  \
             signed {signed}\n  supply racks {{\n    {} rack definitive firm\n    {} rack definitive option\n    \
             price {price}k USD/rack\n    pays 20% of price on order\n    pays rest 45 days after delivery\n    \
             control passes at delivery\n  }}\n  counter taken = sum rack over delivery racks by B{pair} since signed\n  \
             warrant growth over 4m shares of S{pair}.common at 0.01 USD/share, issuer S{pair}, holder B{pair} {{\n    \
             expires 2040-12-31; exercise cash or net; adjusts for splits; fair value 9.10 USD/share",
            total / 2,
            total - total / 2,
        )
        .unwrap();
        for tranche in 1..=4 {
            let racks = total * tranche / 5;
            let price = if tranche == 4 && pair.is_multiple_of(10) {
                format!(
                    "\n        and average(close(S{pair}.common), 20 trading days) >= 60 USD/share latched since signed"
                )
            } else {
                String::new()
            };
            writeln!(text, "    tranche T{tranche} 1m shares {{ vests when taken >= {racks} rack{price} }}").unwrap();
        }
        text.push_str("  }\n}\n");
    }

    fn ledger(self) -> String {
        let mut text = String::from("use \"rules.pf\"\n\n");
        for pair in 0..self.pairs() {
            writeln!(text, "2026-01-02 open S{pair} {{ S{pair}.common 900m shares; cash 2bn USD }}").unwrap();
            writeln!(text, "2026-01-02 open B{pair} {{ B{pair}.common 300m shares; cash 9bn USD }}").unwrap();
            if pair.is_multiple_of(10) {
                writeln!(text, "prices close(S{pair}.common) from \"closes.csv\"").unwrap();
            }
        }
        for n in 0..self.contracts {
            let signed = day(0, spread(n, 20));
            writeln!(text, "{signed} judge c{n}.growth probable").unwrap();
            for year in 0..self.years {
                let at = |part: u32, from: u32| day(year, from + spread(n * 64 + year * 5 + part, 40));
                writeln!(text, "{} o{n}_{year}a: order c{n}.racks 10 rack", at(0, 30)).unwrap();
                writeln!(text, "{} d{n}_{year}a: deliver c{n}.racks 10 rack", at(1, 100)).unwrap();
                writeln!(text, "{} o{n}_{year}b: order c{n}.racks 10 rack", at(2, 170)).unwrap();
                writeln!(text, "{} d{n}_{year}b: deliver c{n}.racks 10 rack", at(3, 240)).unwrap();
                writeln!(text, "{} p{n}_{year}: pay c{n}.racks 18m USD", at(4, 300)).unwrap();
            }
        }
        text
    }

    /// A close for every trading day, between 40 and 70.
    fn closes(self) -> String {
        let mut text = String::from("date,close\n");
        let calendar = TradingCalendar::nyse();
        let end = day(self.years, 0);
        let mut date = calendar.next_after(day(0, 0).plus_days(-60));
        let mut step = 0;
        while date < end {
            writeln!(text, "{date},{}.{:02}", 40 + (step / 90) % 30, spread(step, 100)).unwrap();
            date = calendar.next_after(date);
            step += 1;
        }
        text
    }
}

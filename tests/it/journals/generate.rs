//! Journals made up from a number: what they say, what they come to, and how each program writes them.

use std::collections::BTreeMap;
use std::fmt::Write;

use proforma::plaintext::Dialect;

/// Random numbers (splitmix64), the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }
}

/// An amount in millionths; `places` of them are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    pub millionths: i128,
    pub places: u32,
    pub commodity: &'static str,
}

#[derive(Clone, Debug)]
pub struct Leg {
    pub account: &'static str,
    pub amount: Amount,
    /// `@`: per unit.
    pub price: Option<Amount>,
    /// The amount is not written.
    pub elided: bool,
    /// In round brackets: takes no part in the balance.
    pub free: bool,
}

#[derive(Clone, Debug)]
pub struct Txn {
    pub date: String,
    pub flag: char,
    pub payee: &'static str,
    pub narration: &'static str,
    pub tag: Option<&'static str>,
    pub legs: Vec<Leg>,
}

const ACCOUNTS: &[&str] = &[
    "Assets:Bank:Checking",
    "Assets:Bank",
    "Assets:Broker",
    "Income:Sales",
    "Expenses:Rent",
    "Liabilities:Card",
    "Equity:Own",
];
const MONEY: &[&str] = &["USD", "EUR"];
const GOODS: &[&str] = &["AMD", "RACK"];
const WORDS: &[&str] = &["Coffee", "Ütopia Werke", "a b c", "rent for May", "x"];

/// A journal with so many transactions; virtual postings only where there are some.
pub fn journal(seed: u64, count: u64, dialect: Dialect) -> Vec<Txn> {
    let mut dice = Dice(seed);
    let mut day = 0;
    (0..count)
        .map(|_| {
            day += dice.below(4);
            let date = format!("{}-{:02}-{:02}", 2024 + day / 336, 1 + day / 28 % 12, 1 + day % 28);
            let mut txn = Txn {
                date,
                flag: if dice.chance(80) { '*' } else { '!' },
                payee: dice.pick(WORDS),
                narration: dice.pick(WORDS),
                tag: dice.chance(30).then(|| dice.pick(&["trip", "q1-2024"])),
                legs: Vec::new(),
            };
            for _ in 0..1 + dice.below(3) {
                let leg = leg(&mut dice);
                txn.legs.push(leg);
            }
            close(&mut dice, &mut txn, dialect);
            if dialect != Dialect::Beancount && dice.chance(10) {
                let mut free = leg(&mut dice);
                (free.free, free.price) = (true, None);
                txn.legs.insert(0, free);
            }
            txn
        })
        .collect()
}

fn money(dice: &mut Dice, commodity: &'static str) -> Amount {
    let places = if dice.chance(80) { 2 } else { u32::try_from(dice.below(5)).unwrap() };
    let limit = if dice.chance(90) { 100_000 } else { 1_000_000_000_000 };
    let size = i128::from(dice.below(limit)) - 20_000;
    Amount { millionths: size * 10_i128.pow(6 - places), places, commodity }
}

fn leg(dice: &mut Dice) -> Leg {
    let account = dice.pick(ACCOUNTS);
    if dice.chance(20) {
        let units = i128::from(dice.below(500)) + 1;
        let commodity = dice.pick(GOODS);
        let mut price = money(dice, dice_money(account));
        price.millionths = price.millionths.abs();
        let amount = Amount { millionths: units * 1_000_000, places: 0, commodity };
        return Leg { account, amount, price: Some(price), elided: false, free: false };
    }
    let commodity = dice.pick(MONEY);
    Leg { account, amount: money(dice, commodity), price: None, elided: false, free: false }
}

fn dice_money(account: &str) -> &'static str {
    if account.starts_with('A') { "USD" } else { "EUR" }
}

/// What a leg weighs, in millionths.
pub fn weight(leg: &Leg) -> (&'static str, i128) {
    match leg.price {
        Some(price) => (price.commodity, leg.amount.millionths / 1_000_000 * price.millionths),
        None => (leg.amount.commodity, leg.amount.millionths),
    }
}

/// Adds what balances the transaction: written, or left for the program to work out.
fn close(dice: &mut Dice, txn: &mut Txn, dialect: Dialect) {
    let mut left: BTreeMap<&'static str, i128> = BTreeMap::new();
    for leg in &txn.legs {
        let (commodity, weight) = weight(leg);
        *left.entry(commodity).or_default() -= weight;
    }
    left.retain(|_, sum| *sum != 0);
    let account = dice.pick(ACCOUNTS);
    let elided = dice.chance(60);
    for (commodity, mut millionths) in left {
        // beancount rounds what it works out to the fewest places that the transaction writes the commodity with.
        let written = txn.legs.iter().filter(|leg| !leg.elided && leg.amount.commodity == commodity);
        let written = written.map(|leg| leg.amount.places).filter(|places| *places > 0).min().unwrap_or(0);
        if elided && dialect == Dialect::Beancount && written > 0 {
            millionths = half_even(millionths, 10_i128.pow(6 - written));
        }
        let mut places = 6;
        while places > 2 && millionths % 10_i128.pow(7 - places) == 0 {
            places -= 1;
        }
        let amount = Amount { millionths, places, commodity };
        txn.legs.push(Leg { account, amount, price: None, elided, free: false });
    }
}

fn half_even(number: i128, unit: i128) -> i128 {
    let (whole, rest) = (number.div_euclid(unit), number.rem_euclid(unit));
    let up = rest * 2 > unit || (rest * 2 == unit && whole % 2 != 0);
    (whole + i128::from(up)) * unit
}

/// Balances by account and commodity, in millionths; those of nothing are left out.
pub fn balances(journal: &[Txn]) -> BTreeMap<(String, String), i128> {
    let mut all: BTreeMap<(String, String), i128> = BTreeMap::new();
    for leg in journal.iter().flat_map(|txn| &txn.legs) {
        *all.entry((leg.account.to_owned(), leg.amount.commodity.to_owned())).or_default() += leg.amount.millionths;
    }
    all.retain(|_, sum| *sum != 0);
    all
}

pub fn digits(amount: Amount, grouped: bool) -> String {
    let sign = if amount.millionths < 0 { "-" } else { "" };
    let size = amount.millionths.unsigned_abs() / 10_u128.pow(6 - amount.places);
    let unit = 10_u128.pow(amount.places);
    let mut whole = (size / unit).to_string();
    if grouped && amount.places > 0 {
        let mut at = whole.len();
        while at > 3 {
            at -= 3;
            whole.insert(at, ',');
        }
    }
    match amount.places {
        0 => format!("{sign}{whole}"),
        places => format!("{sign}{whole}.{:0width$}", size % unit, width = places as usize),
    }
}

/// The journal as a program writes it.
pub fn print(journal: &[Txn], dialect: Dialect, seed: u64) -> String {
    let mut dice = Dice(seed ^ 0x5eed);
    let mut out = String::new();
    if dialect == Dialect::Beancount {
        out.push_str("option \"title\" \"made up\"\n* a heading\n");
        for account in ACCOUNTS {
            writeln!(out, "2023-01-01 open {account}").unwrap();
        }
        for txn in journal {
            beancount(&mut out, &mut dice, txn);
        }
    } else {
        out.push_str(
            "; made up\ncomment\nnothing { here\nend comment\ndecimal-mark .\n"
                .replace("decimal-mark .\n", if dialect == Dialect::Hledger { "decimal-mark .\n" } else { "" })
                .as_str(),
        );
        for txn in journal {
            ledger(&mut out, &mut dice, txn, dialect);
        }
    }
    out
}

fn beancount(out: &mut String, dice: &mut Dice, txn: &Txn) {
    let tag = txn.tag.map_or_else(String::new, |tag| format!(" #{tag}"));
    writeln!(out, "\n{} {} \"{}\" \"{}\"{tag}", txn.date, txn.flag, txn.payee, txn.narration).unwrap();
    if dice.chance(20) {
        out.push_str("  note: \"with metadata\"\n");
    }
    let mut said = false;
    for leg in &txn.legs {
        if leg.elided {
            if !said {
                writeln!(out, "  {}", leg.account).unwrap();
            }
            said = true;
            continue;
        }
        let price = leg.price.map_or_else(String::new, |p| format!(" @ {} {}", digits(p, false), p.commodity));
        let comment = if dice.chance(10) { "  ; why" } else { "" };
        let number = digits(leg.amount, dice.chance(20));
        writeln!(out, "  {}  {number} {}{price}{comment}", leg.account, leg.amount.commodity).unwrap();
    }
}

fn ledger(out: &mut String, dice: &mut Dice, txn: &Txn, dialect: Dialect) {
    let date = if dice.chance(50) { txn.date.replace('-', "/") } else { txn.date.clone() };
    let tag = txn.tag.map_or_else(String::new, |tag| format!("  ; {tag}: yes"));
    let words = match dialect {
        Dialect::Hledger => format!("{} | {}", txn.payee, txn.narration),
        _ => txn.narration.to_owned(),
    };
    let code = if dice.chance(10) { "(12) " } else { "" };
    writeln!(out, "\n{date} {} {code}{words}{tag}", txn.flag).unwrap();
    if dice.chance(20) {
        out.push_str("    ; a remark\n");
    }
    let mut said = false;
    let euros = dice.chance(50);
    for leg in &txn.legs {
        let account = if leg.free { format!("({})", leg.account) } else { leg.account.to_owned() };
        if leg.elided {
            if !said {
                writeln!(out, "    {account}").unwrap();
            }
            said = true;
            continue;
        }
        let amount = |amount: Amount, grouped| {
            let number = digits(amount, grouped);
            match amount.commodity {
                "EUR" if euros => format!("EUR {number}"),
                commodity => format!("{number} {commodity}"),
            }
        };
        let price = leg.price.map_or_else(String::new, |p| format!(" @ {}", amount(p, false)));
        let comment = if dice.chance(10) { "  ; why" } else { "" };
        let gap = dice.pick(&["  ", if dialect == Dialect::Ledger { "\t" } else { " \t" }, "     "]);
        writeln!(out, "    {account}{gap}{}{price}{comment}", amount(leg.amount, dice.chance(20))).unwrap();
    }
}

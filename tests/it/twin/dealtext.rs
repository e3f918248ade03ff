//! Random investments, as text.

use proforma::time::Date;

use super::dice::Dice;
use super::gatetext::Gates;
use super::story::{Cast, Story};

/// An investment that lines may talk about.
#[derive(Clone)]
pub struct Deal {
    /// Paths of its tranches, and their sizes in cents.
    pub tranches: Vec<(String, i64)>,
    /// Who pays; the first leads.
    pub investors: Vec<&'static str>,
    pub currency: &'static str,
}

/// Cents as money.
pub fn money(cents: i64, currency: &str) -> String {
    if cents % 100 == 0 {
        format!("{} {currency}", cents / 100)
    } else {
        format!("{}.{:02} {currency}", cents / 100, cents % 100)
    }
}

impl Story {
    /// An investment of the contract, in either direction.
    pub fn investment(
        &mut self,
        dice: &mut Dice,
        cast: &mut Cast,
        contract: &str,
        buyer: &'static str,
        at: &Gates<'_>,
    ) {
        let (company, lead) = if dice.one_in(2) { ("Maker", buyer) } else { (buyer, "Maker") };
        let currency = cast.currency(company);
        let class = if company == "Buyer" && cast.preferred && dice.one_in(2) { "preferred" } else { "common" };
        let count = 1 + dice.below(4);
        let sizes: Vec<i64> =
            (0..count).map(|_| (1 + dice.below(60)) * 1000 + dice.below(2) * dice.below(1000)).collect();
        let total: i64 = sizes.iter().sum();
        self.fixed(format!(
            "  investment i of {} in {company}.{class}, company {company}, investor {lead} {{",
            money(total, currency)
        ));
        let price = price(dice, company, class, currency, at.signed);
        self.fixed(format!("    price {price}"));
        let mut investors = vec![lead];
        let kind = dice.below(10);
        // Shares are the lead's own: nobody else can pay with them.
        if kind > 1 && dice.one_in(2) {
            self.fixed(format!("    syndicated {} to Partner", dice.pick(&["25%", "50%", "33.3%", "7.77%"])));
            investors.push("Partner");
        }
        let days = if dice.one_in(2) { format!(" {} days after call", 1 + dice.below(40)) } else { String::new() };
        match kind {
            0 | 1 => self.fixed(format!("    funded in shares of {lead}.common{days}")),
            2 => self.fixed(format!("    funded in capacity{days}")),
            // What a buyer gives is not earned by what it buys.
            3 if company == "Maker" => self.fixed(format!("    funded against nothing{days}")),
            _ if days.is_empty() => {}
            _ => self.fixed(format!("    funded in cash{days}")),
        }
        let mut tranches = Vec::new();
        for (k, size) in (1i64..).zip(&sizes) {
            let chooser = if dice.one_in(4) { format!(" by {}", dice.pick(&[lead, company])) } else { String::new() };
            let when = self.when_called(dice, &chooser, k, count, at);
            let by = match dice.below(6) {
                0 => format!("; by {}", at.signed.plus_days(dice.below(300))),
                1 | 2 => {
                    let less = money(1 + dice.below(*size), currency);
                    format!("; by {} else {less}", at.signed.plus_days(dice.below(250)))
                }
                _ => String::new(),
            };
            let earned = match at.counters.first() {
                Some((counter, unit)) if kind == 3 && company == "Maker" => format!(
                    "; earned over {} {unit} to {} {unit} of {counter}",
                    dice.below(20) * at.scale,
                    (20 + dice.below(30)) * at.scale
                ),
                _ => String::new(),
            };
            self.fixed(format!("    tranche A{k} {} {{ {when}{by}{earned} }}", money(*size, currency)));
            tranches.push((format!("{contract}.i.A{k}"), *size));
        }
        self.fixed("  }");
        cast.deals.push(Deal { tranches, investors, currency });
    }

    fn when_called(&self, dice: &mut Dice, chooser: &str, own: i64, of: i64, at: &Gates<'_>) -> String {
        let gate = match dice.below(7) {
            0 if chooser.is_empty() => return "called at signing".to_owned(),
            0 => return format!("called{chooser}"),
            1 if chooser.is_empty() => return format!("called on {}", at.signed.plus_days(dice.below(200))),
            1 | 2 => "attested ready".to_owned(),
            3 if of > 1 => {
                let other = 1 + (own + dice.below(of - 1)) % of;
                format!("A{other} {}", dice.pick(&["called", "funded"]))
            }
            4 => format!("on or after {}", at.signed.plus_days(dice.below(200))),
            _ => Gates { prefix: "A", reached: &["called", "funded"], own, of, ..*at }.any(dice),
        };
        format!("called{chooser} when {gate}")
    }
}

fn price(dice: &mut Dice, company: &str, class: &str, currency: &str, signed: Date) -> String {
    let count = *dice.pick(&["issued shares", "issued shares", "fully diluted shares"]);
    let value = (1 + dice.below(90)) * 1000 + dice.below(100);
    let as_of =
        if dice.one_in(4) { format!(" as of {}", signed.plus_days(dice.below(90) - 20)) } else { String::new() };
    match dice.below(12) {
        0..=2 => format!("{}.{:02} {currency}/share", 1 + dice.below(40), dice.below(100)),
        3 if class == "common" => format!("close({company}.common)"),
        3 | 4 => format!("{value} {currency} pre_money, {count}{as_of}"),
        5 => format!("{value} {currency} post_money, {count}{as_of}"),
        6 => format!("{value} {currency} post_money of {} {currency}, {count}{as_of}", 1 + dice.below(1500)),
        7 | 8 => format!("valuation({company}) pre_money, {count}"),
        9 => format!("valuation({company}) post_money, {count}"),
        10 => format!("valuation({company}) post_money of {} {currency}, {count}", 1 + dice.below(900)),
        _ => "undisclosed".to_owned(),
    }
}

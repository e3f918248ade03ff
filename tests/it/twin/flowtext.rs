//! Random operating lines, rates, valuations and limits, as text.

use proforma::time::Date;

use super::dealtext::money;
use super::dice::Dice;
use super::story::{Cast, Story, day};

/// An operating line that lines may talk about.
pub struct Line {
    pub name: String,
    pub currency: &'static str,
    pub series: bool,
}

impl Story {
    /// Up to three operating lines.
    pub fn flows(&mut self, dice: &mut Dice, cast: &mut Cast) {
        for n in 1..=dice.below(4) {
            let name = format!("f{n}");
            let mut ends = vec!["others", "Maker", "Buyer", "Other", "Partner"];
            dice.mix(&mut ends);
            let currency = if cast.euro && dice.one_in(2) { "EUR" } else { "USD" };
            let mut text = format!("flow {name} \"{name}\" from {} to {} {{", ends[0], ends[1]);
            let series = dice.one_in(4);
            if series {
                for version in ["a", "b"] {
                    let known = known(dice);
                    let amounts = amounts(dice, currency);
                    text.push_str(&format!(" series {version} {{{known}{amounts} }};"));
                }
            } else {
                text.push_str(&format!("{};", amounts(dice, currency)));
            }
            let standings = [
                "",
                "",
                "",
                " standing definitive firm;",
                " standing definitive option;",
                " standing letter of intent;",
            ];
            text.push_str(standings[usize::try_from(dice.below(6)).unwrap()]);
            if dice.one_in(4) {
                text.push_str(" financing;");
            }
            text.push_str(&known(dice));
            self.group = name.clone();
            self.loose(format!("{text} }}"));
            self.group.clear();
            cast.flows.push(Line { name, currency, series });
        }
    }

    /// What holds from its day on: rates, valuations, limits.
    pub fn quotes(&mut self, dice: &mut Dice, cast: &Cast, start: Date) {
        if cast.euro {
            // A rate is asked for by the first day, also of what a scenario moves.
            let first = day("2025-12-01");
            let (pair, unit) = if dice.one_in(3) { ("USD in EUR", "EUR/USD") } else { ("EUR in USD", "USD/EUR") };
            self.lines.push(format!("{first} price rate({pair}) 1.1 {unit}"));
            for n in 0..dice.below(4) {
                let date = start.plus_days(n * 60 + dice.below(60));
                let basis = dice.pick(&["", "", "forecast "]);
                self.lines.push(format!(
                    "{date} {basis}price rate({pair}) {}.{:03} {unit}",
                    dice.below(2),
                    1 + dice.below(999)
                ));
            }
        }
        for company in ["Maker", "Buyer", "Other"] {
            for n in 0..dice.below(4) {
                let date = start.plus_days(n * 70 + dice.below(70) - 30);
                let basis = dice.pick(&["", "", "forecast ", "assumed "]);
                let value = money((1 + dice.below(90)) * 100_000 + dice.below(10_000), cast.currency(company));
                self.lines.push(format!("{date} {basis}price valuation({company}) {value}"));
            }
            if dice.one_in(4) {
                let cash = money(dice.below(1_000_000), cast.currency(company));
                self.lines.push(format!("{} minimum {company} {cash}", start.plus_days(dice.below(200))));
                let until = start.plus_days(100 + dice.below(200));
                self.lines.push(format!("{start} undrawn {company} revolver {cash} until {until}"));
            }
        }
        if dice.one_in(6) {
            let (from, to) = (start.plus_days(dice.below(100)), start.plus_days(100 + dice.below(200)));
            let currency = cast.currency("Maker");
            let way = match dice.below(2) {
                0 => format!("flat {} {currency} to {to}", 5000 + dice.below(90_000)),
                _ => format!(
                    "at {} {currency} linear to {} {currency} at {to}",
                    1 + dice.below(90_000),
                    1 + dice.below(90_000)
                ),
            };
            self.lines.push(format!("path valuation(Maker) from {from} {way} forecast"));
        }
    }
}

fn known(dice: &mut Dice) -> String {
    if dice.one_in(5) { format!(" known {};", day("2026-01-02").plus_days(dice.below(300))) } else { String::new() }
}

fn amounts(dice: &mut Dice, currency: &str) -> String {
    let amount = |dice: &mut Dice| match dice.below(12) {
        0 => format!("undisclosed {currency}"),
        _ => money(1 + dice.below(400_000), currency),
    };
    if dice.one_in(2) {
        let from = day("2026-01-02").plus_days(dice.below(200));
        let to = from.plus_days(dice.below(400));
        let each = dice.pick(&["week", "month", "quarter", "year"]);
        let rate = dice.pick(&["1.5%", "-3.33%", "12%", "0.07%", "-50%"]);
        let growing = if dice.one_in(2) {
            format!(" growing {rate} every {}", dice.pick(&["week", "month", "quarter", "year"]))
        } else {
            String::new()
        };
        return format!(" {} every {each} from {from} to {to}{growing}", amount(dice));
    }
    let mut text = String::new();
    for period in ["2026-Q1", "2026-Q2", "2026-07", "2026-08", "2026-11", "2027"] {
        if dice.one_in(2) {
            text.push_str(&format!(" {period} {};", amount(dice)));
        }
    }
    if text.is_empty() {
        text.push_str(&format!(" 2026 {};", amount(dice)));
    }
    let paid = ["first day", "last day", "day 8 of each month", "day 31 of each month"];
    if dice.one_in(2) {
        text.push_str(&format!(" paid on {}", dice.pick(&paid)));
    } else {
        text.pop();
    }
    text
}

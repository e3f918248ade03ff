//! Random ledgers, as text: facts good and bad, forecasts that come true, corrections, withdrawals, splits, paths.

use proforma::time::{Date, TradingCalendar};

use super::dealtext::money;
use super::dice::Dice;
use super::story::{Cast, Story, day};

/// A line that others may refer to.
struct Named {
    id: String,
    date: Date,
    known: Date,
    /// Everything after the id.
    text: String,
    forecast: bool,
}

/// Fills in the ledger.
pub fn ledger(story: &mut Story, dice: &mut Dice, cast: &Cast) {
    let start = cast.signed.iter().min().copied().unwrap();
    story.lines.push(format!("{start} open Maker {{ Maker.common 2_000 shares; cash 1_000 USD }}"));
    let second = if cast.preferred && dice.one_in(2) { "; Buyer.preferred 700 shares" } else { "" };
    let awards = if dice.one_in(3) { "; awards 333 shares" } else { "" };
    story.lines.push(format!("{start} open Buyer {{ Buyer.common 3_000 shares{second}{awards}; cash 5m USD }}"));
    if !dice.one_in(3) {
        let late = start.plus_days(dice.below(40) / 2 * dice.below(2));
        story
            .lines
            .push(format!("{late} open Other {{ Other.common 1_234 shares; cash 1m {} }}", cast.currency("Other")));
    }
    story.quotes(dice, cast, start);
    let mut named: Vec<Named> = Vec::new();
    for n in 0..8 + dice.below(30) {
        let line = fact(dice, cast, start, n);
        story.lines.push(written(&line));
        named.push(line);
    }
    let quantity = |n: &&Named| {
        ["order", "deliver", "accept", "invoice", "pay", "issue", "call", "fund"].iter().any(|v| n.text.starts_with(v))
    };
    let scales: Vec<String> = named.iter().filter(quantity).map(|n| n.id.clone()).collect();
    let mut ids: Vec<String> = named.iter().map(|n| n.id.clone()).collect();
    // Later lines about earlier ones, each at most once.
    let mut free: Vec<Named> = named;
    dice.mix(&mut free);
    for n in 0..dice.below(7) {
        let Some(old) = free.pop() else { break };
        let new = about(story, dice, &old, n);
        // What a scenario does to a forecast that came true in part, or to a withdrawn line, is another story.
        match &new {
            Some(new) => ids.push(new.id.clone()),
            None => ids.retain(|id| *id != old.id),
        }
        if let Some(new) = new {
            free.insert(0, new);
        }
    }
    for name in ["what", "if"].into_iter().take(usize::try_from(dice.below(3)).unwrap()) {
        scenario(story, dice, cast, (&ids, &scales), start, name);
    }
    for n in 0..dice.below(3) {
        let date = start.plus_days(dice.below(400));
        let calendar = TradingCalendar::nyse();
        match dice.below(3) {
            0 => story.lines.push(format!(
                "{date} sp{n}: split {} {}",
                dice.pick(&["Maker.common", "Maker.common", "Buyer.common", "Other.common"]),
                dice.pick(&["4 for 1", "3 for 2", "1 for 10"])
            )),
            1 => {
                let (from, to) = (calendar.next_after(date), calendar.next_after(date.plus_days(dice.below(90))));
                let price = 15 + dice.below(40);
                story
                    .lines
                    .push(format!("path close(Maker.common) from {from} flat {price} USD/share to {to} forecast"));
            }
            _ => {
                let (from, to) = (calendar.next_after(date), calendar.next_after(date.plus_days(20 + dice.below(90))));
                let (a, b) = (15 + dice.below(40), 15 + dice.below(40));
                story.lines.push(format!(
                    "path close(Maker.common) from {from} at {a} USD/share linear to {b} USD/share at {to} assumed"
                ));
            }
        }
    }
    if cast.contracts.len() > 1 && dice.one_in(8) {
        story.lines.push(format!("{} end: terminate c1", start.plus_days(60 + dice.below(250))));
    }
}

fn fact(dice: &mut Dice, cast: &Cast, start: Date, n: i64) -> Named {
    let date = start.plus_days(dice.below(420) - 4);
    let forecast = dice.one_in(4);
    let known =
        if forecast { date.plus_days(-dice.below(300)) } else { date.plus_days(dice.below(4) / 3 * dice.below(20)) };
    let id = format!("l{n:02}");
    let money_of = |dice: &mut Dice, size: i64| match dice.below(5) {
        0 => size,
        1 => size / 2,
        2 => size / 4,
        3 => 1 + dice.below(size),
        _ => 1 + dice.below(size / 100 + 1) * 100,
    };
    let text = match dice.below(if cast.deals.is_empty() && cast.flows.is_empty() { 12 } else { 24 }) {
        12 if !cast.flows.is_empty() => {
            let flow = dice.pick(&cast.flows);
            format!("pay {} {}", flow.name, money(1 + dice.below(200_000), flow.currency))
        }
        13..=14 if !cast.deals.is_empty() => {
            let deal = dice.pick(&cast.deals);
            let (path, size) = dice.pick(&deal.tranches);
            let amount = if dice.one_in(2) {
                String::new()
            } else {
                format!(" {}", money(money_of(dice, *size), deal.currency))
            };
            format!("call {path}{amount}")
        }
        15..=18 if !cast.deals.is_empty() => {
            let deal = dice.pick(&cast.deals);
            let (path, size) = dice.pick(&deal.tranches);
            let by = if dice.one_in(3) { format!(" by {}", dice.pick(&deal.investors)) } else { String::new() };
            format!("fund {path} {}{by}", money(money_of(dice, *size), deal.currency))
        }
        19..=20 if !cast.deals.is_empty() => {
            let deal = dice.pick(&cast.deals);
            let (path, _) = dice.pick(&deal.tranches);
            format!("attest {path} {}", dice.pick(&["ready", "ready", "open"]))
        }
        0 | 1 if !cast.tranches.is_empty() => {
            let (path, size) = dice.pick(&cast.tranches);
            let shares = 1 + dice.below(*size + *size / 5);
            format!("exercise {path} {shares} shares {}", dice.pick(&["cash", "net"]))
        }
        2 if !cast.tranches.is_empty() => {
            let (path, _) = dice.pick(&cast.tranches);
            format!("attest {path} {}", dice.pick(&["ready", "open"]))
        }
        3 if !cast.tranches.is_empty() => {
            let (path, _) = dice.pick(&cast.tranches);
            format!("judge {path} {}", dice.pick(&["probable", "probable", "not probable"]))
        }
        4 => {
            let class = dice.pick(&["Maker.common", "Maker.common", "Buyer.common"]);
            format!("issue {} shares of {class} to holders", 1 + dice.below(150))
        }
        5 => {
            let at = usize::try_from(dice.below(i64::try_from(cast.supplies.len()).unwrap())).unwrap();
            let ((path, _, _, most), currency) = (&cast.supplies[at], cast.paid_in[at]);
            format!("pay {path} {}.{:02} {currency}", dice.below(*most * 12 + 1) + 1, dice.below(100))
        }
        _ => {
            let (path, unit, events, most) = dice.pick(&cast.supplies);
            let verb = match *dice.pick(events) {
                "delivery" => "deliver",
                "acceptance" => "accept",
                other => other,
            };
            let whole = 1 + dice.below(*most / 2);
            let quantity = if dice.one_in(2) { format!("{whole}.{}", dice.below(100)) } else { whole.to_string() };
            let by = dice.pick(&["", "", "", " by Other as friends", " by Other"]);
            format!("{verb} {path} {quantity} {unit}{by}")
        }
    };
    Named { id, date, known, text, forecast }
}

fn written(line: &Named) -> String {
    let basis = if line.forecast { "forecast " } else { "" };
    let known = if line.known == line.date { String::new() } else { format!("known {} ", line.known) };
    format!("{} {known}{basis}{}: {}", line.date, line.id, line.text)
}

/// A few changes, each to another line.
fn scenario(
    story: &mut Story,
    dice: &mut Dice,
    cast: &Cast,
    (ids, scales): (&[String], &[String]),
    start: Date,
    name: &str,
) {
    let from = story.scenarios.last().map_or("base", |s| s.as_str()).to_owned();
    let mut ids = ids.to_vec();
    dice.mix(&mut ids);
    let mut text = format!("scenario {name} \"{name}\" from {from} {{");
    for id in ids.iter().take(usize::try_from(1 + dice.below(4)).unwrap()) {
        let change = match dice.below(9) {
            0 | 1 => format!("move {id} by {} days", dice.below(120) - 30),
            2 => format!("move {id} to {}", start.plus_days(dice.below(400))),
            3 => format!("drop {id}"),
            4 => {
                let (path, unit, events, most) = dice.pick(&cast.supplies);
                let verb = if events.len() == 1 { "invoice" } else { "order" };
                let q = 1 + dice.below(*most / 2);
                format!("add {} forecast x{id}{name}: {verb} {path} {q} {unit}", start.plus_days(dice.below(400)))
            }
            5 | 6 if scales.contains(id) => format!("scale {id} by {}%", dice.pick(&[0, 50, 150, 200])),
            7 => format!("set guess = {} USD/rack", 1 + dice.below(300)),
            _ => {
                let day = TradingCalendar::nyse().next_after(start.plus_days(dice.below(300)));
                let last = TradingCalendar::nyse().next_after(day.plus_days(dice.below(90)));
                format!("path close(Maker.common) from {day} flat {} USD/share to {last}", 15 + dice.below(40))
            }
        };
        text.push_str(&format!(" {change};"));
    }
    for flow in &cast.flows {
        let change = match dice.below(12) {
            0 => format!("move {} by {} days", flow.name, dice.below(120) - 30),
            1 | 2 => format!("scale {} by {}%", flow.name, dice.pick(&["50", "33.3", "150", "0"])),
            3 => format!("drop {}", flow.name),
            4 if flow.series => format!("set {} = b", flow.name),
            5 => format!(
                "add {} forecast y{}{name}: pay {} {}",
                start.plus_days(dice.below(400)),
                flow.name,
                flow.name,
                money(1 + dice.below(90_000), flow.currency)
            ),
            _ => continue,
        };
        text.push_str(&format!(" {change};"));
    }
    if dice.one_in(8) && cast.contracts.len() > 1 {
        text.push_str(" drop c2;");
    }
    story.scenarios.push(name.to_owned());
    story.lines.push(format!("{text} }}"));
}

/// A line that realises, corrects or withdraws an earlier one.
fn about(story: &mut Story, dice: &mut Dice, old: &Named, n: i64) -> Option<Named> {
    let date = old.date.plus_days(dice.below(60) - 20);
    let known = old.known.max(date).plus_days(dice.below(15));
    let id = format!("m{n:02}");
    let mut new = Named { id, date, known, text: old.text.clone(), forecast: old.forecast };
    match dice.below(3) {
        0 if old.forecast => {
            new.forecast = false;
            let part = if dice.one_in(3) { " in part" } else { "" };
            story.lines.push(format!("{} realises {}{part}", written(&new), old.id));
            (part.is_empty()).then_some(new)
        }
        1 => {
            story.lines.push(format!("{} withdraws {}", day("2026-01-02").plus_days(dice.below(500)), old.id));
            None
        }
        _ => {
            if new.forecast {
                new.known = old.known.plus_days(dice.below(30));
            }
            story.lines.push(format!("{} corrects {}", written(&new), old.id));
            Some(new)
        }
    }
}

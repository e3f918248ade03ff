//! Entries as journals of beancount and hledger, and as rows.
//!
//! Both journals state the balances at the end, as this program has them: their own programs check them when they read.

mod names;

use std::fmt::Write;

use names::{Names, commodities, quoted};

use super::csv;
use crate::num::{Number, Unit};
use crate::report::journal::export::{Export, Posted};
use crate::terms::{AccountClass, Basis};
use crate::time::Date;

/// An amount with the places of its unit, or more if it has more.
fn amount(number: Number, commodity: &str) -> String {
    let places = Unit::of(commodity).precision().unwrap_or(0).max(number.scale());
    number.to_fixed(places)
}

const fn flag(entry: &Posted) -> char {
    match entry.basis {
        Basis::Actual => '*',
        Basis::Forecast | Basis::Assumed => '!',
    }
}

fn cite(entry: &Posted) -> Option<String> {
    let (text, read) = entry.cite.as_ref()?;
    Some(format!("{text}{}", if *read { "" } else { " (not verified against the text)" }))
}

/// The lines below the first of an entry: why it was made.
fn labels(entry: &Posted) -> Vec<(&'static str, String)> {
    let cause = Some(entry.cause.clone()).filter(|cause| !cause.is_empty()).map(|cause| ("cause", cause));
    let cite = cite(entry).map(|cite| ("cite", cite));
    let basis = (entry.basis != Basis::Actual).then(|| ("basis", entry.basis.word().to_owned()));
    [cause, cite, basis].into_iter().flatten().collect()
}

fn last_day(export: &Export) -> Option<Date> {
    export.entries.last().map(|entry| entry.date)
}

// Writing to a string does not fail; the results below say nothing.

/// As beancount reads it.
#[must_use]
pub fn beancount(export: &Export) -> String {
    let mut names = Names::default();
    let units = commodities(export);
    let mut out = String::new();
    for line in &export.header {
        let _ = writeln!(out, "; {line}");
    }
    let _ = writeln!(out, "option \"title\" \"proforma\"");
    for currency in units.iter().filter(|(raw, _)| Unit::of(raw).is_currency()) {
        let _ = writeln!(out, "option \"operating_currency\" \"{}\"", currency.1);
    }
    out.push('\n');
    if let Some(first) = export.entries.first().map(|entry| entry.date) {
        for (raw, name) in &units {
            let _ = writeln!(out, "{first} commodity {name}");
            if **raw != **name {
                let _ = writeln!(out, "  name: \"{}\"", escaped(raw));
            }
        }
    }
    let mut open: Vec<String> = Vec::new();
    let mut body = String::new();
    for entry in &export.entries {
        let _ = writeln!(
            body,
            "\n{} {} \"{} {}\" \"{}\"",
            entry.date,
            flag(entry),
            escaped(&entry.owner),
            escaped(&entry.book),
            escaped(&entry.why)
        );
        for (key, value) in labels(entry) {
            let _ = writeln!(body, "  {key}: \"{}\"", escaped(&value));
        }
        for (place, commodity, number) in &entry.postings {
            let account = names.account(place);
            let unit = units.get(commodity).map_or("", String::as_str);
            let line = format!("{} open {account}", entry.date);
            let _ = writeln!(body, "  {account}  {} {unit}", amount(*number, commodity));
            if names.is_new(&account) {
                open.push(line);
            }
        }
    }
    open.iter().for_each(|line| {
        let _ = writeln!(out, "{line}");
    });
    out.push_str(&body);
    if let Some(next) = last_day(export).map(Date::next).filter(|_| !export.closing.is_empty()) {
        out.push('\n');
        for closing in &export.closing {
            let account = names.account(&closing.place);
            let unit = units.get(&closing.commodity).map_or("", String::as_str);
            let shown = amount(closing.with_below, &closing.commodity);
            let _ = writeln!(out, "{next} balance {account}  {shown} {unit}");
        }
    }
    out
}

/// Quotes and strokes as beancount wants them; a text stays on its line.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ")
}

/// As hledger reads it.
#[must_use]
pub fn hledger(export: &Export) -> String {
    let mut names = Names::default();
    let units = commodities(export);
    let mut out = String::new();
    for line in &export.header {
        let _ = writeln!(out, "; {line}");
    }
    out.push('\n');
    for (raw, name) in &units {
        let amounts = export.entries.iter().flat_map(|entry| &entry.postings).filter(|(_, c, _)| c == raw);
        let places = amounts.map(|(.., n)| n.scale()).chain(Unit::of(raw).precision()).max().unwrap_or(0) as usize;
        let _ = writeln!(out, "commodity 1000.{} {}{}", "0".repeat(places), quoted(name), remark(raw, name));
    }
    out.push('\n');
    let mut body = String::new();
    for entry in &export.entries {
        let _ = writeln!(
            body,
            "\n{} {} {} {} | {}",
            entry.date,
            flag(entry),
            plain(&entry.owner),
            plain(&entry.book),
            plain(&entry.why)
        );
        for (key, value) in labels(entry) {
            let _ = writeln!(body, "    ; {key}: {}", plain(&value));
        }
        for (place, commodity, number) in &entry.postings {
            let account = names.account(place);
            let unit = units.get(commodity).map_or("", String::as_str);
            let _ = writeln!(body, "    {account}  {} {}", amount(*number, commodity), quoted(unit));
            if names.is_new(&account) {
                let _ = writeln!(out, "account {account}  ; type: {}", names::kind(place));
            }
        }
    }
    out.push_str(&body);
    if let Some(last) = last_day(export).filter(|_| !export.closing.is_empty()) {
        let _ = writeln!(out, "\n{last} * proforma | balances at the end");
        for closing in &export.closing {
            let account = names.account(&closing.place);
            let unit = quoted(units.get(&closing.commodity).map_or("", String::as_str));
            let shown = amount(closing.amount, &closing.commodity);
            let _ = writeln!(out, "    {account}  0 {unit} = {shown} {unit}");
        }
    }
    out
}

/// Says what a commodity is called where contracts are written.
fn remark(raw: &str, name: &str) -> String {
    if raw == name { String::new() } else { format!("  ; {}", plain(raw)) }
}

/// Without what hledger would read as a date, a comment or a part of the description.
fn plain(text: &str) -> String {
    text.replace([';', '|', '\n', '\r'], " ").replace("date:", "date ").replace("date2:", "date2 ")
}

const ROWS: [&str; 12] =
    ["date", "entry", "owner", "book", "kind", "account", "item", "amount", "commodity", "why", "cause", "basis"];

/// A kind of account as books write it.
fn word(class: AccountClass) -> &'static str {
    AccountClass::ALL.iter().find(|(known, _)| *known == class).map_or("", |(_, word)| word)
}

/// One posting a row, every digit, debit positive.
#[must_use]
pub fn rows(export: &Export) -> String {
    let mut rows = Vec::new();
    for (number, entry) in (1..).zip(&export.entries) {
        for (place, commodity, amount) in &entry.postings {
            let kind = place.class.map_or("legal", word);
            let number: u32 = number;
            rows.push([
                entry.date.to_string(),
                number.to_string(),
                place.owner.to_string(),
                place.book.to_string(),
                kind.to_owned(),
                place.account.to_string(),
                place.item.to_string(),
                amount.to_string(),
                commodity.to_string(),
                entry.why.clone(),
                entry.cause.clone(),
                entry.basis.word().to_owned(),
            ]);
        }
    }
    csv::write(ROWS, rows.into_iter())
}

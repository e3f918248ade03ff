//! Measures of cash, for facts, assertions and `explain`.

use std::collections::BTreeSet;

use super::super::Origin;
use super::super::measure::{Measured, Measures, Nature};
use super::book::{Cashbook, Movement, Sum};
use super::status::Tier;
use crate::num::{Fault, Number, Unit};
use crate::terms::{Basis, PartyId};
use crate::time::{Date, Period};

/// Measures of a party's cash. Those that begin with `below` are days, written as the number 20271108; nil if there is
/// none.
pub const MEASURES: &[(&str, Nature)] = &[
    ("opening_cash", Nature::Flow),
    ("cash_inflows", Nature::Flow),
    ("cash_outflows", Nature::Flow),
    ("closing_cash", Nature::Stock),
    ("closing_cash_with_loi", Nature::Stock),
    ("cash_headroom", Nature::Stock),
    ("cash_headroom_with_loi", Nature::Stock),
    ("below_minimum", Nature::Flow),
    ("below_minimum_with_loi", Nature::Flow),
];

/// A measure of cash; the item of an inflow or outflow is a clause or the party on the other side.
///
/// # Errors
/// Overflow.
pub fn measure(
    measures: Measures<'_, '_>,
    party: PartyId,
    name: &str,
    item: Option<&str>,
    period: Period,
) -> Result<Option<Measured>, Fault> {
    let replay = measures.replay;
    let Some(terms) = replay.terms.parties.get(party.index()) else { return Ok(None) };
    let book = Cashbook::read(replay, party, &terms.currency)?;
    let (plain, with) = match name.strip_suffix("_with_loi") {
        Some(plain) => (plain, BTreeSet::from([Tier::LetterOfIntent])),
        None => (name, BTreeSet::new()),
    };
    let own = item.is_none_or(|item| *item == *terms.name);
    let moved = |receipts: bool| {
        let named = |m: &Movement| item.is_none_or(|i| *m.line == *i || *m.with == *i || i == &*terms.name);
        book.sum(period, |m| book.counts(m, &with) && m.is_paid(receipts) && named(m))
    };
    let sum = match plain {
        "cash_inflows" => moved(true)?,
        "cash_outflows" => {
            let sum = moved(false)?;
            Sum { amount: sum.amount.neg(), ..sum }
        }
        _ if !own => return Ok(None),
        "opening_cash" => book.opening(period, &with)?,
        "closing_cash" => book.balance(period.to, &with)?,
        "cash_headroom" => book.headroom(replay.inputs, period.to, &with)?,
        "below_minimum" => {
            let breach = book.breach(replay.inputs, period, &with)?;
            let basis = book.balance(period.to, &with)?.basis;
            let day = breach.as_ref().map_or(Number::ZERO, |breach| number(breach.date));
            let origin = Origin::State { what: terms.name.clone(), date: breach.map_or(period.to, |b| b.date) };
            let certainty = basis.unwrap_or(Basis::Actual);
            let (value, missing) = (crate::terms::Value::Known(day), BTreeSet::new());
            return Ok(Some(Measured { value, missing, unit: Unit::of("date"), certainty, origin }));
        }
        _ => return Ok(None),
    };
    let (value, certainty) = (sum.value(), sum.basis.unwrap_or(Basis::Actual));
    let origin = Origin::Entries { book: None, entries: sum.entries };
    Ok(Some(Measured { value, missing: sum.missing, unit: Unit::of(&terms.currency), certainty, origin }))
}

/// A day as a number that can be compared: 20271108.
fn number(date: Date) -> Number {
    Number::from_int(i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()))
}

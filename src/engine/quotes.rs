//! Rates of exchange and valuations: a value holds from its day until the next. There is no calendar and so no gap
//! between two values; before the first there is nothing.

use std::collections::BTreeMap;

use super::Inputs;
use super::inputs::Input;
use super::prices::Origin;
use crate::num::{Fault, Number, Rounding, Unit};
use crate::terms::{Basis, Fact, PricePath, Prices, Quoted, Terms, Value};
use crate::time::Date;

/// A value of a series, from its day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The day.
    pub date: Date,
    /// The value.
    pub value: Number,
    /// How sure.
    pub basis: Basis,
    /// From where.
    pub origin: Origin,
}

/// The values of a series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotes {
    /// Its place among the series of the run.
    pub number: u32,
    all: Vec<Quote>,
}

impl Quotes {
    /// The value that holds on a day: the last one on or before it.
    #[must_use]
    pub fn on(&self, date: Date) -> Option<&Quote> {
        let after = self.all.partition_point(|quote| quote.date <= date);
        after.checked_sub(1).and_then(|at| self.all.get(at))
    }

    /// All values, by day.
    #[must_use]
    pub fn all(&self) -> &[Quote] {
        &self.all
    }

    /// The last day with an actual value.
    #[must_use]
    pub fn last_actual(&self) -> Option<Date> {
        self.all.iter().rev().find(|quote| quote.basis == Basis::Actual).map(|quote| quote.date)
    }
}

type Points = BTreeMap<Date, (Number, Basis, Origin)>;

/// All series of rates and valuations.
pub(super) fn assemble(
    terms: &Terms,
    inputs: &Inputs,
    paths: &[&PricePath],
    known_by: Option<Date>,
) -> Result<BTreeMap<Quoted, Quotes>, super::Fault> {
    let fault = |of: &Quoted, date: Date| {
        let clause = terms.quoted(of).into();
        move |kind: Fault| super::Fault { kind, clause, date }
    };
    let holds = |of: &Quoted| of.class().is_none();
    let mut all: BTreeMap<Quoted, Points> = BTreeMap::new();
    for (number, prices) in (0u32..).zip(&terms.prices).filter(|(_, prices)| holds(&prices.of)) {
        let first = prices.points.first().map_or(Date::MIN, |(date, ..)| *date);
        let points = all.entry(prices.of.clone()).or_default();
        file(points, number, prices, known_by).map_err(fault(&prices.of, first))?;
    }
    for line in &inputs.lines {
        let Some(Fact::Price { of, price }) = line.line.fact.as_ref() else { continue };
        if holds(of) {
            let value = inputs.quantity(line, price).map_err(fault(of, line.line.date))?;
            if let Some(value) = value.known() {
                let point = (value, line.line.basis, Origin::Line(line.id));
                all.entry(of.clone()).or_default().insert(line.line.date, point);
            }
        }
    }
    for path in paths.iter().filter(|path| holds(&path.of)) {
        along(all.entry(path.of.clone()).or_default(), inputs, path).map_err(fault(&path.of, path.from))?;
    }
    let series = (0u32..).zip(all).map(|(number, (of, points))| {
        let quote = |(date, (value, basis, origin))| Quote { date, value, basis, origin };
        (of, Quotes { number, all: points.into_iter().map(quote).collect() })
    });
    Ok(series.collect())
}

fn file(into: &mut Points, number: u32, prices: &Prices, known_by: Option<Date>) -> Result<(), Fault> {
    let visible = |date: Date| known_by.is_none_or(|day| date <= day) || prices.basis != Basis::Actual;
    let points: Vec<_> = prices.points.iter().filter(|(date, ..)| visible(*date)).collect();
    if prices.linear {
        for (a, b) in points.iter().zip(points.iter().skip(1)) {
            between(into, &prices.of, (a.0, a.1), (b.0, b.1), Basis::Assumed)?;
        }
    }
    for (date, value, row) in points {
        into.insert(*date, (*value, prices.basis, Origin::File(number, *row)));
    }
    Ok(())
}

/// Fills the days after `a` up to and including `b` on a straight line: rates to six places, valuations to cents.
fn between(into: &mut Points, of: &Quoted, a: (Date, Number), b: (Date, Number), basis: Basis) -> Result<(), Fault> {
    let places = if matches!(of, Quoted::Rate(..) | Quoted::Benchmark(_)) { 6 } else { 2 };
    let rounding = Rounding { places, ..Rounding::CENTS };
    let count = a.0.days_until(b.0);
    let rise = b.1.minus(a.1)?;
    for step in 1..=count {
        let value = a.1.plus(rise.ratio_of(Number::from_int(step), Number::from_int(count), rounding)?)?;
        into.insert(a.0.plus_days(step), (value, basis, Origin::Interpolated));
    }
    Ok(())
}

/// Replaces the values from the first to the last day of a path. What was there on its last day does not come back
/// after it: the path's last value holds until the next.
fn along(into: &mut Points, inputs: &Inputs, path: &PricePath) -> Result<(), Fault> {
    let stated = path.start.as_ref().map(|p| inputs.value(p)).transpose()?.and_then(|v| v.known());
    let before = into.range(..path.from).next_back().map(|(_, (value, ..))| *value);
    let Some(mut value) = stated.or(before) else { return Ok(()) };
    let Some(end) = path.to.last().map(|(_, date)| *date) else { return Ok(()) };
    into.retain(|date, _| *date < path.from || *date > end);
    into.insert(path.from, (value, path.basis, Origin::Interpolated));
    let mut from = path.from;
    for (target, date) in &path.to {
        let Some(target) = inputs.value(target)?.known() else { return Ok(()) };
        between(into, &path.of, (from, value), (*date, target), path.basis)?;
        (from, value) = (*date, target);
    }
    Ok(())
}

/// The value of a rate or valuation that holds on a day, and notes that it was read.
#[must_use]
pub fn quote<'i>(inputs: &'i Inputs, of: &Quoted, date: Date) -> Option<&'i Quote> {
    inputs.reads.note(Input::Quotes(inputs.quotes.get(of)?.number));
    inputs.quotes.get(of)?.on(date)
}

/// An amount in another currency at the rate that holds on a day, to the minor unit, half up. Where only the rate the
/// other way round is known, the amount is divided by it. `today` is the day on which the rate is read.
///
/// # Errors
/// Overflow.
pub fn convert(
    inputs: &Inputs,
    amount: Number,
    from: &str,
    to: &str,
    date: Date,
    today: Option<Date>,
) -> Result<Value, Fault> {
    if from == to || amount.is_zero() {
        return Ok(Value::Known(amount));
    }
    let rounding = Rounding { places: Unit::of(to).precision().unwrap_or(2), ..Rounding::CENTS };
    let rate = |of: Quoted| {
        let series = inputs.quotes.get(&of)?;
        today.map(|today| inputs.reads.note_on(Input::Quotes(series.number), today));
        series.on(date)
    };
    if let Some(rate) = rate(Quoted::Rate(from.into(), to.into())) {
        return Ok(Value::Known(amount.times(rate.value)?.round(rounding)));
    }
    match rate(Quoted::Rate(to.into(), from.into())) {
        Some(rate) => amount.over(rate.value, rounding).map(Value::Known),
        None => Ok(Value::missing(format!("rate({from} in {to}) on {date}"))),
    }
}

//! Price series: closes by day, gaps as gaps, windows as differences of running sums, splits without division.

use std::collections::BTreeMap;

use super::Inputs;
use super::inputs::Input;
use crate::num::{Fault, Number, Rounding};
use crate::terms::{Basis, ClassId, Fact, PriceMeasure, PricePath, Prices, Quoted, Terms};
use crate::time::{Date, TradingCalendar};

/// Where a close comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Line `1` of file `0`: indexes [`Terms::prices`].
    File(u32, u32),
    /// A `price` line.
    Line(crate::terms::LineId),
    /// Between two points, or along a path.
    Interpolated,
}

/// One close.
#[derive(Clone, Debug)]
pub struct Close {
    /// The trading day.
    pub date: Date,
    /// As quoted that day.
    pub price: Number,
    /// How sure.
    pub basis: Basis,
    /// From where.
    pub origin: Origin,
    sum: Number,
    adjusted_sum: Number,
}

/// The closes of a class. Multiplying a close by its day's multiplier makes closes before and after splits comparable.
#[derive(Clone, Debug)]
pub struct Series {
    closes: Vec<Close>,
    multipliers: Vec<(Date, Number)>,
    calendar: TradingCalendar,
}

/// What a price measure reads on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Sum of the closes of the window, multiplied as above when the measure adjusts; `sum / window` is the average.
    Sum(Number, Basis),
    /// Trading days in the window have no close: the first of them.
    Gap(Date),
    /// The series has no close at all, or ends before this day.
    None,
}

impl Series {
    /// The multiplier in force on a day.
    #[must_use]
    pub fn multiplier(&self, date: Date) -> Number {
        let after = self.multipliers.partition_point(|(from, _)| *from <= date);
        after.checked_sub(1).and_then(|i| self.multipliers.get(i)).map_or(Number::ONE, |(_, m)| *m)
    }

    /// What the measure reads on a day.
    #[must_use]
    pub fn read(&self, measure: &PriceMeasure, date: Date) -> Reading {
        let day = self.calendar.on_or_before(date);
        let (Some(first), Some(last)) = (self.closes.first(), self.closes.last()) else { return Reading::None };
        if day > last.date {
            return Reading::None;
        }
        let start = self.calendar.back(day, measure.window);
        let Some(end) = self.position(day) else { return Reading::Gap(day) };
        if start < first.date {
            return Reading::Gap(start);
        }
        let window = measure.window as usize;
        let begin = (end + 1).checked_sub(window);
        let whole = begin.and_then(|b| self.closes.get(b)).is_some_and(|c| c.date == start);
        let (Some(begin), true) = (begin, whole) else { return Reading::Gap(self.first_gap(start, day)) };
        let sum_at = |i: usize| {
            self.closes.get(i).map_or(Number::ZERO, |c| if measure.adjusts { c.adjusted_sum } else { c.sum })
        };
        let before = begin.checked_sub(1).map_or(Number::ZERO, sum_at);
        let basis = self.closes.get(begin..=end).unwrap_or_default().iter().map(|c| c.basis).max();
        sum_at(end).minus(before).map_or(Reading::None, |sum| Reading::Sum(sum, basis.unwrap_or(Basis::Actual)))
    }

    /// Whether both count shares and trading days alike.
    #[must_use]
    pub fn comparable(&self, other: &Self) -> bool {
        self.multipliers == other.multipliers && self.calendar == other.calendar
    }

    /// The close on a day, or on the last trading day before it.
    #[must_use]
    pub fn close(&self, date: Date) -> Option<&Close> {
        self.position(self.calendar.on_or_before(date)).and_then(|i| self.closes.get(i))
    }

    /// The last close up to a day, however old, in shares of that day.
    ///
    /// # Errors
    /// Overflow.
    pub fn latest(&self, date: Date) -> Result<Option<Number>, Fault> {
        let after = self.closes.partition_point(|close| close.date <= date);
        let Some(close) = after.checked_sub(1).and_then(|i| self.closes.get(i)) else { return Ok(None) };
        let (then, now) = (self.multiplier(close.date), self.multiplier(date));
        if then == now {
            return Ok(Some(close.price));
        }
        close.price.times(then)?.over(now, crate::terms::DIVISION).map(Some)
    }

    /// All closes, by day.
    #[must_use]
    pub fn closes(&self) -> &[Close] {
        &self.closes
    }

    /// The last close that is actual.
    #[must_use]
    pub fn last_actual(&self) -> Option<Date> {
        self.closes.iter().rev().find(|c| c.basis == Basis::Actual).map(|c| c.date)
    }

    /// Runs of trading days without a close between the first and the last close.
    #[must_use]
    pub fn gaps(&self) -> Vec<(Date, Date)> {
        let pairs = self.closes.iter().zip(self.closes.iter().skip(1));
        let missing = pairs.map(|(a, b)| (self.calendar.next_after(a.date), b.date));
        missing.filter(|(next, b)| next < b).map(|(next, b)| (next, self.calendar.on_or_before(b.prev()))).collect()
    }

    /// The first day of the window that ends on a day.
    #[must_use]
    pub fn window(&self, measure: &PriceMeasure, date: Date) -> (Date, Date) {
        let day = self.calendar.on_or_before(date);
        (self.calendar.back(day, measure.window), day)
    }

    /// The mean of the closes in a period, to the cent, in shares of the period's end; `None` without closes.
    ///
    /// # Errors
    /// Overflow.
    pub fn mean(&self, period: crate::time::Period) -> Result<Option<Number>, Fault> {
        let closes: Vec<Number> = self
            .closes
            .iter()
            .filter(|c| period.contains(c.date))
            .map(|c| c.price.times(self.multiplier(c.date)))
            .collect::<Result<_, Fault>>()?;
        let count = i64::try_from(closes.len()).map_err(|_| Fault::Overflow)?;
        if count == 0 {
            return Ok(None);
        }
        let sum = closes.into_iter().try_fold(Number::ZERO, Number::plus)?;
        sum.over(Number::from_int(count).times(self.multiplier(period.to))?, Rounding::CENTS).map(Some)
    }

    fn position(&self, date: Date) -> Option<usize> {
        self.closes.binary_search_by(|c| c.date.cmp(&date)).ok()
    }

    fn first_gap(&self, from: Date, to: Date) -> Date {
        let mut day = from;
        while day < to && self.position(day).is_some() {
            day = self.calendar.next_after(day);
        }
        day
    }
}

/// The series of every class that has prices.
pub(super) fn assemble(
    terms: &Terms,
    inputs: &Inputs,
    paths: &[&PricePath],
    known_by: Option<Date>,
) -> Result<BTreeMap<ClassId, Series>, super::Fault> {
    let fault = |class: ClassId, date: Date| {
        let clause = terms.classes.get(class.index()).map_or_else(|| "prices".into(), |c| c.path.clone());
        move |kind: Fault| super::Fault { kind, clause, date }
    };
    let mut all: BTreeMap<ClassId, BTreeMap<Date, (Number, Basis, Origin)>> = BTreeMap::new();
    for (number, prices) in (0u32..).zip(terms.prices.iter()) {
        let Quoted::Close(class) = prices.of else { continue };
        let calendar = calendar(terms, class);
        let first = prices.points.first().map_or(Date::MIN, |(date, ..)| *date);
        let points = all.entry(class).or_default();
        file_points(points, number, prices, &calendar, known_by).map_err(fault(class, first))?;
    }
    for line in &inputs.lines {
        let Some(Fact::Price { of: Quoted::Close(class), price }) = &line.line.fact else { continue };
        let fault = fault(*class, line.line.date);
        let scaled = || inputs.value(price)?.map(|price| price.times(line.scale));
        if let Some(price) = scaled().map_err(fault)?.known() {
            let point = (price, line.line.basis, Origin::Line(line.id));
            all.entry(*class).or_default().insert(line.line.date, point);
        }
    }
    for path in paths {
        let Quoted::Close(class) = path.of else { continue };
        let calendar = calendar(terms, class);
        along(all.entry(class).or_default(), inputs, path, &calendar).map_err(fault(class, path.from))?;
    }
    let mut series = BTreeMap::new();
    for (class, points) in all {
        let built = build(points, &splits(inputs, class), calendar(terms, class));
        series.insert(class, built.map_err(|(kind, date)| fault(class, date)(kind))?);
    }
    Ok(series)
}

/// The trading days of a class; Monday to Friday when it names none.
#[must_use]
pub fn calendar(terms: &Terms, class: ClassId) -> TradingCalendar {
    let named = terms.classes.get(class.index()).and_then(|c| c.calendar.clone());
    named.unwrap_or_else(TradingCalendar::weekdays)
}

fn splits(inputs: &Inputs, class: ClassId) -> Vec<(Date, Number, Number)> {
    let mut found: Vec<_> = inputs
        .lines
        .iter()
        .filter_map(|l| match &l.line.fact {
            Some(Fact::Split { class: of, new, old }) if *of == class => Some((l.line.date, *new, *old)),
            _ => None,
        })
        .collect();
    found.sort();
    found
}

fn file_points(
    into: &mut BTreeMap<Date, (Number, Basis, Origin)>,
    number: u32,
    prices: &Prices,
    calendar: &TradingCalendar,
    known_by: Option<Date>,
) -> Result<(), Fault> {
    let visible = |date: Date| known_by.is_none_or(|day| date <= day) || prices.basis != Basis::Actual;
    let points: Vec<_> = prices.points.iter().filter(|(date, ..)| visible(*date)).collect();
    if prices.linear {
        for (a, b) in points.iter().zip(points.iter().skip(1)) {
            line_between(into, (a.0, a.1), (b.0, b.1), Basis::Assumed, calendar)?;
        }
    }
    for (date, price, row) in points {
        into.insert(*date, (*price, prices.basis, Origin::File(number, *row)));
    }
    Ok(())
}

/// Fills the trading days after `a` up to and including `b` on a straight line, to the cent.
fn line_between(
    into: &mut BTreeMap<Date, (Number, Basis, Origin)>,
    a: (Date, Number),
    b: (Date, Number),
    basis: Basis,
    calendar: &TradingCalendar,
) -> Result<(), Fault> {
    let next = |day: &Date| {
        // After the last day of the calendar there is none.
        let next = calendar.next_after(*day);
        (next > *day && next <= b.0 && calendar.is_trading(next)).then_some(next)
    };
    let days: Vec<Date> = std::iter::successors(next(&a.0), next).collect();
    let count = Number::from_int(i64::try_from(days.len()).map_err(|_| Fault::Overflow)?);
    let rise = b.1.minus(a.1)?;
    for (step, day) in (1i64..).zip(days) {
        let price = a.1.plus(rise.ratio_of(Number::from_int(step), count, Rounding::CENTS)?)?;
        into.insert(day, (price, basis, Origin::Interpolated));
    }
    Ok(())
}

/// Replaces the closes from the first to the last day of a path.
fn along(
    into: &mut BTreeMap<Date, (Number, Basis, Origin)>,
    inputs: &Inputs,
    path: &PricePath,
    calendar: &TradingCalendar,
) -> Result<(), Fault> {
    let stated = path.start.as_ref().map(|p| inputs.value(p)).transpose()?.and_then(|v| v.known());
    let before = into.range(..path.from).next_back().map(|(_, (price, ..))| *price);
    let Some(mut price) = stated.or(before) else { return Ok(()) };
    let Some(end) = path.to.last().map(|(_, date)| *date) else { return Ok(()) };
    into.retain(|date, _| *date < path.from || *date > end);
    if calendar.is_trading(path.from) {
        into.insert(path.from, (price, path.basis, Origin::Interpolated));
    }
    let mut from = path.from;
    for (target, date) in &path.to {
        let Some(target) = inputs.value(target)?.known() else { return Ok(()) };
        line_between(into, (from, price), (*date, target), path.basis, calendar)?;
        (from, price) = (*date, target);
    }
    Ok(())
}

/// From when on closes are multiplied by what: the product of the `new` sides of all splits so far and the `old` sides
/// of all to come. So nothing is divided, and every multiplier is exact.
fn multipliers(splits: &[(Date, Number, Number)]) -> Result<Vec<(Date, Number)>, (Fault, Date)> {
    let mut after = Number::ONE;
    let mut to_come = vec![after];
    for (date, _, old) in splits.iter().rev() {
        after = after.times(*old).map_err(|kind| (kind, *date))?;
        to_come.push(after);
    }
    let mut so_far = Number::ONE;
    let mut found = vec![(Date::MIN, after)];
    for ((date, new, _), to_come) in splits.iter().zip(to_come.iter().rev().skip(1)) {
        let fault = |kind| (kind, *date);
        so_far = so_far.times(*new).map_err(fault)?;
        found.push((*date, so_far.times(*to_come).map_err(fault)?));
    }
    Ok(found)
}

fn build(
    mut points: BTreeMap<Date, (Number, Basis, Origin)>,
    splits: &[(Date, Number, Number)],
    calendar: TradingCalendar,
) -> Result<Series, (Fault, Date)> {
    let multipliers = multipliers(splits)?;
    let mut series = Series { closes: Vec::with_capacity(points.len()), multipliers, calendar };
    let (mut sum, mut adjusted_sum) = (Number::ZERO, Number::ZERO);
    // A line that a scenario moved to a day without trading sets no close.
    points.retain(|date, _| series.calendar.is_trading(*date));
    for (date, (price, basis, origin)) in points {
        let fault = |kind| (kind, date);
        sum = sum.plus(price).map_err(fault)?;
        let adjusted = price.times(series.multiplier(date)).map_err(fault)?;
        adjusted_sum = adjusted_sum.plus(adjusted).map_err(fault)?;
        series.closes.push(Close { date, price, basis, origin, sum, adjusted_sum });
    }
    Ok(series)
}

/// Notes that a class's prices were read, and reads the measure.
#[must_use]
pub fn read(inputs: &Inputs, measure: &PriceMeasure, date: Date) -> Reading {
    inputs.reads.note(Input::Prices(measure.class));
    inputs.prices.get(&measure.class).map_or(Reading::None, |series| series.read(measure, date))
}

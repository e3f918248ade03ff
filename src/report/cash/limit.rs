//! Minimum cash, facilities, headroom, and the first day on which it is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::book::{Cashbook, Movement, Sum};
use super::status::Tier;
use crate::engine::{InputLine, Inputs};
use crate::num::{Fault, Number};
use crate::terms::{Fact, LineId, PartyId, Value};
use crate::time::{Date, Period};

/// What limits the cash of a party on a day.
#[derive(Clone, Debug, Default)]
pub struct Limits<'r> {
    /// The minimum of each party, and the line that states it.
    pub minimum: BTreeMap<PartyId, (Value, &'r InputLine)>,
    /// What can be drawn under each facility, and the line that states it.
    pub undrawn: BTreeMap<(PartyId, Arc<str>), (Value, &'r InputLine)>,
}

/// The first day on which headroom is below zero.
#[derive(Clone, Debug)]
pub struct Breach {
    /// The day.
    pub date: Date,
    /// Headroom at its end.
    pub headroom: Number,
    /// What took it there.
    pub cause: Cause,
}

/// What took headroom below zero.
#[derive(Clone, Debug)]
pub enum Cause {
    /// It was there before the first day.
    Before,
    /// A payment: its position among the movements.
    Movement(usize),
    /// A line that states a limit, or the day after a facility ended.
    Limit(LineId),
}

impl<'r> Cashbook<'r> {
    /// The limits that hold on a day: of each kind the last that was stated; a facility up to its last day.
    ///
    /// # Errors
    /// Overflow.
    pub fn limits_on(&self, inputs: &Inputs, date: Date) -> Result<Limits<'r>, Fault> {
        let mut limits = Limits::default();
        for line in self.limits.iter().copied().take_while(|line| line.line.date <= date) {
            match &line.line.fact {
                Some(Fact::Minimum { party, amount }) => {
                    limits.minimum.insert(*party, (self.stated(inputs, line, amount, date)?, line));
                }
                Some(Fact::Undrawn { party, facility, amount, until }) => {
                    let facility = (*party, facility.clone());
                    limits.undrawn.remove(&facility);
                    if until.is_none_or(|until| date <= until) {
                        let amount = self.stated(inputs, line, amount, date)?;
                        limits.undrawn.insert(facility, (amount, line));
                    }
                }
                _ => {}
            }
        }
        Ok(limits)
    }

    fn stated(
        &self,
        inputs: &Inputs,
        line: &InputLine,
        amount: &crate::terms::Formula,
        date: Date,
    ) -> Result<Value, Fault> {
        let currency = amount.unit.num.as_ref().map_or("", |atom| atom.as_str()).to_owned();
        match inputs.quantity(line, amount)? {
            Value::Known(amount) => crate::terms::Assumptions::convert(inputs, amount, &currency, &self.currency, date),
            missing @ Value::Missing(_) => Ok(missing),
        }
    }

    /// Cash above the minimum at the end of a day, with what can be drawn.
    ///
    /// # Errors
    /// Overflow.
    pub fn headroom(&self, inputs: &Inputs, date: Date, with: &BTreeSet<Tier>) -> Result<Sum, Fault> {
        let mut sum = self.balance(date, with)?;
        let limits = self.limits_on(inputs, date)?;
        let (room, missing) = limits.room()?;
        sum.amount = sum.amount.plus(room)?;
        sum.missing.extend(missing);
        Ok(sum)
    }

    /// The first day of a period on which headroom is below zero at its end, day by day.
    ///
    /// # Errors
    /// Overflow.
    pub fn breach(&self, inputs: &Inputs, period: Period, with: &BTreeSet<Tier>) -> Result<Option<Breach>, Fault> {
        let before = self.headroom(inputs, period.from.prev(), with)?.amount;
        if before.is_negative() && period.from > Date::MIN {
            return Ok(Some(Breach { date: period.from, headroom: before, cause: Cause::Before }));
        }
        let ends = self.limits.iter().filter_map(|line| match &line.line.fact {
            Some(Fact::Undrawn { until, .. }) => until.map(Date::next),
            _ => None,
        });
        let changes = self.limits.iter().map(|line| line.line.date).chain(ends);
        let moved = self.movements.iter().filter(|m| self.counts(m, with)).map(|m| m.date);
        let days: BTreeSet<Date> = moved.chain(changes).filter(|day| period.contains(*day)).collect();
        // Walked once: the balance goes along.
        let mut cash = self.balance(period.from.prev(), with)?.amount;
        let mut at = self.movements.partition_point(|m| m.date < period.from);
        for day in days {
            let opening = cash;
            let first = at;
            while let Some(movement) = self.movements.get(at).filter(|m| m.date <= day) {
                if self.counts(movement, with) {
                    cash = cash.plus(movement.amount.known().unwrap_or_default())?;
                }
                at += 1;
            }
            let (room, _) = self.limits_on(inputs, day)?.room()?;
            let headroom = cash.plus(room)?;
            if headroom.is_negative() {
                let cause = self.cause(day, opening.plus(room)?, first..at, with)?;
                return Ok(Some(Breach { date: day, headroom, cause }));
            }
        }
        Ok(None)
    }

    /// Of a day that ends below: a limit, if it alone is enough; else, receipts of the day first, the payment in the
    /// order of the ledger that takes headroom below zero.
    fn cause(
        &self,
        day: Date,
        opening: Number,
        range: std::ops::Range<usize>,
        with: &BTreeSet<Tier>,
    ) -> Result<Cause, Fault> {
        if opening.is_negative() {
            let ended = |line: &&&InputLine| match &line.line.fact {
                Some(Fact::Undrawn { until, .. }) => line.line.date == day || until.is_some_and(|u| u.next() == day),
                _ => line.line.date == day,
            };
            if let Some(line) = self.limits.iter().rev().find(ended) {
                return Ok(Cause::Limit(line.id));
            }
        }
        let today = || range.clone().zip(self.movements.get(range.clone()).unwrap_or_default());
        let amount = |m: &Movement| m.amount.known().filter(|_| self.counts(m, with)).unwrap_or_default();
        let mut room = opening;
        for (_, movement) in today().filter(|(_, m)| amount(m).is_positive()) {
            room = room.plus(amount(movement))?;
        }
        for (at, movement) in today().filter(|(_, m)| amount(m).is_negative()) {
            room = room.plus(amount(movement))?;
            if room.is_negative() {
                return Ok(Cause::Movement(at));
            }
        }
        Ok(Cause::Before)
    }
}

impl Limits<'_> {
    /// What limits add to cash: facilities less the minimum; and what is missing.
    ///
    /// # Errors
    /// Overflow.
    pub fn room(&self) -> Result<(Number, BTreeSet<Arc<str>>), Fault> {
        let mut missing = BTreeSet::new();
        let mut known = |value: &Value| match value {
            Value::Known(amount) => *amount,
            Value::Missing(names) => {
                missing.extend(names.iter().cloned());
                Number::ZERO
            }
        };
        let mut room = Number::ZERO;
        for (value, _) in self.minimum.values() {
            room = room.minus(known(value))?;
        }
        for (value, _) in self.undrawn.values() {
            room = room.plus(known(value))?;
        }
        Ok((room, missing))
    }
}

//! The treasury stock method: how many rights count, at which exercise prices, and what these buy back (ASC 260-10-45-22 to -29).

use super::replayed::Place;
use super::{Line, WEIGHT};
use crate::num::{Fault, Number, Ratio, Rounding};
use crate::recognise::Exact;
use crate::report::derived::unrecognised;
use crate::report::measure::Measures;
use crate::report::scope;
use crate::terms::{Paragraph, TrancheId, Value, Warrant};
use crate::time::{Date, Period};

/// What a share of the period's end costs.
pub(super) type Price = Exact;

/// Rights by what they cost, each weighted by its days over the whole period: a price that was adjusted within a period holds for the
/// part of it from that day on, with the rights of that part.
pub(super) type Priced = Vec<(Price, Number)>;

/// Adds rights to others.
pub(super) fn add(sum: &mut Priced, more: Priced) -> Result<(), Fault> {
    for (price, shares) in more {
        match sum.iter_mut().find(|(of, _)| *of == price) {
            Some((_, so_far)) => *so_far = so_far.plus(shares)?,
            None => sum.push((price, shares)),
        }
    }
    Ok(())
}

impl Measures<'_, '_> {
    /// Rights with a real exercise price, or for which only time is missing: from the start of the period (or the
    /// grant), until exercised.
    pub(super) fn issuable(
        &self,
        id: TrancheId,
        warrant: &Warrant,
        place: Place,
        period: Period,
    ) -> Result<Priced, Fault> {
        let begin = warrant.granted.max(period.from);
        if begin > period.to {
            return Ok(Priced::new());
        }
        let cleared = self.replay.at(period.to).state.tranches.get(&id).and_then(|t| t.cleared);
        let cleared = cleared.filter(|_| place == Place::Priced);
        let mut days: Priced = Vec::new();
        for (day, length) in self.spans(period, begin) {
            // What became exercisable in the period counts from its start, on the terms of that day.
            let then = cleared.map_or(day, |cleared| day.max(cleared.max(period.from)));
            let rights = match cleared {
                Some(_) => self.open_rights(id, then, period)?,
                None => self.held_rights(id, then, period)?,
            };
            if !rights.is_zero() {
                add(&mut days, vec![(self.exercise_price(warrant, then, period)?, rights.times(length)?)])?;
            }
        }
        let total = scope::days(period);
        let weighted = days.into_iter().map(|(price, sum)| Ok((price, sum.over(total, WEIGHT)?)));
        weighted.collect()
    }

    /// What a right costs on a day.
    pub(super) fn exercise_price(&self, warrant: &Warrant, date: Date, period: Period) -> Result<Price, Fault> {
        let (then, now) = (&self.replay.at(date).state, &self.replay.at(period.to).state);
        let engine = &self.replay.engine;
        let (price, since) = engine.strike(then, warrant)?;
        // Of a share of the period's end, whatever splits made of it since.
        let shares = since.times(engine.factor(now, warrant)?)?.over(engine.factor(then, warrant)?)?;
        Exact::from_value(&price)?.times(Exact::Known(Ratio::ONE.over(shares)?))
    }

    /// What the exercise price buys back at the mean close: at most all of them; missing without a mean or a price.
    pub(super) fn bought_back(
        &self,
        rights: &[(Price, Number)],
        warrant: &Warrant,
        of: &[TrancheId],
        average: Option<Number>,
        period: Period,
    ) -> Result<Line, Fault> {
        let label = match average {
            Some(average) => {
                let average = average.to_fixed(2);
                format!("  less: shares bought back with the exercise price at an average of {average}")
            }
            None => "  less: shares bought back with the exercise price".to_owned(),
        };
        let path = self.replay.terms.classes.get(warrant.class.index()).map_or("", |c| &*c.path);
        let cost = self.includes_unrecognised(warrant, period.to);
        let mut back = Value::ZERO;
        for (price, shares) in rights {
            let part = match (average, price) {
                (Some(average), Exact::Known(price)) => {
                    let part = shares.ratio_of(price.numerator(), average.times(price.denominator())?, WEIGHT)?;
                    let more = self.unrecognised_part(*shares, warrant, of, period)?;
                    let more = more.map(|cost| cost.over(average, WEIGHT))?;
                    more.map(|more| Ok(part.plus(more)?.min(*shares).neg()))?
                }
                // Nothing is paid, so nothing is bought back at any price.
                (None, Exact::Known(price)) if *price == Ratio::ZERO && !cost => Value::ZERO,
                (None, _) => Value::missing(format!("close({path}) in {period}")),
                (_, Exact::Missing(_)) => Value::missing(format!("{}.strike", warrant.path)),
            };
            back = back.plus(part)?;
        }
        let of = if cost { Paragraph::EpsUnrecognised } else { Paragraph::EpsTreasury };
        Ok(Line::new(label, Value::ZERO, back, self.why(warrant.class, "", of)))
    }

    /// Cost of these tranches not yet recognised, on average over the period, as far as it falls on these shares:
    /// assumed proceeds where the book says so.
    fn unrecognised_part(
        &self,
        shares: Number,
        warrant: &Warrant,
        of: &[TrancheId],
        period: Period,
    ) -> Result<Value, Fault> {
        let included = self.includes_unrecognised(warrant, period.to);
        let Some(book) = self.replay.keeper(warrant.issuer).filter(|_| included) else { return Ok(Value::ZERO) };
        let (mut cost, mut rights) = (Value::ZERO, Number::ZERO);
        for id in of {
            let path = self.replay.terms.tranches.get(id.index()).map(|t| t.path.clone());
            for day in [period.from.prev().max(warrant.granted), period.to] {
                let then = unrecognised(*self, warrant.issuer, book, path.as_deref(), day)?;
                cost = cost.plus(then.value)?;
                rights = rights.plus(self.held_rights(*id, day, period)?)?;
            }
        }
        if !rights.is_positive() {
            return Ok(Value::ZERO);
        }
        // Both are sums of two days, so their ratio is the mean cost of a right.
        cost.map(|cost| shares.ratio_of(cost, rights, Rounding { places: 6, ..WEIGHT }))
    }

    fn includes_unrecognised(&self, warrant: &Warrant, date: Date) -> bool {
        self.policy(warrant.issuer, "tsm_include_unrecognised", date).is_some_and(|choice| &*choice == "yes")
    }
}

//! The two-class method: what takes part in dividends has its part of income, paid out or not (ASC 260-10-45-59A to -61A).

use super::{ShareCount, WEIGHT};
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number, Rounding};
use crate::report::measure::Measures;
use crate::report::scope;
use crate::terms::{ClassId, Formula, TrancheId, Value, WarrantId};
use crate::time::Period;

use super::replayed::Place;

/// A security that takes part in dividends beside the class.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Its path or name.
    pub name: String,
    /// How many shares it counts as.
    pub shares: Value,
    /// What was paid on it.
    pub distributed: Value,
    /// Its part of what was not paid out.
    pub undistributed: Value,
    /// Whether it shares losses too.
    pub losses: bool,
}

impl Participant {
    /// Whether a potential share is this security: a class goes by its own name too.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name || self.name.strip_suffix(name).is_some_and(|rest| rest.ends_with('.') && !name.is_empty())
    }
}

/// Income with what was paid on the class itself.
#[derive(Clone, Debug)]
pub(super) struct Divided {
    /// On the class.
    pub common: Value,
    /// On everything that takes part, whatever is taken for shares of the class.
    pub others: Value,
}

impl Divided {
    /// What is left of income for the class, and the part of each participant in what was not paid out: by shares; a loss only
    /// for those who share it (260-10-45-66, -67).
    pub(super) fn share(
        &self,
        income: &Value,
        shares: &Value,
        of: &[&Participant],
    ) -> Result<(Value, Vec<Value>), Fault> {
        if of.is_empty() {
            return Ok((income.clone(), Vec::new()));
        }
        let left = income.clone().minus(self.common.clone())?.minus(self.others.clone())?;
        let loss = left.known().is_some_and(Number::is_negative);
        let takes = |one: &Participant| !loss || one.losses;
        let mut whole = of.iter().filter(|one| takes(one)).map(|one| one.shares.clone());
        let whole = whole.try_fold(shares.clone(), Value::plus)?;
        let (mut mine, mut parts) = (income.clone(), Vec::with_capacity(of.len()));
        for one in of {
            let part = match takes(one) {
                true => part_of(&left, &one.shares, &whole)?,
                false => Value::ZERO,
            };
            mine = mine.minus(one.distributed.clone())?.minus(part.clone())?;
            parts.push(part);
        }
        Ok((mine, parts))
    }
}

/// `amount × part / whole`, to cents.
fn part_of(amount: &Value, part: &Value, whole: &Value) -> Result<Value, Fault> {
    match (amount, part, whole) {
        (_, Value::Known(part), _) if part.is_zero() => Ok(Value::ZERO),
        (Value::Known(amount), Value::Known(part), Value::Known(whole)) if whole.is_positive() => {
            amount.ratio_of(*part, *whole, Rounding::CENTS).map(Value::Known)
        }
        (missing @ Value::Missing(_), ..) | (_, missing @ Value::Missing(_), _) | (.., missing) => Ok(missing.clone()),
    }
}

impl Measures<'_, '_> {
    /// Paid on a class in a period.
    pub(super) fn paid_on(&self, class: ClassId, period: Period) -> Result<Value, Fault> {
        let paid = self.replay.dividends().filter(|(_, outcome)| period.contains(outcome.date));
        let paid = paid.filter_map(|(_, outcome)| match &outcome.act {
            Act::Distributed { class: of, amount } if *of == class => Some(*amount),
            _ => None,
        });
        Number::sum(paid).map(Value::Known)
    }

    /// Dividends of a period on other classes that take no further part: they go before this one.
    pub(super) fn before_common(&self, class: ClassId, period: Period) -> Result<Value, Fault> {
        let mut sum = Value::ZERO;
        for (id, _) in self.other_classes(class).filter(|(_, takes)| takes.is_none()) {
            sum = sum.plus(self.paid_on(id, period)?)?;
        }
        Ok(sum)
    }

    /// Other classes of the company, with what a share of them takes part as.
    fn other_classes(&self, class: ClassId) -> impl Iterator<Item = (ClassId, Option<&(Formula, bool)>)> {
        let classes = &self.replay.terms.classes;
        let issuer = classes.get(class.index()).map(|c| c.issuer);
        let all = (0u32..).map(ClassId).zip(classes);
        all.filter(move |(id, other)| *id != class && Some(other.issuer) == issuer)
            .map(|(id, other)| (id, other.participates.as_ref()))
    }

    /// Everything that takes part in the dividends of a class, before income is shared.
    pub(super) fn participants(
        &self,
        class: ClassId,
        period: Period,
        quarters: &[Period],
        count: &ShareCount,
    ) -> Result<Vec<Participant>, Fault> {
        let mut found = Vec::new();
        let mut warrants: Vec<(WarrantId, Vec<TrancheId>)> = Vec::new();
        for (id, of, _) in self.rights_over(class, period.to).filter(|(.., w)| w.equity.participates.is_some()) {
            match warrants.last_mut() {
                Some((warrant, ids)) if *warrant == of => ids.push(id),
                _ => warrants.push((of, vec![id])),
            }
        }
        for (of, ids) in warrants {
            let Some(warrant) = self.replay.terms.warrants.get(of.index()) else { continue };
            let (mut rights, mut paid) = (Number::ZERO, Number::ZERO);
            for id in ids {
                let place = self.place(id, warrant, count.average, period)?;
                // What counts as shares outstanding has its part as such.
                let mut own = self.weighted(period, |day| self.held_rights(id, day, period))?;
                if matches!(place, Place::Basic | Place::Joined(_)) {
                    own = own.minus(self.weighted(period, |day| self.open_rights(id, day, period))?)?.clamp_zero();
                }
                rights = rights.plus(own)?;
                if place != Place::Basic {
                    paid = paid.plus(self.passed_through(id, period)?)?;
                }
            }
            if rights.is_zero() && paid.is_zero() {
                continue;
            }
            found.push(Participant {
                name: warrant.path.to_string(),
                shares: Value::Known(rights),
                distributed: Value::Known(paid),
                undistributed: Value::ZERO,
                losses: warrant.equity.participates == Some(true),
            });
        }
        for (id, takes) in self.other_classes(class) {
            let Some((ratio, losses)) = takes else { continue };
            let ratio = self.replay.inputs.value(ratio)?;
            let shares = self.common(id, period)?.join(ratio, |n, ratio| Ok(n.times(ratio)?.round(WEIGHT)))?;
            found.push(Participant {
                name: self.replay.terms.classes.get(id.index()).map_or_else(String::new, |c| c.path.to_string()),
                shares,
                distributed: self.paid_on(id, period)?,
                undistributed: Value::ZERO,
                losses: *losses,
            });
        }
        let own = self.statement(class, period).is_some_and(|(_, e)| !e.participating.is_empty());
        let parts = if own || quarters.is_empty() { &[period][..] } else { quarters };
        for part in parts {
            let Some((_, earnings)) = self.statement(class, *part) else { continue };
            for one in &earnings.participating {
                let shares = self.replay.inputs.value(&one.shares)?;
                let shares = shares.map(|n| n.ratio_of(scope::days(*part), scope::days(period), WEIGHT))?;
                let paid = one.dividends.as_ref().map_or(Ok(Value::ZERO), |paid| self.replay.inputs.value(paid))?;
                match found.iter_mut().find(|known| *known.name == *one.name) {
                    Some(known) => {
                        known.shares = std::mem::replace(&mut known.shares, Value::ZERO).plus(shares)?;
                        known.distributed = std::mem::replace(&mut known.distributed, Value::ZERO).plus(paid)?;
                    }
                    None => found.push(Participant {
                        name: one.name.to_string(),
                        shares,
                        distributed: paid,
                        undistributed: Value::ZERO,
                        losses: one.losses,
                    }),
                }
            }
        }
        Ok(found)
    }

    /// Dividends passed through to the rights of a tranche in a period.
    fn passed_through(&self, id: TrancheId, period: Period) -> Result<Number, Fault> {
        let of = |(_, outcome): (u32, &Outcome)| match &outcome.act {
            Act::PassedThrough { amount, .. } if period.contains(outcome.date) => Some(*amount),
            _ => None,
        };
        Number::sum(self.replay.outcomes_of_tranche(id).filter_map(of))
    }
}

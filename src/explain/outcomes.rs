//! Figures read from outcomes, not from entries: what each of them adds.

use super::Derivation;
use super::tell::Teller;
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number, Unit};
use crate::report::fact::find;
use crate::report::measure::Measures;
use crate::terms::{PartyId, TrancheId, Value};
use crate::time::{Date, Period};

/// Changes of a state that are told one by one: the last ones are.
const MOST: usize = 40;
/// What happened and moved nothing is told this often.
const UNMOVED: usize = 12;

impl Teller<'_, '_> {
    /// Outcomes a figure was read from, with what each adds to it.
    pub(super) fn outcome_parts(&mut self, numbers: &[u32]) -> Result<Vec<Derivation>, Fault> {
        let mut parts = Vec::new();
        for number in numbers {
            let Some(outcome) = self.replay.register.outcomes.get(*number as usize) else { continue };
            let mut node = self.outcome(outcome, 0);
            node.amount = self.contribution(outcome)?;
            parts.push(node);
        }
        Ok(parts)
    }

    /// What an outcome adds to the measure.
    fn contribution(&self, outcome: &Outcome) -> Result<Option<(Value, Unit)>, Fault> {
        let shares = |n: Number| Some((Value::Known(n), Unit::of("shares")));
        let supply = outcome.act.supply().and_then(|id| self.replay.terms.supplies.get(id.index()));
        let unit = supply.map_or_else(Unit::none, |s| s.unit.clone());
        let money = supply.map_or_else(Unit::none, |s| Unit::of(&s.currency));
        Ok(match &outcome.act {
            Act::Vested { shares: n, .. } | Act::Cleared { shares: n, .. } | Act::Exercised { shares: n, .. } => {
                shares(*n)
            }
            Act::Lapsed { tranche, unvested, vested, .. } => match self.replay.terms.investment_of(*tranche) {
                Some(_) => self.of_investment(*tranche, outcome)?,
                None => shares(unvested.plus(*vested)?),
            },
            Act::Called { tranche, .. } => self.of_investment(*tranche, outcome)?,
            Act::Funded { issued, .. } if &*self.name.measure == "shares_bought" => {
                Some((issued.clone(), Unit::of("shares")))
            }
            Act::Funded { tranche, amount, .. } => {
                let investment = self.replay.terms.investment_of(*tranche);
                investment.map(|i| (Value::Known(*amount), Unit::of(&i.currency)))
            }
            Act::Supplied { quantity, .. } => Some((Value::Known(*quantity), unit)),
            Act::Billed { amount, .. } => Some((amount.clone(), money)),
            Act::Paid { amount, .. } | Act::Refunded { amount, .. } => Some((Value::Known(*amount), money)),
            _ => None,
        })
    }

    /// Money of an investment: all of it the company's, of an investor its part.
    fn of_investment(&self, tranche: TrancheId, outcome: &Outcome) -> Result<Option<(Value, Unit)>, Fault> {
        let party = self.replay.terms.parties.iter().position(|party| party.name == self.name.entity);
        let party = party.and_then(|at| u32::try_from(at).ok()).map(PartyId);
        let (Some(investment), Some(party)) = (self.replay.terms.investment_of(tranche), party) else {
            return Ok(None);
        };
        let measures = Measures { replay: self.replay };
        let part = measures.moved_part(tranche, investment, party, outcome)?;
        Ok(Some((Value::Known(part), Unit::of(&investment.currency))))
    }

    /// A state: what it was before anything happened, and by how much each day on which something happened to the clause moved it;
    /// the last days one by one. A state without an amount is told by all that happened, newest first.
    pub(super) fn state_parts(&mut self, what: &str) -> Result<Vec<Derivation>, Fault> {
        let about = |outcome: &&Outcome| {
            let tranche = outcome.act.tranche().and_then(|t| self.replay.terms.tranches.get(t.index()));
            let clause = tranche.map_or_else(|| outcome.clause.clone(), |tranche| tranche.path.clone());
            let inside = |of: &str, whole: &str| of.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
            outcome.date <= self.period.to && (*clause == *what || inside(what, &clause) || inside(&clause, what))
        };
        let outcomes: Vec<Outcome> = self.replay.register.outcomes.iter().filter(about).cloned().collect();
        let mut days: Vec<(Date, Vec<&Outcome>)> = Vec::new();
        for outcome in &outcomes {
            match days.last_mut() {
                Some((day, list)) if *day == outcome.date => list.push(outcome),
                _ => days.push((outcome.date, vec![outcome])),
            }
        }
        let first = days.first().map_or(self.period.to, |(day, _)| day.prev());
        let mut last = self.measured_at(first)?;
        let (mut parts, mut still) = (Vec::new(), Vec::new());
        if let Some((amount, unit)) = last.clone().filter(|(amount, _)| !amount.is_zero()) {
            parts.push(counted(format!("at the end of {first}"), amount, unit));
        }
        let mut through = first;
        for (day, list) in days {
            parts.extend(self.moved_by_others(through, day.prev(), &mut last)?);
            through = day;
            let moved = self.moved_on(day, &mut last)?;
            let told: Vec<Derivation> = list.into_iter().map(|outcome| self.outcome(outcome, 0)).collect();
            match (moved, <[Derivation; 1]>::try_from(told)) {
                (Some(amount), Ok([one])) => parts.push(Derivation { amount: Some(amount), ..one }),
                (Some((amount, unit)), Err(parts_of)) => {
                    let label = format!("on {day}");
                    parts.push(Derivation {
                        label,
                        amount: Some((amount, unit)),
                        parts: parts_of,
                        ..Derivation::default()
                    });
                }
                (None, Ok([one])) => still.push(one),
                (None, Err(several)) => still.extend(several),
            }
        }
        parts.extend(self.moved_by_others(through, self.period.to, &mut last)?);
        if let Some(earlier) = parts.len().checked_sub(MOST).filter(|earlier| *earlier > 1) {
            let latest = parts.split_off(earlier);
            let amounts = parts.iter().filter_map(|part| part.amount.as_ref());
            let unit = amounts.clone().next().map_or_else(Unit::none, |(_, unit)| unit.clone());
            let sum = Number::sum(amounts.filter_map(|(amount, _)| amount.known()))?;
            parts = vec![counted(format!("{earlier} earlier changes"), sum, unit)];
            parts.extend(latest);
        }
        // Newest first: what stands at the end was made last.
        parts.reverse();
        parts.extend(still.into_iter().rev().take(UNMOVED));
        if let Some(id) = self.replay.keepers.first().and_then(|k| k.tranche(what)) {
            parts.extend(self.terms_of(id)?.into_iter().take(1));
        }
        Ok(parts)
    }

    /// By how much a day moved the figure, which was `last` before it.
    fn moved_on(&self, day: Date, last: &mut Option<(Number, Unit)>) -> Result<Option<(Value, Unit)>, Fault> {
        let now = self.measured_at(day)?;
        let moved = match (&last, &now) {
            (Some((before, _)), Some((after, unit))) => Some((after.minus(*before)?, unit.clone())),
            (None, Some((after, unit))) => Some((*after, unit.clone())),
            _ => None,
        };
        *last = now;
        Ok(moved.filter(|(amount, _)| !amount.is_zero()).map(|(amount, unit)| (Value::Known(amount), unit)))
    }

    /// What moved the figure after a day and up to another without happening to its clause: a split, or rights that passed on.
    fn moved_by_others(
        &mut self,
        after: Date,
        to: Date,
        last: &mut Option<(Number, Unit)>,
    ) -> Result<Vec<Derivation>, Fault> {
        let mut parts = Vec::new();
        if to <= after || self.measured_at(to)? == *last {
            return Ok(parts);
        }
        let versions = self.replay.versions.iter().map(|version| version.date);
        for day in versions.filter(|day| *day > after && *day <= to).collect::<Vec<_>>() {
            let Some(amount) = self.moved_on(day, last)? else { continue };
            let outcomes: Vec<Outcome> =
                self.replay.register.outcomes.iter().filter(|o| o.date == day).cloned().collect();
            let told = outcomes.iter().take(UNMOVED).map(|outcome| self.outcome(outcome, 0)).collect();
            let label = format!("on {day}");
            parts.push(Derivation { label, amount: Some(amount), parts: told, ..Derivation::default() });
        }
        Ok(parts)
    }

    /// The figure at the end of a day.
    fn measured_at(&self, day: Date) -> Result<Option<(Number, Unit)>, Fault> {
        let parties = (0u32..).map(PartyId).zip(&self.replay.terms.parties);
        let Some((party, _)) = parties.into_iter().find(|(_, party)| party.name == self.name.entity) else {
            return Ok(None);
        };
        let measures = Measures { replay: self.replay };
        let item = self.name.item.as_deref();
        let found = find(measures, party, &self.name.measure, item, Period { from: day, to: day })?;
        Ok(found.and_then(|found| Some((found.value.known()?, found.unit))))
    }
}

fn counted(label: String, amount: Number, unit: Unit) -> Derivation {
    Derivation { label, amount: Some((Value::Known(amount), unit)), ..Derivation::default() }
}

//! Interest as it accrues and as it is paid.

use std::sync::Arc;

use super::draw::payments;
use super::{CreditState, Running};
use crate::engine::Act;
use crate::engine::step::{Day, Engine, Fault};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number, Rounding};
use crate::terms::{Credit, Loan, Rate, Stage, TrancheId, Value};
use crate::time::Date;

/// What is counted anew from a day on. Interest and fees of a period are rounded once, as a whole: only what is paid, or changes its amount or
/// its rate, cuts them; what happens beside them does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Cut {
    /// Nothing: the books are told.
    Nothing,
    /// Draws on which something is due, and the fee if it is.
    Due(bool),
    /// What is not drawn changes.
    Undrawn,
    /// Draws are repaid.
    Draws,
}

impl Cut {
    const fn of_draws(self, due: bool) -> bool {
        match self {
            Self::Nothing | Self::Undrawn => false,
            Self::Due(_) => due,
            Self::Draws => true,
        }
    }

    const fn of_undrawn(self) -> bool {
        matches!(self, Self::Due(true) | Self::Undrawn)
    }
}

impl Running {
    /// All that has accrued up to a day, the day not included, and is not paid.
    fn upto(&self, terms: &Rate, on: Number, rate: &Value, to: Date, cents: Rounding) -> Result<Value, num::Fault> {
        let more = rate.clone().map(|rate| terms.interest(on, rate, self.since, to, cents))?;
        self.base.clone().plus(if on.is_zero() { Value::ZERO } else { more })
    }

    /// Goes on from a day: what the books were told of stays theirs.
    fn count(&mut self, total: Value, from: Date) -> Result<Value, num::Fault> {
        let news = total.clone().minus(self.told.clone())?;
        // Interest of a period is rounded once: only what changes the amount or the rate cuts it.
        self.told = total.clone();
        if from > Date::MIN {
            (self.since, self.base) = (from, total);
        }
        Ok(news)
    }
}

impl Engine<'_> {
    /// What is due today under a loan.
    pub(super) fn loan_due(&self, day: &mut Day<'_>, id: TrancheId, credit: &Credit) -> Result<(), Fault> {
        let Some(loan) = credit.loan() else { return Ok(()) };
        if let Some(opening) = loan.opening.as_ref().filter(|opening| opening.date == day.date) {
            self.carry_over(day, id, credit, loan, opening)?;
        }
        let Some(state) = day.state.credits.get(&id).cloned() else { return Ok(()) };
        let on_draws = state.draws.iter().any(|draw| draw.plan.first().is_some_and(|(date, _)| *date == day.date));
        let last = loan.available.map(|(_, to)| to);
        let fee_day =
            loan.undrawn.as_ref().zip(last).is_some_and(|(undrawn, to)| {
                crate::terms::days_back(to, credit.since, undrawn.months).contains(&day.date)
            });
        if on_draws || fee_day {
            self.accrue(day, id, credit, loan, (day.date, Cut::Due(fee_day)))?;
            self.service(day, id, credit, loan, fee_day)?;
        }
        Ok(())
    }

    /// Tells the books what has accrued up to a day, the day not included.
    pub(super) fn accrue(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        credit: &Credit,
        loan: &Loan,
        (to, cut): (Date, Cut),
    ) -> Result<(), Fault> {
        let fault = self.fault(&credit.path, day.date);
        let Some(state) = day.state.credits.get(&id).cloned() else { return Ok(()) };
        let mut state = (*state).clone();
        let locked = self.stage(day.state, id, Stage::Locked);
        let (interest, undrawn) = self.accrued(&mut state, credit, loan, locked, (to, cut)).map_err(&fault)?;
        let live = state.draws.iter().any(|draw| draw.left.is_positive()) || locked.is_positive();
        day.state.credits.insert(id, Arc::new(state));
        let nothing = interest == Value::ZERO && undrawn == Value::ZERO;
        if live && to > credit.since || !nothing {
            self.told(day, id, credit, to, interest, undrawn)?;
        }
        Ok(())
    }

    fn accrued(
        &self,
        state: &mut CreditState,
        credit: &Credit,
        loan: &Loan,
        locked: Number,
        (to, cut): (Date, Cut),
    ) -> Result<(Value, Value), num::Fault> {
        let cents = Self::minor_of(credit);
        let mut interest = Value::ZERO;
        for draw in &mut state.draws {
            let total = draw.running.upto(&loan.interest, draw.left, &draw.rate, to, cents)?;
            let due = draw.plan.first().is_some_and(|(date, _)| *date == to);
            let from = if cut.of_draws(due) { to } else { Date::MIN };
            interest = interest.plus(draw.running.count(total, from)?)?;
        }
        let mut undrawn = Value::ZERO;
        if let Some((terms, (_, last))) = loan.undrawn.as_ref().zip(loan.available) {
            let rate = self.inputs.value(&terms.rate)?;
            let total = state.undrawn.upto(terms, locked, &rate, to.min(last), cents)?;
            undrawn = state.undrawn.count(total, if cut.of_undrawn() { to.min(last) } else { Date::MIN })?;
        }
        Ok((interest, undrawn))
    }

    /// Pays what was counted up to today, and the principal that is due.
    fn service(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        credit: &Credit,
        loan: &Loan,
        fee_day: bool,
    ) -> Result<(), Fault> {
        let fault = self.fault(&credit.path, day.date);
        let Some(state) = day.state.credits.get(&id).cloned() else { return Ok(()) };
        let mut state = (*state).clone();
        let (mut interest, mut principal, mut resets) = (Value::ZERO, Number::ZERO, Vec::new());
        for draw in &mut state.draws {
            if draw.plan.first().is_none_or(|(date, _)| *date != day.date) {
                continue;
            }
            let (_, due) = draw.plan.remove(0);
            interest = interest.plus(draw.running.base.clone()).map_err(&fault)?;
            principal = principal.plus(due).map_err(&fault)?;
            draw.left = draw.left.minus(due).map_err(&fault)?;
            draw.running = Running { since: day.date, ..Running::default() };
            let rate = self.rate_on(&loan.interest, day.date).map_err(&fault)?;
            if rate != draw.rate && draw.left.is_positive() {
                let cents = Self::minor_of(credit);
                let plan = payments(&loan.interest, &rate, day.date, draw.left, &draw.plan, cents).map_err(&fault)?;
                resets.push((draw.number, draw.outcome, plan));
            }
            draw.rate = rate;
        }
        let mut undrawn = Value::ZERO;
        if fee_day {
            undrawn = state.undrawn.base.clone();
            state.undrawn = Running { since: state.undrawn.since, ..Running::default() };
        }
        day.state.credits.insert(id, Arc::new(state));
        let total = interest.clone().plus(undrawn.clone()).map_err(&fault)?;
        let total = total.plus(Value::Known(principal)).map_err(&fault)?;
        // What is not known moves no cash; the principal beside it does.
        let dues = match total.known() {
            Some(_) => vec![(interest, undrawn, principal, total)],
            None => vec![
                (Value::ZERO, Value::ZERO, principal, Value::Known(principal)),
                (interest, undrawn, Number::ZERO, total),
            ],
        };
        for (interest, undrawn, principal, total) in dues.into_iter().filter(|(.., total)| *total != Value::ZERO) {
            let draft = if principal.is_zero() { Draft::default() } else { self.debt_falls(day, credit, principal) };
            let act = Act::Serviced { tranche: id, interest, undrawn, principal };
            self.paid(day, credit, act, total, draft)?;
        }
        for (number, drawn, plan) in resets {
            let act = Act::Reset { tranche: id, number, plan };
            let parents = vec![Parent::Outcome(drawn), Parent::Term(credit.path.clone())];
            day.record_as(self, act, &credit.path, parents, Draft::default(), self.expected(day.date))?;
        }
        Ok(())
    }

    /// Tells the books to which day a credit is counted.
    pub(super) fn told(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        credit: &Credit,
        to: Date,
        interest: Value,
        undrawn: Value,
    ) -> Result<(), Fault> {
        let act = Act::Accrued { tranche: id, to, interest, undrawn };
        let parents = vec![Parent::Term(credit.path.clone())];
        day.record_as(self, act, &credit.path, parents, Draft::default(), self.expected(day.date))?;
        Ok(())
    }
}

//! Draws and repayments.

use std::sync::Arc;

use super::count::Cut;
use super::{DrawState, Running, ends};
use crate::engine::step::{Day, Engine, Fault};
use crate::engine::{Act, CreditState, InputLine, RefusalKind};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Allocation, Number, Rounding, allocate};
use crate::terms::{Basis, Credit, Formula, Loan, Payment, Quoted, Rate, Stage, TrancheId, Value};
use crate::time::Date;

impl Engine<'_> {
    pub(super) fn draw_line(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        id: TrancheId,
        amount: &Formula,
    ) -> Result<(), Fault> {
        let Some(credit) = self.terms.credit_of(id) else { return Ok(()) };
        let (Some(loan), Some(tranche)) = (credit.loan(), self.terms.tranches.get(id.index())) else { return Ok(()) };
        let fault = self.fault(&credit.path, day.date);
        let asked = self.inputs.quantity(line, amount).map_err(fault)?.known().unwrap_or_default();
        let left = self.stage(day.state, id, Stage::Locked);
        let money = |n: Number| format!("{} {}", n.grouped(), credit.currency);
        let window = loan.available.unwrap_or((credit.since, credit.since));
        let outside = day.date < window.0 || day.date > window.1 || loan.maturity(day.date) <= day.date;
        let refused = if day.state.ended.contains_key(&credit.contract) {
            Some((RefusalKind::ContractEnded, credit.path.to_string()))
        } else if day.date < credit.since {
            Some((RefusalKind::BeforeSigning, format!("signed {}", credit.since)))
        } else if !asked.is_positive() {
            Some((RefusalKind::NoQuantity, format!("{} drawn", money(asked))))
        } else if outside {
            let detail = format!("{} drawn, available from {} to {}", money(asked), window.0, window.1);
            Some((RefusalKind::DrawOutsideAvailability, detail))
        } else if asked > left {
            Some((RefusalKind::DrawAboveCommitment, format!("{} drawn, {} undrawn", money(asked), money(left))))
        } else if self.met(day, id, tranche, &tranche.vests, &std::collections::BTreeSet::new())?.is_none() {
            Some((RefusalKind::DrawBeforeCondition, format!("{} drawn", money(asked))))
        } else {
            None
        };
        match refused {
            Some((kind, detail)) => day.refuse(line, kind, &credit.path, detail),
            None => self.draw(day, id, credit, loan, asked, vec![Parent::Line(line.id)], Basis::Actual)?,
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one draw is its parts")]
    pub(super) fn draw(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        credit: &Credit,
        loan: &Loan,
        amount: Number,
        parents: Vec<Parent>,
        basis: Basis,
    ) -> Result<(), Fault> {
        let fault = self.fault(&credit.path, day.date);
        let cents = Self::minor_of(credit);
        self.accrue(day, id, credit, loan, (day.date, Cut::Undrawn))?;
        let issued = loan.issued.as_ref().map(|share| self.inputs.value(share)).transpose().map_err(&fault)?;
        let paid = match issued {
            Some(share) => share.map(|share| Ok(amount.times(share)?.round(cents))).map_err(&fault)?,
            None => Value::Known(amount),
        };
        let dates = loan.days(day.date);
        let plan = instalments(loan, &dates, amount, cents).map_err(&fault)?;
        let rate = self.rate_on(&loan.interest, day.date).map_err(&fault)?;
        let payments = payments(&loan.interest, &rate, day.date, amount, &plan, cents).map_err(&fault)?;
        let (lender, borrower) = (self.party(credit.giver), self.party(credit.taker));
        let mut draft = self.move_stage(Draft::default(), id, Stage::Locked, Stage::Used, amount);
        let from = day.account(&lender, "cash", &"".into(), &credit.currency);
        let to = day.account(&borrower, "cash", &"".into(), &credit.currency);
        let owed = day.account(&lender, "debt", &credit.path, &credit.currency);
        let owes = day.account(&borrower, "debt", &credit.path, &credit.currency);
        draft = draft.transfer(from, to, paid.known().unwrap_or_default()).transfer(owes, owed, amount);
        let mut state = day.state.credits.get(&id).map(|state| (**state).clone()).unwrap_or_default();
        let number = u32::try_from(state.draws.len()).unwrap_or(u32::MAX).saturating_add(1);
        let act = Act::Drawn { tranche: id, number, amount, paid, plan: payments };
        let outcome = day.record_as(self, act, &credit.path, parents, draft, basis)?;
        let running = Running { since: day.date, ..Running::default() };
        let mut days = ends(self.terms, credit, day.date, dates.last().copied().unwrap_or(day.date));
        days.extend(&dates);
        days.iter().for_each(|date| day.agenda.add_credit(*date, id));
        Arc::make_mut(&mut state.days).extend(days);
        state.draws.push(DrawState { number, date: day.date, left: amount, plan, rate, running, outcome });
        self.has_drawn(day, id, state);
        Ok(())
    }

    /// Puts in place a loan of which something is drawn as of today: what waits for it is looked at.
    pub(super) fn has_drawn(&self, day: &mut Day<'_>, id: TrancheId, mut state: CreditState) {
        state.undrawn.since = day.date;
        day.state.credits.insert(id, Arc::new(state));
        let mut reached = day.state.tranches.get(&id).cloned().unwrap_or_default();
        reached.vested = reached.vested.or(Some(day.date));
        day.state.tranches.insert(id, reached);
        for next in self.watch.dependents(id) {
            day.dirty.entry(*next).or_default();
        }
    }

    /// A repayment ahead of its day goes to the oldest draws first.
    pub(super) fn repay_line(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        id: TrancheId,
        amount: &Formula,
    ) -> Result<(), Fault> {
        let Some(credit) = self.terms.credit_of(id) else { return Ok(()) };
        let Some(loan) = credit.loan() else { return Ok(()) };
        let fault = self.fault(&credit.path, day.date);
        let asked = self.inputs.quantity(line, amount).map_err(&fault)?.known().unwrap_or_default();
        let drawn = day.state.credits.get(&id).map(|state| state.draws.clone()).unwrap_or_default();
        let left = Number::sum(drawn.iter().map(|draw| draw.left)).map_err(&fault)?;
        if !asked.is_positive() || asked > left {
            let kind = if asked.is_positive() { RefusalKind::RepayAboveOutstanding } else { RefusalKind::NoQuantity };
            let detail = format!("{} repaid, {} outstanding", asked.grouped(), left.grouped());
            day.refuse(line, kind, &credit.path, detail);
            return Ok(());
        }
        self.accrue(day, id, credit, loan, (day.date, Cut::Draws))?;
        let cents = Self::minor_of(credit);
        let mut rest = asked;
        for at in 0..drawn.len() {
            let mut state = day.state.credits.get(&id).map(|state| (**state).clone()).unwrap_or_default();
            let Some(draw) = state.draws.get_mut(at) else { continue };
            let part = draw.left.min(rest);
            if !part.is_positive() {
                continue;
            }
            rest = rest.minus(part).map_err(&fault)?;
            let (of, number, after) = (draw.left, draw.number, draw.left.minus(part).map_err(&fault)?);
            shrink(&mut draw.plan, after, of, cents).map_err(&fault)?;
            draw.left = after;
            day.state.credits.insert(id, Arc::new(state));
            let draft = self.debt_falls(day, credit, part);
            let from = day.account(&self.party(credit.taker), "cash", &"".into(), &credit.currency);
            let to = day.account(&self.party(credit.giver), "cash", &"".into(), &credit.currency);
            let draft = draft.transfer(from, to, part);
            let act = Act::Repaid { tranche: id, number, amount: part, of };
            day.record(self, act, &credit.path, vec![Parent::Line(line.id)], draft)?;
        }
        Ok(())
    }

    /// Principal is owed no more.
    pub(super) fn debt_falls(&self, day: &mut Day<'_>, credit: &Credit, amount: Number) -> Draft {
        let owed = day.account(&self.party(credit.giver), "debt", &credit.path, &credit.currency);
        let owes = day.account(&self.party(credit.taker), "debt", &credit.path, &credit.currency);
        Draft::default().transfer(owed, owes, amount)
    }

    /// The rate of a period that begins on a day.
    pub(super) fn rate_on(&self, rate: &Rate, date: Date) -> Result<Value, num::Fault> {
        let own = self.inputs.value(&rate.rate)?;
        let Some(name) = &rate.benchmark else { return Ok(own) };
        let of = Quoted::Benchmark(name.clone());
        match crate::engine::quotes::quote(self.inputs, &of, date) {
            Some(quote) => own.plus(Value::Known(quote.value)),
            None => Ok(Value::missing(format!("benchmark({name}) on {date}"))),
        }
    }
}

/// The principal due on each day.
pub(super) fn instalments(
    loan: &Loan,
    dates: &[Date],
    amount: Number,
    cents: Rounding,
) -> Result<Vec<(Date, Number)>, num::Fault> {
    let evenly = loan.evenly.unwrap_or(Date::MAX);
    let counted = dates.iter().filter(|date| **date >= evenly).count().max(1);
    let count = u32::try_from(counted).map_err(|_| num::Fault::Overflow)?;
    let mut parts = allocate(amount, count, Allocation::CumulativeRounding, cents.places)?.into_iter();
    let first = dates.len().saturating_sub(counted);
    let due =
        |(at, date): (usize, &Date)| (*date, if at >= first { parts.next().unwrap_or_default() } else { Number::ZERO });
    Ok(dates.iter().enumerate().map(due).collect())
}

/// Instalments in proportion to what is left of the whole.
fn shrink(plan: &mut [(Date, Number)], after: Number, of: Number, cents: Rounding) -> Result<(), num::Fault> {
    let (mut sum, mut before) = (Number::ZERO, Number::ZERO);
    for (_, part) in plan {
        sum = sum.plus(*part)?;
        let to = sum.ratio_of(after, of, cents)?;
        *part = to.minus(before)?;
        before = to;
    }
    Ok(())
}

/// Interest and principal to come at a rate; none where it is not known.
pub(super) fn payments(
    terms: &Rate,
    rate: &Value,
    from: Date,
    amount: Number,
    plan: &[(Date, Number)],
    cents: Rounding,
) -> Result<Option<Arc<[Payment]>>, num::Fault> {
    let Some(rate) = rate.known() else { return Ok(None) };
    let (mut from, mut left, mut found) = (from, amount, Vec::with_capacity(plan.len()));
    for (date, principal) in plan {
        let interest = terms.interest(left, rate, from, *date, cents)?;
        found.push(Payment { date: *date, interest, principal: *principal });
        left = left.minus(*principal)?;
        from = *date;
    }
    Ok(Some(found.into()))
}

//! Loans that are older than the books: what was outstanding comes in on a day, and goes on from there.

use std::sync::Arc;

use super::draw::{instalments, payments};
use super::{DrawState, Running, ends};
use crate::engine::Act;
use crate::engine::step::{Day, Engine, Fault};
use crate::ledger::{Draft, Parent};
use crate::terms::{Credit, Loan, Opening, Stage, TrancheId, Value, days_back};

impl Engine<'_> {
    /// What was outstanding is owed from today on. No cash moves; interest accrues since it was last due.
    pub(super) fn carry_over(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        credit: &Credit,
        loan: &Loan,
        opening: &Opening,
    ) -> Result<(), Fault> {
        if day.state.ended.contains_key(&credit.contract) {
            return Ok(());
        }
        let fault = self.fault(&credit.path, day.date);
        let cents = Self::minor_of(credit);
        let maturity = loan.maturity(opening.date);
        let all = days_back(maturity, credit.since, loan.interest.months);
        let last = all.iter().rev().find(|date| **date <= opening.date).copied().unwrap_or(credit.since);
        let dates: Vec<_> = all.into_iter().filter(|date| *date > opening.date).collect();
        let rate = self.rate_on(&loan.interest, last).map_err(&fault)?;
        let interest = |rate| loan.interest.interest(opening.amount, rate, last, opening.date, cents);
        let interest = rate.clone().map(interest).map_err(&fault)?;
        let carried = match &opening.carried {
            Some(carried) => self.inputs.value(carried).map_err(&fault)?,
            None => Value::Known(opening.amount),
        };
        let instalments = instalments(loan, &dates, opening.amount, cents).map_err(&fault)?;
        let plan =
            payments(&loan.interest, &rate, opening.date, opening.amount, &instalments, cents).map_err(&fault)?;
        let owed = day.account(&self.party(credit.giver), "debt", &credit.path, &credit.currency);
        let owes = day.account(&self.party(credit.taker), "debt", &credit.path, &credit.currency);
        let draft = self.move_stage(Draft::default(), id, Stage::Locked, Stage::Used, opening.amount);
        let draft = draft.transfer(owes, owed, opening.amount);
        let act = Act::CarriedOver { tranche: id, amount: opening.amount, carried, interest: interest.clone(), plan };
        let outcome = day.record(self, act, &credit.path, vec![Parent::Term(credit.path.clone())], draft)?;
        let mut state = day.state.credits.get(&id).map(|state| (**state).clone()).unwrap_or_default();
        let mut days = ends(self.terms, credit, day.date, maturity);
        days.extend(&dates);
        days.iter().for_each(|date| day.agenda.add_credit(*date, id));
        Arc::make_mut(&mut state.days).extend(days);
        // The books have what accrued before; it is paid with the rest of its period.
        let running = Running { since: last, base: Value::ZERO, told: interest };
        let (date, left) = (day.date, opening.amount);
        state.draws.push(DrawState { number: 1, date, left, plan: instalments, rate, running, outcome });
        self.has_drawn(day, id, state);
        Ok(())
    }
}

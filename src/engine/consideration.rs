//! What changes the price of a supply or passes without a delivery: time, progress, variable amounts, modifications.

use std::sync::Arc;

use super::step::{Day, Engine, Fault};
use super::step_price::{PriceStep, open_terms};
use super::supply::Event;
use super::{Act, InputLine, Inputs, RefusalKind, SupplyState};
use crate::ledger::Parent;
use crate::num::{self, Mode, Number, Rounding};
use crate::terms::{
    ContractId, Fact, Formula, OverTime, Supply, SupplyId, Treatment, Trigger, Value, Variable, VariableId,
};
use crate::time::{Date, Period};

/// Quantities worked out from a share of time or of progress.
pub(super) const PARTS: Rounding = Rounding { places: 10, mode: Mode::HalfUp };

/// What of a quantity has passed by a day: evenly over the days of a period, what was added later over those left then.
fn evenly(whole: Number, later: &[(Date, Number)], period: Period, day: Date) -> Result<Number, num::Fault> {
    if day >= period.to {
        return Ok(whole);
    }
    let part = |quantity: Number, from: Date| {
        let of = from.days_until(period.to) + 1;
        let so_far = (from.days_until(day) + 1).clamp(0, of);
        quantity.ratio_of(Number::from_int(so_far), Number::from_int(of), PARTS)
    };
    let added = Number::sum(later.iter().map(|(_, quantity)| *quantity))?;
    let first = part(whole.minus(added)?, period.from)?;
    later.iter().try_fold(first, |sum, (from, quantity)| sum.plus(part(*quantity, *from)?))
}

impl Engine<'_> {
    pub(super) fn consideration_fact(&self, day: &mut Day<'_>, line: &InputLine, fact: &Fact) -> Result<(), Fault> {
        match fact {
            Fact::Progress { supply, done, of } => self.progress(day, line, *supply, done, of.as_ref()),
            Fact::Estimate { variable, outcomes, limit } => {
                self.estimate(day, line, *variable, outcomes, limit.as_ref())
            }
            Fact::Charge { variable, amount } => self.charge(day, line, *variable, amount),
            Fact::Modify { supply, quantity, amount, treatment } => {
                self.modify(day, line, *supply, quantity.as_ref(), amount, *treatment)
            }
            _ => Ok(()),
        }
    }

    /// What passes by the mere passing of days: the part of the firm quantity that the days so far are of all.
    pub(super) fn passing(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.passes) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let Some(OverTime::Evenly(period)) = supply.over else { continue };
            if day.state.ended.contains_key(&supply.contract) {
                continue;
            }
            let parent = Parent::Term(format!("{}.control", supply.path).into());
            self.pass_by(day, (*id, supply), period, day.date, parent)?;
        }
        Ok(())
    }

    /// What passed with the days up to the last of a contract that ends, be it in the middle of a month.
    pub(super) fn passed_by_its_end(
        &self,
        day: &mut Day<'_>,
        contract: ContractId,
        last: Date,
        cause: &Parent,
    ) -> Result<(), Fault> {
        for id in self.terms.supplies_of(contract) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let Some(OverTime::Evenly(period)) = supply.over else { continue };
            if self.not_in_force(day, supply, Trigger::Delivery).is_none() {
                self.pass_by(day, (*id, supply), period, last, cause.clone())?;
            }
        }
        Ok(())
    }

    /// Delivers what the days up to one are of all.
    fn pass_by(
        &self,
        day: &mut Day<'_>,
        (id, supply): (SupplyId, &Supply),
        period: Period,
        by: Date,
        parent: Parent,
    ) -> Result<(), Fault> {
        let fault = self.fault(&supply.path, day.date);
        let Some(whole) = self.enforceable(day, id, supply).map_err(&fault)? else { return Ok(()) };
        let due = evenly(whole, &self.supply(day.state, id).later, period, by).map_err(&fault)?;
        self.pass_up_to(day, id, supply, due, parent)
    }

    /// What can be enforced so far: the firm quantity with what modifications added, or what was ordered if that is more.
    fn enforceable(&self, day: &Day<'_>, id: SupplyId, supply: &Supply) -> Result<Option<Number>, num::Fault> {
        let state = self.supply(day.state, id);
        let firm = self.committed(supply, crate::terms::Standing::is_owed)?;
        firm.known().map(|firm| Ok(firm.plus(state.added)?.max(state.ordered))).transpose()
    }

    /// Delivers what is missing up to a quantity.
    fn pass_up_to(
        &self,
        day: &mut Day<'_>,
        id: SupplyId,
        supply: &Supply,
        due: Number,
        parent: Parent,
    ) -> Result<(), Fault> {
        let fault = self.fault(&supply.path, day.date);
        let quantity = due.minus(self.supply(day.state, id).delivered).map_err(&fault)?;
        if !quantity.is_positive() {
            return Ok(());
        }
        let buyer = [self.party(supply.buyer)];
        let basis = self.weigh(day.register, std::slice::from_ref(&parent), day.date).1;
        let event = Event { id, supply, trigger: Trigger::Delivery, quantity, by: &buyer };
        self.supplied(day, &event, parent.clone())?;
        self.count(day, &event, &parent, basis)
    }

    fn progress(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        id: SupplyId,
        done: &Formula,
        of: Option<&Formula>,
    ) -> Result<(), Fault> {
        let Some(supply) = self.terms.supplies.get(id.index()) else { return Ok(()) };
        if let Some((kind, detail)) = self.not_in_force(day, supply, Trigger::Delivery) {
            day.refuse(line, kind, &supply.path, detail);
            return Ok(());
        }
        let fault = self.fault(&supply.path, day.date);
        let known = |formula: &Formula| self.inputs.value(formula).map(|value| value.known());
        let done = self.inputs.quantity(line, done).map_err(&fault)?.known();
        let of = of.map_or(Ok(Some(Number::ONE)), known).map_err(&fault)?;
        let whole = self.enforceable(day, id, supply).map_err(&fault)?;
        let (Some(done), Some(of), Some(whole)) = (done, of.filter(|of| of.is_positive()), whole) else {
            day.refuse(line, RefusalKind::NoQuantity, &supply.path, "the whole or the part of it is not known");
            return Ok(());
        };
        let due = whole.ratio_of(done.min(of), of, PARTS).map_err(&fault)?;
        let so_far = self.supply(day.state, id).delivered;
        if due < so_far {
            let detail = format!(
                "{} {unit} would have passed, {} {unit} have",
                due.grouped(),
                so_far.grouped(),
                unit = supply.unit
            );
            day.refuse(line, RefusalKind::ProgressFalls, &supply.path, detail);
            return Ok(());
        }
        self.pass_up_to(day, id, supply, due, Parent::Line(line.id))
    }

    /// The end of a period of a minimum: what was not taken is paid for all the same. Where nothing can be made up, it
    /// passes: the seller stood ready.
    pub(super) fn minimums(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        let dated = self.dated.get(&day.date);
        for id in dated.map_or(&[][..], |d| &d.minimums) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let Some(minimum) = &supply.minimum else { continue };
            if self.not_in_force(day, supply, Trigger::Delivery).is_some() {
                continue;
            }
            let fault = self.fault(&supply.path, day.date);
            let mut state = self.supply(day.state, *id);
            let Some(least) = self.inputs.value(&minimum.quantity).map_err(&fault)?.known() else { continue };
            let taken = state.delivered.minus(state.counted).map_err(&fault)?;
            let missing = least.minus(taken).map_err(&fault)?.clamp_zero();
            state.counted = state.delivered;
            if minimum.make_up.is_some() {
                state.short = state.short.plus(missing).map_err(&fault)?;
            }
            day.state.supplies.insert(*id, Arc::new(state));
            let parents = vec![Parent::Term(format!("{}.minimum", supply.path).into())];
            if missing.is_positive() && minimum.make_up.is_none() {
                self.forfeit(day, *id, supply, missing, parents.clone())?;
            }
            for (term, _) in supply.pays.iter().enumerate().filter(|(_, p)| p.trigger == Trigger::Delivery) {
                if missing.is_positive() {
                    day.bills.push((*id, term, missing, parents.clone()));
                }
            }
        }
        for id in dated.map_or(&[][..], |d| &d.made_up) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let mut state = self.supply(day.state, *id);
            let short = std::mem::take(&mut state.short);
            day.state.supplies.insert(*id, Arc::new(state));
            if short.is_positive() {
                let parents = vec![Parent::Term(format!("{}.minimum", supply.path).into())];
                // What is forfeited was billed when it was not taken.
                self.settle_bills_of_today(day)?;
                self.forfeit(day, *id, supply, short, parents)?;
            }
        }
        Ok(())
    }

    /// Raises the bills asked for so far today, before what passes on the strength of them.
    fn settle_bills_of_today(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for (supply, term, quantity, parents) in std::mem::take(&mut day.bills) {
            self.bill(day, supply, term, quantity, parents)?;
        }
        Ok(())
    }

    fn forfeit(
        &self,
        day: &mut Day<'_>,
        id: SupplyId,
        supply: &Supply,
        quantity: Number,
        parents: Vec<Parent>,
    ) -> Result<(), Fault> {
        let mut state = self.supply(day.state, id);
        state.forfeited = state.forfeited.plus(quantity).map_err(self.fault(&supply.path, day.date))?;
        day.state.supplies.insert(id, Arc::new(state));
        let buyer = [self.party(supply.buyer)];
        let event = Event { id, supply, trigger: Trigger::Delivery, quantity, by: &buyer };
        self.transfer(day, &event, parents)
    }

    /// Of a delivery, what is billed: not what makes up for an earlier period, which was paid for then.
    pub(super) fn to_bill(
        &self,
        date: Date,
        supply: &Supply,
        state: &mut SupplyState,
        quantity: Number,
    ) -> Result<Number, num::Fault> {
        let Some(minimum) = supply.minimum.as_ref().filter(|_| state.short.is_positive()) else { return Ok(quantity) };
        let Some(least) = self.inputs.value(&minimum.quantity)?.known() else { return Ok(quantity) };
        // After the last period there is no minimum that goes first.
        let least = if minimum.ends.last().is_some_and(|end| date <= *end) { least } else { Number::ZERO };
        let taken = state.delivered.minus(state.counted)?;
        let beyond = taken.minus(least)?.clamp_zero().min(quantity);
        let made_up = beyond.min(state.short);
        state.short = state.short.minus(made_up)?;
        quantity.minus(made_up)
    }

    fn variable(&self, id: VariableId) -> Option<(&Variable, &Supply)> {
        let variable = self.terms.variables.get(id.index())?;
        Some((variable, self.terms.supplies.get(variable.supplies.first()?.index())?))
    }

    /// Both estimates, and what may be included of the one the contract calls for.
    fn estimate(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        id: VariableId,
        outcomes: &[(Formula, Formula)],
        limit: Option<&Formula>,
    ) -> Result<(), Fault> {
        let Some((variable, supply)) = self.variable(id) else { return Ok(()) };
        if let Some((kind, detail)) = self.not_in_force(day, supply, Trigger::Delivery) {
            day.refuse(line, kind, &variable.path, detail);
            return Ok(());
        }
        let estimated = estimated(self.inputs, outcomes, limit, self.minor_unit(supply));
        let Some((expected, likely, limit)) = estimated.map_err(self.fault(&variable.path, day.date))? else {
            day.refuse(line, RefusalKind::NoQuantity, &variable.path, "an outcome is undisclosed");
            return Ok(());
        };
        let estimate = if variable.expected { expected } else { likely };
        let included = limit.map_or(estimate, |limit| limit.min(estimate));
        let charged = day.state.variables.get(&id).map_or(Number::ZERO, |(_, charged)| *charged);
        day.state.variables.insert(id, (included, charged));
        for supply in &variable.supplies {
            let act = Act::Estimated { supply: *supply, variable: id, expected, likely, included };
            day.record(self, act, &variable.path, vec![Parent::Line(line.id)], crate::ledger::Draft::default())?;
        }
        Ok(())
    }

    fn charge(&self, day: &mut Day<'_>, line: &InputLine, id: VariableId, amount: &Formula) -> Result<(), Fault> {
        let Some((variable, supply)) = self.variable(id) else { return Ok(()) };
        let Some(first) = variable.supplies.first() else { return Ok(()) };
        if let Some((kind, detail)) = self.not_in_force(day, supply, Trigger::Payment) {
            day.refuse(line, kind, &variable.path, detail);
            return Ok(());
        }
        let amount = self.inputs.quantity(line, amount).map_err(self.fault(&variable.path, day.date))?;
        let Some(known) = amount.known().filter(|amount| amount.is_positive()) else {
            day.refuse(line, RefusalKind::NoQuantity, &variable.path, "the amount is not known or not above zero");
            return Ok(());
        };
        let (included, charged) = day.state.variables.get(&id).copied().unwrap_or_default();
        let charged = charged.plus(known).map_err(self.fault(&variable.path, day.date))?;
        day.state.variables.insert(id, (included, charged));
        if day.state.ended.contains_key(&supply.contract) {
            self.final_amount(day, id, charged, &Parent::Line(line.id))?;
        }
        let raised = (Value::ZERO, day.date, usize::MAX);
        self.raise(day, *first, supply, &variable.path, amount, raised, vec![Parent::Line(line.id)])
    }

    /// Nothing is left to perform: a variable amount is what was charged for it.
    fn final_amount(&self, day: &mut Day<'_>, id: VariableId, charged: Number, cause: &Parent) -> Result<(), Fault> {
        let Some(variable) = self.terms.variables.get(id.index()) else { return Ok(()) };
        for supply in &variable.supplies {
            let (expected, likely, included) = (charged, charged, charged);
            let act = Act::Estimated { supply: *supply, variable: id, expected, likely, included };
            day.record(self, act, &variable.path, vec![cause.clone()], crate::ledger::Draft::default())?;
        }
        Ok(())
    }

    /// At the end of a contract: of variable amounts of which more was charged than is included.
    pub(super) fn final_amounts(&self, day: &mut Day<'_>, contract: ContractId, cause: &Parent) -> Result<(), Fault> {
        let of = |id: &VariableId| self.terms.variables.get(id.index()).is_some_and(|v| v.contract == contract);
        let above = |(id, (included, charged)): (&VariableId, &(Number, Number))| {
            (of(id) && charged > included).then_some((*id, *charged))
        };
        let above: Vec<_> = day.state.variables.iter().filter_map(above).collect();
        for (id, charged) in above {
            self.final_amount(day, id, charged, cause)?;
        }
        Ok(())
    }

    fn modify(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        id: SupplyId,
        quantity: Option<&Formula>,
        amount: &Formula,
        treatment: Treatment,
    ) -> Result<(), Fault> {
        let Some(supply) = self.terms.supplies.get(id.index()) else { return Ok(()) };
        if let Some((kind, detail)) = self.not_in_force(day, supply, Trigger::Delivery) {
            day.refuse(line, kind, &supply.path, detail);
            return Ok(());
        }
        let fault = self.fault(&supply.path, day.date);
        let amount = self.inputs.quantity(line, amount).map_err(&fault)?.known();
        let added = quantity.map_or(Ok(Value::ZERO), |q| self.inputs.quantity(line, q)).map_err(&fault)?.known();
        let end = self.enforceable(day, id, supply).map_err(&fault)?;
        let (Some(amount), Some(added), Some(end)) = (amount, added, end) else {
            day.refuse(line, RefusalKind::NoQuantity, &supply.path, "what is modified is undisclosed");
            return Ok(());
        };
        let mut state = self.supply(day.state, id);
        // A changed price is spread over what was neither billed nor passed; what was billed stays as it was.
        let to = end.plus(added).map_err(&fault)?;
        let amount_left = match added.is_negative() {
            true => match self.left_out(supply, &state, (to, end)).map_err(&fault)? {
                // What is left bears what was not the price of the units that are gone.
                Ok(gone) => amount.plus(gone).map_err(&fault)?,
                Err(detail) => {
                    day.refuse(line, RefusalKind::NothingLeft, &supply.path, detail);
                    return Ok(());
                }
            },
            false => amount,
        };
        let (billed, borne) = open_terms(supply, &state, to).map_err(&fault)?;
        let from = if added.is_positive() { end } else { billed.max(state.transferred) };
        let borne = borne.filter(|_| !added.is_positive());
        let changes = !added.is_negative() || !amount_left.is_zero();
        if from >= to && changes {
            let detail = format!("all of {} {} was billed or has passed", end.grouped(), supply.unit);
            day.refuse(line, RefusalKind::NothingLeft, &supply.path, detail);
            return Ok(());
        }
        if changes {
            state.steps.push(PriceStep { from, to, amount: amount_left, added: added.is_positive(), borne });
        }
        state.added = state.added.plus(added).map_err(&fault)?;
        if added.is_negative() {
            state.ordered = state.ordered.min(to);
        }
        if treatment != Treatment::Cumulatively && !added.is_zero() {
            state.later.push((day.date, added));
        }
        day.state.supplies.insert(id, Arc::new(state));
        let parents = vec![Parent::Line(line.id)];
        let act = Act::Modified { supply: id, quantity: added, amount, treatment };
        let number = day.record(self, act, &supply.path, parents, crate::ledger::Draft::default())?;
        for (term, _) in supply.pays.iter().enumerate().filter(|(_, pays)| pays.trigger == Trigger::Signing) {
            if added.is_positive() {
                day.bills.push((id, term, added, vec![Parent::Outcome(number)]));
            }
        }
        Ok(())
    }

    /// Interest of a supply with a financing component is counted up to the end of every month, and of every quarter
    /// of the seller, while cash and control are apart.
    pub(super) fn elapse(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        let mut ids = day.agenda.elapsing(day.date);
        for id in &ids {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let parents = vec![Parent::Term(format!("{}.financing", supply.path).into())];
            day.record(self, Act::Elapsed { supply: *id }, &supply.path, parents, crate::ledger::Draft::default())?;
        }
        ids.extend(day.financed.iter().copied());
        for id in ids {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let mut state = self.supply(day.state, id);
            let next = (state.paid != state.worth).then(|| self.period_end(supply, day.date.next()));
            let before = std::mem::replace(&mut state.elapses, next);
            day.agenda.move_elapse(id, before, next);
            day.state.supplies.insert(id, Arc::new(state));
        }
        Ok(())
    }

    /// At the end of its last day a material right that was not used is gone.
    pub(super) fn rights_end(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.rights) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            if day.state.ended.contains_key(&supply.contract) {
                continue;
            }
            let parents = vec![Parent::Term(format!("{}.right", supply.path).into())];
            let act = Act::RightEnded { supply: *id };
            day.record(self, act, &supply.path, parents, crate::ledger::Draft::default())?;
        }
        Ok(())
    }

    /// The end of the month, or of the seller's quarter, that a day is in, whichever is first.
    pub(super) fn period_end(&self, supply: &Supply, date: Date) -> Date {
        period_end(self.terms, supply, date)
    }
}

/// Expected value, most likely amount and limit; none where an outcome is undisclosed.
type Estimated = Option<(Number, Number, Option<Number>)>;

fn estimated(
    inputs: &Inputs,
    outcomes: &[(Formula, Formula)],
    limit: Option<&Formula>,
    rounding: Rounding,
) -> Result<Estimated, num::Fault> {
    let mut expected = Number::ZERO;
    let mut likely: Option<(Number, Number)> = None;
    for (probability, amount) in outcomes {
        let (probability, amount) = (inputs.value(probability)?, inputs.value(amount)?);
        let (Some(probability), Some(amount)) = (probability.known(), amount.known()) else { return Ok(None) };
        expected = expected.plus(probability.times(amount)?)?;
        // Of outcomes that are equally likely the smaller: nothing is to be reversed.
        let better = likely.is_none_or(|(p, a)| probability > p || (probability == p && amount < a));
        if better {
            likely = Some((probability, amount));
        }
    }
    let limit = match limit {
        Some(limit) => match inputs.value(limit)?.known() {
            Some(limit) => Some(limit),
            None => return Ok(None),
        },
        None => None,
    };
    Ok(Some((expected.round(rounding), likely.map_or(Number::ZERO, |(_, amount)| amount), limit)))
}

/// The end of the month, or of the seller's quarter, that a day is in, whichever is first.
fn period_end(terms: &crate::terms::Terms, supply: &Supply, date: Date) -> Date {
    let quarter = terms.parties.get(supply.seller.index()).map(|party| {
        let (year, quarter) = party.fiscal.quarter_of(date);
        party.fiscal.quarter(year, quarter).to
    });
    quarter.filter(|end| *end >= date).map_or(date.month_end(), |end| end.min(date.month_end()))
}

/// The days on which what passes evenly is counted: ends of months and quarters, and the last.
pub(super) fn counted(terms: &crate::terms::Terms, supply: &Supply, period: Period, signed: Date) -> Vec<Date> {
    let mut days = Vec::new();
    let mut day = period.from.max(signed);
    while day < period.to {
        let end = period_end(terms, supply, day).min(period.to);
        days.push(end);
        day = end.next();
    }
    if days.last() != Some(&period.to) {
        days.push(period.to.max(signed));
    }
    days
}

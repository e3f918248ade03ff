//! Orders, deliveries, acceptances and invoices: quantities, counters, control, and the bills they ask for.

use std::sync::Arc;

use super::step::{Day, Engine, Fault};
use super::{Act, InputLine, RefusalKind, State, SupplyState};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number, Rounding};
use crate::terms::{Basis, Contract, CounterId, Fact, Party, PartyId, Supply, SupplyId, Trigger, Value};
use crate::time::Date;

/// A line that passed its checks: what it moves.
pub(super) struct Event<'e> {
    pub id: SupplyId,
    pub supply: &'e Supply,
    pub trigger: Trigger,
    pub quantity: Number,
    pub by: &'e [Arc<str>],
}

impl Engine<'_> {
    pub(super) fn party(&self, id: PartyId) -> Arc<str> {
        self.terms.parties.get(id.index()).map_or_else(|| "".into(), |p: &Party| p.name.clone())
    }

    pub(super) fn contract(&self, supply: &Supply) -> Option<&Contract> {
        self.terms.contracts.get(supply.contract.index())
    }

    /// The state of a supply; one that saw nothing yet is all zero.
    #[must_use]
    pub fn supply(&self, state: &State, id: SupplyId) -> SupplyState {
        state.supplies.get(&id).map(|state| SupplyState::clone(state)).unwrap_or_default()
    }

    /// A quantity at the contract price, to the currency's minor unit.
    ///
    /// # Errors
    /// Overflow.
    pub fn priced(&self, supply: &Supply, state: &SupplyState, quantity: Number) -> Result<Value, num::Fault> {
        self.share_of_price(supply, state, quantity, None)
    }

    /// The price of a quantity, or what a payment term bills of it, counted from zero: differences of two such amounts sum
    /// exactly.
    ///
    /// # Errors
    /// Overflow.
    pub fn share_of_price(
        &self,
        supply: &Supply,
        state: &SupplyState,
        quantity: Number,
        term: Option<usize>,
    ) -> Result<Value, num::Fault> {
        let price = self.inputs.value(&supply.price)?;
        let term = term.and_then(|term| supply.pays.get(term).map(|pays| (term, pays.share)));
        state.cumulative_of(price, quantity, term)?.map(|part| Ok(part.round(self.minor_unit(supply))))
    }

    /// Rounding to the minor unit of the supply's currency.
    #[must_use]
    pub fn minor_unit(&self, supply: &Supply) -> Rounding {
        self.minor.get(&supply.currency).copied().unwrap_or(Rounding::CENTS)
    }

    /// The committed quantity over all standings that pass the filter.
    ///
    /// # Errors
    /// Overflow.
    pub fn committed(
        &self,
        supply: &Supply,
        filter: impl Fn(crate::terms::Standing) -> bool,
    ) -> Result<Value, num::Fault> {
        let owed = crate::terms::Standing { binding: crate::terms::Binding::Definitive, option: false };
        let firm = if filter(owed) { supply.firm(self.inputs)? } else { Value::ZERO };
        let sum = |first: Value, owed: bool| {
            let parts = supply.quantities.iter().filter(|(_, s, _)| s.is_owed() == owed && filter(*s));
            parts.map(|(q, ..)| q).try_fold(first, |sum, q| sum.plus(self.inputs.value(q)?))
        };
        if supply.minimum.as_ref().is_none_or(|minimum| minimum.beyond) {
            return sum(firm, false);
        }
        // What is bought under an option counts towards the minimums, so they are no quantity of their own beside it.
        let stated = sum(sum(Value::ZERO, true)?, false)?;
        firm.join(stated, |firm, stated| Ok(firm.max(stated)))
    }

    pub(super) fn supply_fact(&self, day: &mut Day<'_>, line: &InputLine, fact: &Fact) -> Result<(), Fault> {
        let Fact::Supply { supply: id, trigger, quantity, by } = fact else { return Ok(()) };
        let Some(supply) = self.terms.supplies.get(id.index()) else { return Ok(()) };
        let fault = self.fault(&supply.path, day.date);
        if let Some((kind, detail)) = self.not_in_force(day, supply, *trigger) {
            day.refuse(line, kind, &supply.path, detail);
            return Ok(());
        }
        let quantity = self.inputs.quantity(line, quantity).map_err(&fault)?;
        let Some(quantity) = quantity.known().filter(|q| q.is_positive()) else {
            day.refuse(line, RefusalKind::NoQuantity, &supply.path, "the line gives no positive quantity");
            return Ok(());
        };
        let event = Event { id: *id, supply, trigger: *trigger, quantity, by };
        if let Some((kind, detail)) = self.refused(day, &event).map_err(&fault)? {
            day.refuse(line, kind, &supply.path, detail);
            return Ok(());
        }
        // From here on the event must succeed.
        let parent = Parent::Line(line.id);
        if event.trigger == Trigger::Payment {
            day.payments.push((event.id, event.quantity, parent.clone()));
        } else {
            self.supplied(day, &event, parent.clone())?;
        }
        self.count(day, &event, &parent, line.line.basis)
    }

    /// Whether the contract has ended or is not signed yet: asked before anything about the quantity.
    pub(super) fn not_in_force(
        &self,
        day: &Day<'_>,
        supply: &Supply,
        trigger: Trigger,
    ) -> Option<(RefusalKind, String)> {
        if let Some(ended) = day.state.ended.get(&supply.contract).filter(|_| trigger != Trigger::Payment) {
            return Some((RefusalKind::ContractEnded, format!("since {}", ended.date)));
        }
        let signed = self.contract(supply).and_then(|c| c.signed).filter(|signed| day.date < *signed)?;
        Some((RefusalKind::BeforeSigning, format!("signed {signed}")))
    }

    fn refused(&self, day: &Day<'_>, event: &Event<'_>) -> Result<Option<(RefusalKind, String)>, num::Fault> {
        let supply = event.supply;
        let state = self.supply(day.state, event.id);
        let unit = &supply.unit;
        let committed = self.committed(supply, |_| true)?.plus(Value::Known(state.added))?.known();
        let above = |done: Number, limit: Option<Number>, kind, word: &str| -> Result<_, num::Fault> {
            let total = done.plus(event.quantity)?;
            let over = limit.filter(|limit| total > *limit);
            Ok(over
                .map(|limit| (kind, format!("{} {unit} in all, {word} {} {unit}", total.grouped(), limit.grouped()))))
        };
        match event.trigger {
            Trigger::Order => above(state.ordered, committed, RefusalKind::OrderAboveCommitment, "committed"),
            Trigger::Delivery => {
                let gone = state.delivered.plus(state.forfeited)?;
                let first = above(gone, committed, RefusalKind::DeliveryAboveCommitment, "committed")?;
                let on_order = supply.pays.iter().any(|p| p.trigger == Trigger::Order);
                let ordered = Some(state.ordered).filter(|_| on_order || state.ordered.is_positive());
                Ok(first.or(above(state.delivered, ordered, RefusalKind::DeliveryAboveOrder, "ordered")?))
            }
            Trigger::Acceptance => {
                let limit = Some(state.delivered);
                above(state.accepted, limit, RefusalKind::AcceptanceAboveDelivery, "delivered")
            }
            Trigger::Invoice => {
                let limit = committed.filter(|_| supply.unit.is_currency());
                above(state.invoiced, limit, RefusalKind::DeliveryAboveCommitment, "committed")
            }
            Trigger::Payment | Trigger::Signing => Ok(None),
        }
    }

    pub(super) fn supplied(&self, day: &mut Day<'_>, event: &Event<'_>, parent: Parent) -> Result<(), Fault> {
        let Event { id, supply, trigger, quantity, .. } = *event;
        let fault = self.fault(&supply.path, day.date);
        let mut state = self.supply(day.state, id);
        let total = match trigger {
            Trigger::Order => &mut state.ordered,
            Trigger::Delivery => &mut state.delivered,
            Trigger::Acceptance => &mut state.accepted,
            _ => &mut state.invoiced,
        };
        *total = total.plus(quantity).map_err(&fault)?;
        let billed = match trigger {
            Trigger::Delivery => self.to_bill(day.date, supply, &mut state, quantity).map_err(&fault)?,
            _ => quantity,
        };
        day.state.supplies.insert(id, Arc::new(state));
        let from = day.supply_account(self, id, supply, trigger.word(), true);
        let to = day.supply_account(self, id, supply, trigger.word(), false);
        let act = Act::Supplied { supply: id, trigger, quantity };
        let draft = Draft::default().transfer(from, to, quantity);
        let number = day.record(self, act, &supply.path, vec![parent], draft)?;
        let parents = vec![Parent::Outcome(number)];
        if supply.control == trigger {
            self.transfer(day, event, parents.clone())?;
        }
        for (term, pays) in supply.pays.iter().enumerate() {
            if pays.trigger == trigger && pays.offset >= 0 && billed.is_positive() {
                day.bills.push((id, term, billed, parents.clone()));
            }
        }
        Ok(())
    }

    /// Control passes: the price, and how much of it was billed before.
    pub(super) fn transfer(&self, day: &mut Day<'_>, event: &Event<'_>, parents: Vec<Parent>) -> Result<(), Fault> {
        let Event { id, supply, quantity, .. } = *event;
        let fault = self.fault(&supply.path, day.date);
        let mut state = self.supply(day.state, id);
        let before = state.transferred;
        state.transferred = before.plus(quantity).map_err(&fault)?;
        let price = self.slice(supply, &state, None, (before, state.transferred)).map_err(&fault)?;
        let mut prepaid = Value::ZERO;
        for term in 0..supply.pays.len() {
            let billed = state.billed.get(term).copied().unwrap_or_default();
            let part = self.slice(supply, &state, Some(term), (before.min(billed), state.transferred.min(billed)));
            prepaid = part.and_then(|part| prepaid.plus(part)).map_err(&fault)?;
        }
        state.worth = state.worth.plus(price.known().unwrap_or_default()).map_err(&fault)?;
        if supply.financing.is_some() {
            day.financed.insert(id);
        }
        day.state.supplies.insert(id, Arc::new(state));
        let outside = self.outside(day.date, event);
        let act = Act::Transferred { supply: id, quantity, price, prepaid, outside };
        let clause = self.clauses.get(id.index()).map_or(&supply.path, |(control, _)| control);
        day.record(self, act, clause, parents, Draft::default())?;
        Ok(())
    }

    /// Counters of a supply that do not count what passes: bought by others, before they begin, or after they end. A counter of
    /// other events than those by which control passes may end before what it counted has passed.
    fn outside(&self, date: Date, event: &Event<'_>) -> Vec<CounterId> {
        let counters = self.counters.get(&event.id).into_iter().flatten().copied();
        let skips = |id: &CounterId| {
            let Some(counter) = self.terms.counters.get(id.index()) else { return false };
            let ends = counter.until.filter(|_| counter.trigger == event.supply.control);
            counter.since.is_some_and(|since| date < since)
                || ends.is_some_and(|until| date > until)
                || counter.by.as_ref().is_some_and(|names| !names.iter().any(|name| event.by.contains(name)))
        };
        counters.filter(skips).collect()
    }

    /// The price of the units after `from` up to `to`, or what a payment term bills of it.
    pub(super) fn slice(
        &self,
        supply: &Supply,
        state: &SupplyState,
        term: Option<usize>,
        (from, to): (Number, Number),
    ) -> Result<Value, num::Fault> {
        self.share_of_price(supply, state, to, term)?.minus(self.share_of_price(supply, state, from, term)?)
    }

    /// Adds an event to the counters that count it.
    pub(super) fn count(
        &self,
        day: &mut Day<'_>,
        event: &Event<'_>,
        parent: &Parent,
        basis: Basis,
    ) -> Result<(), Fault> {
        for id in self.counters.get(&event.id).map_or(&[][..], Vec::as_slice) {
            let Some(counter) = self.terms.counters.get(id.index()) else { continue };
            let counts = counter.trigger == event.trigger
                && counter.since.is_none_or(|since| day.date >= since)
                && counter.until.is_none_or(|until| day.date <= until)
                && counter.by.as_ref().is_none_or(|names| names.iter().any(|name| event.by.contains(name)));
            if !counts {
                continue;
            }
            let (old, so_far) = day.state.counters.get(id).copied().unwrap_or((Number::ZERO, Basis::Actual));
            let new = old.plus(event.quantity).map_err(self.fault(&counter.path, day.date))?;
            day.state.counters.insert(*id, (new, so_far.max(basis)));
            for tranche in self.watch.counter(*id, old, new) {
                day.dirty.entry(tranche).or_default().insert(parent.clone());
            }
        }
        Ok(())
    }
}

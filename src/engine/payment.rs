//! Bills and payments: what is owed, when, and what settles it.

use std::sync::Arc;

use super::flow::PROMISED;
use super::step::{Day, Engine, Fault};
use super::supply::Event;
use super::{Act, Bill, InputLine, RefusalKind};
use crate::ledger::{Draft, Parent, Vector};
use crate::num::Number;
use crate::terms::{Basis, ContractId, Fact, Formula, Supply, SupplyId, Trigger, Value};
use crate::time::Date;

impl Engine<'_> {
    /// Today's bills, those raised ahead of their event first; then today's payments settle them, what was paid in
    /// advance meets them, and forecast bills that fall due are assumed paid.
    pub(super) fn bills(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for (line, term) in self.early.get(&day.date).map_or(&[][..], Vec::as_slice) {
            let Some(line) = self.inputs.lines.get(*line) else { continue };
            let Some(Fact::Supply { supply, quantity, .. }) = &line.line.fact else { continue };
            let Some(terms) = self.terms.supplies.get(supply.index()) else { continue };
            // An event that is refused is not billed, nor one that a contract no longer in force would refuse.
            let ended = line.line.date > day.date && day.state.ended.contains_key(&terms.contract);
            if ended || day.register.refusals.iter().any(|r| r.line == line.id) {
                continue;
            }
            let quantity = self.inputs.quantity(line, quantity).map_err(self.fault(&terms.path, day.date))?;
            if let Some(quantity) = quantity.known().filter(|q| q.is_positive()) {
                day.bills.push((*supply, *term, quantity, vec![Parent::Line(line.id)]));
            }
        }
        self.bills_at_signing(day)?;
        for (supply, term, quantity, parents) in std::mem::take(&mut day.bills) {
            self.bill(day, supply, term, quantity, parents)?;
        }
        for (id, quantity, parent) in std::mem::take(&mut day.payments) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let event = Event { id, supply, trigger: Trigger::Payment, quantity, by: &[] };
            self.pay(day, &event, parent, Basis::Actual)?;
        }
        for index in std::mem::take(&mut day.refunds) {
            let Some(line) = self.inputs.lines.get(index) else { continue };
            if let Some(Fact::Refund { supply, amount }) = &line.line.fact {
                self.refund(day, line, *supply, amount)?;
            }
        }
        let mut ids = std::mem::take(&mut day.touched);
        ids.extend(day.agenda.due(day.date));
        for id in ids {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            self.meet_advances(day, id, supply)?;
            self.assume_paid(day, id, supply)?;
        }
        Ok(())
    }

    fn bills_at_signing(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.signed) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let firm = self.committed(supply, |s| s.binding == crate::terms::Binding::Definitive && !s.option);
            let Some(firm) = firm.map_err(self.fault(&supply.path, day.date))?.known() else { continue };
            for (term, pays) in supply.pays.iter().enumerate() {
                if pays.trigger == Trigger::Signing && firm.is_positive() {
                    day.bills.push((*id, term, firm, vec![Parent::Term(supply.path.clone())]));
                }
            }
        }
        Ok(())
    }

    pub(super) fn bill(
        &self,
        day: &mut Day<'_>,
        id: SupplyId,
        term: usize,
        quantity: Number,
        parents: Vec<Parent>,
    ) -> Result<(), Fault> {
        let Some(supply) = self.terms.supplies.get(id.index()) else { return Ok(()) };
        let Some(pays) = supply.pays.get(term) else { return Ok(()) };
        let clause = self.clauses.get(id.index()).and_then(|(_, pays)| pays.get(term)).unwrap_or(&supply.path);
        let fault = self.fault(clause, day.date);
        let mut state = self.supply(day.state, id);
        if state.billed.len() <= term {
            state.billed.resize(term + 1, Number::ZERO);
        }
        let from = state.billed.get(term).copied().unwrap_or_default();
        let to = from.plus(quantity).map_err(&fault)?;
        if let Some(billed) = state.billed.get_mut(term) {
            *billed = to;
        }
        let amount = self.slice(supply, &state, Some(term), (from, to)).map_err(&fault)?;
        let passed = state.transferred;
        let ahead = self.slice(supply, &state, Some(term), (from.max(passed), to.max(passed))).map_err(&fault)?;
        let due = if pays.offset > 0 { day.date.plus_days(pays.offset) } else { day.date };
        day.state.supplies.insert(id, Arc::new(state));
        self.raise(day, id, supply, clause, amount, (ahead, due, term), parents)
    }

    /// Raises a bill: of its amount so much for what has not passed, due on a day, under a payment term.
    #[expect(clippy::too_many_arguments, reason = "the parts of one bill")]
    pub(super) fn raise(
        &self,
        day: &mut Day<'_>,
        id: SupplyId,
        supply: &Supply,
        clause: &Arc<str>,
        amount: Value,
        (ahead, due, term): (Value, Date, usize),
        parents: Vec<Parent>,
    ) -> Result<(), Fault> {
        let mut state = self.supply(day.state, id);
        // What binds nobody makes nothing payable: what it would ask for is expected, and no claim.
        let (draft, at_best) = match supply.binds() {
            true => (self.claim(day, id, supply, amount.known().unwrap_or_default()), Basis::Actual),
            false => (Draft::default(), Basis::Forecast),
        };
        state.raised += 1;
        let number = state.raised;
        let act = Act::Billed { supply: id, number, amount: amount.clone(), ahead, due };
        let outcome = day.record_as(self, act, clause, parents, draft, at_best)?;
        let basis = day.register.outcomes.get(outcome as usize).map_or(Basis::Actual, |o| o.basis);
        let open = amount.known().unwrap_or_default();
        state.bills.push_back(Arc::new(Bill { number, term, raised: day.date, due, amount, open, basis, outcome }));
        day.state.supplies.insert(id, Arc::new(state));
        day.agenda.add_due(due, id);
        day.touched.insert(id);
        Ok(())
    }

    /// Claims: what the buyer owes the seller, debit with the seller.
    fn claim(&self, day: &mut Day<'_>, id: SupplyId, supply: &Supply, amount: Number) -> Draft {
        let seller = day.supply_account(self, id, supply, "claims", true);
        let buyer = day.supply_account(self, id, supply, "claims", false);
        Draft::default().transfer(buyer, seller, amount)
    }

    /// Cash moves; the oldest due bills are settled first, the rest is an advance.
    pub(super) fn pay(
        &self,
        day: &mut Day<'_>,
        event: &Event<'_>,
        parent: Parent,
        at_best: Basis,
    ) -> Result<(), Fault> {
        let Event { id, supply, quantity: amount, .. } = *event;
        let fault = self.fault(&supply.path, day.date);
        let mut state = self.supply(day.state, id);
        let basis = self.weigh(day.register, std::slice::from_ref(&parent), day.date).1.max(at_best);
        let promised = !supply.binds() && basis > Basis::Actual;
        let rest = settle(&mut state.bills, amount).map_err(&fault)?;
        let applied = amount.minus(rest).map_err(&fault)?;
        if !promised {
            state.advance = state.advance.plus(rest).map_err(&fault)?;
            state.paid = state.paid.plus(amount).map_err(&fault)?;
        }
        if supply.financing.is_some() {
            day.financed.insert(id);
        }
        day.state.supplies.insert(id, Arc::new(state));
        day.touched.insert(id);
        let draft = match promised {
            true => self.move_money(day, id, supply, PROMISED, amount),
            false => {
                let seller = day.supply_account(self, id, supply, "claims", true);
                let buyer = day.supply_account(self, id, supply, "claims", false);
                self.move_money(day, id, supply, "cash", amount).transfer(seller, buyer, amount)
            }
        };
        let act = Act::Paid { supply: id, amount, applied, promised };
        day.record_as(self, act, &supply.path, vec![parent], draft, at_best)?;
        Ok(())
    }

    /// The seller gives back what it was paid: first what no bill had asked for, then what was billed and is taken back.
    pub(super) fn refund(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        id: SupplyId,
        amount: &Formula,
    ) -> Result<(), Fault> {
        let Some(supply) = self.terms.supplies.get(id.index()) else { return Ok(()) };
        let fault = self.fault(&supply.path, day.date);
        let amount = self.inputs.quantity(line, amount).map_err(&fault)?;
        let mut state = self.supply(day.state, id);
        let Some(amount) = amount.known().filter(|amount| amount.is_positive()) else {
            day.refuse(line, RefusalKind::NoQuantity, &supply.path, "the line gives no positive amount");
            return Ok(());
        };
        if amount > state.paid {
            let (back, paid) = (amount.grouped(), state.paid.grouped());
            let detail = format!("{back} {currency} given back, {paid} {currency} paid", currency = supply.currency);
            day.refuse(line, RefusalKind::RefundAbovePaid, &supply.path, detail);
            return Ok(());
        }
        let advance = amount.min(state.advance);
        state.advance = state.advance.minus(advance).map_err(&fault)?;
        state.paid = state.paid.minus(amount).map_err(&fault)?;
        day.state.supplies.insert(id, Arc::new(state));
        let seller = day.supply_account(self, id, supply, "claims", true);
        let buyer = day.supply_account(self, id, supply, "claims", false);
        let draft = self.move_money(day, id, supply, "cash", amount.neg()).transfer(seller, buyer, advance.neg());
        let act = Act::Refunded { supply: id, amount, advance };
        day.record(self, act, &supply.path, vec![Parent::Line(line.id)], draft)?;
        Ok(())
    }

    /// An amount from the buyer to the seller, on accounts of one name.
    fn move_money(
        &self,
        day: &mut Day<'_>,
        id: SupplyId,
        supply: &Supply,
        name: &'static str,
        amount: Number,
    ) -> Draft {
        let from = day.supply_account(self, id, supply, name, false);
        let to = day.supply_account(self, id, supply, name, true);
        Draft::default().transfer(from, to, amount)
    }

    /// The end of a contract that bound nobody: nothing is expected under it any more. What was paid under it is paid under the
    /// one that replaces it: given back there, and paid here with the payments of the day.
    pub(super) fn end_of_intent(
        &self,
        day: &mut Day<'_>,
        contract: ContractId,
        by: Option<ContractId>,
        cause: &Parent,
    ) -> Result<(), Fault> {
        for id in self.terms.supplies_of(contract) {
            let Some(supply) = self.terms.supplies.get(id.index()).filter(|supply| !supply.binds()) else { continue };
            let mut state = self.supply(day.state, *id);
            let (paid, advance) = (state.paid, state.advance);
            let next = by.and_then(|by| self.replaced_by(supply, by)).filter(|_| paid.is_positive());
            state.bills = Vector::new();
            if next.is_some() {
                state.advance = Number::ZERO;
                state.paid = Number::ZERO;
            }
            day.state.supplies.insert(*id, Arc::new(state));
            let Some(next) = next else { continue };
            let back = paid.neg();
            let seller = day.supply_account(self, *id, supply, "claims", true);
            let buyer = day.supply_account(self, *id, supply, "claims", false);
            let draft = self.move_money(day, *id, supply, "cash", back).transfer(seller, buyer, back);
            let applied = advance.minus(paid).map_err(self.fault(&supply.path, day.date))?;
            let act = Act::Paid { supply: *id, amount: back, applied, promised: false };
            let number = day.record(self, act, &supply.path, vec![cause.clone()], draft)?;
            day.payments.push((next, paid, Parent::Outcome(number)));
        }
        Ok(())
    }

    /// Of the supplies of a contract that binds, between the same parties and in the same currency, the one of the same name,
    /// else the first.
    fn replaced_by(&self, supply: &Supply, by: ContractId) -> Option<SupplyId> {
        let alike = |id: &&SupplyId| {
            self.terms.supplies.get(id.index()).is_some_and(|other| {
                let parties = (other.seller, other.buyer) == (supply.seller, supply.buyer);
                other.binds() && parties && other.currency == supply.currency
            })
        };
        let name = |path: &Arc<str>| path.rsplit('.').next().map(str::to_owned);
        let named = |id: &&SupplyId| {
            self.terms.supplies.get(id.index()).is_some_and(|other| name(&other.path) == name(&supply.path))
        };
        let found = || self.terms.supplies_of(by).iter().filter(alike);
        found().find(named).or_else(|| found().next()).copied()
    }

    fn meet_advances(&self, day: &mut Day<'_>, id: SupplyId, supply: &Supply) -> Result<(), Fault> {
        let mut state = self.supply(day.state, id);
        if state.advance.is_zero() || state.bills.is_empty() {
            return Ok(());
        }
        let fault = self.fault(&supply.path, day.date);
        let rest = settle(&mut state.bills, state.advance).map_err(&fault)?;
        let amount = state.advance.minus(rest).map_err(&fault)?;
        state.advance = rest;
        day.state.supplies.insert(id, Arc::new(state));
        if amount.is_positive() {
            let parents = vec![Parent::Term(supply.path.clone())];
            day.record(self, Act::Applied { supply: id, amount }, &supply.path, parents, Draft::default())?;
        }
        Ok(())
    }

    /// A bill whose cause is a forecast is assumed paid on its due date, unless actual payments of that day or later are
    /// known: then they are all there is. A bill whose cause is actual waits for a payment.
    fn assume_paid(&self, day: &mut Day<'_>, id: SupplyId, supply: &Supply) -> Result<(), Fault> {
        let state = self.supply(day.state, id);
        let due: Vec<Arc<Bill>> = state
            .bills
            .iter()
            .filter(|bill| bill.basis > Basis::Actual && bill.due <= day.date && bill.open.is_positive())
            .filter(|bill| self.last_paid.get(&id).is_none_or(|last| bill.due > *last))
            .cloned()
            .collect();
        for bill in due {
            let mut state = self.supply(day.state, id);
            state.bills = state.bills.iter().filter(|b| b.number != bill.number).cloned().collect();
            let mut only = Vector::unit(bill.clone());
            let advance = state.advance;
            std::mem::swap(&mut state.bills, &mut only);
            day.state.supplies.insert(id, Arc::new(state));
            let event = Event { id, supply, trigger: Trigger::Payment, quantity: bill.open, by: &[] };
            self.pay(day, &event, Parent::Outcome(bill.outcome), bill.basis)?;
            let mut state = self.supply(day.state, id);
            state.bills = only;
            state.advance = advance;
            day.state.supplies.insert(id, Arc::new(state));
        }
        Ok(())
    }
}

/// Settles bills with an amount, the earliest due first; what is left over.
fn settle(bills: &mut Vector<Arc<Bill>>, amount: Number) -> Result<Number, crate::num::Fault> {
    let mut order: Vec<Arc<Bill>> = bills.iter().cloned().collect();
    order.sort_by_key(|bill| (bill.due, bill.number));
    let mut rest = amount;
    for bill in &mut order {
        let part = bill.open.min(rest);
        if !part.is_zero() {
            let bill = Arc::make_mut(bill);
            bill.open = bill.open.minus(part)?;
            rest = rest.minus(part)?;
        }
    }
    order.retain(|bill| bill.open.is_positive() || matches!(bill.amount, Value::Missing(_)));
    order.sort_by_key(|bill| bill.number);
    *bills = order.into_iter().collect();
    Ok(rest)
}

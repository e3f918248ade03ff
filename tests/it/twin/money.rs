//! Section 3: what is billed, what passes, who pays.

use proforma::num::{Mode, Number, Rounding, Unit};
use proforma::terms::{Basis, Binding, ContractId, Fact, SupplyId, Trigger};
use proforma::time::Date;

use super::world::{Event, Heard, World, put};

/// An amount payable.
#[derive(Clone)]
pub struct Bill {
    pub raised: Date,
    pub due: Date,
    pub amount: Option<Number>,
    pub ahead: Option<Number>,
    pub open: Number,
    actual: bool,
}

impl World<'_> {
    /// The price of a quantity times a share of it, to the minor unit.
    pub fn worth(&self, supply: SupplyId, quantity: Number, share: Number) -> Option<Number> {
        let s = &self.terms.supplies[supply.index()];
        if quantity.is_zero() {
            return Some(Number::ZERO);
        }
        let price = s.price.value(self.belief).unwrap().known()?;
        let places = Unit::of(&s.currency).precision().unwrap();
        let exact = quantity.times(price).unwrap().times(share).unwrap();
        Some(exact.round(Rounding::new(places, Mode::HalfUp)))
    }

    fn slice(&self, supply: SupplyId, from: Number, to: Number, share: Number) -> Option<Number> {
        Some(self.worth(supply, to, share)?.minus(self.worth(supply, from, share)?).unwrap())
    }

    /// An event that no contract refuses; control passes with it.
    pub fn accepted(&mut self, event: Event) {
        let (supply, trigger, quantity) = (event.supply, event.trigger, event.quantity);
        let before = self.passed(supply);
        self.events.push(event);
        let terms = &self.terms.supplies[supply.index()];
        if trigger == terms.control {
            let after = before.plus(quantity).unwrap();
            let price = self.slice(supply, before, after, Number::ONE);
            let prepaid = (0..).zip(&terms.pays).try_fold(Number::ZERO, |sum, (n, term)| {
                let billed = self.billed.get(&(supply, n)).copied().unwrap_or_default();
                let part = self.slice(supply, before.min(billed), after.min(billed), term.share)?;
                Some(sum.plus(part).unwrap())
            });
            if terms.binds() {
                self.heard.push(Heard::Transferred(supply, price.zip(prepaid)));
            }
        }
    }

    /// Payments of the day, matched after the day's bills.
    fn payments_of(&mut self, supply: SupplyId) {
        let terms = &self.terms.supplies[supply.index()];
        let today = |e: &&Event| e.supply == supply && e.trigger == Trigger::Payment && e.day == self.day;
        let paid: Vec<(Number, bool)> = self.events.iter().filter(today).map(|e| (e.quantity, e.actual)).collect();
        let carried = self.carried.remove(&supply).map(|amount| (amount, true));
        for (amount, actual) in paid.into_iter().chain(carried) {
            let applied = self.settle(supply, amount);
            if !terms.binds() && !actual {
                put(&mut self.promised, terms.buyer, &terms.currency, amount.neg());
                put(&mut self.promised, terms.seller, &terms.currency, amount);
                continue;
            }
            self.pay(terms.buyer, &terms.currency, amount.neg());
            self.pay(terms.seller, &terms.currency, amount);
            let advance = self.advance.entry(supply).or_default();
            *advance = advance.plus(amount.minus(applied).unwrap()).unwrap();
            self.heard.push(match terms.binds() {
                true => Heard::Paid(supply, amount, applied),
                false => Heard::Deposited(supply, amount),
            });
        }
    }

    /// What was paid under a contract that bound nobody passes to the one that replaces it; nothing more is expected.
    pub fn intent_ends(&mut self, contract: ContractId, by: Option<ContractId>) {
        for (n, terms) in (0u32..).zip(&self.terms.supplies) {
            let supply = SupplyId(n);
            if terms.contract != contract || terms.binds() {
                continue;
            }
            self.bills.entry(supply).or_default().iter_mut().for_each(|bill| bill.open = Number::ZERO);
            let paid = self
                .events
                .iter()
                .filter(|e| e.supply == supply && e.trigger == Trigger::Payment && e.day < self.day && e.actual);
            let paid = Number::sum(paid.map(|e| e.quantity)).unwrap();
            // Each contract of a story has one supply.
            let next = (0u32..).zip(&self.terms.supplies).find(|(_, next)| {
                Some(next.contract) == by
                    && next.binds()
                    && (next.buyer, &next.currency) == (terms.buyer, &terms.currency)
            });
            if let Some((next, _)) = next.filter(|_| paid.is_positive()) {
                self.advance.remove(&supply);
                self.pay(terms.buyer, &terms.currency, paid);
                self.pay(terms.seller, &terms.currency, paid.neg());
                self.heard.push(Heard::Deposited(supply, paid.neg()));
                self.carried.insert(SupplyId(next), paid);
            }
        }
    }

    /// Settles open bills by due date, then number; what was used.
    fn settle(&mut self, supply: SupplyId, amount: Number) -> Number {
        let bills = self.bills.entry(supply).or_default();
        let mut order: Vec<usize> = (0..bills.len()).collect();
        order.sort_by_key(|n| (bills[*n].due, *n));
        let mut left = amount;
        for n in order {
            let part = left.min(bills[n].open);
            bills[n].open = bills[n].open.minus(part).unwrap();
            left = left.minus(part).unwrap();
        }
        amount.minus(left).unwrap()
    }

    /// Phase 6: bills of the day, advances, and what is assumed paid.
    pub fn money(&mut self) {
        for n in 0..self.terms.supplies.len() {
            let supply = SupplyId(u32::try_from(n).unwrap());
            if !self.dropped(self.terms.supplies[n].contract) {
                self.bills_of(supply);
                self.assumed_paid(supply);
            }
        }
    }

    /// Numbered so: what happened today, what is billed ahead, what is billed at signing. The text leaves it open.
    fn bills_of(&mut self, supply: SupplyId) {
        let terms = &self.terms.supplies[supply.index()];
        let signed = self.terms.contracts[terms.contract.index()].signed;
        let lines = self.sorted.clone();
        for (ahead, s) in [false, true].into_iter().flat_map(|ahead| lines.iter().map(move |s| (ahead, s))) {
            let Some(Fact::Supply { supply: of, trigger, .. }) = s.line.fact else { continue };
            let unsigned = signed.is_some_and(|signed| s.line.date < signed);
            if of != supply || unsigned || self.refused.iter().any(|(id, _)| *id == s.id) {
                continue;
            }
            let terms_ahead = (0..).zip(&terms.pays).filter(|(_, p)| p.trigger == trigger && (p.offset < 0) == ahead);
            for (n, term) in terms_ahead {
                let early = s.scheduled.plus_days(term.offset.min(0));
                let early = signed.map_or(early, |signed| early.max(signed)).min(s.line.date);
                let day = if ahead { early } else { s.line.date };
                let over = self.ended.contains_key(&terms.contract);
                let due = day == self.day && !(over && day < s.line.date);
                if let Some(quantity) = self.positive(s).filter(|_| due) {
                    self.raise(supply, n, quantity, s.line.basis == Basis::Actual);
                }
            }
        }
        for (n, term) in (0..).zip(&terms.pays) {
            if term.trigger == Trigger::Signing && signed == Some(self.day) {
                let firm = self.quantities(supply, |s| s.binding == Binding::Definitive && !s.option);
                if let Some(firm) = firm.filter(|q| q.is_positive()) {
                    // Section 9: what follows from terms alone after today is a forecast.
                    let actual = self.belief.today.is_some_and(|today| self.day <= today);
                    self.raise(supply, n, firm, actual);
                }
            }
        }
        self.payments_of(supply);
        let advance = self.advance.get(&supply).copied().unwrap_or_default();
        let used = self.settle(supply, advance);
        if used.is_positive() {
            self.advance.insert(supply, advance.minus(used).unwrap());
            if terms.binds() {
                self.heard.push(Heard::Applied(supply, used));
            }
        }
    }

    fn raise(&mut self, supply: SupplyId, n: usize, quantity: Number, actual: bool) {
        let binds = self.terms.supplies[supply.index()].binds();
        let actual = actual && binds;
        let term = &self.terms.supplies[supply.index()].pays[n];
        let from = self.billed.get(&(supply, n)).copied().unwrap_or_default();
        let to = from.plus(quantity).unwrap();
        self.billed.insert((supply, n), to);
        let passed = self.passed(supply);
        let amount = self.slice(supply, from, to, term.share);
        let ahead = self.slice(supply, passed.max(from).min(to), to, term.share);
        let due = self.day.plus_days(term.offset.max(0));
        let open = amount.unwrap_or_default();
        self.bills.entry(supply).or_default().push(Bill { raised: self.day, due, amount, ahead, open, actual });
        if binds {
            self.heard.push(Heard::Billed(supply, amount.zip(ahead)));
        }
    }

    fn assumed_paid(&mut self, supply: SupplyId) {
        let terms = &self.terms.supplies[supply.index()];
        // Actual payments of the due day or later are all there is.
        let payments = self.belief.lines.iter().filter(|s| s.line.basis == Basis::Actual);
        let payments = payments.filter(
            |s| matches!(s.line.fact, Some(Fact::Supply { supply: of, trigger: Trigger::Payment, .. }) if of == supply),
        );
        // One of nothing is refused, and none.
        let payments = payments.filter(|s| self.positive(s).is_some());
        if payments.map(|s| s.line.date).max().is_some_and(|last| self.day <= last) {
            return;
        }
        let mut paid = Vec::new();
        for bill in self.bills.entry(supply).or_default() {
            if bill.due == self.day && !bill.actual && bill.open.is_positive() {
                paid.push(std::mem::take(&mut bill.open));
            }
        }
        for amount in paid {
            if !terms.binds() {
                put(&mut self.promised, terms.buyer, &terms.currency, amount.neg());
                put(&mut self.promised, terms.seller, &terms.currency, amount);
                continue;
            }
            self.pay(terms.buyer, &terms.currency, amount.neg());
            self.pay(terms.seller, &terms.currency, amount);
            self.heard.push(Heard::Paid(supply, amount, amount));
        }
    }
}

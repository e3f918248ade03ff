//! Money and shares as the book measures them: items in another currency, and par values.

use std::sync::Arc;

use super::Bookkeeper;
use super::fold::Item;
use crate::engine::{Act, Outcome};
use crate::num::{self, Number};
use crate::terms::{Assumptions, ClassId, EventField, FormulaKind, Funding, TrancheId, Value};

impl Bookkeeper<'_> {
    /// The currency of an item's money, if it is not that of the book.
    pub(super) fn foreign(&self, item: Item) -> Option<Arc<str>> {
        let currency = match item {
            Item::Supply(id) => self.terms.supplies.get(id.index()).map(|s| s.currency.clone()),
            // Said in the currency of the holder, and of the company.
            Item::Holding(_) | Item::Class(_) => None,
            Item::Flow(id) => self.terms.flows.get(id.index()).map(|f| f.currency.clone()),
            Item::Tranche(id) if self.terms.credit_of(id).is_some() => {
                self.terms.credit_of(id).filter(|credit| credit.loan().is_some()).map(|loan| loan.currency.clone())
            }
            Item::Tranche(id) => match self.terms.investment_of(id) {
                Some(investment) => Some(investment.currency.clone()),
                None => {
                    let class = self.terms.warrant_of(id).and_then(|w| self.terms.classes.get(w.class.index()));
                    let issuer = class.and_then(|c| self.terms.parties.get(c.issuer.index()));
                    issuer.map(|party| party.currency.clone())
                }
            },
        };
        currency.filter(|currency| *currency != self.currency)
    }

    /// Supplies and loans are turned leg by leg, with what is owed at the rate of the day.
    pub(super) fn by_leg(&self, item: Item) -> bool {
        match item {
            Item::Supply(_) => true,
            Item::Tranche(id) => self.terms.credit_of(id).is_some(),
            _ => false,
        }
    }

    /// A field of an event in the currency of the book, at the rate of the day.
    pub(super) fn in_own(
        &self,
        assumptions: &impl Assumptions,
        field: EventField,
        item: Item,
        value: Value,
        seen: Option<&Outcome>,
    ) -> Result<Value, num::Fault> {
        let turned = field.is_money() && !self.by_leg(item);
        match (seen, self.foreign(item).filter(|_| turned), value) {
            (Some(seen), Some(currency), Value::Known(amount)) => {
                assumptions.convert(amount, &currency, &self.currency, seen.date)
            }
            (Some(Outcome { act: Act::Opened { foreign, .. }, date, .. }), _, mut value) => {
                for (currency, amount) in foreign {
                    value = value.plus(assumptions.convert(*amount, currency, &self.currency, *date)?)?;
                }
                Ok(value)
            }
            (_, _, value) => Ok(value),
        }
    }

    /// The par value of new shares of what a tranche is about.
    pub(super) fn par(&self, tranche: TrancheId, issued: Number) -> Result<Value, num::Fault> {
        let warrant = self.terms.warrant_of(tranche).map(|w| w.class);
        self.par_of(warrant.or(self.terms.investment_of(tranche).map(|i| i.class)), issued)
    }

    /// The par value of the shares of its own that an investor pays with.
    pub(super) fn given_par(&self, tranche: TrancheId, given: Number) -> Result<Value, num::Fault> {
        match self.terms.investment_of(tranche).map(|i| &i.funding) {
            Some(Funding::Shares(class)) => self.par_of(Some(*class), given),
            _ => Ok(Value::ZERO),
        }
    }

    pub(super) fn par_of(&self, class: Option<ClassId>, shares: Number) -> Result<Value, num::Fault> {
        let par = class.and_then(|class| self.terms.classes.get(class.index())).and_then(|c| c.par.as_ref());
        match par.map(|p| &p.kind) {
            Some(FormulaKind::Literal(par)) => shares.times(*par).map(Value::Known),
            Some(_) => Ok(Value::missing("par value")),
            None => Ok(Value::ZERO),
        }
    }
}

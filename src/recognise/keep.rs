//! `keep` rules: a target balance, and the difference posted. Catch-up and flips of probability need no case of their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::fold::Item;
use super::{BookState, Booking, Bookkeeper, Trace};
use crate::engine::{Act, Outcome};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number};
use crate::terms::{Assumptions, Basis, Over, Rule, RuleKind, SupplyId, TrancheId, Trigger, Value};
use crate::time::Date;

impl Bookkeeper<'_> {
    /// Brings every `keep` balance that today's events touch to its target.
    pub(super) fn keep(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        touched: &BTreeSet<Item>,
        outcomes: &[(u32, &Outcome)],
    ) -> Result<(), (num::Fault, Arc<str>)> {
        let items = self.reached(touched);
        for (index, rule) in (0u32..).zip(&self.book.rules) {
            let RuleKind::Keep { over, .. } = &rule.kind else { continue };
            for item in &items {
                let fits = matches!((over, item), (Over::Tranche, Item::Tranche(_)) | (Over::Supply, Item::Supply(_)));
                if fits && self.has_role(&rule.role, *item) {
                    let parents = self.parents(*item, outcomes);
                    self.keep_one(assumptions, booking, state, date, index, rule, *item, parents)
                        .map_err(|fault| (fault, self.path(*item)))?;
                }
            }
        }
        Ok(())
    }

    /// Tranches and supplies whose measures may have moved: those touched, and those that share a supply with them.
    fn reached(&self, touched: &BTreeSet<Item>) -> BTreeSet<Item> {
        let mut items = touched.clone();
        let supplies: BTreeSet<SupplyId> = touched
            .iter()
            .filter_map(|item| match item {
                Item::Supply(id) => Some(*id),
                Item::Tranche(id) => self.terms.earning_supply(*id),
                Item::Flow(_) => None,
            })
            .collect();
        items.extend(supplies.iter().map(|id| Item::Supply(*id)));
        for supply in supplies {
            items.extend(self.terms.earned_by(supply).map(Item::Tranche));
        }
        items
    }

    /// Today's outcomes that concern an item.
    fn parents(&self, item: Item, outcomes: &[(u32, &Outcome)]) -> Vec<(Parent, Basis)> {
        let supply = match item {
            Item::Supply(id) => Some(id),
            Item::Tranche(id) => self.terms.earning_supply(id),
            Item::Flow(_) => None,
        };
        // Bills and payments move no target; a delivery does so by passing control.
        let moves = |act: &Act| {
            let order = matches!(act, Act::Supplied { trigger: Trigger::Order, .. });
            order
                || matches!(
                    act,
                    Act::Transferred { .. }
                        | Act::Signed { .. }
                        | Act::Granted { .. }
                        | Act::Judged { .. }
                        | Act::Vested { .. }
                        | Act::Lapsed { .. }
                        | Act::Ended { .. }
                )
        };
        let of_supply = matches!(item, Item::Supply(_));
        let pooled = self.choices.iter().any(|(_, choice)| &**choice == "single_pool");
        let concerns = |outcome: &Outcome| {
            let tranche = outcome.act.tranche();
            let same_supply = tranche.and_then(|t| self.terms.earning_supply(t)).is_some_and(|s| Some(s) == supply);
            let order = matches!(outcome.act, Act::Supplied { .. });
            (outcome.act.supply().is_some_and(|s| Some(s) == supply) && (of_supply || !order))
                || tranche.is_some_and(|t| item == Item::Tranche(t))
                || (same_supply && matches!(item, Item::Supply(_)))
                || (same_supply && pooled && matches!(outcome.act, Act::Judged { .. }))
        };
        outcomes
            .iter()
            .filter(|(_, o)| moves(&o.act) && concerns(o))
            .map(|(n, o)| (Parent::Outcome(*n), o.basis))
            .collect()
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one posting")]
    fn keep_one(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        index: u32,
        rule: &Rule,
        item: Item,
        parents: Vec<(Parent, Basis)>,
    ) -> Result<(), num::Fault> {
        let RuleKind::Keep { account, target, against, .. } = &rule.kind else { return Ok(()) };
        let Some(kept) = self.book.accounts.get(*account) else { return Ok(()) };
        if let Some(currency) = self.foreign(item).filter(|_| matches!(item, Item::Supply(_))) {
            let missing = vec![format!("{}, in {currency}", self.path(item)).into()];
            self.unposted(booking, date, rule, &kept.name, item, missing);
            return Ok(());
        }
        let trace = self.amount(assumptions, booking, state, target, item, None)?;
        let target = match trace.value.rounded(self.cents())? {
            Value::Known(target) => target,
            Value::Missing(names) => {
                self.unposted(booking, date, rule, &kept.name, item, names.iter().cloned().collect());
                return Ok(());
            }
        };
        let path = self.path(item);
        for open in booking.unposted.iter_mut().filter(|u| u.rule == rule.name && u.item == path && u.until.is_none()) {
            open.until = Some(date);
        }
        let so_far = state.kept.get(&(index, item)).copied().unwrap_or_default();
        let change = target.minus(so_far)?;
        if change.is_zero() {
            return Ok(());
        }
        state.kept.insert((index, item), target);
        let debit = if kept.class.is_debit() { change } else { change.neg() };
        let own = self.open(booking, &kept.name, item);
        let other_name = self.account_name(*against, state, item);
        let other = self.open(booking, &other_name, item);
        let draft = Draft::default().debit(own, debit).credit(other, debit);
        let basis = parents.iter().map(|(_, basis)| *basis).max().unwrap_or(Basis::Actual);
        let parents = parents.into_iter().map(|(parent, _)| parent).collect();
        self.post(booking, state, date, draft, rule, &self.path(item), parents, basis)?;
        Ok(())
    }

    /// The target of a `keep` rule in a state, with everything it read: what `explain` shows.
    ///
    /// # Errors
    /// Arithmetic.
    pub fn target(
        &self,
        assumptions: &impl Assumptions,
        booking: &Booking,
        state: &BookState,
        rule: &Rule,
        item: Item,
    ) -> Result<Option<(Trace, Number)>, num::Fault> {
        let RuleKind::Keep { target, .. } = &rule.kind else { return Ok(None) };
        let trace = self.amount(assumptions, booking, state, target, item, None)?;
        let amount = trace.value.rounded(self.cents())?.known().unwrap_or_default();
        Ok(Some((trace, amount)))
    }

    /// The tranche with this path.
    #[must_use]
    pub fn tranche(&self, path: &str) -> Option<TrancheId> {
        (0u32..).map(TrancheId).zip(&self.terms.tranches).find(|(_, t)| &*t.path == path).map(|(id, _)| id)
    }
}

//! `keep` rules: a target balance, and the difference posted. Catch-up and flips of probability need no case of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fold::Item;
use super::touch::{Moving, Touched};
use super::{BookState, Booking, Bookkeeper, Exact, Trace, Unposted};
use crate::engine::{Act, Outcome};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number};
use crate::terms::{AccountClass, Assumptions, Basis, Given, Over, Rule, RuleKind, TrancheId, Value};
use crate::time::Date;

impl Booking {
    /// What was recorded before a day, up to a state of the book, shared, at the beginning of a booking of its own.
    #[must_use]
    pub fn fork(&self, state: &BookState, day: Date) -> Self {
        let before = self.unposted.iter().filter(|u| u.date < day).cloned();
        let again = before.map(|u| Unposted { until: u.until.filter(|until| *until < day), ..u });
        let unposted: Vec<Unposted> = again.collect();
        let mut lacking: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, open) in unposted.iter().enumerate().filter(|(_, u)| u.until.is_none() && u.rule.starts_with("keep")) {
            lacking.entry((open.rule.clone(), open.item.clone())).or_default().push(at);
        }
        let (chart, journal) = (self.chart.fork(state.accounts), self.journal.fork(day));
        Self { chart, journal, unposted, lacking, kept: self.kept.clone(), opened: BTreeMap::new() }
    }
}

impl Bookkeeper<'_> {
    /// Brings every `keep` balance that today's events touch to its target. With `instead`, what would move income goes
    /// to that account.
    #[expect(clippy::too_many_arguments, reason = "the parts of a day")]
    pub(super) fn keep(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        touched: &Touched,
        outcomes: &[(u32, &Outcome)],
        instead: Option<usize>,
    ) -> Result<(), (num::Fault, Arc<str>)> {
        let first = touched.items.first().map_or_else(|| "".into(), |item| self.path(*item));
        let items = self.reached(assumptions, state, touched).map_err(|fault| (fault, first))?;
        if items.is_empty() {
            return Ok(());
        }
        let moving = self.moving(outcomes);
        for (index, rule) in (0u32..).zip(&self.book.rules) {
            let RuleKind::Keep { over, .. } = &rule.kind else { continue };
            for item in &items {
                let fits = matches!(
                    (over, item),
                    (Over::Tranche, Item::Tranche(_))
                        | (Over::Supply, Item::Supply(_))
                        | (Over::Holding, Item::Holding(_))
                );
                let left = self.gone(state, *item).is_some_and(|issuer| issuer && &*rule.role == "warrant_issuer");
                if fits && (left || self.has_role(&rule.role, *item)) {
                    self.keep_one(assumptions, booking, state, date, index, rule, *item, &moving, instead)
                        .map_err(|fault| (fault, self.path(*item)))?;
                }
            }
        }
        Ok(())
    }

    /// Today's outcomes that concern an item.
    pub(super) fn parents(&self, item: Item, moving: &Moving<'_>) -> Vec<(Parent, Basis)> {
        if let Item::Holding(id) = item {
            let about = moving.get(&None).into_iter().flatten().filter(|(_, o)| o.act.stake() == Some(id));
            return about.map(|(n, o)| (Parent::Outcome(*n), o.basis)).collect();
        }
        let supply = self.supply_of(item);
        let of_supply = matches!(item, Item::Supply(_));
        let concerns = |outcome: &Outcome| {
            let order = matches!(outcome.act, Act::Supplied { .. });
            match outcome.act.tranche() {
                // What is about the contract stands here for each of its supplies.
                None if matches!(outcome.act, Act::Modified { .. } | Act::Ended { .. }) => of_supply,
                None => outcome.act.supply().is_some_and(|s| Some(s) == supply) && (of_supply || !order),
                Some(tranche) if item == Item::Tranche(tranche) => true,
                Some(_) => {
                    supply.is_some() && (of_supply || self.plan.pooled && matches!(outcome.act, Act::Judged { .. }))
                }
            }
        };
        // A policy concerns everything.
        let policies = moving.get(&None).into_iter().flatten();
        let policies = policies.filter(|(_, o)| matches!(o.act, Act::Adopted { .. })).map(|(n, o)| (*n, *o));
        let about = moving.get(&supply).into_iter().flatten();
        let about = about.filter(|(_, o)| concerns(o)).map(|(n, o)| (*n, *o));
        // A warrant follows the loan or guarantee it is given for.
        let credit = match item {
            Item::Tranche(id) => self.terms.warrant_of(id).and_then(|warrant| warrant.given),
            _ => None,
        };
        let credit = credit.and_then(|given| if let Given::Credit(id) = given { Some(id) } else { None });
        let given = credit.and_then(|id| moving.get(&self.supply_of(Item::Tranche(id)))).into_iter().flatten();
        let given = given.filter(|(_, o)| o.act.tranche() == credit).map(|(n, o)| (*n, *o));
        about.chain(given).chain(policies).map(|(n, o)| (Parent::Outcome(n), o.basis)).collect()
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
        moving: &Moving<'_>,
        instead: Option<usize>,
    ) -> Result<(), num::Fault> {
        let RuleKind::Keep { account, target, against, .. } = &rule.kind else { return Ok(()) };
        let Some(kept) = self.book.accounts.get(*account) else { return Ok(()) };
        let target: Exact = self.amount(assumptions, booking, state, target, item, None)?;
        let loan = self.foreign(item).filter(|_| matches!(item, Item::Tranche(_)) && self.by_leg(item));
        let mut target = target;
        // A disclosure of a supply is at the rate of the day; what an award takes off it is in another currency.
        if let (Item::Supply(supply), Some(currency), AccountClass::Memo) = (item, self.foreign(item), kept.class)
            && self.terms.earned_by(supply).next().is_none()
            && let Exact::Known(_) = &target
            && let Value::Known(amount) = target.rounded(self.cents())?
        {
            target = match assumptions.convert(amount, &currency, &self.currency, date)? {
                Value::Known(own) => Exact::of(own)?,
                Value::Missing(names) => Exact::Missing(names),
            };
        }
        let turned = matches!(item, Item::Supply(id) if self.terms.earned_by(id).next().is_none());
        let turned = turned && kept.class == AccountClass::Memo;
        let foreign = self.foreign(item).filter(|_| target != Exact::ZERO && loan.is_none() && !turned);
        if let Some(currency) = foreign {
            let missing = vec![format!("{} of {}, in {currency}", kept.name, self.path(item)).into()];
            self.unposted(booking, date, rule, &kept.name, item, missing);
            return Ok(());
        }
        let target = match target.rounded(self.cents())? {
            Value::Known(target) => target,
            Value::Missing(names) => {
                self.unposted(booking, date, rule, &kept.name, item, names.iter().cloned().collect());
                return Ok(());
            }
        };
        self.posted_after_all(booking, date, rule, item);
        let slot = booking.kept.get(&(index, item)).copied();
        let so_far = slot.and_then(|slot| state.kept.get(&slot)).copied().unwrap_or_default();
        let change = target.minus(so_far)?;
        if change.is_zero() {
            return Ok(());
        }
        let slot = match slot {
            Some(slot) => slot,
            None => {
                let next = u32::try_from(booking.kept.len()).map_err(|_| num::Fault::Overflow)?;
                Arc::make_mut(&mut booking.kept).insert((index, item), next);
                next
            }
        };
        let debit = if kept.class.is_debit() { change } else { change.neg() };
        let own_position = instead.filter(|_| kept.class.is_income()).unwrap_or(*account);
        let own = self.open(booking, own_position, item);
        let against = self.account_position(*against, state, item);
        let other = self.open(booking, against, item);
        if let Some(currency) = loan {
            let legs = [(own, own_position, debit), (other, against, debit.neg())];
            if self.kept_abroad(assumptions, booking, state, date, rule, item, &currency, &legs, moving)? {
                state.kept.insert(slot, target);
            }
            return Ok(());
        }
        state.kept.insert(slot, target);
        let draft = Draft::default().debit(own, debit).credit(other, debit);
        let parents = self.parents(item, moving);
        let basis = parents.iter().map(|(_, basis)| *basis).max().unwrap_or(Basis::Actual);
        let parents = parents.into_iter().map(|(parent, _)| parent).collect();
        self.post(booking, state, date, draft, rule, &self.path(item), parents, basis)?;
        Ok(())
    }

    /// What could not be posted for an item can be from today on.
    fn posted_after_all(&self, booking: &mut Booking, date: Date, rule: &Rule, item: Item) {
        if booking.lacking.is_empty() {
            return;
        }
        for open in booking.lacking.remove(&(rule.name.clone(), self.path(item))).unwrap_or_default() {
            if let Some(unposted) = booking.unposted.get_mut(open) {
                unposted.until = Some(date);
            }
        }
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
        let trace: Trace = self.amount(assumptions, booking, state, target, item, None)?;
        let amount = trace.value.rounded(self.cents())?.known().unwrap_or_default();
        Ok(Some((trace, amount)))
    }

    /// The tranche with this path.
    #[must_use]
    pub fn tranche(&self, path: &str) -> Option<TrancheId> {
        (0u32..).map(TrancheId).zip(&self.terms.tranches).find(|(_, t)| &*t.path == path).map(|(id, _)| id)
    }
}

//! Supplies and loans in another currency than the book's: what is recognised at the rate of the day, and what a change of the rate
//! does to what is owed (ASC 830-20-25-1, 830-20-35-1).
//!
//! A monetary balance is brought to the rate of the day before it is touched, and the difference goes to one account. Any
//! other balance keeps the rates at which it arose and takes them along when it is released.

use std::sync::Arc;

use super::fold::{Item, Seen};
use super::touch::Moving;
use super::{BookState, Booking, Bookkeeper, Exact};
use crate::engine::outcome::Revalued;
use crate::engine::{Act, Outcome};
use crate::ledger::{AccountId, Cause, Draft, Parent, Posting};
use crate::num::{self, Number, Rounding, Unit};
use crate::terms::{
    AccountClass, AccountRef, Activity, Assumptions, BookAccount, BookExpr, Rule, RuleKind, SupplyId, Value,
};
use crate::time::Date;

/// Legs of a rule: debit or not, which account, how much.
type Legs = [(bool, AccountRef, Option<BookExpr>)];

/// A leg in the currency of the supply, then in that of the book.
struct Turned<'b> {
    id: AccountId,
    account: Option<&'b BookAccount>,
    foreign: Number,
    own: Number,
    /// It releases what arose at other rates.
    released: bool,
}

/// Where and when legs in another currency are posted.
struct Abroad<'c> {
    /// The day of the entry.
    date: Date,
    /// The day of the rate.
    day: Date,
    item: Item,
    currency: &'c str,
    cause: Cause,
}

impl Bookkeeper<'_> {
    /// The rule that says where differences of exchange go.
    fn differences(&self) -> Option<(&Rule, usize)> {
        self.book.rules.iter().find_map(|rule| match rule.kind {
            RuleKind::Exchange { account } => Some((rule, account)),
            _ => None,
        })
    }

    /// Posts a rule for an event of a supply in another currency; gives back what is missing if it cannot.
    #[expect(clippy::too_many_arguments, reason = "the parts of one posting")]
    pub(super) fn exchanged(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        (rule, legs): (&Rule, &Legs),
        seen: &Seen<'_>,
        currency: &str,
    ) -> Result<Option<Vec<Arc<str>>>, num::Fault> {
        let Some((differences, account)) = self.differences() else {
            return Ok(Some(vec![format!("{}, in {currency}", self.path(seen.item)).into()]));
        };
        let places = Unit::of(currency).precision().unwrap_or(2);
        let cents = Rounding { places, ..Rounding::CENTS };
        let day = seen.outcome.date;
        let (mut turned, mut rest, mut sum) = (Vec::new(), None, Number::ZERO);
        for (debit, account, amount) in legs {
            let position = self.account_position(*account, state, seen.item);
            let leg = Turned {
                id: self.open(booking, position, seen.item),
                account: self.book.accounts.get(position),
                foreign: Number::ZERO,
                own: Number::ZERO,
                released: false,
            };
            let Some(amount) = amount else {
                rest = Some(turned.len());
                turned.push(leg);
                continue;
            };
            let amount: Exact = self.amount(assumptions, booking, state, amount, seen.item, Some(seen))?;
            match amount.rounded(cents)? {
                Value::Known(amount) => {
                    let foreign = if *debit { amount } else { amount.neg() };
                    sum = sum.plus(foreign)?;
                    turned.push(Turned { foreign, ..leg });
                }
                Value::Missing(names) => return Ok(Some(names.iter().cloned().collect())),
            }
        }
        if let Some(leg) = rest.and_then(|at| turned.get_mut(at)) {
            leg.foreign = sum.neg();
        }
        let (clause, basis) = (seen.outcome.clause.clone(), seen.outcome.basis);
        let cause = Cause { clause, rule: None, parents: vec![Parent::Outcome(seen.number)], basis };
        let at = Abroad { date, day, item: seen.item, currency, cause };
        self.turned(assumptions, booking, state, (rule, differences, account), turned, &at)
    }

    /// At the end of a quarter all that is owed under a supply in another currency is at the rate of the day.
    pub(super) fn reckoned(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        (number, outcome): (u32, &Outcome),
    ) -> Result<(), num::Fault> {
        if let Act::Revalued(held) = &outcome.act {
            return self.revalued(booking, state, date, (number, outcome), held);
        }
        let Act::Elapsed { supply } = &outcome.act else { return Ok(()) };
        let item = Item::Supply(*supply);
        let mine = ["seller", "buyer"].iter().any(|role| self.has_role(role, item));
        let (Some(currency), Some((rule, account)), true) = (self.foreign(item), self.differences(), mine) else {
            return Ok(());
        };
        let (clause, basis) = (outcome.clause.clone(), outcome.basis);
        let cause = Cause { clause, rule: None, parents: vec![Parent::Outcome(number)], basis };
        let at = Abroad { date, day: outcome.date, item, currency: &currency, cause };
        if let Some(missing) = self.turned(assumptions, booking, state, (rule, rule, account), Vec::new(), &at)? {
            self.unposted(booking, date, rule, &self.name_of(account), item, missing);
        }
        Ok(())
    }

    /// What a change of the rate made of cash.
    fn revalued(
        &self,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        (number, outcome): (u32, &Outcome),
        held: &Revalued,
    ) -> Result<(), num::Fault> {
        let cash = self.book.accounts.iter().position(|a| a.activity == Activity::Cash);
        let (Some((rule, account)), Some(cash), true) = (self.differences(), cash, held.party == self.party) else {
            return Ok(());
        };
        let item = Item::Supply(SupplyId(u32::MAX));
        let (cash, gains) = (self.open(booking, cash, item), self.open(booking, account, item));
        let draft = Draft::default().debit(cash, held.change).credit(gains, held.change);
        let (clause, parents) = (&outcome.clause, vec![Parent::Outcome(number)]);
        self.post(booking, state, date, draft, rule, clause, parents, outcome.basis).map(|_| ())
    }

    /// The change of a `keep` target of a loan, at the rate of the day; whether it could be posted.
    #[expect(clippy::too_many_arguments, reason = "the parts of one posting")]
    pub(super) fn kept_abroad(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        rule: &Rule,
        item: Item,
        currency: &str,
        legs: &[(AccountId, usize, Number)],
        moving: &Moving<'_>,
    ) -> Result<bool, num::Fault> {
        let Some((differences, account)) = self.differences() else {
            let missing = vec![format!("{}, in {currency}", self.path(item)).into()];
            self.unposted(booking, date, rule, &rule.name, item, missing);
            return Ok(false);
        };
        let turned = legs.iter().map(|(id, position, foreign)| Turned {
            id: *id,
            account: self.book.accounts.get(*position),
            foreign: *foreign,
            own: Number::ZERO,
            released: false,
        });
        let parents = self.parents(item, moving);
        let basis = parents.iter().map(|(_, basis)| *basis).max().unwrap_or(crate::terms::Basis::Actual);
        let parents = parents.into_iter().map(|(parent, _)| parent).collect();
        let cause = Cause { clause: self.path(item), rule: None, parents, basis };
        let at = Abroad { date, day: date, item, currency, cause };
        let turned = turned.collect();
        if let Some(missing) = self.turned(assumptions, booking, state, (rule, differences, account), turned, &at)? {
            self.unposted(booking, date, rule, &rule.name, item, missing);
            return Ok(false);
        }
        Ok(true)
    }

    /// Posts legs in another currency, after what is owed was brought to the rate of the day; gives back what is missing.
    fn turned(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        (rule, differences, account): (&Rule, &Rule, usize),
        mut turned: Vec<Turned<'_>>,
        at: &Abroad<'_>,
    ) -> Result<Option<Vec<Arc<str>>>, num::Fault> {
        let turn = |amount: Number| assumptions.convert(amount, at.currency, &self.currency, at.day);
        let date = at.date;
        turned.retain(|leg| !leg.foreign.is_zero());
        // First what is owed, at the rate of the day: of a loan all of it, whatever is touched, so that ends of periods count.
        let gains = self.open(booking, account, at.item);
        let mut remeasured = Draft::default();
        let mut owed: Vec<AccountId> =
            turned.iter().filter(|leg| leg.account.is_some_and(|a| a.monetary)).map(|leg| leg.id).collect();
        if matches!(at.item, Item::Tranche(_)) || turned.is_empty() {
            let path = self.path(at.item);
            let monetary = self.book.accounts.iter().filter(|a| a.monetary);
            owed = monetary.filter_map(|a| booking.chart.find(&self.owner, &a.name, &path, &self.currency)).collect();
        }
        for id in owed {
            let target = match turn(state.foreign.get(id))? {
                Value::Known(target) => target,
                Value::Missing(names) => return Ok(Some(names.iter().cloned().collect())),
            };
            let change = target.minus(state.balances.get(id))?;
            remeasured = remeasured.debit(id, change).credit(gains, change);
        }
        for leg in &mut turned {
            let (there, own) = (state.foreign.get(leg.id), state.balances.get(leg.id));
            let opposite = there.is_negative() != leg.foreign.is_negative() && !there.is_zero();
            let monetary = leg.account.is_some_and(|a| a.monetary);
            // Cash of a loan comes and goes at the rate of its day.
            let cash = leg.account.is_some_and(|a| a.activity == Activity::Cash);
            leg.released = opposite && !monetary && !cash && !in_income(leg.account);
            let kept = if leg.released { part(own, leg.foreign, there, self.cents())? } else { Number::ZERO };
            let beyond = if leg.released { beyond(leg.foreign, there)? } else { leg.foreign };
            leg.own = match turn(beyond)? {
                Value::Known(new) => kept.plus(new)?,
                Value::Missing(names) => return Ok(Some(names.iter().cloned().collect())),
            };
        }
        let left = turned.iter().map(|leg| leg.own).try_fold(Number::ZERO, Number::plus)?;
        // What arose at other rates takes them to revenue or to what is bought; else it is a difference of exchange.
        let bought = |leg: &Turned<'_>| {
            let asset = |a: &BookAccount| a.class == AccountClass::Asset && !a.monetary && &*a.name != "cash";
            !leg.released && leg.account.is_some_and(asset)
        };
        let releases = turned.iter().any(|leg| leg.released);
        let taker = turned.iter().position(|leg| in_income(leg.account));
        let taker = taker.or_else(|| turned.iter().position(bought).filter(|_| releases));
        let mut draft = Draft::default();
        for (at, leg) in turned.iter().enumerate() {
            let own = if taker == Some(at) { leg.own.minus(left)? } else { leg.own };
            draft = draft.debit(leg.id, own);
        }
        if taker.is_none() {
            draft = draft.credit(gains, left);
        }
        let Cause { clause, parents, basis, .. } = &at.cause;
        self.post(booking, state, date, remeasured, differences, clause, parents.clone(), *basis)?;
        self.post(booking, state, date, draft, rule, clause, parents.clone(), *basis)?;
        let moved: Vec<Posting> = turned.iter().map(|leg| Posting { account: leg.id, amount: leg.foreign }).collect();
        state.foreign.apply(&moved)?;
        Ok(None)
    }
}

fn in_income(account: Option<&BookAccount>) -> bool {
    account
        .is_some_and(|a| matches!(a.class, AccountClass::Income | AccountClass::ContraIncome | AccountClass::Expense))
}

/// What a release of `foreign` takes of a balance of `own` that stands for `there`; all of it at the end.
fn part(own: Number, foreign: Number, there: Number, cents: Rounding) -> Result<Number, num::Fault> {
    if foreign.abs() >= there.abs() {
        return Ok(own.neg());
    }
    own.abs().ratio_of(foreign.abs(), there.abs(), cents).map(|part| if own.is_negative() { part } else { part.neg() })
}

/// What a release takes beyond what is there.
fn beyond(foreign: Number, there: Number) -> Result<Number, num::Fault> {
    if foreign.abs() > there.abs() { foreign.plus(there) } else { Ok(Number::ZERO) }
}

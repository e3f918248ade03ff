//! Supplies in another currency than the book's: what is recognised at the rate of the day, and what a change of the rate
//! does to what is owed (ASC 830-20-25-1, 830-20-35-1).
//!
//! A monetary balance is brought to the rate of the day before it is touched, and the difference goes to one account. Any
//! other balance keeps the rates at which it arose and takes them along when it is released.

use std::sync::Arc;

use super::fold::Seen;
use super::{BookState, Booking, Bookkeeper, Exact};
use crate::ledger::{AccountId, Draft, Parent, Posting};
use crate::num::{self, Number, Rounding, Unit};
use crate::terms::{AccountClass, AccountRef, Assumptions, BookAccount, BookExpr, Rule, RuleKind, Value};
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
        let turn = |amount: Number| assumptions.convert(amount, currency, &self.currency, day);
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
        turned.retain(|leg| !leg.foreign.is_zero());
        // First what is owed, at the rate of the day.
        let gains = self.open(booking, account, seen.item);
        let mut remeasured = Draft::default();
        for leg in turned.iter().filter(|leg| leg.account.is_some_and(|a| a.monetary)) {
            let target = match turn(state.foreign.get(leg.id))? {
                Value::Known(target) => target,
                Value::Missing(names) => return Ok(Some(names.iter().cloned().collect())),
            };
            let change = target.minus(state.balances.get(leg.id))?;
            remeasured = remeasured.debit(leg.id, change).credit(gains, change);
        }
        for leg in &mut turned {
            let (there, own) = (state.foreign.get(leg.id), state.balances.get(leg.id));
            let opposite = there.is_negative() != leg.foreign.is_negative() && !there.is_zero();
            let monetary = leg.account.is_some_and(|a| a.monetary);
            leg.released = opposite && !monetary && !in_income(leg.account);
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
        let (clause, basis) = (&seen.outcome.clause, seen.outcome.basis);
        let parents = || vec![Parent::Outcome(seen.number)];
        self.post(booking, state, date, remeasured, differences, clause, parents(), basis)?;
        self.post(booking, state, date, draft, rule, clause, parents(), basis)?;
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

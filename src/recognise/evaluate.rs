//! What an expression of a book amounts to, and the fields of events.

use std::sync::Arc;

use super::fold::{Item, Seen};
use super::method::Methods;
use super::{BookState, Booking, Bookkeeper, Exact, Record};
use crate::engine::outcome::{Act, HoldingAct};
use crate::num::{self, Number, Ratio};
use crate::terms::{AccountRef, Assumptions, BookExpr, EventField, Formula, SupplyId, TrancheId, Value};

impl Bookkeeper<'_> {
    /// The methods of the book in a state.
    pub(super) fn methods<'m, A: Assumptions>(&'m self, assumptions: &'m A, state: &'m BookState) -> Methods<'m, A> {
        let chosen = || self.choices.iter().find(|(name, _)| &**name == "purchases").map(|(_, choice)| choice);
        let purchases = state.booked.adopted.get("purchases").or_else(chosen).map_or("", |choice| &**choice);
        Methods { terms: self.terms, assumptions, booked: &state.booked, book: self.book, purchases }
    }

    /// The amount of an expression, with what the record keeps of the way there.
    ///
    /// # Errors
    /// Arithmetic.
    pub(super) fn amount<R: Record>(
        &self,
        assumptions: &impl Assumptions,
        booking: &Booking,
        state: &BookState,
        expr: &BookExpr,
        item: Item,
        seen: Option<&Seen<'_>>,
    ) -> Result<R, num::Fault> {
        let both = |a: &BookExpr, b: &BookExpr| -> Result<(R, R), num::Fault> {
            let left = self.amount(assumptions, booking, state, a, item, seen)?;
            Ok((left, self.amount(assumptions, booking, state, b, item, seen)?))
        };
        let join = |sign: &str, (a, b): (R, R), value: Exact| R::of(|| sign, value, || None, [a, b]);
        match expr {
            BookExpr::Number(number) => Ok(R::leaf(|| "stated in the book", Exact::of(*number)?)),
            BookExpr::Field(field) => {
                let value = seen.map_or(Ok(Value::ZERO), |seen| self.field(assumptions, *field, &seen.outcome.act))?;
                let value = self.in_own(assumptions, *field, item, value, seen.map(|seen| seen.outcome))?;
                Ok(R::leaf(|| field.word(), Exact::from_value(&value)?))
            }
            BookExpr::Size => {
                let tranche = match item {
                    Item::Tranche(id) => self.terms.tranches.get(id.index()),
                    _ => None,
                };
                Ok(R::leaf(|| "size", Exact::of(tranche.map_or(Number::ZERO, |t| t.size))?))
            }
            BookExpr::Method(method, args) => {
                let methods = self.methods(assumptions, state);
                let args: Vec<Arc<str>> = args.iter().map(|arg| self.choice(arg, state)).collect();
                match item {
                    Item::Tranche(id) => methods.tranche(*method, &args, id),
                    Item::Supply(id) => methods.supply(*method, &args, id),
                    Item::Holding(id) => methods.holding(*method, &args, id),
                    Item::Flow(_) | Item::Class(_) => Ok(R::leaf(|| "nothing", Exact::ZERO)),
                }
            }
            BookExpr::Policy(name) => {
                let choice = self.choice(name, state);
                let share = choice.strip_suffix('%').and_then(|share| Number::parse(share).ok()).unwrap_or_default();
                let value = Exact::Known(Ratio::new(share, Number::from_int(100))?);
                Ok(R::of(|| name.to_string(), value, || Some(choice.clone()), []))
            }
            BookExpr::Estimate(position) => {
                let name = self.book.estimates.get(*position).map_or("", |estimate| &*estimate.name);
                let judged = self.judged(state, *position, item);
                let value = judged.map_or(Ok(Value::ZERO), |judged| judged.value(assumptions))?;
                let note = || Some(if judged.is_some() { "as judged" } else { "no judgement" }.into());
                Ok(R::of(|| format!("{name}({})", self.path(item)), Exact::from_value(&value)?, note, []))
            }
            BookExpr::Carrying(account) => {
                let item = seen.map_or(item, |seen| self.item_of(*account, seen));
                let name = self.account_name(*account, state, item);
                let found = booking.chart.find(&self.owner, &name, &self.path(item), &self.currency);
                let balance = found.map_or(Number::ZERO, |id| state.balances.get(id));
                let balance = match (account, item) {
                    // What an account of income has so far may be a loss.
                    (AccountRef::Plain(at), Item::Holding(_)) => {
                        let debit = self.book.accounts.get(*at).is_some_and(|account| account.class.is_debit());
                        if debit { balance } else { balance.neg() }
                    }
                    _ => balance.abs(),
                };
                let (shares, of) = match seen.map(|s| &s.outcome.act) {
                    Some(Act::Exercised { shares, own, by, .. }) if *by == self.party && own.is_positive() => {
                        (*shares, *own)
                    }
                    Some(Act::Assigned { shares, own, from, .. }) if *from == self.party => (*shares, *own),
                    // Only what had vested is carried, and no right is left.
                    Some(Act::Lapsed { vested, .. }) if !vested.is_positive() => (Number::ZERO, Number::ONE),
                    Some(
                        Act::Exercised { shares, of, .. }
                        | Act::Holding {
                            what: HoldingAct::Sold { shares, of, .. } | HoldingAct::Became { shares, of, .. },
                            ..
                        },
                    ) if of.is_positive() => (*shares, *of),
                    _ => (Number::ONE, Number::ONE),
                };
                Ok(R::leaf(|| format!("{name}.carrying"), Exact::of(balance.ratio_of(shares, of, self.cents())?)?))
            }
            BookExpr::Add(a, b) => {
                let (a, b) = both(a, b)?;
                // A part that is nil tells nothing about the sum.
                match (a.value() == &Exact::ZERO, b.value() == &Exact::ZERO) {
                    (_, true) => return Ok(a),
                    (true, false) => return Ok(b),
                    (false, false) => {}
                }
                let value = a.value().clone().plus(b.value().clone())?;
                Ok(join("+", (a, b), value))
            }
            BookExpr::Sub(a, b) => {
                let (a, b) = both(a, b)?;
                if b.value() == &Exact::ZERO {
                    return Ok(a);
                }
                let value = a.value().clone().minus(b.value().clone())?;
                Ok(join("-", (a, b), value))
            }
            // Where nothing was judged, nothing else has to be known.
            BookExpr::Mul(a, _) | BookExpr::Min(a, _) if self.unjudged(state, a, item) => {
                self.amount(assumptions, booking, state, a, item, seen)
            }
            BookExpr::Mul(a, b) => {
                let (a, b) = both(a, b)?;
                let value = a.value().clone().times(b.value().clone())?;
                Ok(join("*", (a, b), value))
            }
            BookExpr::Min(a, b) => {
                let (a, b) = both(a, b)?;
                let value = a.value().clone().min(b.value().clone())?;
                Ok(join("min", (a, b), value))
            }
            BookExpr::Max(a, b) => {
                // A floor of nothing matters only where it holds.
                let floor = matches!(&**a, BookExpr::Number(number) if number.is_zero());
                let (a, b) = both(a, b)?;
                let value = a.value().clone().max(b.value().clone())?;
                if floor && value == *b.value() {
                    return Ok(b);
                }
                Ok(join("max", (a, b), value))
            }
        }
    }

    /// The formula of an estimate, if a judgement gave it one.
    fn judged<'s>(&self, state: &'s BookState, estimate: usize, item: Item) -> Option<&'s Formula> {
        let name = self.book.estimates.get(estimate).map_or("", |estimate| &*estimate.name);
        match item {
            Item::Tranche(id) => state.booked.awards.get(&id).and_then(|award| award.estimates.get(name)),
            Item::Supply(id) => state.booked.found.get(&id).and_then(|found| found.estimates.get(name)),
            Item::Holding(id) => state.booked.holdings.get(&id).and_then(|held| held.estimates.get(name)),
            Item::Flow(_) | Item::Class(_) => None,
        }
    }

    /// Whether it is an estimate that nobody judged.
    fn unjudged(&self, state: &BookState, expr: &BookExpr, item: Item) -> bool {
        matches!(expr, BookExpr::Estimate(estimate) if self.judged(state, *estimate, item).is_none())
    }

    /// A field of an event.
    fn field(&self, assumptions: &impl Assumptions, field: EventField, act: &Act) -> Result<Value, num::Fault> {
        let known = |n: &Number| Ok(Value::Known(*n));
        match (act, field) {
            (Act::Opened { cash, .. }, EventField::Cash) => known(cash),
            (Act::Supplied { quantity, .. } | Act::Transferred { quantity, .. }, EventField::Quantity) => {
                known(quantity)
            }
            (Act::Billed { amount, .. }, EventField::Amount) => Ok(amount.clone()),
            (Act::Billed { ahead, .. }, EventField::Ahead) => Ok(ahead.clone()),
            (Act::Billed { amount, ahead, .. }, EventField::Earned) => amount.clone().minus(ahead.clone()),
            (
                Act::Paid { amount, .. } | Act::Applied { amount, .. } | Act::Refunded { amount, .. },
                EventField::Amount,
            ) => known(amount),
            (Act::Flowed { amount, .. } | Act::Issued { raised: amount, .. }, EventField::Amount) => Ok(amount.clone()),
            (Act::Issued { class, shares, .. }, EventField::Par) => self.par_of(Some(*class), *shares),
            (Act::Distributed { amount, .. } | Act::PassedThrough { amount, .. }, EventField::Amount) => known(amount),
            (
                Act::Holding {
                    what:
                        HoldingAct::Bought { paid: amount, .. }
                        | HoldingAct::Sold { received: amount, .. }
                        | HoldingAct::Dividend { amount, .. },
                    ..
                },
                EventField::Amount,
            ) => Ok(amount.clone()),
            (Act::Paid { applied, .. }, EventField::Applied) => known(applied),
            (Act::Paid { amount, applied, .. }, EventField::Advance) => amount.minus(*applied).map(Value::Known),
            (Act::Transferred { price, .. }, EventField::Price) => Ok(price.clone()),
            (Act::Transferred { prepaid, .. }, EventField::Prepaid) => Ok(prepaid.clone()),
            (Act::Transferred { price, prepaid, .. }, EventField::Unbilled) => price.clone().minus(prepaid.clone()),
            (Act::Transferred { supply, quantity, price, .. }, EventField::Distinct) => {
                self.distinct(assumptions, *supply, *quantity, price)
            }
            (Act::Transferred { supply, quantity, price, .. }, EventField::Excess) => {
                if self.terms.supplies.get(supply.index()).is_none_or(|s| s.fair_value.is_none()) {
                    return Ok(Value::ZERO);
                }
                price.clone().minus(self.distinct(assumptions, *supply, *quantity, price)?)
            }
            (Act::Funded { tranche, amount, .. }, EventField::Excess) => {
                let investment = self.terms.investment_of(*tranche);
                investment.map_or(Ok(Number::ZERO), |i| i.above(*amount)).map(Value::Known)
            }
            (
                Act::Vested { shares, .. } | Act::Exercised { shares, .. } | Act::Assigned { shares, .. },
                EventField::Shares,
            ) => known(shares),
            (Act::Lapsed { unvested, vested, .. }, EventField::Shares) => unvested.plus(*vested).map(Value::Known),
            (Act::Exercised { issued, .. }, EventField::Issued) => known(issued),
            (Act::Exercised { paid, .. } | Act::Assigned { paid, .. }, EventField::Paid) => known(paid),
            (Act::Exercised { tranche, issued, .. }, EventField::Par) => self.par(*tranche, *issued),
            (Act::Called { amount, .. } | Act::Funded { amount, .. }, EventField::Amount) => known(amount),
            (Act::Funded { issued, .. }, EventField::Issued) => Ok(issued.clone()),
            (Act::Funded { tranche, issued, .. }, EventField::Par) => match issued.known() {
                Some(issued) => self.par(*tranche, issued),
                // Without a par value nothing hangs on the number of shares.
                None => self.par(*tranche, Number::ZERO),
            },
            (Act::Funded { tranche, given, .. }, EventField::GivenPar) => self.given_par(*tranche, *given),
            (Act::Funded { tranche, amount, .. }, EventField::InCash) => self.funded(*tranche, *amount, "cash"),
            (Act::Funded { tranche, amount, .. }, EventField::InShares) => self.funded(*tranche, *amount, "shares"),
            (Act::Funded { tranche, amount, .. }, EventField::InCapacity) => self.funded(*tranche, *amount, "capacity"),
            (Act::Funded { tranche, amount, .. }, EventField::ForNothing) => self.funded(*tranche, *amount, "nothing"),
            (Act::Rented { amount, ahead: true, .. }, EventField::Ahead) => Ok(amount.clone()),
            (Act::Rented { .. }, EventField::Ahead) => Ok(Value::ZERO),
            (Act::FeePaid { amount, .. } | Act::Rented { amount, .. }, EventField::Amount) => Ok(amount.clone()),
            (Act::FeePaid { amount, own, .. }, EventField::Own) => Ok(if *own { amount.clone() } else { Value::ZERO }),
            (Act::FeePaid { amount, own, .. }, EventField::ToOthers) => {
                Ok(if *own { Value::ZERO } else { amount.clone() })
            }
            (
                Act::Drawn { amount, .. } | Act::CarriedOver { amount, .. } | Act::Repaid { amount, .. },
                EventField::Amount,
            ) => known(amount),
            (Act::CarriedOver { amount, carried, .. }, EventField::Discount) => {
                Value::Known(*amount).minus(carried.clone())
            }
            (Act::CarriedOver { interest, .. }, EventField::Interest) => Ok(interest.clone()),
            (Act::Drawn { paid, .. }, EventField::Paid) => Ok(paid.clone()),
            (Act::Drawn { amount, paid, .. }, EventField::Discount) => Value::Known(*amount).minus(paid.clone()),
            (Act::Accrued { interest, .. } | Act::Serviced { interest, .. }, EventField::Interest) => {
                Ok(interest.clone())
            }
            (Act::Accrued { undrawn, .. } | Act::Serviced { undrawn, .. }, EventField::Undrawn) => Ok(undrawn.clone()),
            (Act::Serviced { principal, .. }, EventField::Principal) => known(principal),
            (Act::Serviced { interest, undrawn, principal, .. }, EventField::Amount) => {
                interest.clone().plus(undrawn.clone())?.plus(Value::Known(*principal))
            }
            _ => Ok(Value::ZERO),
        }
    }

    /// What a quantity bought from a customer is worth, no more than its price; nothing where it is not known.
    fn distinct(
        &self,
        assumptions: &impl Assumptions,
        supply: SupplyId,
        quantity: Number,
        price: &Value,
    ) -> Result<Value, num::Fault> {
        let fair = self.terms.supplies.get(supply.index()).and_then(|s| s.fair_value.as_ref());
        let Some(fair) = fair else { return Ok(Value::ZERO) };
        match fair.value(assumptions)? {
            Value::Known(fair) => {
                let worth = fair.times(quantity)?.round(self.cents());
                price.clone().map(|price| Ok(price.min(worth)))
            }
            // Not reasonably estimated: all of it reduces the price (ASC 606-10-32-26).
            Value::Missing(_) => Ok(Value::ZERO),
        }
    }

    /// The amount if the tranche is funded in this way, else nothing.
    fn funded(&self, tranche: TrancheId, amount: Number, how: &str) -> Result<Value, num::Fault> {
        let same = self.terms.investment_of(tranche).is_some_and(|i| i.funding.word() == how);
        Ok(Value::Known(if same { amount } else { Number::ZERO }))
    }
}

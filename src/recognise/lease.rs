//! Leases: what is owed at the beginning, interest on it, and the use of the thing.

use std::sync::Arc;

use super::financing::growth;
use super::guarantee::elapsed;
use super::method::Methods;
use super::{Exact, Record};
use crate::num::{Fault, Mode, Number, Rounding};
use crate::terms::{Assumptions, Method, Supply, SupplyId, Tranche, TrancheId, Value};
use crate::time::Date;

/// Amounts on the way keep so many places.
const FINE: Rounding = Rounding { places: 10, mode: Mode::HalfUp };

/// A payment, and what one becomes until then from the one before.
type Due = (Date, Number, Number);

impl<A: Assumptions> Methods<'_, A> {
    /// A method of a lease.
    pub(super) fn leased<R: Record>(&self, method: Method, id: TrancheId, tranche: &Tranche) -> Result<R, Fault> {
        let word = Method::ALL.iter().find(|(found, ..)| *found == method).map_or("", |(_, word, ..)| word);
        let label = || format!("{word}({})", tranche.path);
        let credit = self.terms.credit_of(id).and_then(|credit| Some((credit.since, credit.lease()?)));
        let lent = self.booked.credits.get(&id).and_then(|lent| Some((lent.commenced?, lent.counted?)));
        let Some(((since, lease), (begun, counted))) = credit.zip(lent) else {
            return Ok(R::leaf(label, Exact::ZERO));
        };
        let term = (begun, lease.term.1);
        if method == Method::Elapsed {
            return Ok(R::leaf(label, elapsed(term, counted)?));
        }
        let rate = lease.rate.value(self.assumptions)?;
        let Some(known) = rate.known() else { return Ok(R::leaf(label, Exact::from_value(&rate)?)) };
        let (mut total, mut ahead, mut dues, mut before) = (Value::ZERO, Value::ZERO, Vec::new(), begun);
        for (date, amount) in &lease.payments {
            let amount = amount.value(self.assumptions)?;
            total = total.plus(amount.clone())?;
            // What falls due before the contract is paid with it.
            let date = (*date).max(since);
            if date < begun {
                ahead = ahead.plus(amount)?;
                continue;
            }
            dues.push((date, amount.known().unwrap_or_default(), growth(known, before, date)?));
            before = date;
        }
        if method == Method::RentAhead {
            return Ok(R::leaf(label, Exact::from_value(&ahead)?));
        }
        if total.known().is_none() {
            return Ok(R::leaf(label, Exact::from_value(&total)?));
        }
        if method == Method::Rent {
            let part = elapsed(term, counted)?;
            return Ok(R::leaf(label, Exact::from_value(&total)?.times(part)?));
        }
        let present = present(&dues)?;
        let value = match method {
            Method::PresentValue => present,
            _ => interest(known, &dues, present, begun, counted)?,
        };
        let note = || {
            let rate = known.times(Number::from_int(100)).unwrap_or_default();
            Some(format!("{} payments at {rate} % a year", dues.len()).into())
        };
        Ok(R::of(label, Exact::of(value.round(Rounding::CENTS))?, note, []))
    }

    /// The remaining obligation of a supply that was judged to be a lease, which has none (ASC 842-10-15).
    pub(super) fn let_out<R: Record>(&self, id: SupplyId, supply: &Supply, args: &[Arc<str>]) -> Result<R, Fault> {
        let word = args.first().map_or("", |arg| &**arg);
        let label = || format!("let_out({}, {word})", supply.path);
        let chosen = self.booked.found.get(&id).and_then(|found| found.accounts.first().cloned());
        if chosen.is_none_or(|chosen| &*chosen != word) {
            return Ok(R::leaf(label, Exact::ZERO));
        }
        let backlog: R = self.supply(Method::Backlog, &[], id)?;
        let cost: R = self.supply(Method::Allocated, args.get(1..).unwrap_or_default(), id)?;
        let value = backlog.value().clone().minus(cost.value().clone())?;
        Ok(R::of(label, value, || None, [backlog, cost]))
    }
}

/// What all payments are worth at the beginning.
fn present(dues: &[Due]) -> Result<Number, Fault> {
    dues.iter().rev().try_fold(Number::ZERO, |worth, (_, amount, grown)| worth.plus(*amount)?.over(*grown, FINE))
}

/// Interest on what is owed, up to a day.
fn interest(rate: Number, dues: &[Due], present: Number, begun: Date, counted: Date) -> Result<Number, Fault> {
    let (mut owed, mut sum, mut before) = (present, Number::ZERO, begun);
    for (date, amount, grown) in dues {
        let grown = if *date <= counted { *grown } else { growth(rate, before, counted)? };
        let interest = owed.ratio_of(grown.minus(Number::ONE)?, Number::ONE, FINE)?;
        sum = sum.plus(interest)?;
        if *date > counted {
            return Ok(sum);
        }
        owed = owed.plus(interest)?.minus(*amount)?;
        before = *date;
    }
    Ok(sum)
}

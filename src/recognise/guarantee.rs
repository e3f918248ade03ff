//! Guarantees: what standing ready is worth, who gives something for it, and how much of the time is over.

use super::debt::months;
use super::method::Methods;
use super::{Exact, Lent, Record};
use crate::num::{Fault, Number};
use crate::terms::{Assumptions, Given, Guarantee, Method, Tranche, TrancheId, Value};
use crate::time::Date;

impl<A: Assumptions> Methods<'_, A> {
    /// A method of a guarantee; `released` also of a warrant given for one.
    pub(super) fn guaranteed<R: Record>(
        &self,
        method: Method,
        id: TrancheId,
        tranche: &Tranche,
        policy: &str,
    ) -> Result<R, Fault> {
        let word = Method::ALL.iter().find(|(found, ..)| *found == method).map_or("", |(_, word, ..)| word);
        let label = || format!("{word}({})", tranche.path);
        let of = match self.terms.warrant_of(id).and_then(|warrant| warrant.given) {
            Some(Given::Credit(credit)) if method == Method::Released => credit,
            _ => id,
        };
        let Some((guarantee, lent)) = self.promised(of) else { return Ok(R::leaf(label, Exact::ZERO)) };
        let lent = &lent;
        let yes = |yes: bool| if yes { Exact::ONE } else { Exact::ZERO };
        let value = match method {
            Method::StoodReady => Exact::from_value(&self.stood_ready(of, guarantee, lent)?)?,
            Method::FeePaid => Exact::from_value(&fees(lent)?)?,
            Method::ForCustomer => yes(tranche.band.is_some()),
            Method::Exposure => {
                let over = lent.counted.is_some_and(|counted| counted > guarantee.term.1);
                if over || lent.lapsed.is_some() { Exact::ZERO } else { Exact::of(tranche.size)? }
            }
            Method::Uncompensated => self.uncompensated(of, guarantee, lent)?,
            _ => {
                let (part, note) = over(guarantee.term, lent, policy)?;
                return Ok(R::of(|| format!("released({}, {policy})", tranche.path), part, || Some(note.into()), []));
            }
        };
        Ok(R::leaf(label, value))
    }

    /// A guarantee that was given, and what happened to it: it is promised from its signing on, whenever its time begins
    /// (ASC 460-10-25-4).
    fn promised(&self, id: TrancheId) -> Option<(&Guarantee, Lent)> {
        let credit = self.terms.credit_of(id).filter(|credit| credit.standing.is_owed())?;
        let guarantee = credit.guarantee().filter(|_| self.booked.granted.contains_key(&id))?;
        let mut lent = self.booked.credits.get(&id).map_or_else(Lent::default, |lent| (**lent).clone());
        // With its contract a guarantee ends, also within its time: nobody stands ready any more (ASC 460-10-35-2).
        if self.booked.ended.contains_key(&credit.contract) {
            lent.counted = Some(guarantee.term.1.next());
            lent.commenced = lent.commenced.or(Some(guarantee.term.0));
        }
        Some((guarantee, lent))
    }

    /// What standing ready is worth, less what is received for it; not below nothing.
    fn uncompensated(&self, id: TrancheId, guarantee: &Guarantee, lent: &Lent) -> Result<Exact, Fault> {
        let rest = self.stood_ready(id, guarantee, lent)?.minus(fees(lent)?)?.minus(self.in_warrants(id)?)?;
        Exact::from_value(&rest.map(|rest| Ok(rest.clamp_zero()))?)
    }

    /// What a customer is given by a tranche that its purchases earn and that is no right to shares: the part of a
    /// guarantee that nobody pays for (ASC 606-10-32-25), or what is paid for shares above their worth.
    pub(super) fn conceded(&self, id: TrancheId, tranche: &Tranche) -> Result<Option<Exact>, Fault> {
        if self.terms.credit_of(id).is_some_and(|credit| credit.guarantee().is_some()) {
            let promised = self.promised(id);
            let conceded = promised.map(|(guarantee, lent)| self.uncompensated(id, guarantee, &lent));
            return conceded.unwrap_or(Ok(Exact::ZERO)).map(Some);
        }
        match self.terms.investment_of(id).filter(|investment| investment.worth.is_some()) {
            Some(_) => self.excess::<Exact>(id, tranche).map(Some),
            None => Ok(None),
        }
    }

    /// Fair value at the beginning; who receives more for it has promised that much more (ASC 460-10-30-2).
    fn stood_ready(&self, id: TrancheId, guarantee: &Guarantee, lent: &Lent) -> Result<Value, Fault> {
        let received = fees(lent)?.plus(self.in_warrants(id)?)?;
        if let Some(value) = &guarantee.fair_value {
            let value = value.value(self.assumptions)?;
            return match (value.known(), received.known()) {
                (Some(value), Some(received)) => Ok(Value::Known(value.max(received))),
                _ => value.plus(received.map(|_| Ok(Number::ZERO))?),
            };
        }
        match received == Value::ZERO {
            true => Ok(Value::missing(format!(
                "{}.fair_value",
                self.terms.credit_of(id).map_or("", |credit| &*credit.path)
            ))),
            false => Ok(received),
        }
    }

    /// Warrants given for a guarantee, at the grant date.
    fn in_warrants(&self, id: TrancheId) -> Result<Value, Fault> {
        self.terms.given_for(id).iter().try_fold(Value::ZERO, |sum, id| {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { return Ok(sum) };
            sum.plus(Value::Known(tranche.size).times(tranche.fair_value.value(self.assumptions)?)?)
        })
    }
}

fn fees(lent: &Lent) -> Result<Value, Fault> {
    lent.fees.iter().try_fold(Value::ZERO, |sum, (_, fee)| sum.plus(fee.clone()))
}

/// The part of a term that is over: even over its months from the day it began, or all of it at the end.
fn over((from, to): (Date, Date), lent: &Lent, policy: &str) -> Result<(Exact, String), Fault> {
    if lent.lapsed.is_some() {
        return Ok((Exact::ONE, "it ended before its time began".into()));
    }
    let from = lent.commenced.unwrap_or(from);
    let counted = lent.counted.filter(|_| lent.commenced.is_some()).unwrap_or(from).min(to.next());
    if counted == to.next() {
        return Ok((Exact::ONE, "it is over".into()));
    }
    if policy == "on_expiry" {
        return Ok((Exact::ZERO, "not before it expires".into()));
    }
    elapsed((from, to), counted).map(|part| (part, format!("months from {from} to {counted} of those to {to}")))
}

/// The part of a term, both days included, that is over before a day.
pub(super) fn elapsed((from, to): (Date, Date), counted: Date) -> Result<Exact, Fault> {
    let (end, counted) = (to.next(), counted.min(to.next()));
    if counted <= from {
        return Ok(Exact::ZERO);
    }
    if counted == end {
        return Ok(Exact::ONE);
    }
    Ok(Exact::Known(months(from, counted)?.over(months(from, end)?)?))
}

//! Guarantees: what standing ready is worth, who gives something for it, and how much of the time is over.

use super::debt::months;
use super::method::Methods;
use super::{Exact, Lent, Record};
use crate::num::{Fault, Mode, Number, Rounding};
use crate::terms::{Assumptions, Given, Guarantee, Method, Tranche, TrancheId, Value};
use crate::time::Date;

/// Parts of a term keep so many places.
const PART: Rounding = Rounding { places: 10, mode: Mode::HalfUp };

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
        let guarantee = self.terms.credit_of(of).and_then(|credit| credit.guarantee());
        let lent = self.booked.credits.get(&of).filter(|lent| lent.commenced.is_some() || method == Method::FeePaid);
        let Some((guarantee, lent)) = guarantee.zip(lent) else { return Ok(R::leaf(label, Exact::ZERO)) };
        let yes = |yes: bool| if yes { Exact::ONE } else { Exact::ZERO };
        let value = match method {
            Method::StoodReady => Exact::from_value(&self.stood_ready(of, guarantee, lent)?)?,
            Method::FeePaid => Exact::from_value(&fees(lent)?)?,
            Method::ForCustomer => yes(tranche.band.is_some()),
            Method::Exposure => {
                let over = lent.counted.is_some_and(|counted| counted > guarantee.term.1);
                if over { Exact::ZERO } else { Exact::of(tranche.size)? }
            }
            Method::Uncompensated => self.uncompensated(of, guarantee, lent)?,
            _ => {
                let (part, note) = over(guarantee.term, lent.counted, policy)?;
                return Ok(R::of(|| format!("released({}, {policy})", tranche.path), part, || Some(note.into()), []));
            }
        };
        Ok(R::leaf(label, value))
    }

    /// What standing ready is worth, less what is received for it; not below nothing.
    fn uncompensated(&self, id: TrancheId, guarantee: &Guarantee, lent: &Lent) -> Result<Exact, Fault> {
        let rest = self.stood_ready(id, guarantee, lent)?.minus(fees(lent)?)?.minus(self.in_warrants(id)?)?;
        Exact::from_value(&rest.map(|rest| Ok(rest.clamp_zero()))?)
    }

    /// What a customer is given by a tranche that its purchases earn and that is no right to shares: the part of a
    /// guarantee that nobody pays for (ASC 606-10-32-25), or what is paid for shares above their worth.
    pub(super) fn conceded(&self, id: TrancheId, tranche: &Tranche) -> Result<Option<Exact>, Fault> {
        if let Some(guarantee) = self.terms.credit_of(id).and_then(|credit| credit.guarantee()) {
            let lent = self.booked.credits.get(&id).filter(|lent| lent.commenced.is_some());
            return lent.map_or(Ok(Exact::ZERO), |lent| self.uncompensated(id, guarantee, lent)).map(Some);
        }
        match self.terms.investment_of(id).filter(|investment| investment.worth.is_some()) {
            Some(_) => self.excess::<Exact>(id, tranche).map(Some),
            None => Ok(None),
        }
    }

    /// Fair value at the beginning: as stated, else what is received for it (ASC 460-10-30-2).
    fn stood_ready(&self, id: TrancheId, guarantee: &Guarantee, lent: &Lent) -> Result<Value, Fault> {
        if let Some(value) = &guarantee.fair_value {
            return value.value(self.assumptions);
        }
        let received = fees(lent)?.plus(self.in_warrants(id)?)?;
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

/// The part of a term that is over: even over its months, or all of it at the end.
fn over((from, to): (Date, Date), counted: Option<Date>, policy: &str) -> Result<(Exact, String), Fault> {
    let counted = counted.unwrap_or(from).min(to.next());
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
    let part: Number = months(from, counted)?.over(months(from, end)?, PART)?;
    Exact::of(part)
}

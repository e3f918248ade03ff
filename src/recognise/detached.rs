//! Warrants that are given for something else than purchases of a customer: a loan, a guarantee, goods.

use std::sync::Arc;

use super::method::Methods;
use super::{Exact, Record};
use crate::num::{Fault, Number, Rounding};
use crate::terms::{Assumptions, Given, Method, Tranche, TrancheId, Value};

const CENTS: Rounding = Rounding::CENTS;

impl<A: Assumptions> Methods<'_, A> {
    /// What a warrant is given for, its part of proceeds, and judgements.
    pub(super) fn given<R: Record>(
        &self,
        method: Method,
        id: TrancheId,
        tranche: &Tranche,
        word: &str,
    ) -> Result<R, Fault> {
        let given = self.terms.warrant_of(id).and_then(|warrant| warrant.given);
        let yes = |yes: bool| if yes { Exact::ONE } else { Exact::ZERO };
        match method {
            Method::Given => {
                let found = match given {
                    Some(Given::Supply(_)) => "goods",
                    Some(Given::Credit(credit)) => match self.terms.credit_of(credit) {
                        Some(credit) if credit.loan().is_some() => "debt",
                        _ => "guarantee",
                    },
                    None => "purchases",
                };
                Ok(R::leaf(|| format!("given({}, {word})", tranche.path), yes(found == word)))
            }
            Method::Judged => {
                let judged = self.award(id).and_then(|award| award.carry.word.as_ref());
                let said = judged.is_some_and(|judged| &**judged == word || judged.ends_with(&format!("_{word}")));
                Ok(R::leaf(|| format!("judged({}, {word})", tranche.path), yes(said)))
            }
            Method::Commitment => {
                let label = || format!("commitment({})", tranche.path);
                let Some(Given::Credit(loan)) = given.filter(|_| self.booked.granted.contains_key(&id)) else {
                    return Ok(R::leaf(label, Exact::ZERO));
                };
                let part = if self.for_commitment(loan, id) { self.granted_worth(id)? } else { Value::ZERO };
                let note = || Some(Arc::from("a liability, for money that may be drawn"));
                Ok(R::of(label, Exact::from_value(&part)?, note, []))
            }
            _ => {
                let label = || format!("proceeds({})", tranche.path);
                let Some(Given::Credit(loan)) = given else { return Ok(R::leaf(label, Exact::ZERO)) };
                let (_, parts) = self.shared(loan)?;
                let part = parts.into_iter().find(|(of, ..)| *of == id).map_or(Value::ZERO, |(_, part)| part);
                let note = || Some(Arc::from("by relative fair value; liabilities first, at fair value"));
                Ok(R::of(label, Exact::from_value(&part)?, note, []))
            }
        }
    }

    /// Whether a warrant is a liability that was given for money that can be drawn later: it is a cost of the commitment, whatever is
    /// drawn of it.
    fn for_commitment(&self, loan: TrancheId, warrant: TrancheId) -> bool {
        let loan = self.terms.credit_of(loan).and_then(|credit| credit.loan());
        let delayed = loan.is_some_and(|loan| loan.available.is_some() && loan.opening.is_none());
        delayed && self.booked.begun.get(&warrant).is_some_and(|word| word.ends_with("liability"))
    }

    /// What rights were worth at the grant.
    fn granted_worth(&self, id: TrancheId) -> Result<Value, Fault> {
        let Some(tranche) = self.terms.tranches.get(id.index()) else { return Ok(Value::ZERO) };
        Value::Known(tranche.size).times(tranche.fair_value.value(self.assumptions)?)
    }

    /// What warrants cost that were given for the commitment of a loan: a fee like the others.
    pub(super) fn commitment_cost(&self, loan: TrancheId) -> Result<Value, Fault> {
        let mine = self.terms.given_for(loan).iter();
        let mine = mine.filter(|id| self.booked.granted.contains_key(id) && self.for_commitment(loan, **id));
        mine.map(|id| self.granted_worth(*id)).try_fold(Value::ZERO, |sum, one| sum.plus(one?))
    }

    /// The part of the proceeds of a loan that is for the warrants issued with it.
    pub(super) fn detached(&self, loan: TrancheId) -> Result<Value, Fault> {
        Ok(self.shared(loan)?.0)
    }

    /// Proceeds of the first draw shared with warrants: liabilities first, at fair value; what is left between equity and the
    /// debt by fair value (ASC 470-20-25-2). In all, and by tranche.
    fn shared(&self, loan: TrancheId) -> Result<(Value, Vec<(TrancheId, Value)>), Fault> {
        let warrants = self.terms.given_for(loan);
        let drawn = self.booked.credits.get(&loan).and_then(|lent| lent.draws.first().map(|draw| draw.paid.clone()));
        let Some(drawn) = drawn.filter(|_| !warrants.is_empty()) else { return Ok((Value::ZERO, Vec::new())) };
        let (mut liabilities, mut equity, mut worth) = (Value::ZERO, Value::ZERO, Vec::new());
        for id in warrants {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            if self.for_commitment(loan, *id) {
                continue;
            }
            let value = Value::Known(tranche.size).times(tranche.fair_value.value(self.assumptions)?)?;
            let owed = self.booked.begun.get(id).is_some_and(|word| word.ends_with("liability"));
            let sum = if owed { &mut liabilities } else { &mut equity };
            *sum = sum.clone().plus(value.clone())?;
            worth.push((*id, value, owed));
        }
        let left = drawn.minus(liabilities.clone())?.map(|left| Ok(left.clamp_zero()))?;
        let debt =
            self.terms.credit_of(loan).and_then(|credit| credit.loan()).and_then(|loan| loan.fair_value.as_ref());
        let debt = match debt {
            Some(debt) => debt.value(self.assumptions)?,
            None => Value::missing(format!("{}.fair_value", self.terms.credit_of(loan).map_or("", |c| &*c.path))),
        };
        let whole = equity.clone().plus(debt)?;
        let (mut sum, mut parts) = (Value::ZERO, Vec::new());
        for (id, value, owed) in worth {
            let part = match owed {
                true => value,
                false if value == Value::ZERO => Value::ZERO,
                false => share(&left, &value, &whole)?,
            };
            sum = sum.plus(part.clone())?;
            parts.push((id, part));
        }
        Ok((sum, parts))
    }
}

/// `amount × part / whole`
fn share(amount: &Value, part: &Value, whole: &Value) -> Result<Value, Fault> {
    let product = |amount: Number, part: Number, whole: Number| amount.ratio_of(part, whole, CENTS);
    match (amount, part, whole) {
        (Value::Known(amount), Value::Known(part), Value::Known(whole)) => {
            if whole.is_zero() {
                Ok(Value::ZERO)
            } else {
                product(*amount, *part, *whole).map(Value::Known)
            }
        }
        (missing @ Value::Missing(_), ..) | (_, missing @ Value::Missing(_), _) | (.., missing) => Ok(missing.clone()),
    }
}

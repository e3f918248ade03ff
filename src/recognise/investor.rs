//! What an investor pays its customer beside the price of shares, and what a holder's rights are worth.

use super::method::Methods;
use super::{Exact, Record};
use crate::num::{Fault, Number};
use crate::terms::{Assumptions, Tranche, TrancheId, Value};

impl<A: Assumptions> Methods<'_, A> {
    /// `excess(t)`: what is paid above the fair value of the shares: all that is promised, as long as it is, else what was paid.
    pub(super) fn excess<R: Record>(&self, id: TrancheId, tranche: &Tranche) -> Result<R, Fault> {
        let label = || format!("excess({})", tranche.path);
        let investment = self.terms.investment_of(id).filter(|investment| investment.worth.is_some());
        let Some(investment) = investment else { return Ok(R::leaf(label, Exact::ZERO)) };
        let promised = investment.standing.is_owed()
            && !tranche.call.is_option(investment)
            && self.booked.granted.contains_key(&id)
            && !self.booked.failed.contains_key(&id)
            && !self.booked.ended.contains_key(&investment.contract);
        let paid = self.booked.funded.get(&id).copied().unwrap_or_default();
        let amount = if promised { tranche.size } else { paid };
        let value = Exact::of(investment.above(amount)?)?;
        let note = || {
            let word = if promised { "promised" } else { "paid" };
            let worth = investment.worth.unwrap_or(Number::ZERO);
            Some(
                format!(
                    "{} {word}; shares worth {} for {}",
                    amount.grouped(),
                    worth.grouped(),
                    investment.amount.grouped()
                )
                .into(),
            )
        };
        Ok(R::of(label, value, note, []))
    }

    /// `market(t)`: per share, the last value stated, or that of the grant; of rights exercised, the one of their day.
    pub(super) fn market<R: Record>(&self, id: TrancheId, tranche: &Tranche) -> Result<R, Fault> {
        let value: Value = self.worth(id, tranche)?;
        Ok(R::leaf(|| format!("market({})", tranche.path), Exact::from_value(&value)?))
    }
}

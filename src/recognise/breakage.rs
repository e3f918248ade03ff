//! Rights that a customer has paid for and is expected not to use: revenue in proportion to those it uses (ASC 606-10-55-48).

use std::sync::Arc;

use super::method::Methods;
use super::{Exact, Record};
use crate::num::{Fault, Number, Ratio};
use crate::terms::{Assumptions, Method, Supply, SupplyId, Value};

impl<A: Assumptions> Methods<'_, A> {
    /// `exercised(s, POLICY, ESTIMATE)`: of what the customer must pay for and is expected to take, the share it has taken; nothing
    /// unless the policy is `in_proportion`. `forfeited(s)`: what passed because it can be taken no more, at the contract price.
    pub(super) fn unused<R: Record>(
        &self,
        method: Method,
        id: SupplyId,
        supply: &Supply,
        args: &[Arc<str>],
    ) -> Result<R, Fault> {
        let booked = self.booked.supply(id);
        if method == Method::Forfeited {
            return Ok(R::leaf(|| format!("forfeited({})", supply.path), Exact::of(booked.forfeited)?));
        }
        let word = |at: usize| args.get(at).map_or("", |arg| &**arg);
        let label = || format!("exercised({}, {})", supply.path, word(0));
        let expected = self.booked.found.get(&id).and_then(|found| found.estimates.get(word(1)));
        let (Some(expected), Some(minimum)) = (expected.filter(|_| word(0) == "in_proportion"), &supply.minimum) else {
            return Ok(R::leaf(label, Exact::ZERO));
        };
        let periods = Number::from_int(i64::try_from(minimum.ends.len()).unwrap_or(i64::MAX));
        let whole = minimum.quantity.value(self.assumptions)?.times(Value::Known(periods))?;
        let whole = whole.times(supply.price.value(self.assumptions)?)?;
        let left = whole.minus(expected.value(self.assumptions)?)?;
        let taken = booked.priced.minus(booked.forfeited)?;
        let value = match &left {
            Value::Known(left) if left.is_positive() => Exact::Known(Ratio::new(taken.min(*left), *left)?),
            Value::Known(_) => Exact::ONE,
            missing @ Value::Missing(_) => Exact::from_value(missing)?,
        };
        let note = || Some(format!("{} taken of {} expected to be", taken.grouped(), left.known()?.grouped()).into());
        Ok(R::of(label, value, note, []))
    }
}

//! Minimums as a book knows them: what was taken in each period.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::AsBooked;
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number};
use crate::terms::{Assumptions, Supply, SupplyId, Terms, Trigger, Value};

/// What was taken, by period of the minimum; what came after the last stands behind it.
pub type Taken = BTreeMap<usize, Number>;

impl AsBooked {
    /// Notes a delivery of a supply with a minimum.
    pub(super) fn take(&mut self, terms: &Terms, outcome: &Outcome) -> Result<(), Fault> {
        let Act::Supplied { supply, trigger: Trigger::Delivery, quantity } = &outcome.act else { return Ok(()) };
        let minimum = terms.supplies.get(supply.index()).and_then(|s| s.minimum.as_ref());
        let Some(minimum) = minimum else { return Ok(()) };
        let period = minimum.ends.partition_point(|end| *end < outcome.date);
        let mut taken = self.taken.get(supply).cloned().unwrap_or_default();
        let so_far = Arc::make_mut(&mut taken).entry(period).or_default();
        *so_far = so_far.plus(*quantity)?;
        self.taken.insert(*supply, taken);
        Ok(())
    }

    /// All minimums, and what was taken above that of its period without making up for an earlier one: it leaves the
    /// later minimums as they are (the seller can enforce them).
    pub(super) fn bound(&self, id: SupplyId, supply: &Supply, assumptions: &impl Assumptions) -> Result<Value, Fault> {
        let Some(minimum) = &supply.minimum else { return Ok(Value::ZERO) };
        let Some(least) = minimum.quantity.value(assumptions)?.known() else { return minimum.together(assumptions) };
        let Some(taken) = self.taken.get(&id) else { return minimum.together(assumptions) };
        let last = taken.keys().next_back().copied().unwrap_or_default();
        let (mut short, mut beyond) = (Number::ZERO, Number::ZERO);
        for period in 0..=last {
            let least = if period < minimum.ends.len() { least } else { Number::ZERO };
            let taken = taken.get(&period).copied().unwrap_or_default();
            let more = taken.minus(least)?.clamp_zero();
            let made_up = more.min(short);
            beyond = beyond.plus(more.minus(made_up)?)?;
            short = short.minus(made_up)?;
            if minimum.make_up.is_some() {
                short = short.plus(least.minus(taken)?.clamp_zero())?;
            }
        }
        minimum.together(assumptions)?.plus(Value::Known(beyond))
    }
}

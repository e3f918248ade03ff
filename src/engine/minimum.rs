//! Minimums that still stand: what a buyer that takes or pays is bound to, whatever it took before.

use super::step::Engine;
use super::{State, SupplyState};
use crate::num::{self, Number};
use crate::terms::{Supply, Value};
use crate::time::Date;

impl Engine<'_> {
    /// What is bound to pass in all as it stands at the end of a day: what was taken or is gone, what was paid for and can
    /// still be taken, the rest of the minimum of this period, and those of all later ones. What is taken above the minimum
    /// of one period leaves those of the next as they are.
    ///
    /// # Errors
    /// Overflow.
    pub fn bound(&self, supply: &Supply, state: &SupplyState, date: Date) -> Result<Value, num::Fault> {
        let gone = state.delivered.plus(state.forfeited)?.plus(state.short)?;
        let Some(minimum) = &supply.minimum else { return Ok(Value::ZERO) };
        // On the last day of a period it was looked at.
        let open = minimum.ends.iter().filter(|end| **end > date).count();
        let Some(later) = open.checked_sub(1) else { return Ok(Value::Known(gone)) };
        let later = i64::try_from(later).map_err(|_| num::Fault::Overflow)?;
        self.inputs.value(&minimum.quantity)?.map(|least| {
            let rest = least.minus(state.delivered.minus(state.counted)?)?.clamp_zero();
            gone.plus(rest)?.plus(least.times(Number::from_int(later))?)
        })
    }

    /// What can be enforced of a supply in a state: what is firm with what was added, ordered, passed or bound by minimums,
    /// whichever is most.
    ///
    /// # Errors
    /// Overflow.
    pub fn enforceable_at(
        &self,
        supply: &Supply,
        state: &State,
        id: crate::terms::SupplyId,
        date: Date,
    ) -> Result<Value, num::Fault> {
        let now = self.supply(state, id);
        let firm = supply.firm(self.inputs)?.plus(Value::Known(now.added))?;
        firm.join(self.bound(supply, &now, date)?, |firm, bound| {
            Ok(firm.max(bound).max(now.ordered).max(now.transferred))
        })
    }
}

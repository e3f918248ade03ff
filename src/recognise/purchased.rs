//! Each purchase at the value of its day (IFRS 2.13): what an award costs where no grant date fixes it.

use super::method::Methods;
use super::{Exact, Record};
use crate::num::{Fault, Number};
use crate::terms::{Assumptions, Tranche, TrancheId};

impl<A: Assumptions> Methods<'_, A> {
    /// `fair_value(t, measurement, attribution)` where the measurement is `as_purchased`: the mean of the values stated, by what
    /// was bought while each was the last one.
    pub(super) fn as_purchased<R: Record>(&self, id: TrancheId, tranche: &Tranche, policy: &str) -> Result<R, Fault> {
        let label = || format!("fair_value({}, as_purchased)", tranche.path);
        let supply = self.terms.earning_band(tranche, self.assumptions)?.map(|(supply, ..)| supply);
        let (Some(award), Some(_)) = (self.award(id), supply) else {
            let (value, note) = self.measured(id, tranche, "until_vested")?;
            return Ok(R::of(label, Exact::from_value(&value)?, || Some(note.into()), []));
        };
        let passed = self.booked.purchased(self.terms, id);
        let earned = |quantity: Number| self.earned_since(id, tranche, policy, None, quantity);
        let mut value = Exact::from_value(&tranche.fair_value.value(self.assumptions)?)?;
        let (mut cost, mut before) = (Exact::ZERO, Exact::ZERO);
        let mut parts = Vec::new();
        for (at, next) in award.values.iter().map(|(at, next)| (*at, Some(next))).chain([(passed, None)]) {
            let share = earned(at)?.minus(before.clone())?;
            if share != Exact::ZERO {
                let part = share.times(value.clone())?;
                parts.push((format!("bought up to {at}").into(), part.clone()));
                cost = cost.plus(part)?;
                before = earned(at)?;
            }
            if let Some(next) = next {
                value = Exact::from_value(&next.value(self.assumptions)?)?;
            }
        }
        if before == Exact::ZERO {
            return Ok(R::of(label, value, || Some("nothing bought yet: the last value stated".into()), []));
        }
        let mean = match (cost, before) {
            (Exact::Known(cost), Exact::Known(earned)) => Exact::Known(cost.over(earned)?),
            (missing, Exact::Known(_)) | (_, missing) => missing,
        };
        Ok(R::sum(label, mean, parts))
    }
}

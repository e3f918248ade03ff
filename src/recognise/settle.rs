//! What must be brought to its target before something changes how it is measured or where it stands.

use std::sync::Arc;

use super::fold::Item;
use super::touch::Touched;
use super::{BookState, Booking, Bookkeeper};
use crate::engine::outcome::HoldingAct;
use crate::engine::{Act, Outcome};
use crate::num;
use crate::terms::{Assumptions, Finding, Transition};
use crate::time::Date;

type Faulty = (num::Fault, Arc<str>);

impl Bookkeeper<'_> {
    /// Keeps an award at its target before it is classified anew, used up, or the policy of its book changes: what went
    /// before is measured by what held then.
    pub(super) fn settle(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        touched: &mut Touched,
        today: &[(u32, &Outcome)],
    ) -> Result<(), Faulty> {
        let Some(((_, next), mut before)) = today.split_last() else { return Ok(()) };
        let known = |id| state.booked.awards.contains_key(&id);
        match &next.act {
            Act::Judged { tranche, finding: Finding::Account(_) | Finding::Left(_) } => {
                touched.items.insert(Item::Tranche(*tranche))
            }
            Act::Exercised { tranche, .. } if known(*tranche) => touched.items.insert(Item::Tranche(*tranche)),
            // What leaves, or is measured otherwise from now on, leaves at what it came to by this day.
            Act::Holding { stake, what } => {
                let left = match what {
                    HoldingAct::Became { from, .. } => Some(*from),
                    HoldingAct::Sold { .. } | HoldingAct::Judged(Finding::Account(_)) => Some(*stake),
                    _ => None,
                };
                if let Some(left) = left {
                    self.pass_time(state, left, date).map_err(|fault| (fault, next.clause.clone()))?;
                    before = today;
                    touched.items.insert(Item::Holding(left));
                }
                touched.items.insert(Item::Holding(*stake))
            }
            Act::Adopted { .. } => {
                touched.items.extend(state.booked.granted.iter().map(|(id, ())| Item::Tranche(id)));
                touched.items.extend(state.booked.signed.iter().map(|(id, ())| Item::Supply(id)));
                true
            }
            _ => return Ok(()),
        };
        self.keep(assumptions, booking, state, date, touched, before, None)
    }

    /// Whether a judgement moves an award to another account.
    pub(super) fn reclassifies(&self, state: &BookState, act: &Act) -> bool {
        let Act::Judged { tranche, finding: Finding::Account(word) } = act else { return false };
        let so_far = state.booked.awards.get(tranche).and_then(|award| award.carry.word.as_ref());
        (0..self.book.judged.len()).any(|judged| self.chosen(judged, so_far) != self.chosen(judged, Some(word)))
    }

    /// Changes a policy; what that moves goes where the transition says.
    pub(super) fn adopt(
        &self,
        assumptions: &impl Assumptions,
        booking: &mut Booking,
        state: &mut BookState,
        date: Date,
        (policy, choice, transition): (&Arc<str>, &Arc<str>, Transition),
        today: &[(u32, &Outcome)],
    ) -> Result<(), Faulty> {
        let before = self.choice(policy, state);
        Arc::make_mut(&mut state.booked.adopted).insert(policy.clone(), choice.clone());
        if &*before == "until_vested" && before != *choice {
            state.booked.fix();
        }
        let mut touched = Touched::default();
        touched.items.extend(state.booked.granted.iter().map(|(id, ())| Item::Tranche(id)));
        touched.items.extend(state.booked.signed.iter().map(|(id, ())| Item::Supply(id)));
        touched.items.extend(state.booked.holdings.iter().map(|(id, _)| Item::Holding(id)));
        let instead = self.book.transition.filter(|_| transition == Transition::ModifiedRetrospective);
        self.keep(assumptions, booking, state, date, &touched, today, instead)
    }
}

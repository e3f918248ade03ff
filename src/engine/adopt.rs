//! Choices of policies that books make by themselves on a day. The engine passes them on; only books read them.

use std::collections::BTreeMap;

use super::step::{Day, Engine, Fault};
use super::{Act, Agenda};
use crate::ledger::{Draft, Parent};
use crate::terms::Adoption;
use crate::time::Date;

impl Engine<'_> {
    /// Takes in what is adopted on which days, before the agenda is made.
    pub fn adopts(&mut self, days: BTreeMap<Date, Vec<Adoption>>) {
        self.adoptions = days;
    }

    /// What is adopted on which days, for another engine over the same books.
    #[must_use]
    pub const fn adopted(&self) -> &BTreeMap<Date, Vec<Adoption>> {
        &self.adoptions
    }

    pub(super) fn adopting(&self, agenda: &mut Agenda) {
        self.adoptions.keys().for_each(|day| agenda.add(*day));
    }

    /// A fiscal year begins with the choices that are made for it.
    pub(super) fn adoptions(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for adoption in self.adoptions.get(&day.date).into_iter().flatten() {
            let what = &adoption.what;
            let (policy, choice, transition) = (what.policy.clone(), what.choice.clone(), what.transition);
            let act = Act::Adopted { party: adoption.party, policy, choice, transition };
            let parents = vec![Parent::Term(adoption.standard.clone())];
            day.record(self, act, &adoption.standard, parents, Draft::default())?;
        }
        Ok(())
    }
}

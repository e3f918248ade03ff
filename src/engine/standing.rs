//! The life of contracts: superseded, terminated; and periods that are issued.

use std::sync::Arc;

use super::state::Ended;
use super::step::{Day, Engine, Fault};
use super::{Act, InputLine, State};
use crate::ledger::{Draft, Parent};
use crate::terms::{ContractId, Fact, Stage, TrancheId};

impl Engine<'_> {
    /// Whether a tranche may still be released: its contract has not ended.
    #[must_use]
    pub fn in_force(&self, state: &State, tranche: TrancheId) -> bool {
        let contract = self.terms.tranches.get(tranche.index()).and_then(|t| self.terms.contract_of(t));
        contract.is_some_and(|contract| !state.ended.contains_key(&contract))
    }

    pub(super) fn standing_fact(&self, day: &mut Day<'_>, line: &InputLine, fact: &Fact) -> Result<(), Fault> {
        let parent = Parent::Line(line.id);
        match fact {
            Fact::Supersede { contract, by } => self.end(day, *contract, *by, true, parent),
            Fact::Terminate { contract } => self.end(day, *contract, None, false, parent),
            Fact::Close { party, period } => {
                let name = self.party(*party);
                let act = Act::Closed { party: *party, period: *period };
                day.record(self, act, &name, vec![parent], Draft::default()).map(|_| ())
            }
            Fact::Restate { party, period, .. } => {
                let name = self.party(*party);
                let act = Act::Restated { party: *party, period: *period };
                day.record(self, act, &name, vec![parent], Draft::default()).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// Contracts signed today end the promises of those they supersede.
    pub(super) fn supersede_by_signing(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for (earlier, by) in self.dated.get(&day.date).map_or(&[][..], |d| &d.superseded) {
            let path = self.terms.contracts.get(by.index()).map_or_else(|| "".into(), |c| c.path.clone());
            self.end(day, *earlier, Some(*by), true, Parent::Term(path))?;
        }
        Ok(())
    }

    /// Promises end; rights not vested lapse; what was done stays.
    fn end(
        &self,
        day: &mut Day<'_>,
        contract: ContractId,
        by: Option<ContractId>,
        superseded: bool,
        parent: Parent,
    ) -> Result<(), Fault> {
        if day.state.ended.contains_key(&contract) || self.inputs.dropped.contains(&contract) {
            return Ok(());
        }
        // What is superseded has served up to the day before: the later contract serves this one.
        let last = if superseded { day.date.prev() } else { day.date };
        self.passed_by_its_end(day, contract, last, &parent)?;
        day.state.ended.insert(contract, Ended { date: day.date, by, superseded });
        let path: Arc<str> = self.terms.contracts.get(contract.index()).map_or_else(|| "".into(), |c| c.path.clone());
        let act = Act::Ended { contract, by, superseded };
        day.record(self, act, &path, vec![parent.clone()], Draft::default())?;
        self.final_amounts(day, contract, &parent)?;
        self.end_of_intent(day, contract, by, &parent)?;
        for id in self.terms.tranches_of(contract) {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            if self.stage(day.state, *id, Stage::Locked).is_positive() {
                self.lapse(day, *id, tranche, false, parent.clone())?;
            }
        }
        Ok(())
    }
}

//! Judgements about supplies.

use super::Act;
use super::inputs::InputLine;
use super::step::{Day, Engine, Fault};
use crate::ledger::{Draft, Parent};
use crate::num::Number;
use crate::terms::{Finding, SupplyId};

impl Engine<'_> {
    /// What was found, for each supply it is about.
    pub(super) fn assess(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        supplies: &[SupplyId],
        finding: &Finding,
    ) -> Result<(), Fault> {
        for id in supplies {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let super::SupplyState { bills, paid, .. } = self.supply(day.state, *id);
            let open = Number::sum(bills.iter().map(|bill| bill.open)).map_err(self.fault(&supply.path, day.date))?;
            let act = Act::Assessed { supply: *id, finding: finding.clone(), open, paid };
            day.record(self, act, &supply.path, vec![Parent::Line(line.id)], Draft::default())?;
        }
        Ok(())
    }
}

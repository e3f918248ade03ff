//! Shares of a class that became another's: what their holder carries goes with them.

use std::sync::Arc;

use super::step::{Day, Engine, Fault};
use super::{Act, HoldingAct};
use crate::ledger::{Draft, Parent};
use crate::num::Number;
use crate::terms::{ClassId, PartyId};

/// What a holder gave: who, how many shares, of how many it had, and how many it got.
pub(super) type Given = (Arc<str>, Number, Number, Number);

impl Engine<'_> {
    /// Tells holders of a company's shares that theirs are of another class now. Across companies it is an exchange, which is
    /// measured and not carried over.
    pub(super) fn swapped(
        &self,
        day: &mut Day<'_>,
        (from, into): (ClassId, ClassId),
        given: Vec<Given>,
        parent: &Parent,
    ) -> Result<(), Fault> {
        let issuer = |id: ClassId| self.terms.classes.get(id.index()).map(|class| class.issuer);
        if issuer(from) != issuer(into) {
            return Ok(());
        }
        for (holder, shares, of, got) in given {
            let named = (0u32..).map(PartyId).zip(&self.terms.parties).find(|(_, party)| party.name == holder);
            let Some((holder, _)) = named else { continue };
            let stakes = (self.terms.stakes.find(holder, from), self.terms.stakes.find(holder, into));
            let (Some(gone), Some(stake)) = stakes else { continue };
            let what = HoldingAct::Became { from: gone, shares, of, got };
            let path = self.terms.stakes.get(stake).map_or_else(|| "".into(), |stake| stake.path.clone());
            day.record(self, Act::Holding { stake, what }, &path, vec![parent.clone()], Draft::default())?;
        }
        Ok(())
    }
}

//! A holder that is a customer no more: what has vested leaves share-based payment, what has not vested cannot.

use super::refusal::RefusalKind;
use super::step::{Day, Engine};
use super::{InputLine, State};
use crate::terms::{Left, Stage, Tranche, TrancheId};

impl Engine<'_> {
    /// What has left share-based payment is modified as a warrant, which no `modify` line does: values and judgements say what it is worth
    /// and where it stands.
    pub(super) fn modifies(&self, day: &mut Day<'_>, line: &InputLine, (id, tranche): (TrancheId, &Tranche)) -> bool {
        if !day.state.left.contains_key(&id) {
            return true;
        }
        let detail = "its holder is a customer no more: `value` says what it is worth, `judge` where it stands";
        day.refuse(line, RefusalKind::ModifiesLeft, &tranche.path, detail);
        false
    }

    /// Whether all that is left of a tranche has vested, so that it can leave; else the line is refused for it.
    pub(super) fn leaves(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        (id, tranche): (TrancheId, &Tranche),
        left: &Left,
    ) -> bool {
        let state: &State = day.state;
        let (locked, live) = (
            self.stage(state, id, Stage::Locked),
            [Stage::Released, Stage::Cleared].map(|stage| self.stage(state, id, stage)),
        );
        let vested = state.tranches.get(&id).is_some_and(|t| t.vested.is_some()) && !locked.is_positive();
        if vested && live.iter().any(|n| n.is_positive()) {
            day.state.account.insert(id, (left.word.clone(), line.id));
            day.state.left.insert(id, line.id);
            return true;
        }
        let detail = match vested {
            true => "nothing is left of it".to_owned(),
            false => format!("{} rights have not vested: they can only be forfeited or modified", locked.grouped()),
        };
        day.refuse(line, RefusalKind::LeavesUnvested, &tranche.path, detail);
        false
    }
}

//! The tranche machine: *locked → released → cleared → used*, the rest *lapsed*, each stage an account.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluate::{self, Verdict};
use super::step::{Day, Engine, Fault};
use super::{Act, InputLine, State, TrancheState};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number};
use crate::terms::{Basis, Fact, Finding, Gate, Instrument, Stage, Tranche, TrancheId};

impl Engine<'_> {
    /// How many rights of a tranche stand in a stage.
    #[must_use]
    pub fn stage(&self, state: &State, tranche: TrancheId, stage: Stage) -> Number {
        let own = self.stage_account(tranche, stage).map_or(Number::ZERO, |account| state.balances.get(account));
        let assigned = state.assigned.get(&tranche).into_iter().flat_map(|list| list.iter());
        let others = assigned.filter_map(|(_, accounts)| accounts.get(stage as usize));
        // Sums of rights stay below the size of the tranche.
        others.fold(own, |sum, account| sum.plus(state.balances.get(*account)).unwrap_or(sum))
    }

    /// The rights of a tranche over all stages.
    ///
    /// # Errors
    /// Overflow.
    pub fn rights(&self, state: &State, tranche: TrancheId) -> Result<Number, num::Fault> {
        let stages = [Stage::Locked, Stage::Released, Stage::Cleared, Stage::Used, Stage::Lapsed];
        stages.into_iter().try_fold(Number::ZERO, |sum, stage| sum.plus(self.stage(state, tranche, stage)))
    }

    pub(super) fn stage_account(&self, tranche: TrancheId, stage: Stage) -> Option<crate::ledger::AccountId> {
        self.stages.get(tranche.index())?.get(stage as usize).copied()
    }

    pub(super) fn move_stage(&self, draft: Draft, id: TrancheId, from: Stage, to: Stage, shares: Number) -> Draft {
        match (self.stage_account(id, from), self.stage_account(id, to)) {
            (Some(from), Some(to)) => draft.transfer(from, to, shares),
            _ => draft,
        }
    }

    /// On the day of grant the rights come into being, locked.
    pub(super) fn grant(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.grants) {
            let Some(warrant) = self.terms.warrants.get(id.index()) else { continue };
            let Some(granted) = self.granted.get(id.index()).copied() else { continue };
            if let Some(split) = day.state.splits.get(&warrant.class).copied() {
                day.state.granted.insert((warrant.class, warrant.granted), split);
            }
            for tranche in &warrant.tranches {
                let Some(terms) = self.terms.tranches.get(tranche.index()) else { continue };
                let Some(locked) = self.stage_account(*tranche, Stage::Locked) else { continue };
                day.state.tranches.insert(*tranche, TrancheState::default());
                let draft = Draft::default().transfer(granted, locked, terms.size);
                let act = Act::Granted { tranche: *tranche, shares: terms.size };
                day.record(self, act, &terms.path, vec![Parent::Term(warrant.path.clone())], draft)?;
                self.too_late(day, *tranche, terms, warrant.contract)?;
            }
        }
        self.commit(day)?;
        self.lend(day)
    }

    /// What comes into being under a contract that has ended already lapses at once.
    pub(super) fn too_late(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        tranche: &Tranche,
        contract: crate::terms::ContractId,
    ) -> Result<(), Fault> {
        let ended = day.state.ended.contains_key(&contract);
        let path = self.terms.contracts.get(contract.index()).map(|contract| contract.path.clone());
        match path.filter(|_| ended) {
            Some(path) => self.lapse(day, id, tranche, false, Parent::Term(path)),
            None => Ok(()),
        }
    }

    /// On the day a contract is signed its supplies are owed.
    pub(super) fn sign(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for id in self.dated.get(&day.date).map_or(&[][..], |d| &d.signed) {
            let Some(supply) = self.terms.supplies.get(id.index()) else { continue };
            let parents = vec![Parent::Term(supply.path.clone())];
            day.record(self, Act::Signed { supply: *id }, &supply.path, parents, Draft::default())?;
        }
        Ok(())
    }

    /// Attestations and judgements.
    pub(super) fn finding(&self, day: &mut Day<'_>, line: &InputLine, fact: &Fact) -> Result<(), Fault> {
        let (Fact::Attest { tranches, .. } | Fact::Judge { tranches, .. }) = fact else { return Ok(()) };
        for id in tranches {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            let act = match fact {
                Fact::Attest { name, .. } => {
                    day.state.attested.insert((*id, name.clone()), line.id);
                    day.dirty.entry(*id).or_default().insert(Parent::Line(line.id));
                    Act::Attested { tranche: *id, name: name.clone() }
                }
                Fact::Judge { finding, .. } => {
                    if let Finding::Left(left) = finding
                        && !self.leaves(day, line, (*id, tranche), left)
                    {
                        continue;
                    }
                    if matches!(finding, Finding::Modified(_)) && !self.modifies(day, line, (*id, tranche)) {
                        continue;
                    }
                    match finding {
                        Finding::Probable(yes) => day.state.probable.insert(*id, (*yes, line.id)),
                        Finding::Account(word) => {
                            day.state.account.insert(*id, (word.clone(), line.id));
                            None
                        }
                        Finding::Modified(what) if what.waived => {
                            day.state.waived.insert(*id, line.id);
                            day.dirty.entry(*id).or_default().insert(Parent::Line(line.id));
                            None
                        }
                        _ => None,
                    };
                    Act::Judged { tranche: *id, finding: finding.clone() }
                }
                _ => continue,
            };
            day.record(self, act, &tranche.path, vec![Parent::Line(line.id)], Draft::default())?;
        }
        Ok(())
    }

    /// Reads the gates of everything that moved until nothing moves any more.
    pub(super) fn gates(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        // Rights only go forward: a tranche vests once and is cleared once.
        let mut rounds = 2 * self.terms.tranches.len() + 1;
        while let Some((id, parents)) = day.dirty.pop_first() {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            let moved = self.advance(day, id, tranche, parents)?;
            if moved {
                for next in self.watch.dependents(id) {
                    day.dirty.entry(*next).or_default();
                }
                rounds = rounds.saturating_sub(1);
                if rounds == 0 {
                    return Err(self.fault(&tranche.path, day.date)(num::Fault::Endless));
                }
            }
        }
        Ok(())
    }

    fn advance(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        terms: &Tranche,
        parents: BTreeSet<Parent>,
    ) -> Result<bool, Fault> {
        let live = day.state.tranches.get(&id).is_some_and(|t| t.lapsed.is_none());
        if !live {
            return Ok(false);
        }
        if let Instrument::Investment(_) = terms.of {
            return self.call_if_met(day, id, terms, &parents);
        }
        if let Instrument::Credit(_) = terms.of {
            return self.draw_if_met(day, id, terms, &parents);
        }
        // What vested stays when the contract ends, and may still become exercisable.
        let mut vested = false;
        if let Some(waived) = day.state.waived.get(&id).copied() {
            let basis = self.line(waived).map_or(Basis::Actual, |line| line.line.basis);
            vested = self.release(day, id, terms, Stage::Locked, vec![Parent::Line(waived)], basis)?;
        } else if self.in_force(day.state, id)
            && let Some((causes, basis)) = self.met(day, id, terms, &terms.vests, &parents)?
        {
            vested = self.release(day, id, terms, Stage::Locked, causes, basis)?;
        }
        let cleared = match &terms.exercisable {
            Some(gate) => match self.met(day, id, terms, gate, &parents)? {
                Some((causes, basis)) => self.release(day, id, terms, Stage::Released, causes, basis)?,
                None => false,
            },
            None => self.release(day, id, terms, Stage::Released, parents.into_iter().collect(), Basis::Actual)?,
        };
        Ok(vested || cleared)
    }

    /// Reads one gate and closes latches; if it is met, why, and how sure that is.
    pub(super) fn met(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        terms: &Tranche,
        gate: &Gate,
        parents: &BTreeSet<Parent>,
    ) -> Result<Option<(Vec<Parent>, Basis)>, Fault> {
        let fault = self.fault(&terms.path, day.date);
        let evaluation = evaluate::evaluate(self, day.state, id, gate, day.date).map_err(&fault)?;
        for latch in &evaluation.closing {
            let basis = evaluation.tests.iter().map(|t| t.basis).max().unwrap_or(Basis::Actual);
            day.state.latches.insert(*latch, (day.date, basis));
        }
        if evaluation.verdict != Verdict::Met {
            return Ok(None);
        }
        let mut causes: Vec<Parent> = parents.iter().cloned().collect();
        let attested = evaluation.tests.iter().filter_map(|t| {
            let name = t.text.strip_prefix("attested ")?;
            day.state.attested.get(&(id, Arc::from(name))).map(|line| Parent::Line(*line))
        });
        causes.extend(attested);
        causes.extend(evaluation.outcomes.iter().map(|outcome| Parent::Outcome(*outcome)));
        causes.push(Parent::Term(terms.path.clone()));
        causes.dedup();
        Ok(Some((causes, evaluation.basis)))
    }

    fn release(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        terms: &Tranche,
        from: Stage,
        parents: Vec<Parent>,
        basis: Basis,
    ) -> Result<bool, Fault> {
        let shares = self.stage(day.state, id, from);
        if shares.is_zero() {
            return Ok(false);
        }
        self.release_part(day, id, terms, from, shares, parents, basis)
    }

    /// So many of the rights in a stage go on to the next.
    #[expect(clippy::too_many_arguments, reason = "one release is its parts")]
    pub(super) fn release_part(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        terms: &Tranche,
        from: Stage,
        shares: Number,
        parents: Vec<Parent>,
        basis: Basis,
    ) -> Result<bool, Fault> {
        let mut reached = day.state.tranches.get(&id).cloned().unwrap_or_default();
        let of = self.rights(day.state, id).map_err(self.fault(&terms.path, day.date))?;
        let (to, act) = match from {
            Stage::Locked => {
                reached.vested = reached.vested.or(Some(day.date));
                (Stage::Released, Act::Vested { tranche: id, shares, of })
            }
            _ => {
                reached.cleared = reached.cleared.or(Some(day.date));
                (Stage::Cleared, Act::Cleared { tranche: id, shares })
            }
        };
        // A tranche cleared without a gate of its own rests on what vested it.
        let vesting = day
            .register
            .outcomes
            .len()
            .checked_sub(1)
            .filter(|_| to == Stage::Cleared && reached.vested == Some(day.date));
        let parents = match vesting.and_then(|n| u32::try_from(n).ok()) {
            Some(number) if parents.is_empty() => vec![Parent::Outcome(number)],
            _ => parents,
        };
        let basis = match vesting.and_then(|n| day.register.outcomes.get(n)) {
            Some(outcome) if matches!(outcome.act, Act::Vested { tranche, .. } if tranche == id) => {
                basis.max(outcome.basis)
            }
            _ => basis,
        };
        day.state.tranches.insert(id, reached);
        let fault = self.fault(&terms.path, day.date);
        let draft = self.move_rights(day.state, Draft::default(), id, (from, to), shares).map_err(fault)?;
        let outcome = day.record_as(self, act, &terms.path, parents, draft, basis)?;
        day.reached_by(id, to, outcome);
        Ok(true)
    }

    /// At the end of the day: tranches whose time to vest is over, and instruments that expire.
    pub(super) fn expiries(&self, day: &mut Day<'_>) -> Result<(), Fault> {
        for (id, expired) in self.dated.get(&day.date).map_or(&[][..], |d| &d.ends) {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            let late = self.stage(day.state, *id, Stage::Locked).is_positive();
            if (*expired || late) && day.state.tranches.contains_key(id) {
                self.lapse(day, *id, tranche, *expired, Parent::Term(tranche.path.clone()))?;
            }
        }
        Ok(())
    }

    /// Ends what is left of a tranche: everything, or only what has not vested.
    pub(super) fn lapse(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        tranche: &Tranche,
        everything: bool,
        parent: Parent,
    ) -> Result<(), Fault> {
        self.lapse_as(day, id, tranche, everything, parent, false)
    }

    /// As [`Self::lapse`]; by agreement, or for want of what the contract asks.
    pub(super) fn lapse_as(
        &self,
        day: &mut Day<'_>,
        id: TrancheId,
        tranche: &Tranche,
        everything: bool,
        parent: Parent,
        cancelled: bool,
    ) -> Result<(), Fault> {
        let fault = self.fault(&tranche.path, day.date);
        let unvested = self.stage(day.state, id, Stage::Locked);
        let draft = Draft::default();
        let mut draft =
            self.move_rights(day.state, draft, id, (Stage::Locked, Stage::Lapsed), unvested).map_err(&fault)?;
        let mut vested = Number::ZERO;
        if everything {
            for stage in [Stage::Released, Stage::Cleared] {
                let shares = self.stage(day.state, id, stage);
                vested = vested.plus(shares).map_err(&fault)?;
                draft = self.move_rights(day.state, draft, id, (stage, Stage::Lapsed), shares).map_err(&fault)?;
            }
        }
        // A tranche that has nothing left to lose keeps the day on which it lost its rights, if any.
        if !draft.is_empty() {
            let mut reached = day.state.tranches.get(&id).cloned().unwrap_or_default();
            reached.lapsed = Some(day.date);
            day.state.tranches.insert(id, reached);
            let act = Act::Lapsed { tranche: id, unvested, vested, cancelled };
            let outcome = day.record(self, act, &tranche.path, vec![parent], draft)?;
            day.reached_by(id, Stage::Lapsed, outcome);
        }
        Ok(())
    }
}

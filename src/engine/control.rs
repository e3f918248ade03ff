//! What the issuer's owners and the issuer itself do to rights: change of control, forfeiture, cancellation; caps that rise.

use std::cmp::Ordering;

use super::exercise::split_since;
use super::step::{Day, Engine, Fault};
use super::{Act, InputLine, RefusalKind, State};
use crate::ledger::{Draft, Parent};
use crate::num::{self, Number, Rounding};
use crate::terms::{Basis, EquityFact, Formula, Gate, OnControl, PartyId, Stage, Test, Warrant, WarrantId};

impl Engine<'_> {
    /// The issuer's owner changes: rights vest or are forfeited as each warrant says.
    pub(super) fn control(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        (party, price): (PartyId, Option<&Formula>),
    ) -> Result<(), Fault> {
        let fault = self.fault(&self.party(party), day.date);
        let price = price.map(|price| self.inputs.value(price)).transpose().map_err(&fault)?.and_then(|p| p.known());
        for id in self.terms.warrants_by(party) {
            let Some(warrant) = self.terms.warrants.get(id.index()) else { continue };
            let Some(what) = warrant.equity.control else { continue };
            let live = warrant.granted <= day.date && !self.inputs.dropped.contains(&warrant.contract);
            if !live || !warrant.tranches.first().is_some_and(|id| self.in_force(day.state, *id)) {
                continue;
            }
            let fault = self.fault(&warrant.path, day.date);
            let mut most = match what {
                OnControl::VestsTo(share) => Some(self.short_of(day.state, warrant, share).map_err(&fault)?),
                _ => None,
            };
            for id in &warrant.tranches {
                let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
                let locked = self.stage(day.state, *id, Stage::Locked);
                if !locked.is_positive() {
                    continue;
                }
                let parents = vec![Parent::Line(line.id), Parent::Term(warrant.path.clone())];
                let shares = match what {
                    OnControl::Forfeits => {
                        self.lapse(day, *id, tranche, false, Parent::Line(line.id))?;
                        continue;
                    }
                    OnControl::VestsByPrice => match price {
                        Some(price) if self.priced_at(day.state, warrant, &tranche.vests, price).map_err(&fault)? => {
                            locked
                        }
                        _ => continue,
                    },
                    OnControl::VestsAll => locked,
                    OnControl::VestsTo(_) => locked.min(most.unwrap_or_default()),
                };
                if let Some(most) = &mut most {
                    *most = most.minus(shares).map_err(&fault)?;
                }
                if shares.is_positive() {
                    self.release_part(day, *id, tranche, Stage::Locked, shares, parents, Basis::Actual)?;
                    day.dirty.entry(*id).or_default().insert(Parent::Line(line.id));
                }
            }
        }
        Ok(())
    }

    /// How many rights are missing until this share of all that were not forfeited has vested; whole ones, rounded down.
    fn short_of(&self, state: &State, warrant: &Warrant, share: Number) -> Result<Number, num::Fault> {
        let (mut all, mut vested) = (Number::ZERO, Number::ZERO);
        for id in &warrant.tranches {
            let done = [Stage::Released, Stage::Cleared, Stage::Used].map(|stage| self.stage(state, *id, stage));
            vested = vested.plus(Number::sum(done)?)?;
            all = all.plus(self.rights(state, *id)?)?;
        }
        Ok(all.ratio_of(share, Number::ONE, Rounding::WHOLE_DOWN)?.minus(vested)?.clamp_zero())
    }

    /// Whether a gate tests prices, and all its tests of prices hold at the price paid in a change of control.
    fn priced_at(&self, state: &State, warrant: &Warrant, gate: &Gate, price: Number) -> Result<bool, num::Fault> {
        let since = split_since(state, warrant)?;
        let mut leaves = Vec::new();
        gate.leaves(&mut leaves);
        let mut tested = false;
        for leaf in leaves {
            let Test::Price(_, op, threshold) = &leaf.test else { continue };
            let Some(threshold) = self.inputs.value(threshold)?.known() else { return Ok(false) };
            // Thresholds are in shares of the grant day.
            let order: Ordering = price.times(since.numerator())?.cmp(&threshold.times(since.denominator())?);
            if !op.holds(order) {
                return Ok(false);
            }
            tested = true;
        }
        Ok(tested)
    }

    /// Rights end by a line: what is locked, or all of them.
    pub(super) fn forfeit_rights(&self, day: &mut Day<'_>, line: &InputLine, fact: &EquityFact) -> Result<(), Fault> {
        let EquityFact::Forfeit { tranches, all, cancelled } = fact else { return Ok(()) };
        let mut nothing = true;
        for id in tranches {
            let Some(tranche) = self.terms.tranches.get(id.index()) else { continue };
            let stages = [Stage::Locked, Stage::Released, Stage::Cleared];
            let count = if *all { 3 } else { 1 };
            if stages.iter().take(count).any(|stage| self.stage(day.state, *id, *stage).is_positive()) {
                nothing = false;
                self.lapse_as(day, *id, tranche, *all, Parent::Line(line.id), *cancelled)?;
            }
        }
        let first = tranches.first().and_then(|id| self.terms.tranches.get(id.index()));
        if let Some(tranche) = first.filter(|_| nothing) {
            day.refuse(line, RefusalKind::NothingToForfeit, &tranche.path, "no right is left that could end");
        }
        Ok(())
    }

    /// The holder gives notice of another cap on what it may own.
    pub(super) fn notice(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        (id, cap): (WarrantId, Number),
    ) -> Result<(), Fault> {
        let Some(warrant) = self.terms.warrants.get(id.index()) else { return Ok(()) };
        let now = self.cap(day.state, id, warrant, day.date);
        let from = match (now, warrant.equity.raise) {
            // It may always own less.
            (Some(now), _) if cap <= now => day.date,
            (Some(_), Some((most, days))) if cap <= most => day.date.plus_days(days),
            (Some(now), raise) => {
                let most = raise.map_or(now, |(most, _)| most);
                let hundred = Number::from_int(100);
                let fault = self.fault(&warrant.path, day.date);
                let (asked, most) = (cap.times(hundred).map_err(&fault)?, most.times(hundred).map_err(&fault)?);
                day.refuse(line, RefusalKind::CapAboveMost, &warrant.path, format!("{asked}% asked, {most}% at most"));
                return Ok(());
            }
            (None, _) => {
                day.refuse(line, RefusalKind::CapAboveMost, &warrant.path, "it has no ownership cap");
                return Ok(());
            }
        };
        day.state.caps.insert((id, from), cap);
        let act = Act::Noticed { warrant: id, cap, from };
        day.record(self, act, &warrant.path, vec![Parent::Line(line.id)], Draft::default()).map(|_| ())
    }

    /// The cap that holds on a day: the contract's, or that of the last notice that has run.
    pub(super) fn cap(
        &self,
        state: &State,
        id: WarrantId,
        warrant: &Warrant,
        date: crate::time::Date,
    ) -> Option<Number> {
        let noticed = state.caps.iter().filter(|((of, from), _)| *of == id && *from <= date);
        noticed.max_by_key(|((_, from), _)| *from).map(|(_, cap)| *cap).or(warrant.cap)
    }
}

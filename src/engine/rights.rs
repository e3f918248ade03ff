//! Whose rights they are, and to which shares: transfers, and classes that became another.

use std::sync::Arc;

use super::exercise::split_of;
use super::step::{Day, Engine, Fault};
use super::strike::{Adjusted, Why};
use super::{Act, InputLine, RefusalKind, State};
use crate::ledger::{AccountId, Draft, Parent};
use crate::num::{self, Number, Ratio, Rounding};
use crate::terms::{ClassId, DIVISION, EquityFact, PartyId, Stage, TrancheId, Transfer, Warrant, WarrantId};

/// The class a warrant is over since its own became another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over {
    /// Which.
    pub class: ClassId,
    /// Rights for one, besides the splits of the class.
    pub factor: Ratio,
}

/// A holder of rights of a tranche, with its accounts by stage.
pub type Holder = (PartyId, [AccountId; 5]);

/// Stages in which rights can be given to another, the most advanced first.
const LIVE: [Stage; 3] = [Stage::Cleared, Stage::Released, Stage::Locked];

impl Engine<'_> {
    /// The class a warrant is over on a day.
    #[must_use]
    pub fn class_of(&self, state: &State, warrant: &Warrant) -> ClassId {
        if state.over.is_empty() {
            return warrant.class;
        }
        let over = self.terms.warrant_id(warrant).and_then(|id| state.over.get(&id));
        over.map_or(warrant.class, |over| over.class)
    }

    /// Warrants of the company of a class: those over it, and those that may have come to be or gone.
    pub(super) fn warrants_over(&self, class: ClassId) -> impl Iterator<Item = (WarrantId, &Warrant)> {
        let issuer = self.terms.classes.get(class.index()).map(|class| class.issuer);
        let ids = issuer.map_or(&[][..], |issuer| self.terms.warrants_by(issuer));
        ids.iter().filter_map(|id| self.terms.warrants.get(id.index()).map(|warrant| (*id, warrant)))
    }

    /// Rights on a day for one at the beginning, as splits and conversions made them.
    ///
    /// # Errors
    /// Overflow.
    pub fn factor(&self, state: &State, warrant: &Warrant) -> Result<Ratio, num::Fault> {
        let over = self.terms.warrant_id(warrant).and_then(|id| state.over.get(&id));
        let split = split_of(state, over.map_or(warrant.class, |over| over.class), warrant.adjusts);
        over.map_or(Ok(split), |over| split.times(over.factor))
    }

    /// Everyone who has, or had, rights of a tranche; the holder the contract names first.
    #[must_use]
    pub fn holders(&self, state: &State, tranche: TrancheId) -> Vec<Holder> {
        let own = self.stages.get(tranche.index()).copied();
        let named = self.terms.warrant_of(tranche).map(|warrant| warrant.holder).zip(own);
        let assigned = state.assigned.get(&tranche).into_iter().flat_map(|list| list.iter().copied());
        named.into_iter().chain(assigned).collect()
    }

    /// How many rights of a tranche a party has in a stage.
    #[must_use]
    pub fn stage_held(&self, state: &State, tranche: TrancheId, party: PartyId, stage: Stage) -> Number {
        let holders = self.holders(state, tranche);
        let own = holders.iter().find(|(holder, _)| *holder == party).and_then(|(_, own)| own.get(stage as usize));
        own.map_or(Number::ZERO, |account| state.balances.get(*account))
    }

    /// Rights of a party not yet exercised and not lapsed.
    pub(super) fn rights_held(&self, state: &State, id: TrancheId, party: PartyId) -> Result<Number, num::Fault> {
        Number::sum(LIVE.map(|stage| self.stage_held(state, id, party, stage)))
    }

    /// Moves rights of all holders: all of them, or a part of each in proportion, the first taking what does not divide.
    pub(super) fn move_rights(
        &self,
        state: &State,
        mut draft: Draft,
        id: TrancheId,
        (from, to): (Stage, Stage),
        shares: Number,
    ) -> Result<Draft, num::Fault> {
        let holders = self.holders(state, id);
        if holders.len() < 2 {
            return Ok(self.move_stage(draft, id, from, to, shares));
        }
        let all = self.stage(state, id, from);
        let account = |own: &[AccountId; 5], stage: Stage| own.get(stage as usize).copied();
        let mut left = shares;
        for (_, own) in holders.iter().rev() {
            let Some((source, target)) = account(own, from).zip(account(own, to)) else { continue };
            let held = state.balances.get(source);
            let part = match all.is_positive() {
                true => held.ratio_of(shares, all, Rounding::WHOLE_DOWN)?,
                false => Number::ZERO,
            };
            left = left.minus(part)?;
            draft = draft.transfer(source, target, part);
        }
        // What is left of the division, from the first who has any.
        for (_, own) in &holders {
            let Some((source, target)) = account(own, from).zip(account(own, to)) else { continue };
            let held = state.balances.get(source);
            let taken = match all.is_positive() {
                true => held.ratio_of(shares, all, Rounding::WHOLE_DOWN)?,
                false => Number::ZERO,
            };
            let more = left.min(held.minus(taken)?);
            left = left.minus(more)?;
            draft = draft.transfer(source, target, more);
        }
        Ok(draft)
    }

    /// Multiplies rights not yet used by `new / old`, each account by itself.
    pub(super) fn multiply_rights(
        &self,
        state: &State,
        id: WarrantId,
        stages: &[Stage],
        (new, old): (Number, Number),
    ) -> Result<Draft, num::Fault> {
        let mut draft = Draft::default();
        let Some(granted) = self.granted.get(id.index()).copied() else { return Ok(draft) };
        let Some(warrant) = self.terms.warrants.get(id.index()) else { return Ok(draft) };
        for tranche in &warrant.tranches {
            if !state.tranches.contains_key(tranche) {
                continue;
            }
            for (_, own) in self.holders(state, *tranche) {
                for account in stages.iter().filter_map(|stage| own.get(*stage as usize)) {
                    let held = state.balances.get(*account);
                    let now = held.ratio_of(new, old, warrant.equity.fractions.rounding())?;
                    draft = draft.transfer(granted, *account, now.minus(held)?);
                }
            }
        }
        Ok(draft)
    }

    /// Shares become shares of another class; a warrant over the class follows when all of them do.
    pub(super) fn convert(&self, day: &mut Day<'_>, line: &InputLine, fact: &EquityFact) -> Result<(), Fault> {
        let EquityFact::Convert { from, into, new, old, shares, by } = fact else { return Ok(()) };
        let class = |id: ClassId| self.terms.classes.get(id.index());
        let Some((source, target)) = class(*from).zip(class(*into)) else { return Ok(()) };
        let (from_path, into_path) = (source.path.clone(), target.path.clone());
        let fault = self.fault(&from_path, day.date);
        let named = by.map_or_else(|| super::holdings::OTHERS.into(), |party| self.party(party));
        // Who gives how many.
        let mut given: Vec<(Arc<str>, Number)> = Vec::new();
        if let Some(shares) = shares {
            let shares = self.inputs.quantity(line, shares).map_err(&fault)?.known().unwrap_or_default();
            given.push((named, shares));
        } else {
            let all = day.register.chart.iter().filter(|(_, a)| &*a.name == "shares" && a.commodity == from_path);
            let all = all.map(|(id, account)| (account.owner.clone(), day.state.balances.get(id)));
            given.extend(all.filter(|(_, held)| held.is_positive()));
        }
        let mut issued = Number::ZERO;
        let mut swapped = Vec::new();
        let mut draft = Draft::default();
        let merged = source.issuer != target.issuer;
        let (owner, issuer) = (self.party(source.issuer), self.party(target.issuer));
        let taken = day.account(
            if merged { &issuer } else { &owner },
            if merged { "shares" } else { "unissued" },
            &from_path,
            &from_path,
        );
        let unissued = day.account(&issuer, "unissued", &into_path, &into_path);
        for (holder, shares) in given {
            let account = day.account(&holder, "shares", &from_path, &from_path);
            let held = day.state.balances.get(account);
            if shares > held || !shares.is_positive() {
                let detail = format!("{} shares of {holder}, which has {}", shares.grouped(), held.grouped());
                day.refuse(line, RefusalKind::ConvertAboveHeld, &from_path, detail);
                return Ok(());
            }
            // What the acquirer has already stays its own.
            if merged && account == taken {
                continue;
            }
            let got = shares.ratio_of(*new, *old, Rounding::WHOLE_DOWN).map_err(&fault)?;
            let to = day.account(&holder, "shares", &into_path, &into_path);
            issued = issued.plus(got).map_err(&fault)?;
            swapped.push((holder.clone(), shares, held, got));
            draft = draft.transfer(account, taken, shares).transfer(unissued, to, got);
        }
        if let Some(detail) = self.above_authorised(day, *into, issued).map_err(&fault)? {
            day.refuse(line, RefusalKind::AboveAuthorised, &into_path, detail);
            return Ok(());
        }
        let act = Act::Converted { from: *from, into: *into, new: *new, old: *old, issued };
        let parent = Parent::Outcome(day.record(self, act, &from_path, vec![Parent::Line(line.id)], draft)?);
        self.swapped(day, (*from, *into), swapped, &parent)?;
        if shares.is_some() {
            return Ok(());
        }
        if day.state.opened.contains_key(from) {
            day.state.opened.insert(*into, ());
        }
        if let Some((awards, dilutive)) = day.state.awards.get(from).copied() {
            let scaled = |n: Number| n.ratio_of(*new, *old, Rounding::WHOLE_DOWN);
            let (before, more) = day.state.awards.get(into).copied().unwrap_or_default();
            let awards = scaled(awards).and_then(|n| n.plus(before)).map_err(&fault)?;
            let dilutive = scaled(dilutive).and_then(|n| n.plus(more)).map_err(&fault)?;
            day.state.awards.insert(*from, (Number::ZERO, Number::ZERO));
            day.state.awards.insert(*into, (awards, dilutive));
        }
        for (id, warrant) in self.warrants_over(*from) {
            let granted = warrant.granted <= day.date && !self.inputs.dropped.contains(&warrant.contract);
            if granted && self.class_of(day.state, warrant) == *from {
                self.follow(day, id, warrant, (*into, *new, *old), &parent)?;
            }
        }
        Ok(())
    }

    /// A warrant is over another class from now on.
    fn follow(
        &self,
        day: &mut Day<'_>,
        id: WarrantId,
        warrant: &Warrant,
        (into, new, old): (ClassId, Number, Number),
        parent: &Parent,
    ) -> Result<(), Fault> {
        let fault = self.fault(&warrant.path, day.date);
        let (price, since) = self.strike(day.state, warrant).map_err(&fault)?;
        let before = self.strike_now(day.state, warrant).map_err(&fault)?.known().unwrap_or_default();
        let after = price.map(|price| {
            let (num, den) = (since.denominator().times(old)?, since.numerator().times(new)?);
            match warrant.equity.step {
                Some((step, mode)) => price.ratio_of(num, den.times(step)?, Rounding::new(0, mode))?.times(step),
                None => price.ratio_of(num, den, DIVISION),
            }
        });
        let after = after.map_err(&fault)?;
        let factor = self.factor(day.state, warrant).map_err(&fault)?;
        let split = split_of(day.state, into, warrant.adjusts);
        let ratio = Ratio::new(new, old).and_then(|ratio| factor.times(ratio)?.over(split)).map_err(&fault)?;
        let stages = [Stage::Locked, Stage::Released, Stage::Cleared, Stage::Used, Stage::Lapsed];
        let draft = self.multiply_rights(day.state, id, &stages, (new, old)).map_err(&fault)?;
        day.state.over.insert(id, Over { class: into, factor: ratio });
        day.state.strikes.insert(id, Adjusted { price: after.clone(), split });
        let act = Act::Adjusted { warrant: id, before, after, why: Why::Converted(into, new, old) };
        day.record(self, act, &warrant.path, vec![parent.clone()], draft).map(|_| ())
    }

    /// Rights pass from one holder to another.
    pub(super) fn assign(&self, day: &mut Day<'_>, line: &InputLine, fact: &EquityFact) -> Result<(), Fault> {
        let EquityFact::Assign { tranches, shares, from, to, group, price } = fact else { return Ok(()) };
        let Some(first) = tranches.first() else { return Ok(()) };
        let Some((path, warrant)) = self.terms.tranches.get(first.index()).zip(self.terms.warrant_of(*first)) else {
            return Ok(());
        };
        let (path, fault) = (path.path.clone(), self.fault(&warrant.path, day.date));
        let from = from.unwrap_or(warrant.holder);
        let allowed = match &warrant.equity.transfer {
            Some(Transfer::Freely) => true,
            Some(Transfer::To(groups)) => group.as_ref().is_some_and(|group| groups.contains(group)),
            Some(Transfer::Never) | None => false,
        };
        if !allowed {
            let detail = match (&warrant.equity.transfer, group) {
                (Some(Transfer::To(groups)), Some(group)) => format!("to {}, not to {group}", groups.join(", ")),
                (Some(Transfer::To(groups)), None) => format!("only to {}: say `as GROUP`", groups.join(", ")),
                _ => "it is not transferable".to_owned(),
            };
            day.refuse(line, RefusalKind::NotTransferable, &warrant.path, detail);
            return Ok(());
        }
        let mut paid = match price {
            Some(price) => self.inputs.value(price).map_err(&fault)?.known().unwrap_or_default(),
            None => Number::ZERO,
        };
        for id in tranches {
            let held = self.rights_held(day.state, *id, from).map_err(&fault)?;
            let asked = match shares {
                Some(shares) => self.inputs.quantity(line, shares).map_err(&fault)?.known().unwrap_or_default(),
                None => held,
            };
            if shares.is_none() && held.is_zero() {
                continue;
            }
            if asked > held || !asked.is_positive() || !asked.is_integer() {
                let detail = format!("{} rights asked, {} has {}", asked.grouped(), self.party(from), held.grouped());
                day.refuse(line, RefusalKind::TransferAboveHeld, &path, detail);
                return Ok(());
            }
            self.pass_on(day, line, *id, (from, to, asked, held), std::mem::take(&mut paid))?;
        }
        Ok(())
    }

    fn pass_on(
        &self,
        day: &mut Day<'_>,
        line: &InputLine,
        id: TrancheId,
        (from, to, shares, own): (PartyId, &PartyId, Number, Number),
        paid: Number,
    ) -> Result<(), Fault> {
        let Some((tranche, warrant)) = self.terms.tranches.get(id.index()).zip(self.terms.warrant_of(id)) else {
            return Ok(());
        };
        let fault = self.fault(&tranche.path, day.date);
        let (giver, taker) = (self.party(from), self.party(*to));
        let mut holders = self.holders(day.state, id);
        let target = match holders.iter().find(|(party, _)| party == to) {
            Some((_, accounts)) => *accounts,
            None => {
                let commodity: Arc<str> = format!("{} rights", warrant.path).into();
                let accounts = super::agenda::STAGES.map(|stage| day.account(&taker, stage, &tranche.path, &commodity));
                let mut list = day.state.assigned.get(&id).map(|list| (**list).clone()).unwrap_or_default();
                list.push((*to, accounts));
                day.state.assigned.insert(id, Arc::new(list));
                holders.push((*to, accounts));
                accounts
            }
        };
        let Some((_, source)) = holders.iter().find(|(party, _)| *party == from) else { return Ok(()) };
        let (mut draft, mut left) = (Draft::default(), shares);
        let mut unvested = Number::ZERO;
        for stage in LIVE {
            let Some((a, b)) = source.get(stage as usize).zip(target.get(stage as usize)) else { continue };
            let part = day.state.balances.get(*a).min(left);
            left = left.minus(part).map_err(&fault)?;
            draft = draft.transfer(*a, *b, part);
            if stage == Stage::Locked {
                unvested = part;
            }
        }
        let currency = self.terms.parties.get(from.index()).map_or_else(|| "".into(), |party| party.currency.clone());
        let till = day.account(&giver, "cash", &"".into(), &currency);
        let payer = day.account(&taker, "cash", &"".into(), &currency);
        let draft = draft.transfer(payer, till, paid);
        let act = Act::Assigned { tranche: id, shares, unvested, own, from, to: *to, paid };
        day.record(self, act, &tranche.path, vec![Parent::Line(line.id)], draft).map(|_| ())
    }
}

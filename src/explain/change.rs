//! What would change a figure: the same run with one judgement taken back, or one policy chosen otherwise.

use super::Alternative;
use super::tell::Teller;
use crate::num::{Fault, Number, Rounding, Unit};
use crate::report::fact::lookup;
use crate::run::Replay;
use crate::terms::{BookId, Fact, Finding, Terms, TrancheId};

/// Alternatives are whole runs; larger ledgers than this go without.
const SMALL: usize = 20_000;

/// The step for "each further": a hundredth of the supply's unit.
const STEP: i64 = 100;

impl Teller<'_, '_> {
    /// Each alternative, with what it would add to the figure and what the figure would be.
    pub(super) fn would_change(&self) -> Result<Vec<Alternative>, Fault> {
        let cost = matches!(&*self.name.measure, "contra_revenue" | "net_revenue");
        if !cost || self.replay.register.outcomes.len() > SMALL {
            return Ok(Vec::new());
        }
        let mut said = self.each_further()?;
        for (id, tranche) in (0u32..).map(TrancheId).zip(&self.replay.terms.tranches) {
            let judged = self.replay.at(self.period.to).state.probable.get(&id).is_some_and(|(yes, _)| *yes);
            if judged && self.told.contains(&*tranche.path) && said.len() < 6 {
                said.extend(self.unjudged(id, format!("without a judgement on {}", tranche.path)));
            }
        }
        said.extend(self.other_policies());
        Ok(said)
    }

    /// The cost of a further hundredth of a unit in the band that is being earned at the end of the period.
    fn each_further(&self) -> Result<Vec<Alternative>, Fault> {
        let mut said = Vec::new();
        let Some(book) = self.book() else { return Ok(said) };
        for tranche in self.replay.terms.tranches.iter().filter(|t| self.told.contains(&*t.path)) {
            let Some(band) = &tranche.band else { continue };
            let Some(supply) = self.replay.terms.supplies.get(band.supply.index()) else { continue };
            let read = |formula| self.replay.inputs.value(formula).map(|v| v.known());
            let (Some(from), Some(to), Some(fair)) = (read(&band.from)?, read(&band.to)?, read(&tranche.fair_value)?)
            else {
                continue;
            };
            let passed = self.replay.book(book, self.period.to).booked.supply(band.supply).transferred;
            if passed < from || passed >= to || supply.unit.is_currency() {
                continue;
            }
            let each =
                tranche.size.times(fair)?.over(to.minus(from)?.times(Number::from_int(STEP))?, Rounding::CENTS)?;
            // Net revenue gains the price of the goods and loses the cost.
            let change = if &*self.name.measure == "net_revenue" {
                let Some(price) = read(&supply.price)? else { continue };
                price.over(Number::from_int(STEP), Rounding::CENTS)?.minus(each)?
            } else {
                each
            };
            said.push(Alternative {
                what: format!("each further 0.01 {} recognised, by {}", supply.unit, tranche.path),
                change,
                total: None,
                unit: Unit::of(&supply.currency),
            });
        }
        Ok(said)
    }

    fn book(&self) -> Option<usize> {
        self.replay.keepers.iter().position(|keeper| keeper.owner == self.name.entity)
    }

    fn unjudged(&self, id: TrancheId, what: String) -> Option<Alternative> {
        let mut inputs = self.replay.inputs.clone();
        for line in &mut inputs.lines {
            if let Some(Fact::Judge { tranches, finding: Finding::Probable(_) }) = &mut line.line.fact {
                tranches.retain(|tranche| *tranche != id);
            }
        }
        self.alternative(&Replay::new(self.replay.terms, &inputs, self.replay.book_asked.as_deref()).ok()?, what)
    }

    /// Every other choice of every policy of the party's own book.
    fn other_policies(&self) -> Vec<Alternative> {
        let Some(keeper) = self.book().and_then(|book| self.replay.keepers.get(book)) else { return Vec::new() };
        let mut said = Vec::new();
        for policy in &keeper.book.policies {
            let chosen = keeper.choices.iter().find(|(name, _)| *name == policy.name).map(|(_, choice)| choice.clone());
            for choice in policy.choices.iter().filter(|c| Some(*c) != chosen.as_ref()) {
                let mut terms: Terms = self.replay.terms.clone();
                let kept =
                    (0u32..).map(BookId).zip(&self.replay.terms.books).find(|(_, book)| book.name == keeper.book.name);
                let party = terms.parties.get_mut(keeper.party.index());
                let (Some((kept, _)), Some(party)) = (kept, party) else { continue };
                // Under another book than its own the party keeps that book, with what it chose there.
                if party.book.as_ref().is_some_and(|(own, _)| *own != kept) {
                    party.book = Some((kept, keeper.choices.clone()));
                }
                let choices = party.book.as_mut().map(|(_, choices)| choices);
                let slot = choices.and_then(|choices| choices.iter_mut().find(|(name, _)| *name == policy.name));
                let Some((_, slot)) = slot else { continue };
                *slot = choice.clone();
                let run = Replay::new(&terms, self.replay.inputs, self.replay.book_asked.as_deref()).ok();
                let other = run.and_then(|run| self.alternative(&run, format!("{} {choice}", policy.name)));
                said.extend(other.filter(|other| !other.change.is_zero()));
            }
        }
        // A policy that leaves the figure as it is, because no rule behind it reads the policy, changes nothing.
        said.retain(|other| !other.change.is_zero());
        said
    }

    /// The figure of another run, and how far it is from this one; nothing where either is undisclosed.
    fn alternative(&self, run: &Replay<'_>, what: String) -> Option<Alternative> {
        let now = lookup(self.replay, self.name).ok()?.value.known()?;
        let found = lookup(run, self.name).ok()?;
        let total = found.value.known()?;
        Some(Alternative { what, change: total.minus(now).ok()?, total: Some(total), unit: found.unit })
    }
}

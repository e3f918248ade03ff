//! What would change a figure: the same run with one judgement taken back, or one policy chosen otherwise.

use super::tell::Teller;
use crate::num::{Fault, Number, Rounding};
use crate::report::fact::lookup;
use crate::run::Replay;
use crate::terms::{Fact, Finding, Terms, TrancheId, Value};

/// Alternatives are whole runs; larger ledgers than this go without.
const SMALL: usize = 20_000;

/// The step for "each further": a hundredth of the supply's unit.
const STEP: i64 = 100;

impl Teller<'_, '_> {
    /// One sentence for each alternative, with the figure it would give.
    pub(super) fn would_change(&self) -> Result<Vec<String>, Fault> {
        let cost = matches!(&*self.name.measure, "contra_revenue" | "net_revenue");
        if !cost || self.replay.register.outcomes.len() > SMALL {
            return Ok(Vec::new());
        }
        let mut said = self.each_further()?;
        for (id, tranche) in (0u32..).map(TrancheId).zip(&self.replay.terms.tranches) {
            let judged = self.replay.at(self.period.to).state.probable.get(&id).is_some_and(|(yes, _)| *yes);
            if judged && self.told.contains(&*tranche.path) && said.len() < 6 {
                said.extend(
                    self.unjudged(id).map(|figure| format!("without a judgement on {}: {figure}", tranche.path)),
                );
            }
        }
        said.extend(self.other_policies());
        Ok(said)
    }

    /// The cost of a further hundredth of a unit in the band that is being earned at the end of the period.
    fn each_further(&self) -> Result<Vec<String>, Fault> {
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
            let state = self.replay.at(self.period.to).books.get(book);
            let passed = state.map_or(Number::ZERO, |s| s.booked.supply(band.supply).transferred);
            if passed < from || passed >= to || supply.unit.is_currency() {
                continue;
            }
            let each =
                tranche.size.times(fair)?.over(to.minus(from)?.times(Number::from_int(STEP))?, Rounding::CENTS)?;
            said.push(format!(
                "each further 0.01 {} recognised: {each} {} of {}",
                supply.unit, supply.currency, tranche.path
            ));
        }
        Ok(said)
    }

    fn book(&self) -> Option<usize> {
        self.replay.keepers.iter().position(|keeper| keeper.owner == self.name.entity)
    }

    fn unjudged(&self, id: TrancheId) -> Option<String> {
        let mut inputs = self.replay.inputs.clone();
        for line in &mut inputs.lines {
            if let Some(Fact::Judge { tranches, finding: Finding::Probable(_) }) = &mut line.line.fact {
                tranches.retain(|tranche| *tranche != id);
            }
        }
        self.figure(&Replay::new(self.replay.terms, &inputs, None).ok()?)
    }

    /// Every other choice of every policy of the party's own book.
    fn other_policies(&self) -> Vec<String> {
        let Some(keeper) = self.book().and_then(|book| self.replay.keepers.get(book)) else { return Vec::new() };
        let mut said = Vec::new();
        for policy in &keeper.book.policies {
            let chosen = keeper.choices.iter().find(|(name, _)| *name == policy.name).map(|(_, choice)| choice.clone());
            for choice in policy.choices.iter().filter(|c| Some(*c) != chosen.as_ref()) {
                let mut terms: Terms = self.replay.terms.clone();
                let party = terms.parties.get_mut(keeper.party.index()).and_then(|p| p.book.as_mut());
                let slot = party.and_then(|(_, choices)| choices.iter_mut().find(|(name, _)| *name == policy.name));
                let Some((_, slot)) = slot else { continue };
                *slot = choice.clone();
                let figure = Replay::new(&terms, self.replay.inputs, None).ok().and_then(|run| self.figure(&run));
                said.extend(figure.map(|figure| format!("{} {choice}: {figure}", policy.name)));
            }
        }
        said
    }

    fn figure(&self, run: &Replay<'_>) -> Option<String> {
        let found = lookup(run, self.name).ok()?;
        match found.value {
            Value::Known(number) => Some(format!("{number} {}", found.unit)),
            Value::Missing(_) => None,
        }
    }
}

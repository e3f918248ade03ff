//! Figures read from outcomes, not from entries: what each of them adds.

use super::Derivation;
use super::tell::Teller;
use crate::engine::{Act, Outcome};
use crate::num::{Fault, Number, Unit};
use crate::report::measure::Measures;
use crate::terms::{PartyId, TrancheId, Value};

impl Teller<'_, '_> {
    /// Outcomes a figure was read from, with what each adds to it.
    pub(super) fn outcome_parts(&mut self, numbers: &[u32]) -> Result<Vec<Derivation>, Fault> {
        let mut parts = Vec::new();
        for number in numbers {
            let Some(outcome) = self.replay.register.outcomes.get(*number as usize) else { continue };
            let mut node = self.outcome(outcome, 0);
            node.amount = self.contribution(outcome)?;
            parts.push(node);
        }
        Ok(parts)
    }

    /// What an outcome adds to the measure.
    fn contribution(&self, outcome: &Outcome) -> Result<Option<(Value, Unit)>, Fault> {
        let shares = |n: Number| Some((Value::Known(n), Unit::of("shares")));
        let supply = outcome.act.supply().and_then(|id| self.replay.terms.supplies.get(id.index()));
        let unit = supply.map_or_else(Unit::none, |s| s.unit.clone());
        let money = supply.map_or_else(Unit::none, |s| Unit::of(&s.currency));
        Ok(match &outcome.act {
            Act::Vested { shares: n, .. } | Act::Cleared { shares: n, .. } | Act::Exercised { shares: n, .. } => {
                shares(*n)
            }
            Act::Lapsed { tranche, unvested, vested, .. } => match self.replay.terms.investment_of(*tranche) {
                Some(_) => self.of_investment(*tranche, outcome)?,
                None => shares(unvested.plus(*vested)?),
            },
            Act::Called { tranche, .. } => self.of_investment(*tranche, outcome)?,
            Act::Funded { issued, .. } if &*self.name.measure == "shares_bought" => {
                Some((issued.clone(), Unit::of("shares")))
            }
            Act::Funded { tranche, amount, .. } => {
                let investment = self.replay.terms.investment_of(*tranche);
                investment.map(|i| (Value::Known(*amount), Unit::of(&i.currency)))
            }
            Act::Supplied { quantity, .. } => Some((Value::Known(*quantity), unit)),
            Act::Billed { amount, .. } => Some((amount.clone(), money)),
            Act::Paid { amount, .. } => Some((Value::Known(*amount), money)),
            _ => None,
        })
    }

    /// Money of an investment: all of it the company's, of an investor its part.
    fn of_investment(&self, tranche: TrancheId, outcome: &Outcome) -> Result<Option<(Value, Unit)>, Fault> {
        let party = self.replay.terms.parties.iter().position(|party| party.name == self.name.entity);
        let party = party.and_then(|at| u32::try_from(at).ok()).map(PartyId);
        let (Some(investment), Some(party)) = (self.replay.terms.investment_of(tranche), party) else {
            return Ok(None);
        };
        let measures = Measures { replay: self.replay };
        let part = measures.moved_part(tranche, investment, party, outcome)?;
        Ok(Some((Value::Known(part), Unit::of(&investment.currency))))
    }

    /// A state: every outcome about the clause up to the day, newest first.
    pub(super) fn state_parts(&mut self, what: &str) -> Result<Vec<Derivation>, Fault> {
        let mut parts = Vec::new();
        let outcomes: Vec<Outcome> =
            self.replay.register.outcomes.iter().filter(|o| o.date <= self.period.to).cloned().collect();
        for outcome in outcomes.iter().rev() {
            let clause =
                outcome.act.tranche().and_then(|t| self.replay.terms.tranches.get(t.index())).map(|t| t.path.clone());
            let clause = clause.unwrap_or_else(|| outcome.clause.clone());
            let about =
                *clause == *what || what.starts_with(&format!("{clause}.")) || clause.starts_with(&format!("{what}."));
            if about && parts.len() < 40 {
                parts.push(self.outcome(outcome, 0));
            }
        }
        if let Some(id) = self.replay.keepers.first().and_then(|k| k.tranche(what)) {
            parts.extend(self.terms_of(id)?.into_iter().take(1));
        }
        Ok(parts)
    }
}

//! What a report rests on: assumptions that were read or cited, and undisclosed terms, of the contracts asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::build::{Reporter, fold_paths};
use super::fair_value::why;
use super::{Origin, Report};
use crate::engine::inputs::{Input, contract_of};
use crate::terms::{AssumptionId, Basis, ContractId, FormulaKind, Gate, Support, Terms, Test};

impl Reporter<'_, '_> {
    /// The assumptions that were read, and the named ones that clauses rest on; the undisclosed terms that were met.
    /// What serves only contracts that were not asked for is left out, and counted in a note.
    pub(super) fn rests_on(&mut self, report: &mut Report) {
        let mut used: BTreeSet<AssumptionId> = self
            .replay
            .reads()
            .keys()
            .filter_map(|input| match input {
                Input::Assumption(id) => Some(*id),
                _ => None,
            })
            .collect();
        used.extend(self.replay.terms.assumed());
        let all = used.len();
        let takes = |id| self.scope.takes(self.replay, id);
        let terms = self.replay.terms;
        let (here, elsewhere) = (of_contracts(terms, takes), of_contracts(terms, |id| !takes(id)));
        used.retain(|id| here.contains(id) || !elsewhere.contains(id));
        let left_out = all - used.len();
        for id in used {
            let Some(assumption) = terms.assumptions.get(id.index()) else { continue };
            let formula = self.replay.inputs.assumed(id);
            let value = formula.and_then(|f| self.replay.inputs.worth(id).ok().map(|v| (v, f.unit.clone())));
            let figure = value.map(|(value, unit)| {
                let origin = Origin::Term(assumption.name.clone());
                self.bases.figure(value, unit, Basis::Assumed, origin)
            });
            report.assumptions.push((
                assumption.name.clone(),
                figure,
                why(self.replay, id).unwrap_or_else(|| "".into()),
            ));
        }
        if left_out > 0 {
            let plural = if left_out == 1 { "" } else { "s" };
            report.notes.push(format!("{left_out} assumption{plural} of contracts not asked for left out."));
        }
        report.undisclosed = self.undisclosed();
    }

    fn undisclosed(&self) -> Vec<Arc<str>> {
        let missing =
            self.replay.bookings.iter().flat_map(|b| b.unposted.iter().flat_map(|u| u.missing.iter().cloned()));
        let mut undisclosed: BTreeSet<Arc<str>> = missing.collect();
        let terms = self.replay.terms;
        let awards = terms.warrants.iter().flat_map(|w| &w.tranches).filter_map(|t| terms.tranches.get(t.index()));
        let prices = terms.investments.iter().flat_map(|i| i.price.formulas());
        for formula in awards.map(|tranche| &tranche.fair_value).chain(prices) {
            if let FormulaKind::Undisclosed(path) = &formula.kind {
                undisclosed.insert(path.clone());
            }
        }
        let contracts = (0u32..).map(ContractId).zip(&self.replay.terms.contracts);
        let silent: Vec<&str> =
            contracts.filter(|(id, _)| !self.scope.takes(self.replay, *id)).map(|(_, c)| &*c.path).collect();
        undisclosed.retain(|path| !path.split('.').next().is_some_and(|head| silent.contains(&head)));
        fold_paths(undisclosed)
    }
}

/// Assumptions that some contracts rest on: in words, as a value, or through another assumption.
fn of_contracts(terms: &Terms, takes: impl Fn(ContractId) -> bool) -> BTreeSet<AssumptionId> {
    let mut found = BTreeSet::new();
    let mut words = |support: &Support| found.extend(support.assumed.iter().copied());
    let mut formulas = Vec::new();
    for (_, contract) in (0u32..).map(ContractId).zip(&terms.contracts).filter(|(id, _)| takes(*id)) {
        words(&contract.support);
    }
    for supply in terms.supplies.iter().filter(|s| takes(s.contract)) {
        words(&supply.support);
        supply.quantities.iter().for_each(|(_, _, support)| words(support));
        supply.pays.iter().for_each(|pays| words(&pays.support));
        formulas.extend(supply.quantities.iter().map(|(quantity, ..)| quantity).chain([&supply.price]));
    }
    terms.counters.iter().filter(|c| takes(c.contract)).for_each(|counter| words(&counter.support));
    for warrant in terms.warrants.iter().filter(|w| takes(w.contract)) {
        words(&warrant.support);
        formulas.push(&warrant.strike);
    }
    for investment in terms.investments.iter().filter(|i| takes(i.contract)) {
        words(&investment.support);
        formulas.extend(investment.price.formulas());
    }
    for tranche in terms.tranches.iter().filter(|t| terms.contract_of(t).is_some_and(&takes)) {
        words(&tranche.support);
        formulas.push(&tranche.fair_value);
        formulas.extend(tranche.band.iter().flat_map(|band| [&band.from, &band.to]));
        let mut leaves = Vec::new();
        std::iter::once(&tranche.vests).chain(&tranche.exercisable).for_each(|gate: &Gate| gate.leaves(&mut leaves));
        formulas.extend(leaves.into_iter().filter_map(|leaf| match &leaf.test {
            Test::Counter(.., threshold) | Test::Price(.., threshold) => Some(threshold),
            _ => None,
        }));
    }
    for promise in terms.commitments.iter().filter(|c| takes(c.contract)) {
        words(&promise.support);
        formulas.push(&promise.amount);
    }
    for line in &terms.lines {
        if line.fact.as_ref().and_then(|fact| contract_of(terms, fact)).is_some_and(&takes) {
            words(&line.support);
        }
    }
    for formula in formulas {
        found.extend(formula.assumptions());
    }
    loop {
        let named = found.iter().filter_map(|id| terms.assumptions.get(id.index())?.value.as_ref());
        let more: Vec<AssumptionId> =
            named.flat_map(crate::terms::Formula::assumptions).filter(|id| !found.contains(id)).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

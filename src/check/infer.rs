//! What the customer buys for a tranche, worked out from the quantity tests of its warrant.

use std::collections::BTreeMap;

use super::Checker;
use crate::num::Number;
use crate::num::Unit;
use crate::terms::{
    Band, Compare, Counter, CounterId, Formula, FormulaKind, Gate, Supply, SupplyId, Support, Terms, Test,
};

/// The quantity at which a tranche vests.
struct Step {
    supply: SupplyId,
    counter: CounterId,
    threshold: Formula,
    known: Option<Number>,
}

impl Checker<'_> {
    /// The band of each of these gates, in order of the text: up to its own threshold, from the greatest known one
    /// below it. Where one of the two is undisclosed, from the threshold of the tranche before.
    pub(super) fn bands(&self, gates: &[&Gate]) -> Vec<Option<Band>> {
        let steps: Vec<Option<Step>> = gates.iter().map(|gate| self.step(gate)).collect();
        let mut ladder: BTreeMap<(SupplyId, Number), &Formula> = BTreeMap::new();
        for step in steps.iter().flatten() {
            if let Some(known) = step.known {
                ladder.entry((step.supply, known)).or_insert(&step.threshold);
            }
        }
        let mut before: BTreeMap<SupplyId, &Step> = BTreeMap::new();
        let mut bands = Vec::new();
        for step in &steps {
            let Some(step) = step else {
                bands.push(None);
                continue;
            };
            let last = before.insert(step.supply, step);
            let below = match (step.known, last) {
                (None, Some(last)) | (Some(_), Some(last @ Step { known: None, .. })) => Some(&last.threshold),
                (None, None) => None,
                (Some(known), _) => {
                    let lower = ladder.range(..(step.supply, known)).next_back();
                    lower.filter(|((supply, _), _)| *supply == step.supply).map(|(_, threshold)| *threshold)
                }
            };
            let unit = step.threshold.unit.clone();
            let zero = || Formula::literal(Number::ZERO, unit, step.threshold.span);
            let from = below.cloned().unwrap_or_else(zero);
            let (supply, counter, to) = (step.supply, step.counter, step.threshold.clone());
            bands.push(Some(Band { supply, counter, from, to, written: false }));
        }
        bands
    }

    /// Another supply that a gate tests than the one whose purchases earn its tranche.
    pub(super) fn other_supply(&self, gate: &Gate, band: &Band) -> Option<SupplyId> {
        let mut found = Vec::new();
        tests(gate, &self.terms, &mut found);
        found.into_iter().map(|(supply, ..)| supply).find(|supply| *supply != band.supply)
    }

    /// What a counter counts up to, in units of its supply: money at the price of a unit.
    pub(super) fn in_units(&self, counter: CounterId, counted: &Formula) -> Option<Formula> {
        let counter = self.terms.counters.get(counter.index())?;
        let supply = self.terms.supplies.get(counter.supply.index())?;
        if !in_money(supply, counter) {
            return Some(counted.clone());
        }
        if self.known(&supply.price).is_some_and(|price| !price.is_positive()) {
            return None;
        }
        let kind = FormulaKind::Div(Box::new(counted.clone()), Box::new(supply.price.clone()));
        Some(Formula { kind, unit: supply.unit.clone(), support: Support::default(), span: counted.span })
    }

    /// The greatest quantity test a gate cannot do without, on the supply of the first.
    fn step(&self, gate: &Gate) -> Option<Step> {
        let mut found = Vec::new();
        tests(gate, &self.terms, &mut found);
        let supply = found.first()?.0;
        let units = found.into_iter().filter(|(s, ..)| *s == supply);
        let units = units.filter_map(|(_, counter, threshold)| Some((counter, self.in_units(counter, threshold)?)));
        let with_value = units.map(|(counter, threshold)| (self.known(&threshold), counter, threshold));
        let best = with_value.reduce(|best, next| match (best.0, next.0) {
            (Some(a), Some(b)) if b > a => next,
            _ => best,
        });
        best.map(|(known, counter, threshold)| Step { supply, counter, threshold, known })
    }
}

/// Whether a counter counts the price of what is supplied, not its units.
pub(super) fn in_money(supply: &Supply, counter: &Counter) -> bool {
    !supply.unit.is_currency() && counter.unit == Unit::of(&supply.currency)
}

/// Tests that a quantity has been reached, none of them one of several ways.
fn tests<'g>(gate: &'g Gate, terms: &Terms, into: &mut Vec<(SupplyId, CounterId, &'g Formula)>) {
    match gate {
        Gate::All(gates) => gates.iter().for_each(|g| tests(g, terms, into)),
        Gate::Any(gates) => {
            if let [only] = gates.as_slice() {
                tests(only, terms, into);
            }
        }
        Gate::Latched { inner, .. } => tests(inner, terms, into),
        Gate::Leaf(leaf) => {
            if let Test::Counter(id, Compare::AtLeast | Compare::Above, threshold) = &leaf.test
                && let Some(counter) = terms.counters.get(id.index())
                && terms
                    .supplies
                    .get(counter.supply.index())
                    .is_some_and(|s| s.unit == counter.unit || in_money(s, counter))
            {
                into.push((counter.supply, *id, threshold));
            }
        }
    }
}

//! Lines and conditions that nothing can come of: attested to nobody, out of reach of what is contracted, paid beyond it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span, suggest};
use crate::check::Checker;
use crate::num::Number;
use crate::terms::{
    Basis, Compare, Counter, Fact, Formula, Gate, Leaf, Line, LineId, Supply, SupplyId, Terms, Test, TrancheId, Trigger,
};

impl Checker<'_> {
    /// What is written and can have no effect, or none that is meant.
    pub(super) fn beyond(&mut self) {
        if self.report.errors() > 0 {
            return;
        }
        let mut found = attested_to_nobody(&self.terms);
        let open = self.open_ended();
        found.extend(self.out_of_reach(&open));
        found.extend(self.paid_beyond(&open));
        found.into_iter().for_each(|warning| self.report.push(warning));
    }

    /// Quantities that no order, option included, can reach: what is delivered above them is refused.
    fn out_of_reach(&self, open: &BTreeSet<SupplyId>) -> Vec<Diagnostic> {
        let mut said: BTreeSet<Span> = BTreeSet::new();
        let mut found = Vec::new();
        for tranche in &self.terms.tranches {
            for gate in std::iter::once(&tranche.vests).chain(&tranche.exercisable) {
                let Some((leaf, counter, most)) = self.hopeless(gate, open) else { continue };
                if !said.insert(leaf.span) {
                    continue;
                }
                let Some(supply) = self.terms.supplies.get(counter.supply.index()) else { continue };
                let message = format!(
                    "`{}` waits for `{}`, and `{}` has no more than {} {}",
                    tranche.path,
                    leaf.text,
                    supply.path,
                    most.grouped(),
                    supply.unit
                );
                let warning = Diagnostic::new(Code::OutOfReach, leaf.span, message).label("never reached");
                let help = "lower the threshold, or add to the supply what may be bought beyond it, as an option";
                found.push(warning.also(supply.span, "firm quantities and options, all together").help(help));
            }
        }
        found
    }

    /// A test without which the condition is not met, and which cannot be.
    fn hopeless<'s>(&'s self, gate: &'s Gate, open: &BTreeSet<SupplyId>) -> Option<(&'s Leaf, &'s Counter, Number)> {
        match gate {
            Gate::All(gates) => gates.iter().find_map(|gate| self.hopeless(gate, open)),
            Gate::Any(gates) => {
                let all: Option<Vec<_>> = gates.iter().map(|gate| self.hopeless(gate, open)).collect();
                all.and_then(|all| all.into_iter().next())
            }
            Gate::Latched { inner, .. } => self.hopeless(inner, open),
            Gate::Leaf(leaf) => {
                let Test::Counter(id, compare, threshold) = &leaf.test else { return None };
                let counter = self.terms.counters.get(id.index())?;
                let supply = self.terms.supplies.get(counter.supply.index())?;
                // A minimum, a modification, or a sum of payments is not bounded by the quantities.
                if counter.trigger == Trigger::Payment || counter.unit != supply.unit || open.contains(&counter.supply)
                {
                    return None;
                }
                let most = self.all_of(supply)?;
                let threshold = self.known(threshold)?;
                let out = match compare {
                    Compare::AtLeast | Compare::Equal => threshold > most,
                    Compare::Above => threshold >= most,
                    Compare::AtMost | Compare::Below | Compare::NotEqual => false,
                };
                out.then_some((leaf, counter, most))
            }
        }
    }

    /// All quantities of a supply, options included; none where one is not known.
    fn all_of(&self, supply: &Supply) -> Option<Number> {
        let each: Option<Vec<Number>> = supply.quantities.iter().map(|(quantity, ..)| self.known(quantity)).collect();
        Number::sum(each.filter(|all| !all.is_empty())?).ok()
    }

    /// Supplies of which more than the quantities may come: under minimums, and after modifications.
    fn open_ended(&self) -> BTreeSet<SupplyId> {
        let minimums = (0u32..).map(SupplyId).zip(&self.terms.supplies).filter(|(_, supply)| supply.minimum.is_some());
        let modified = self.terms.lines.iter().filter_map(|line| match &line.fact {
            Some(Fact::Modify { supply, .. }) => Some(*supply),
            _ => None,
        });
        minimums.map(|(id, _)| id).chain(modified).collect()
    }

    /// Payments that go beyond everything that could be billed.
    fn paid_beyond(&self, open: &BTreeSet<SupplyId>) -> Vec<Diagnostic> {
        let terms = &self.terms;
        let replaced: BTreeSet<LineId> =
            terms.lines.iter().flat_map(|line| [line.corrects, line.withdraws]).flatten().collect();
        let mut paid: BTreeMap<SupplyId, Vec<(&Line, &Formula)>> = BTreeMap::new();
        for (id, line) in (0u32..).map(LineId).zip(&terms.lines) {
            let Some(Fact::Supply { supply, trigger: Trigger::Payment, quantity, .. }) = &line.fact else { continue };
            if line.basis == Basis::Actual && !replaced.contains(&id) {
                paid.entry(*supply).or_default().push((line, quantity));
            }
        }
        let mut found = Vec::new();
        for (id, mut lines) in paid {
            let Some(supply) = terms.supplies.get(id.index()) else { continue };
            let varies = terms.variables.iter().any(|variable| variable.supplies.contains(&id));
            let most =
                self.all_of(supply).zip(self.known(&supply.price)).and_then(|(all, price)| all.times(price).ok());
            let Some(most) = most.filter(|_| !varies && !open.contains(&id)) else { continue };
            lines.sort_by_key(|(line, _)| line.date);
            let mut sum = Number::ZERO;
            for (line, amount) in lines {
                let Some(next) = self.known(amount).and_then(|amount| sum.plus(amount).ok()) else { break };
                sum = next;
                if sum > most {
                    let message = format!(
                        "`{}` has been paid {} {currency} by now, and no more than {} {currency} can ever be billed under it",
                        supply.path,
                        sum.grouped(),
                        most.grouped(),
                        currency = supply.currency
                    );
                    let warning = Diagnostic::new(Code::PaidBeyond, line.span, message).label("goes beyond it");
                    let help = "correct the amount, or say with a `flow` what else is paid; the rest stays an advance that no bill meets";
                    found.push(warning.also(supply.span, "all its quantities at its price").help(help));
                    break;
                }
            }
        }
        found
    }
}

/// Attestations that no condition of their tranches waits for.
fn attested_to_nobody(terms: &Terms) -> Vec<Diagnostic> {
    let awaited = |id: &TrancheId| -> Vec<&Arc<str>> {
        let Some(tranche) = terms.tranches.get(id.index()) else { return Vec::new() };
        let mut leaves = Vec::new();
        std::iter::once(&tranche.vests).chain(&tranche.exercisable).for_each(|gate| gate.leaves(&mut leaves));
        let names = leaves.into_iter().filter_map(|leaf| match &leaf.test {
            Test::Attested(name) => Some(name),
            _ => None,
        });
        names.collect()
    };
    let mut found = Vec::new();
    for line in &terms.lines {
        let Some(Fact::Attest { tranches, name }) = &line.fact else { continue };
        let names: BTreeSet<&Arc<str>> = tranches.iter().flat_map(awaited).collect();
        let Some(first) = tranches.first().and_then(|id| terms.tranches.get(id.index())) else { continue };
        if names.contains(name) {
            continue;
        }
        let message = match tranches.len() {
            1 => format!("`{}` does not wait for `{name}`", first.path),
            _ => format!("none of the tranches from `{}` on waits for `{name}`", first.path),
        };
        let help = match suggest::nearest(name, names.iter().map(|name| &***name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => {
                format!("nothing is attested for it; write `attested {name}` in its condition, or leave the line out")
            }
            None => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                format!("it waits for {}", names.join(", "))
            }
        };
        let warning = Diagnostic::new(Code::AttestedForNobody, line.span, message).label("changes nothing");
        found.push(warning.also(first.span, "its condition").help(help));
    }
    found
}

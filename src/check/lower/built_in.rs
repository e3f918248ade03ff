//! Scenarios that every program has: what remains when promises that do not bind are left out.

use crate::check::Checker;
use crate::terms::{Binding, Change, ContractId, FlowId, Scenario, Standing};

/// Name, title, and the least binding promise that stays.
const BUILT_IN: [(&str, &str, Binding); 2] = [
    (
        "only_definitive",
        "only what binds: no letters of intent, nothing that was merely announced",
        Binding::Definitive,
    ),
    ("no_letters_of_intent", "no letters of intent", Binding::LetterOfIntent),
];

impl Checker<'_> {
    /// Adds those that are not declared under their names. A scenario without a change is the base.
    pub(super) fn built_in_scenarios(&mut self) {
        for (name, title, binding) in BUILT_IN {
            if self.symbols.scenarios.get(name).is_some() {
                continue;
            }
            let stays = |standing: Standing| match binding {
                Binding::LetterOfIntent => standing.binding != Binding::LetterOfIntent,
                least => standing.binding >= least,
            };
            let contracts = (0u32..).map(ContractId).zip(&self.terms.contracts);
            let gone = contracts.filter(|(_, contract)| !stays(contract.standing));
            let mut changes: Vec<_> = gone.map(|(id, contract)| (Change::DropContract(id), contract.span)).collect();
            let flows = (0u32..).map(FlowId).zip(&self.terms.flows);
            let gone = flows.filter(|(_, flow)| flow.standing.is_some_and(|standing| !stays(standing)));
            changes.extend(gone.map(|(id, flow)| (Change::DropFlow(id), flow.span)));
            self.terms.scenarios.push(Scenario { name: name.into(), title: Some(title.into()), from: None, changes });
        }
    }
}

//! A value that a model works out: its inputs, with where they are written.

use super::derivation::Derivation;
use super::tell::Teller;
use crate::num::Fault;
use crate::terms::{Formula, FormulaKind, shown};

impl Teller<'_, '_> {
    /// The model behind a value, if there is one, and its inputs.
    pub(super) fn model_of(&mut self, formula: &Formula) -> Result<Vec<Derivation>, Fault> {
        let inputs = &self.replay.inputs;
        let named = match formula.kind {
            FormulaKind::Assumption(id) => inputs.assumed(id).map(|behind| (id, behind)),
            _ => None,
        };
        let Some((id, Formula { kind: FormulaKind::Model(model), span, .. })) = named else { return Ok(Vec::new()) };
        let error = inputs.measured(id).and_then(|priced| priced.error);
        let error = error.map_or_else(String::new, |error| format!(", standard error {error}"));
        let mut node = Derivation {
            label: format!("model value: {}{error}", model.name()),
            place: Some(*span),
            ..Derivation::default()
        };
        for (input, formula) in &model.inputs {
            self.assumptions.extend(formula.assumptions());
            let value = inputs.value(formula)?;
            node.parts.push(Derivation {
                label: format!("{} {}", input.word(), shown(*input, formula, &value)),
                place: Some(formula.span),
                sources: self.sources(&formula.support),
                ..Derivation::default()
            });
        }
        Ok(vec![node])
    }
}

//! A value that a model works out: its inputs, with where they are written.

use super::derivation::Derivation;
use super::tell::Teller;
use crate::num::{Fault, Number};
use crate::terms::{Formula, FormulaKind, Instrument, TrancheId, shown};

impl Teller<'_, '_> {
    /// The terms of a tranche that a target reads, with where they are written and what they rest on.
    pub(super) fn terms_of(&mut self, id: TrancheId) -> Result<Vec<Derivation>, Fault> {
        let Some(tranche) = self.replay.terms.tranches.get(id.index()) else { return Ok(Vec::new()) };
        let size = Derivation {
            label: format!(
                "size of {}: {} {}",
                tranche.path,
                tranche.size.grouped(),
                match tranche.of {
                    Instrument::Credit(_) => self.replay.terms.tranche_unit(tranche).to_string(),
                    _ => "shares".to_owned(),
                }
            ),
            place: Some(tranche.span),
            sources: self.sources(&tranche.support),
            ..Derivation::default()
        };
        self.assumptions.extend(tranche.support.assumed.iter().copied());
        self.assumptions.extend(tranche.fair_value.assumptions());
        let value = self.replay.inputs.value(&tranche.fair_value)?;
        let shown = value.known().map_or_else(|| "undisclosed".into(), Number::grouped);
        let fair = Derivation {
            label: format!("grant-date fair value of {}: {shown} {}", tranche.path, tranche.fair_value.unit),
            place: Some(tranche.fair_value.span),
            sources: self.sources(&tranche.fair_value.support),
            parts: self.model_of(&tranche.fair_value)?,
            ..Derivation::default()
        };
        self.told.insert(format!("{}.fair_value", tranche.path));
        // A loan, lease or guarantee has no value a share.
        if let Instrument::Credit(_) = tranche.of {
            return Ok(vec![size]);
        }
        Ok(vec![size, fair])
    }

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

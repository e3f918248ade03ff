//! Why a covenant is what it is: its clause, its measures, and the figures they are made of.

use super::Derivation;
use super::tell::Teller;
use crate::num::{Fault, Number};
use crate::report::Origin;
use crate::report::measure::Measures;

impl Teller<'_, '_> {
    /// The answer given, and the parts of a covenant's figure.
    pub(super) fn covenant_parts(&mut self) -> Result<(String, Vec<Derivation>), Fault> {
        let mut all = self.replay.terms.covenants.iter();
        let Some(covenant) = all.find(|covenant| Some(&covenant.path) == self.name.item.as_ref()) else {
            return Ok(("legal".into(), Vec::new()));
        };
        let measures = Measures { replay: self.replay };
        let (measured, figures) = measures.covenant_figures(covenant, self.period.to)?;
        let mut clause = Derivation {
            label: format!("term {}", covenant.path),
            place: Some(covenant.span),
            ..Derivation::default()
        };
        self.told.insert(covenant.path.to_string());
        for sentence in measured {
            clause.parts.push(Derivation { label: sentence, ..Derivation::default() });
        }
        let mut parts = vec![clause];
        for (name, figure) in figures {
            let value = figure.value.known().map_or_else(|| "not known".into(), Number::grouped);
            let window = measures.covenant(covenant, self.period.to)?.window;
            let mut node = Derivation {
                label: format!("{name} {value} {}", figure.unit),
                certainty: Some(figure.certainty),
                ..Derivation::default()
            };
            match &figure.origin {
                Origin::Line(id) => node.parts.extend(self.line(*id)),
                _ => {
                    let label = format!("from the book, {window}: `explain \"{}.{name}\"`", self.name.entity);
                    node.parts.push(Derivation { label, ..Derivation::default() });
                }
            }
            parts.push(node);
        }
        let answer = match self.replay.keeper(covenant.party) {
            Some(book) => self.book_name(book),
            None => "legal".into(),
        };
        Ok((answer, parts))
    }
}

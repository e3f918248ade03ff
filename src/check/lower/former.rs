//! Awards that leave share-based payment, because their holder is a customer no more (ASC 718-10-35-10).

use crate::base::Code;
use crate::check::Checker;
use crate::syntax::ast::{self, Expr};
use crate::terms::{Fact, Finding, Left};

/// What the award may be from then on.
const WORDS: &[(bool, &str)] = &[(false, "equity"), (true, "liability")];

impl Checker<'_> {
    /// `former_customer T liability at 17 USD/share`
    pub(super) fn former_customer(
        &mut self,
        target: &ast::Path,
        word: &ast::Name,
        value: Option<&Expr>,
        line: &ast::Line,
    ) -> Option<Fact> {
        let tranches = self.awards(target)?;
        let owed = self.report.word(Code::WrongKind, word, "what the award is from then on", WORDS)?;
        if tranches.iter().any(|id| self.terms.warrant_of(*id).is_some_and(|warrant| warrant.given.is_some())) {
            let message = "it is given for something else, and was no award to a customer";
            return self.report.fail(Code::WrongKind, target.span, message, "nothing to leave");
        }
        if owed && value.is_none() {
            let message = "a liability is at its fair value from that day on";
            self.missing(word.span, message, "say what a right is worth: `at VALUE`");
            return None;
        }
        let value = match value {
            Some(value) => Some(self.award_value(&tranches, value, line, "former")?),
            None => None,
        };
        let finding = Finding::Left(Box::new(Left { word: word.text.clone(), value }));
        Some(Fact::Judge { tranches, finding })
    }
}

//! Bare promises of an amount.

use super::standing;
use crate::base::Code;
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::types::{Hint, merge};
use crate::check::units::shown;
use crate::num::Unit;
use crate::terms::{Commitment, Formula, PartyId};

impl Checker<'_> {
    /// Lowers the commitments of all contracts.
    pub(super) fn commitments(&mut self, program: &Program) {
        for (at, tree) in program.contracts.iter().enumerate() {
            let inside = self.inside(at, tree);
            for made in &tree.commitments {
                self.report.origin.clone_from(&made.origin);
                let commitment = &made.node;
                let path = format!("{}.{}", inside.path, commitment.name.text);
                let term = format!("{path}.amount");
                let hint = Hint { unit: None, path: &term, scope: &inside.scope };
                let found = self.typed(&commitment.amount, &hint).map(|typed| typed.formula);
                if let Some(formula) = found.as_ref().filter(|f| f.unit.den.is_some() || f.unit.num.is_none()) {
                    let message = format!("{} cannot be promised", shown(&formula.unit));
                    let label = "an amount such as `100bn USD` is needed";
                    self.report.error(Code::BadValue, commitment.amount.span, message, label);
                }
                let mut amount =
                    found.unwrap_or_else(|| Formula::undisclosed(term.as_str(), Unit::none(), commitment.amount.span));
                let support = self.support(&made.support);
                merge(&mut amount.support, support.clone());
                let from = self.member(&inside, &commitment.from, "investor");
                let to = self.member(&inside, &commitment.to, "recipient");
                self.two_parties(from, to, &inside, commitment.to.span);
                self.terms.commitments.push(Commitment {
                    path: path.into(),
                    contract: inside.id,
                    amount,
                    from: from.unwrap_or(PartyId(0)),
                    to: to.unwrap_or(PartyId(0)),
                    standing: commitment.standing.as_ref().map_or(inside.standing, standing),
                    support,
                    span: made.span,
                });
            }
        }
    }
}

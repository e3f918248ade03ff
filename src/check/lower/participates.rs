//! What takes part in dividends: classes beside the common one, and securities that a party states.

use super::earnings::Floor;
use crate::base::Code;
use crate::check::Checker;
use crate::check::symbols::Scope;
use crate::check::types::{Hint, constant};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr};
use crate::terms::{Formula, Participating};

impl Checker<'_> {
    /// `participates 2 / 3 and losses`: what a share of a class takes part as.
    pub(super) fn class_participates(&mut self, (ratio, losses): &(Expr, bool), path: &str) -> (Formula, bool) {
        let path = format!("{path}.participates");
        let hint = Hint { unit: None, path: &path, scope: &Scope::default() };
        let formula = self.value(ratio, &Unit::none(), None, &hint);
        if constant(&formula).is_some_and(|n: Number| !n.is_positive()) {
            let message = "a share takes part as so many common shares, more than none";
            self.report.error(Code::BadValue, ratio.span, message, "not above zero");
        }
        (formula, *losses)
    }

    /// `participating NAME 5m shares, dividends 2m USD and losses`
    pub(super) fn participating(&mut self, ast: &ast::Participating, currency: &Unit) -> Participating {
        let shares = self.stated(&ast.shares, &Unit::of("shares"), Floor::Zero, &ast.name.text);
        let dividends = ast.dividends.as_ref().map(|paid| self.stated(paid, currency, Floor::Zero, "dividends"));
        Participating { name: ast.name.text.clone(), shares, dividends, losses: ast.losses }
    }
}

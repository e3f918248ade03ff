//! `hold`: what a party has of another's shares.

use crate::base::{Code, Diagnostic};
use crate::check::Checker;
use crate::check::symbols::Scope;
use crate::check::types::{Hint, constant};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr};
use crate::terms::{Fact, FormulaKind};

impl Checker<'_> {
    /// Shares, or a part of those issued; none at all ends what was held before.
    pub(super) fn hold(
        &mut self,
        party: &ast::Name,
        expr: &Expr,
        of: Option<&ast::Path>,
        paid: Option<&Expr>,
    ) -> Option<Fact> {
        let holder = self.symbols.party(party, &mut self.report);
        let hint = Hint { unit: None, path: "stake", scope: &Scope::default() };
        let (class, unit) = match of {
            Some(path) => (Some(self.class_path(path)?), Unit::none()),
            None => (self.typed(expr, &hint)?.class, Unit::of("shares")),
        };
        let Some(class) = class else {
            let help = "write the class, such as `30m shares of Sub.common` or `30% of Sub.common`";
            self.missing(expr.span, "shares of which class?", help);
            return None;
        };
        let stake = self.value(expr, &unit, None, &hint);
        if matches!(stake.kind, FormulaKind::Undisclosed(_)) {
            let message = "a ledger line states a quantity; it cannot be undisclosed";
            return self.report.fail(Code::BadValue, expr.span, message, "not a quantity");
        }
        if constant(&stake).is_some_and(Number::is_negative) {
            self.report.error(Code::NegativeQuantity, expr.span, "a holding cannot be negative", "below zero");
        }
        if of.is_some() && constant(&stake).is_some_and(|part| part > Number::ONE) {
            self.report.error(Code::BadValue, expr.span, "nobody holds more than 100%", "above 100%");
        }
        let found = self.terms.classes.get(class.index())?;
        if Some(found.issuer) == holder {
            let message = format!("`{}` are the party's own shares", found.path);
            let error = Diagnostic::new(Code::WrongKind, party.span, message).label("issues them itself");
            self.report
                .push(error.help("name another party, or `open` the party with the shares that are outstanding"));
            return None;
        }
        let paid = self.paid_for(class, paid);
        let party = holder?;
        self.stake(party, class);
        Some(Fact::Hold { party, class, stake, part: of.is_some(), paid })
    }
}

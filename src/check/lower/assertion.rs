//! Assertions.

use crate::base::{Code, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::gate::compare;
use crate::check::symbols::{Entity, Scope, text};
use crate::check::types::{Hint, Typed};
use crate::syntax::ast::{self, Expr, ExprKind};
use crate::syntax::print;
use crate::terms::{Assertion, Claim, FactName};

/// A side: a value with its unit, or a fact whose unit is known only in the run.
enum Side {
    Value(Typed),
    Fact(FactName),
}

impl Checker<'_> {
    /// Lowers all assertions.
    pub(super) fn assertions(&mut self, program: &Program) {
        for (ast, span) in &program.asserts {
            self.claim(&ast.claim, ast.within.as_ref(), *span);
        }
    }

    fn claim(&mut self, claim: &Expr, within: Option<&Expr>, span: Span) {
        match &claim.kind {
            ExprKind::Paren(inner) => self.claim(inner, within, span),
            ExprKind::And(list) => list.iter().for_each(|each| self.claim(each, within, each.span)),
            ExprKind::Compare(op, left, right) => {
                let (left, right) = (self.side(left), self.side(right));
                let within = match within {
                    Some(expr) => match self.typed(expr, &hint("within", &Scope::default())) {
                        Some(found) => Some(found),
                        None => return,
                    },
                    None => None,
                };
                let (Some(left), Some(right)) = (left, right) else { return };
                if self.sides_fit(&left, &right, within.as_ref()).is_none() {
                    return;
                }
                let text = print::expr(claim).into();
                let within = within.map(|typed| typed.formula);
                let (left, right) = (left.into(), right.into());
                self.terms.assertions.push(Assertion { left, op: compare(*op), right, within, text, span });
            }
            _ => {
                let message = "an assertion compares two things";
                self.report.error(Code::WrongKind, claim.span, message, "write `FACT = VALUE`");
            }
        }
    }

    fn sides_fit(&mut self, left: &Side, right: &Side, within: Option<&Typed>) -> Option<()> {
        if let (Side::Value(a), Side::Value(b)) = (left, right) {
            self.same_unit(a, b, "compare")?;
        }
        for side in [left, right] {
            if let (Side::Value(value), Some(within)) = (side, within) {
                self.same_unit(value, within, "compare")?;
            }
        }
        Some(())
    }

    fn side(&mut self, expr: &Expr) -> Option<Side> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.side(inner),
            ExprKind::Fact(_) => self.fact_named(expr).map(Side::Fact),
            ExprKind::Path(path) if self.is_fact(path) => self.fact_named(expr).map(Side::Fact),
            _ => self.typed(expr, &hint("assert", &Scope::default())).map(Side::Value),
        }
    }

    /// A fact by its name.
    pub(super) fn fact_named(&mut self, expr: &Expr) -> Option<FactName> {
        match &expr.kind {
            ExprKind::Fact(fact) => {
                let item = fact.item.as_ref().map(|item| text(item).into());
                let book = match &fact.book {
                    Some(book) => {
                        Some(self.symbols.books.find(book, "book", &mut self.report).map(|_| book.text.clone())?)
                    }
                    None => None,
                };
                let (entity, measure) = self.fact_head(&fact.head)?;
                let period = fact.period.as_ref().map(|(period, _)| *period);
                Some(FactName { entity, measure, item, period, book })
            }
            ExprKind::Path(path) => {
                let (entity, measure) = self.fact_head(path)?;
                Some(FactName { entity, measure, item: None, period: None, book: None })
            }
            _ => None,
        }
    }

    /// `PARTY.word` that names nothing declared.
    fn is_fact(&self, path: &ast::Path) -> bool {
        let party = path.parts.first().and_then(|first| self.symbols.paths.get(&first.text));
        path.parts.len() == 2
            && matches!(party, Some(Entity::Party(_)))
            && self.symbols.paths.get(&text(path)).is_none()
    }

    fn fact_head(&mut self, head: &ast::Path) -> Option<(std::sync::Arc<str>, std::sync::Arc<str>)> {
        let [entity, measure] = head.parts.as_slice() else {
            let message = format!("`{}` does not name a fact", text(head));
            return self.report.fail(
                Code::WrongKind,
                head.span,
                message,
                "write `PARTY.measure[item] in PERIOD under BOOK`",
            );
        };
        self.symbols.party(entity, &mut self.report)?;
        Some((entity.text.clone(), measure.text.clone()))
    }
}

impl From<Side> for Claim {
    fn from(side: Side) -> Self {
        match side {
            Side::Value(typed) => Self::Formula(typed.formula),
            Side::Fact(name) => Self::Fact(name),
        }
    }
}

const fn hint<'h>(path: &'h str, scope: &'h Scope) -> Hint<'h> {
    Hint { unit: None, path, scope }
}

//! Assumptions, each after those it is defined by.

use super::Checker;
use super::circle;
use super::declare::Program;
use super::symbols::{Scope, as_assumption, text};
use super::types::Hint;
use crate::base::{Code, Diagnostic, Span};
use crate::num::Unit;
use crate::syntax::ast::{self, Expr, ExprKind};
use crate::terms::{Assumption, AssumptionId, ClassId};

/// What is known of an assumption.
#[derive(Clone)]
pub(super) enum Assumed {
    /// An error was reported.
    Failed,
    /// It has no value; where it is declared.
    Words(Span),
    /// Its unit.
    Value(Unit, Option<ClassId>),
}

impl Checker<'_> {
    /// Lowers all assumptions.
    pub(super) fn assumptions(&mut self, program: &Program) {
        let all = &program.assumptions;
        self.assumed = vec![Assumed::Failed; all.len()];
        for (decl, span) in all {
            let support = self.support(&decl.support);
            let why = decl.why.as_ref().map(|why| why.text.clone());
            self.terms.assumptions.push(Assumption {
                name: decl.name.text.clone(),
                value: None,
                why,
                support,
                span: *span,
            });
        }
        let needs: Vec<Vec<usize>> = all.iter().map(|(decl, _)| self.needs(decl)).collect();
        let (order, circles) = circle::order(&needs);
        for round in &circles {
            self.circle(all, round);
        }
        for at in order {
            if let Some((decl, _)) = all.get(at) {
                self.assumption(at, decl);
            }
        }
    }

    fn assumption(&mut self, at: usize, decl: &ast::AssumeDecl) {
        let found = match &decl.value {
            None => Assumed::Words(decl.name.span),
            Some(value) => {
                let hint = Hint { unit: None, path: &decl.name.text, scope: &Scope::default() };
                match self.typed(value, &hint) {
                    None => Assumed::Failed,
                    Some(typed) => {
                        let known = Assumed::Value(typed.formula.unit.clone(), typed.class);
                        if let Some(term) = self.terms.assumptions.get_mut(at) {
                            term.value = Some(typed.formula);
                        }
                        known
                    }
                }
            }
        };
        if let Some(state) = self.assumed.get_mut(at) {
            *state = found;
        }
    }

    /// Assumptions that the value of one names.
    fn needs(&self, decl: &ast::AssumeDecl) -> Vec<usize> {
        let mut names = Vec::new();
        if let Some(value) = &decl.value {
            paths(value, &mut names);
        }
        let id = |path: &&ast::Path| self.symbols.entity(&text(path), &Scope::default()).and_then(as_assumption);
        names.iter().filter_map(id).map(AssumptionId::index).collect()
    }

    fn circle(&mut self, all: &[(&ast::AssumeDecl, Span)], round: &[usize]) {
        let names: Vec<&ast::Name> = round.iter().filter_map(|at| all.get(*at)).map(|(decl, _)| &decl.name).collect();
        let Some(first) = names.first() else { return };
        let list = names.iter().chain([first]).map(|n| format!("`{}`", n.text)).collect::<Vec<_>>().join(" → ");
        let message = format!("assumptions are defined by each other: {list}");
        let mut error = Diagnostic::new(Code::AssumptionCycle, first.span, message).label("needs itself");
        for name in names.iter().skip(1) {
            error = error.also(name.span, "by way of this");
        }
        self.report.push(error.help("give one of them a value"));
    }
}

/// Every path in a value.
fn paths<'e>(expr: &'e Expr, into: &mut Vec<&'e ast::Path>) {
    match &expr.kind {
        ExprKind::Path(path) => into.push(path),
        ExprKind::Call(_, args) => args.iter().for_each(|arg| paths(arg, into)),
        ExprKind::Neg(a) | ExprKind::Paren(a) | ExprKind::Supported(a, _) => paths(a, into),
        ExprKind::Binary(_, a, b) => {
            paths(a, into);
            paths(b, into);
        }
        _ => {}
    }
}

//! Assumptions, each after those it is defined by.

use super::Checker;
use super::circle;
use super::declare::Program;
use super::symbols::{Scope, as_assumption, text};
use super::types::{Hint, Typed, nesting, reads};
use crate::base::{Code, Diagnostic, Span};
use crate::num::{Number, Unit};
use crate::syntax::ast::{self, Expr, ExprKind};
use crate::terms::{Assumption, AssumptionId, ClassId, Formula};

/// How deeply values may be nested through assumptions, so that everything that walks them stays on its stack.
pub(super) const MAX_HEIGHT: usize = 1_000;

/// What is known of an assumption.
#[derive(Clone)]
pub(super) enum Assumed {
    /// An error was reported.
    Failed,
    /// It has no value; where it is declared.
    Words(Span),
    /// It has a value.
    Value(Known),
}

/// An assumption with a value.
#[derive(Clone)]
pub(super) struct Known {
    pub unit: Unit,
    pub class: Option<ClassId>,
    /// In the base, if nothing it needs is undisclosed.
    pub number: Option<Number>,
    /// How deeply it is nested, through all it is defined by.
    pub height: usize,
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
                let model = self.model_value(value, None, &hint);
                let typed = model.unwrap_or_else(|| self.typed(value, &hint));
                typed.and_then(|typed| self.valued(at, typed, decl)).map_or(Assumed::Failed, Assumed::Value)
            }
        };
        if let Some(state) = self.assumed.get_mut(at) {
            *state = found;
        }
    }

    fn valued(&mut self, at: usize, typed: Typed, decl: &ast::AssumeDecl) -> Option<Known> {
        let height = self.height(&typed.formula);
        if height > MAX_HEIGHT {
            let message = format!("`{}` is defined by way of too many others", decl.name.text);
            return self.report.fail(Code::BadValue, decl.name.span, message, format!("more than {MAX_HEIGHT} steps"));
        }
        let (unit, number) = (typed.formula.unit.clone(), self.known(&typed.formula));
        if let Some(term) = self.terms.assumptions.get_mut(at) {
            term.value = Some(typed.formula);
        }
        Some(Known { unit, class: typed.class, number, height })
    }

    /// How deeply a formula is nested, through the assumptions it names.
    fn height(&self, formula: &Formula) -> usize {
        let below = reads(formula).into_iter().filter_map(|id| match self.assumed.get(id) {
            Some(Assumed::Value(known)) => Some(known.height),
            _ => None,
        });
        nesting(formula) + below.max().unwrap_or(0)
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
        ExprKind::Model(_, inputs) => inputs.iter().for_each(|(_, input)| paths(input, into)),
        ExprKind::Neg(a) | ExprKind::Paren(a) | ExprKind::Supported(a, _) => paths(a, into),
        ExprKind::Binary(_, a, b) => {
            paths(a, into);
            paths(b, into);
        }
        _ => {}
    }
}

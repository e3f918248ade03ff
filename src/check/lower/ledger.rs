//! Ledger lines.

use super::references::Lines;
use crate::base::{Code, Diagnostic};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::syntax::ast;
use crate::terms::{Basis, Line, ScenarioId};
use crate::time::Date;

const BASES: [(Basis, &str); 3] =
    [(Basis::Actual, "actual"), (Basis::Forecast, "forecast"), (Basis::Assumed, "assumed")];

impl Checker<'_> {
    /// Lowers the lines outside scenarios.
    pub(super) fn ledger(&mut self, program: &Program) {
        for ast in &program.lines {
            let line = self.line(ast, None);
            self.terms.lines.push(line);
        }
        let lines = std::mem::take(&mut self.terms.lines);
        self.chains(&Lines { base: &lines, added: &[] });
        self.terms.lines = lines;
    }

    /// One line. Inside a scenario it is assumed unless it says otherwise.
    pub(super) fn line(&mut self, ast: &ast::Line, scenario: Option<ScenarioId>) -> Line {
        let default = if scenario.is_some() { Basis::Assumed } else { Basis::Actual };
        let basis = self.basis(ast.basis.as_ref(), default);
        self.full_dates(ast, basis);
        let date = ast.date.date;
        // A forecast that does not say when it was made was always expected.
        let unsaid = if basis == Basis::Actual { date } else { Date::MIN };
        let known = ast.known.as_ref().map_or(unsaid, |known| known.date);
        if let Some(written) =
            ast.known.as_ref().filter(|known| basis == Basis::Actual && known.date < date && !limits(ast))
        {
            self.report.push(
                Diagnostic::new(
                    Code::KnownBeforeEffective,
                    written.span,
                    format!("known on {known}, before it happened"),
                )
                .label("earlier than the fact")
                .also(ast.date.span, "when it happened")
                .help("write `forecast`, or correct one of the dates"),
            );
        }
        let mut refer = |name: Option<&ast::Name>| name.and_then(|name| self.line_named(name, scenario));
        let realises = ast.realises.as_ref().and_then(|(name, part)| refer(Some(name)).map(|id| (id, *part)));
        let (corrects, withdraws) = (refer(ast.corrects.as_ref()), refer(ast.withdraws.as_ref()));
        let fact = ast.verb.as_ref().and_then(|verb| self.verb(verb, ast));
        let support = self.support(&ast.support);
        Line {
            id: ast.id.as_ref().map(|id| id.text.clone()),
            date,
            known,
            basis,
            fact,
            realises,
            corrects,
            withdraws,
            restates: false,
            support,
            note: ast.note.as_ref().map(|note| note.text.clone()),
            span: ast.span,
        }
    }

    /// `actual`, `forecast` or `assumed`.
    pub(super) fn basis(&mut self, word: Option<&ast::Name>, default: Basis) -> Basis {
        let found = word.and_then(|word| self.report.word(Code::WrongKind, word, "a basis of facts", &BASES));
        found.unwrap_or(default)
    }

    fn full_dates(&mut self, ast: &ast::Line, basis: Basis) {
        let vague = [Some(&ast.date).filter(|_| basis == Basis::Actual), ast.known.as_ref()];
        for date in vague.into_iter().flatten().filter(|date| date.approximate) {
            self.report.push(
                Diagnostic::new(Code::NotALedgerDate, date.span, "the day of this line is missing")
                    .label("known to the month only")
                    .help("give the day; `~YYYY-MM` is allowed as the date of forecasts and assumptions"),
            );
        }
    }
}

/// Whether a line states a limit: one may be known long before it holds.
fn limits(line: &ast::Line) -> bool {
    matches!(line.verb, Some(ast::Verb::Minimum(..) | ast::Verb::Undrawn(..)))
}

//! The second walk: trees become terms, kind by kind, each after what it reads.

mod assertion;
mod assess;
mod award;
mod balance;
mod beyond;
mod book;
mod book_expr;
mod built_in;
mod call;
mod carrying;
mod commitment;
mod consideration;
mod contract;
mod counter;
mod covenant;
mod coverage;
mod credit;
mod dimension;
mod earnings;
mod equity;
mod flow;
mod former;
mod hold;
mod holding;
mod investment;
mod ledger;
mod model;
mod net;
mod opening;
mod participates;
mod party;
mod prices;
mod quoted;
mod rates;
mod recipient;
mod references;
mod restate;
mod scenario;
mod standard;
mod supply;
mod test;
mod tranche;
mod verb;
mod warrant;

pub(super) use model::Models;

use super::Checker;
use super::declare::Program;
use crate::base::{Code, Diagnostic, Span};
use crate::syntax::ast;
use crate::terms::{Binding, Source, Standing};
use crate::time::Date;

impl Checker<'_> {
    /// Lowers everything that was declared.
    pub(super) fn program(&mut self, program: &Program) {
        self.assumptions(program);
        self.declared_sources(program);
        self.parties(program);
        self.books(program);
        self.party_books(program);
        self.contracts(program);
        self.supplies(program);
        self.counters(program);
        self.instruments(program);
        self.given_ends();
        self.recipients();
        self.holdings();
        self.commitments(program);
        self.variables(program);
        self.report.origin = None;
        self.flows(program);
        self.ledger(program);
        self.covenants(program);
        self.openings(program);
        self.participants_counted();
        self.periods();
        self.standards(program);
        self.coverage();
        self.beyond();
        self.prices(program);
        self.contradicting_prices();
        self.rates();
        self.said_twice();
        self.scenarios(program);
        self.built_in_scenarios();
        self.holdings_passed_on();
        self.closes_of_models();
        self.assertions(program);
        self.tests(program);
    }

    fn declared_sources(&mut self, program: &Program) {
        let grades = ["primary", "excerpt", "secondary", "derived"].map(|grade| (grade, grade));
        for (decl, span) in &program.sources {
            let dated = decl.dated.as_ref().map(|dated| self.day(dated));
            let word = |report: &mut super::report::Report, name| {
                report.word(Code::WrongKind, name, "a grade of sources", &grades)
            };
            let grade = decl.grade.as_ref().and_then(|grade| word(&mut self.report, grade)).map(Into::into);
            let url = decl.url.as_ref().map(|url| url.text.clone());
            let (name, title) = (decl.name.text.clone(), decl.title.text.clone());
            self.terms.sources.push(Source { name, title, dated, grade, url, span: *span });
        }
    }

    /// A date that must be a full one.
    pub(super) fn day(&mut self, lit: &ast::DateLit) -> Date {
        if lit.approximate {
            self.report.push(
                Diagnostic::new(Code::BadValue, lit.span, "a full date is needed here")
                    .label("known to the month only")
                    .help("give the day; `~YYYY-MM` is only for forecast lines of a ledger"),
            );
        }
        lit.date
    }

    /// The day of signing; an error if the contract has none.
    pub(super) fn signing(&mut self, signed: Option<Date>, span: Span, what: &str) -> Option<Date> {
        if signed.is_none() {
            self.report.push(
                Diagnostic::new(Code::UndatedContract, span, format!("`{what}` in a contract without `signed`"))
                    .label("which day?")
                    .help("add `signed DATE` to the contract"),
            );
        }
        signed
    }

    /// The first day of a latch or counter.
    pub(super) fn since(&mut self, since: &ast::Since, signed: Option<Date>) -> Option<Date> {
        match since {
            ast::Since::Signed(span) => self.signing(signed, *span, "since signed"),
            ast::Since::Date(date) => Some(self.day(date)),
        }
    }

    /// A clause that must be there.
    pub(super) fn missing(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.report.push(Diagnostic::new(Code::MissingClause, span, message).help(help));
    }
}

/// The two axes of standing.
fn standing(ast: &ast::Standing) -> Standing {
    let binding = match ast.binding {
        ast::Binding::Announced => Binding::Announced,
        ast::Binding::LetterOfIntent => Binding::LetterOfIntent,
        ast::Binding::Definitive => Binding::Definitive,
    };
    Standing { binding, option: ast.option }
}

/// The place just behind a clause, to insert another.
const fn behind(span: Span) -> Span {
    Span::new(span.source, span.end, span.end)
}

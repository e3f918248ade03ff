//! The first walk: every name is declared, every `for` expanded, and clauses are sorted by kind.

use std::sync::Arc;

use super::expand::{self, ContractTree};
use super::report::Report;
use super::symbols::{Entity, Symbols, Table};
use super::units;
use crate::base::{Code, Diagnostic, Span};
use crate::plaintext::Dialect;
use crate::syntax::ast::{self, ItemKind};
use crate::terms::{
    AssumptionId, BookId, ClassId, CommitmentId, ContractId, CounterId, FlowId, InvestmentId, LineId, PartyId,
    ScenarioId, SourceId, SupplyId, TrancheId, VariableId, WarrantId,
};

/// All clauses of all files by kind, in order of the text. Positions are the ids of the terms.
#[derive(Default)]
pub(super) struct Program<'a> {
    pub sources: Vec<(&'a ast::SourceDecl, Span)>,
    pub calendars: Vec<&'a ast::CalendarDecl>,
    pub parties: Vec<(&'a ast::PartyDecl, Span)>,
    pub classes: Vec<(PartyId, &'a ast::ClassDecl)>,
    pub assumptions: Vec<(&'a ast::AssumeDecl, Span)>,
    pub asserts: Vec<(&'a ast::AssertDecl, Span)>,
    pub contracts: Vec<ContractTree<'a>>,
    pub books: Vec<(&'a ast::Book, Span)>,
    pub scenarios: Vec<(&'a ast::Scenario, Span)>,
    pub flows: Vec<(&'a ast::Flow, Span)>,
    pub lines: Vec<&'a ast::Line>,
    /// With the file they stand in.
    pub prices: Vec<(&'a ast::PricesDecl, Span, &'a str)>,
    pub paths: Vec<&'a ast::PricePath>,
    pub tests: Vec<(&'a ast::Test, Span)>,
    /// Journals used without saying for whom, and openings from journals, with the file they stand in.
    pub bare_journals: Vec<(&'a ast::Text, &'a str)>,
    pub journals: Vec<(&'a ast::JournalUse, Span, &'a str)>,
}

/// An id from a list length.
pub(super) fn next(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Declares everything.
pub(super) fn declare<'a>(trees: &'a [(String, ast::File)], symbols: &mut Symbols, report: &mut Report) -> Program<'a> {
    let mut walk =
        Walk { program: Program::default(), symbols, report, count: Count::default(), budget: expand::LIMIT };
    for (file, tree) in trees {
        for item in &tree.items {
            walk.item(item, file);
        }
    }
    walk.program
}

/// How many of each kind were declared inside contracts.
#[derive(Default)]
struct Count {
    supplies: usize,
    counters: usize,
    warrants: usize,
    investments: usize,
    tranches: usize,
    commitments: usize,
    variables: usize,
}

struct Walk<'a, 'r> {
    program: Program<'a>,
    symbols: &'r mut Symbols,
    report: &'r mut Report,
    count: Count,
    /// Clauses that `for` may still generate.
    budget: u64,
}

/// Adds one and gives the id before.
fn take(counter: &mut usize) -> u32 {
    *counter += 1;
    next(*counter - 1)
}

impl<'a> Walk<'a, '_> {
    fn item(&mut self, item: &'a ast::Item, file: &'a str) {
        let p = &mut self.program;
        match &item.kind {
            ItemKind::Use(what) if Dialect::of(&what.text).is_some() => p.bare_journals.push((what, file)),
            ItemKind::Use(_) => {}
            ItemKind::Journal(journal) => p.journals.push((journal, item.span, file)),
            ItemKind::Source(decl) => {
                let id = SourceId(next(p.sources.len()));
                p.sources.push((decl, item.span));
                self.symbols.sources.declare(&decl.name.text, id, decl.name.span, self.report);
            }
            ItemKind::Unit(name) => self.unit(name),
            ItemKind::Calendar(decl) => {
                let at = p.calendars.len();
                p.calendars.push(decl);
                self.symbols.calendars.declare(&decl.name.text, at, decl.name.span, self.report);
            }
            ItemKind::Party(decl) => self.party(decl, item.span),
            ItemKind::Assume(decl) => {
                let id = AssumptionId(next(p.assumptions.len()));
                p.assumptions.push((decl, item.span));
                self.path(&decl.name.text, Entity::Assumption(id), decl.name.span);
            }
            ItemKind::Assert(decl) => p.asserts.push((decl, item.span)),
            ItemKind::Contract(contract) => self.contract(contract, item.span),
            ItemKind::Book(book) => {
                let id = BookId(next(p.books.len()));
                p.books.push((book, item.span));
                self.symbols.books.declare(&book.name.text, id, book.name.span, self.report);
            }
            ItemKind::Scenario(scenario) => {
                let id = ScenarioId(next(p.scenarios.len()));
                p.scenarios.push((scenario, item.span));
                self.symbols.scenarios.declare(&scenario.name.text, id, scenario.name.span, self.report);
            }
            ItemKind::Flow(flow) => {
                let id = FlowId(next(p.flows.len()));
                p.flows.push((flow, item.span));
                self.path(&flow.name.text, Entity::Flow(id), flow.name.span);
            }
            ItemKind::Line(line) => {
                let id = LineId(next(p.lines.len()));
                p.lines.push(line);
                if let Some(name) = &line.id {
                    line_id(&mut self.symbols.lines, name, id, self.report);
                }
            }
            ItemKind::Prices(decl) => p.prices.push((decl, item.span, file)),
            ItemKind::PricePath(path) => p.paths.push(path),
            ItemKind::Test(test) => {
                p.tests.push((test, item.span));
                if !file.ends_with(".test") {
                    let message = format!("the test `{}` does not stand in a `.test` file", test.name.text);
                    let outside = Diagnostic::new(Code::TestOutside, test.name.span, message).label("is not run");
                    self.report.push(outside.help(Code::TestOutside.advice()));
                }
                self.symbols.tests.declare(&test.name.text, (), test.name.span, self.report);
            }
        }
    }

    /// Declares a full path.
    fn path(&mut self, path: &str, entity: Entity, span: Span) {
        if path.contains(['{', '}']) {
            let message = format!("`{path}` has a hole that nothing fills");
            let found = Diagnostic::new(Code::UnknownName, span, message).label("no `for` around has this variable");
            self.report.push(found);
            return;
        }
        self.symbols.paths.declare(path, entity, span, self.report);
    }

    fn unit(&mut self, name: &ast::Name) {
        if units::is_built_in(&name.text) {
            let message = format!("the unit `{}` is built in", name.text);
            self.report.push(Diagnostic::new(Code::DeclaredTwice, name.span, message).label("remove this clause"));
        } else {
            self.symbols.units.declare(&name.text, (), name.span, self.report);
        }
    }

    fn party(&mut self, decl: &'a ast::PartyDecl, span: Span) {
        let id = PartyId(next(self.program.parties.len()));
        self.program.parties.push((decl, span));
        self.path(&decl.name.text, Entity::Party(id), decl.name.span);
        for clause in &decl.clauses {
            if let ast::PartyClause::Class(class) = clause {
                let path = format!("{}.{}", decl.name.text, class.name.text);
                let class_id = ClassId(next(self.program.classes.len()));
                self.program.classes.push((id, class));
                self.path(&path, Entity::Class(class_id), class.name.span);
            }
        }
    }

    fn contract(&mut self, ast: &'a ast::Contract, span: Span) {
        let id = ContractId(next(self.program.contracts.len()));
        let outer = &ast.name.text;
        self.path(outer, Entity::Contract(id), ast.name.span);
        let tree = expand::contract(ast, span, &mut self.budget, self.report);
        for supply in &tree.supplies {
            let entity = Entity::Supply(SupplyId(take(&mut self.count.supplies)));
            self.inner(outer, &supply.node.name, entity, supply.origin.as_ref());
        }
        for counter in &tree.counters {
            let entity = Entity::Counter(CounterId(take(&mut self.count.counters)));
            self.inner(outer, &counter.node.name, entity, counter.origin.as_ref());
        }
        for warrant in &tree.warrants {
            let entity = Entity::Warrant(WarrantId(take(&mut self.count.warrants)));
            let path = self.inner(outer, &warrant.node.head.name, entity, warrant.origin.as_ref());
            for tranche in &warrant.node.body.tranches {
                let entity = Entity::Tranche(TrancheId(take(&mut self.count.tranches)));
                self.inner(&path, &tranche.node.name, entity, tranche.origin.as_ref());
            }
        }
        for investment in &tree.investments {
            let entity = Entity::Investment(InvestmentId(take(&mut self.count.investments)));
            let path = self.inner(outer, &investment.node.head.name, entity, investment.origin.as_ref());
            for tranche in &investment.node.body.tranches {
                let entity = Entity::Tranche(TrancheId(take(&mut self.count.tranches)));
                self.inner(&path, &tranche.node.name, entity, tranche.origin.as_ref());
            }
        }
        for credit in &tree.credits {
            let entity = Entity::Tranche(TrancheId(take(&mut self.count.tranches)));
            self.inner(outer, &credit.node.name, entity, credit.origin.as_ref());
        }
        for commitment in &tree.commitments {
            let entity = Entity::Commitment(CommitmentId(take(&mut self.count.commitments)));
            self.inner(outer, &commitment.node.name, entity, commitment.origin.as_ref());
        }
        for covenant in &tree.covenants {
            self.inner(outer, &covenant.node.name, Entity::Covenant, covenant.origin.as_ref());
        }
        for variable in &tree.variables {
            let entity = Entity::Variable(VariableId(take(&mut self.count.variables)));
            self.inner(outer, &variable.node.name, entity, variable.origin.as_ref());
        }
        self.report.origin = None;
        self.program.contracts.push(tree);
    }

    fn inner(&mut self, outer: &str, name: &ast::Name, entity: Entity, origin: Option<&Arc<expand::Origin>>) -> String {
        self.report.origin = origin.cloned();
        let path = format!("{outer}.{}", name.text);
        self.path(&path, entity, name.span);
        path
    }
}

/// Declares the id of a ledger line.
pub(super) fn line_id(lines: &mut Table<LineId>, name: &ast::Name, id: LineId, report: &mut Report) {
    match lines.entry(&name.text) {
        Some((_, first)) => report.push(super::symbols::twice(Code::FactTwice, &name.text, name.span, first)),
        None => lines.declare(&name.text, id, name.span, report),
    }
}

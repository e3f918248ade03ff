//! The one expansion mechanism: `for k in a..b` and `tranches for k`.
//!
//! The variable becomes its number in expressions and its digits in the hole `{k}` of a name. What is generated
//! remembers the `for`, so that a diagnostic can show it.

use std::sync::Arc;

use super::report::Report;
use super::substitute::{Binding, Substitute};
use super::units::grouped;
use crate::base::{Code, Diagnostic, Span};
use crate::num::{Allocation, Fault, Number, allocate};
use crate::syntax::ast;

/// Clauses that all `for` of a program may generate together.
pub(super) const LIMIT: u64 = crate::base::limits::GENERATED;

/// The `for` that generated a clause.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub span: Span,
    pub variable: Arc<str>,
    pub value: i64,
    /// The `for` around it.
    pub outer: Option<Arc<Origin>>,
    /// It split a total into parts of shares, as its author asked.
    pub fractional: bool,
}

/// A clause after expansion.
#[derive(Debug)]
pub(super) struct Made<T> {
    pub node: T,
    pub support: ast::Support,
    pub span: Span,
    pub origin: Option<Arc<Origin>>,
}

/// A contract without `for`, its clauses sorted by kind.
#[derive(Debug)]
pub(super) struct ContractTree<'a> {
    pub ast: &'a ast::Contract,
    pub span: Span,
    /// What is none of the following.
    pub plain: Vec<Made<ast::ContractClauseKind>>,
    pub supplies: Vec<Made<ast::Supply>>,
    pub counters: Vec<Made<ast::Counter>>,
    pub warrants: Vec<Made<InstrumentTree<ast::Warrant>>>,
    pub investments: Vec<Made<InstrumentTree<ast::Investment>>>,
    pub credits: Vec<Made<ast::Credit>>,
    pub commitments: Vec<Made<ast::Commitment>>,
    pub covenants: Vec<Made<ast::Covenant>>,
    pub variables: Vec<Made<ast::Variable>>,
}

/// A warrant or an investment without `for`.
#[derive(Debug)]
pub(super) struct InstrumentTree<H> {
    /// Its head; the clauses were taken out.
    pub head: H,
    /// What stood in it.
    pub body: Body,
}

/// The clauses of an instrument without `for`.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// What is not a tranche.
    pub plain: Vec<Made<ast::InstrumentClauseKind>>,
    pub tranches: Vec<Made<ast::Tranche>>,
    /// A `for` could not be expanded.
    pub torn: bool,
}

/// Expands everything in a contract.
pub(super) fn contract<'a>(
    ast: &'a ast::Contract,
    span: Span,
    budget: &mut u64,
    report: &mut Report,
) -> ContractTree<'a> {
    let tree = ContractTree {
        ast,
        span,
        plain: Vec::new(),
        supplies: Vec::new(),
        counters: Vec::new(),
        warrants: Vec::new(),
        investments: Vec::new(),
        credits: Vec::new(),
        commitments: Vec::new(),
        covenants: Vec::new(),
        variables: Vec::new(),
    };
    let mut expansion = Expansion { tree, budget: *budget, report };
    expansion.contract_clauses(&ast.clauses, None);
    *budget = expansion.budget;
    expansion.tree
}

struct Expansion<'a, 'r> {
    tree: ContractTree<'a>,
    budget: u64,
    report: &'r mut Report,
}

impl Expansion<'_, '_> {
    fn contract_clauses(&mut self, clauses: &[ast::ContractClause], origin: Option<&Arc<Origin>>) {
        for clause in clauses {
            let made = |origin: Option<&Arc<Origin>>| (clause.support.clone(), clause.span, origin.cloned());
            match &clause.kind {
                ast::ContractClauseKind::For(f) => {
                    for (body, origin) in self.repeat(f, clause.span, origin, contract_size(&f.body)) {
                        self.contract_clauses(&body, Some(&origin));
                    }
                }
                ast::ContractClauseKind::Supply(node) => self.tree.supplies.push(Made::new(node.clone(), made(origin))),
                ast::ContractClauseKind::Counter(node) => {
                    self.tree.counters.push(Made::new(node.clone(), made(origin)))
                }
                ast::ContractClauseKind::Variable(node) => {
                    self.tree.variables.push(Made::new(node.clone(), made(origin)));
                }
                ast::ContractClauseKind::Credit(node) => self.tree.credits.push(Made::new(node.clone(), made(origin))),
                ast::ContractClauseKind::Covenant(node) => {
                    self.tree.covenants.push(Made::new(node.clone(), made(origin)));
                }
                ast::ContractClauseKind::Commitment(node) => {
                    self.tree.commitments.push(Made::new(node.clone(), made(origin)));
                }
                ast::ContractClauseKind::Warrant(node) => {
                    let mut head = node.clone();
                    let clauses = std::mem::take(&mut head.clauses);
                    let body = self.body(&clauses, origin);
                    self.tree.warrants.push(Made::new(InstrumentTree { head, body }, made(origin)));
                }
                ast::ContractClauseKind::Investment(node) => {
                    let mut head = node.clone();
                    let clauses = std::mem::take(&mut head.clauses);
                    let body = self.body(&clauses, origin);
                    self.tree.investments.push(Made::new(InstrumentTree { head, body }, made(origin)));
                }
                other => self.tree.plain.push(Made::new(other.clone(), made(origin))),
            }
        }
    }

    fn body(&mut self, clauses: &[ast::InstrumentClause], origin: Option<&Arc<Origin>>) -> Body {
        let mut body = Body::default();
        self.instrument_clauses(clauses, origin, &mut body);
        body
    }

    fn instrument_clauses(&mut self, clauses: &[ast::InstrumentClause], origin: Option<&Arc<Origin>>, into: &mut Body) {
        for clause in clauses {
            let made = (clause.support.clone(), clause.span, origin.cloned());
            match &clause.kind {
                ast::InstrumentClauseKind::For(f) => {
                    let rounds = self.repeat(f, clause.span, origin, instrument_size(&f.body));
                    into.torn |= rounds.is_empty();
                    for (body, origin) in rounds {
                        self.instrument_clauses(&body, Some(&origin), into);
                    }
                }
                ast::InstrumentClauseKind::Tranche(node) => into.tranches.push(Made::new(node.clone(), made)),
                ast::InstrumentClauseKind::Tranches(node) => self.tranches(node, clause, origin, into),
                other => into.plain.push(Made::new(other.clone(), made)),
            }
        }
    }

    /// The body once for each value of the variable.
    fn repeat<T: Clone + Substitute>(
        &mut self,
        f: &ast::For<T>,
        clause: Span,
        outer: Option<&Arc<Origin>>,
        size: u64,
    ) -> Vec<(Vec<T>, Arc<Origin>)> {
        let span = Span::new(clause.source, clause.start, f.variable.span.end);
        if !self.allows(span, &f.variable, (f.from, f.to), size, outer) {
            return Vec::new();
        }
        let round = |value| {
            let mut body = f.body.clone();
            let binding = Binding::new(&f.variable.text, value);
            body.iter_mut().for_each(|node| node.substitute(&binding));
            (
                body,
                Arc::new(Origin {
                    span,
                    variable: Arc::clone(&f.variable.text),
                    value,
                    outer: outer.cloned(),
                    fractional: false,
                }),
            )
        };
        (f.from..=f.to).map(round).collect()
    }

    /// Whether the range makes sense and the budget suffices.
    fn allows(
        &mut self,
        span: Span,
        variable: &ast::Name,
        (from, to): (i64, i64),
        size: u64,
        outer: Option<&Arc<Origin>>,
    ) -> bool {
        self.report.origin = outer.cloned();
        let rounds = rounds(from, to);
        let total = rounds.saturating_mul(size.max(1));
        let found = if rounds == 0 {
            Diagnostic::new(Code::BadValue, span, format!("`{from}..{to}` is an empty range"))
                .label(format!("`{}` takes no value", variable.text))
                .help("write the smaller number first; both ends are included")
        } else if outer.is_none() && total > self.budget {
            Diagnostic::new(Code::ExpansionTooLarge, span, "this `for` generates too much")
                .label(format!("{} clauses", grouped(total)))
                .help(format!("all `for` together may generate at most {}", grouped(LIMIT)))
        } else {
            if outer.is_none() {
                self.budget -= total;
            }
            self.report.origin = None;
            return true;
        };
        self.report.push(found);
        self.report.origin = None;
        false
    }

    fn tranches(
        &mut self,
        node: &ast::Tranches,
        clause: &ast::InstrumentClause,
        outer: Option<&Arc<Origin>>,
        into: &mut Body,
    ) {
        if !self.allows(node.head, &node.variable, (node.from, node.to), 1, outer) {
            into.torn = true;
            return;
        }
        self.report.origin = outer.cloned();
        let sizes = self.sizes(node);
        self.report.origin = None;
        let stem = node.stem.as_ref().map_or("T", |s| &*s.text);
        let fractional = node.allocation.as_ref().is_some_and(|name| &*name.text == Allocation::Fractional.name());
        for (value, size) in (node.from..=node.to).zip(sizes) {
            let binding = Binding::new(&node.variable.text, value);
            let mut clauses = node.clauses.clone();
            clauses.iter_mut().for_each(|c| c.substitute(&binding));
            let span = node.stem.as_ref().map_or(node.head, |s| s.span);
            let name = ast::Name { text: format!("{stem}{value}").into(), span };
            let variable = Arc::clone(&node.variable.text);
            let origin = Arc::new(Origin { span: node.head, variable, value, outer: outer.cloned(), fractional });
            let made = (clause.support.clone(), clause.span, Some(origin));
            into.tranches.push(Made::new(ast::Tranche { name, size, clauses }, made));
        }
    }

    /// The size of each generated tranche, in order.
    fn sizes(&mut self, node: &ast::Tranches) -> Vec<ast::Expr> {
        let count = usize::try_from(node.to.saturating_sub(node.from)).unwrap_or(0) + 1;
        let alike = || {
            (node.from..=node.to)
                .map(|value| {
                    let mut size = node.size.clone();
                    size.substitute(&Binding::new(&node.variable.text, value));
                    size
                })
                .collect()
        };
        let Some((total, unit)) = literal(&node.size).filter(|_| !node.each) else {
            if !node.each {
                self.report.push(
                    Diagnostic::new(Code::WrongKind, node.size.span, "a total to be split must be a number")
                        .label("not a plain number"),
                );
            }
            return alike();
        };
        let how = match &node.allocation {
            Some(name) => Allocation::parse(&name.text),
            None => Some(Allocation::Front), // only if it divides evenly
        };
        // Money is split to its minor unit, shares to whole ones.
        let money = unit.map(|unit| crate::num::Unit::of(&unit.num.text)).filter(crate::num::Unit::is_currency);
        let places = money.as_ref().and_then(crate::num::Unit::precision).unwrap_or(0);
        let split = |how| allocate(total, u32::try_from(count).unwrap_or(u32::MAX), how, places);
        let sized = |parts: Vec<Number>| {
            let expr = |part| ast::Expr { kind: ast::ExprKind::Number(part, unit.cloned()), span: node.size.span };
            parts.into_iter().map(expr).collect()
        };
        let even = |parts: &[Number]| parts.first() == parts.last();
        match how.map(split) {
            Some(Ok(parts)) if node.allocation.is_some() || even(&parts) => sized(parts),
            Some(Err(Fault::Overflow | Fault::DivisionByZero)) => {
                self.report.error(Code::BadValue, node.size.span, "the total is too large to split", "");
                alike()
            }
            Some(Err(_)) => {
                let message = "a total to be split must be whole shares, or money in its minor unit";
                self.report.error(Code::BadValue, node.size.span, message, "has a fraction");
                alike()
            }
            Some(Ok(parts)) => {
                self.ask_allocation(node, total, count);
                sized(parts)
            }
            None => {
                self.ask_allocation(node, total, count);
                sized(split(Allocation::Front).unwrap_or_default())
            }
        }
    }

    fn ask_allocation(&mut self, node: &ast::Tranches, total: Number, count: usize) {
        let choices = Allocation::ALL.map(|how| format!("`{}`", how.name())).join(", ");
        let (span, message) = match &node.allocation {
            Some(name) => (name.span, format!("`{}` is not an allocation", name.text)),
            None => {
                let unit = node_unit(node);
                (node.size.span, format!("{} {unit} do not divide evenly by {count}", grouped(total)))
            }
        };
        let mut found = Diagnostic::new(Code::AskRounding, span, message).help(format!("name one of {choices}"));
        if node.allocation.is_none() {
            let at = Span::new(node.sized.source, node.sized.end, node.sized.end);
            found = found.label("which tranches take what is left over?");
            found = found.fix(at, ", cumulative").fix(at, ", front").fix(at, ", back");
        }
        self.report.push(found);
    }
}

impl<T> Made<T> {
    fn new(node: T, (support, span, origin): (ast::Support, Span, Option<Arc<Origin>>)) -> Self {
        Self { node, support, span, origin }
    }
}

/// The unit of a total as written.
fn node_unit(node: &ast::Tranches) -> &str {
    literal(&node.size).and_then(|(_, unit)| unit).map_or("shares", |unit| &*unit.num.text)
}

/// The number and unit of a plain literal.
pub(super) fn literal(expr: &ast::Expr) -> Option<(Number, Option<&ast::UnitLit>)> {
    match &expr.kind {
        ast::ExprKind::Number(number, unit) => Some((*number, unit.as_ref())),
        ast::ExprKind::Paren(inner) | ast::ExprKind::Supported(inner, _) => literal(inner),
        _ => None,
    }
}

/// How many clauses a list holds once expanded.
fn contract_size(clauses: &[ast::ContractClause]) -> u64 {
    let size = |clause: &ast::ContractClause| match &clause.kind {
        ast::ContractClauseKind::For(f) => rounds(f.from, f.to).saturating_mul(contract_size(&f.body).max(1)),
        ast::ContractClauseKind::Warrant(w) => instrument_size(&w.clauses).saturating_add(1),
        ast::ContractClauseKind::Investment(i) => instrument_size(&i.clauses).saturating_add(1),
        _ => 1,
    };
    clauses.iter().map(size).fold(0, u64::saturating_add)
}

fn instrument_size(clauses: &[ast::InstrumentClause]) -> u64 {
    let size = |clause: &ast::InstrumentClause| match &clause.kind {
        ast::InstrumentClauseKind::For(f) => rounds(f.from, f.to).saturating_mul(instrument_size(&f.body).max(1)),
        ast::InstrumentClauseKind::Tranches(t) => rounds(t.from, t.to),
        _ => 1,
    };
    clauses.iter().map(size).fold(0, u64::saturating_add)
}

fn rounds(from: i64, to: i64) -> u64 {
    u64::try_from(i128::from(to) - i128::from(from) + 1).unwrap_or(0)
}

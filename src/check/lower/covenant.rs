//! Covenants: what is tested, of which figures, on which days; and the figures a party reports.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::report::Once;
use crate::check::symbols::{Scope, text};
use crate::check::types::{Hint, merge};
use crate::num::Unit;
use crate::syntax::ast::{self, BinaryOp, CompareOp, CovenantClauseKind as Kind, Expr, ExprKind};
use crate::syntax::print;
use crate::terms::{Compare, Covenant, CovenantExpr, FIGURES, Fact, PartyId, Reported};
use crate::time::{Date, Period};

/// Quarters a covenant may look back on.
const MOST: i64 = 40;

/// What the expressions of a covenant may name.
struct Names {
    known: Vec<Arc<str>>,
    measures: Vec<(Arc<str>, CovenantExpr)>,
    scope: Scope,
    path: Arc<str>,
    currency: Unit,
}

impl Checker<'_> {
    /// Lowers the covenants of all contracts, after the lines they may read.
    pub(super) fn covenants(&mut self, program: &Program) {
        for (at, tree) in program.contracts.iter().enumerate() {
            let inside = self.inside(at, tree);
            let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
            for made in &tree.covenants {
                self.report.origin.clone_from(&made.origin);
                let head = &made.node;
                // Said by the declarations.
                if seen.insert(head.name.text.clone(), head.name.span).is_some() {
                    continue;
                }
                let Some(party) = self.symbols.party(&head.party, &mut self.report) else { continue };
                let path: Arc<str> = format!("{}.{}", inside.path, head.name.text).into();
                let mut support = self.support(&made.support);
                for clause in &head.clauses {
                    let rests_on = self.support(&clause.support);
                    merge(&mut support, rests_on);
                }
                let found = self.covenant(head, party, path, &inside.scope);
                if let Some(covenant) = found {
                    self.terms.covenants.push(Covenant { contract: inside.id, support, span: made.span, ..covenant });
                }
            }
        }
        self.report.origin = None;
    }

    fn covenant(&mut self, head: &ast::Covenant, party: PartyId, path: Arc<str>, scope: &Scope) -> Option<Covenant> {
        let currency = self.terms.parties.get(party.index()).map_or_else(Unit::none, |p| Unit::of(&p.currency));
        let known = self.figures_of(party);
        let mut names = Names { known, measures: Vec::new(), scope: scope.clone(), path: path.clone(), currency };
        let (mut test, mut tested, mut over) = (Once::new("test"), Once::new("tested"), Once::new("over"));
        let mut complete = true;
        for clause in &head.clauses {
            match &clause.kind {
                Kind::Measure(name, expr) => {
                    if names.measures.iter().any(|(other, _)| *other == name.text) {
                        let message = format!("the measure `{}` is given twice", name.text);
                        self.report.error(Code::ClauseTwice, name.span, message, "again");
                        continue;
                    }
                    match self.covenant_amount(expr, &names) {
                        Some(found) => names.measures.push((name.text.clone(), found)),
                        None => {
                            // What uses it is not complained about as well.
                            let none =
                                crate::terms::Formula::undisclosed(&*name.text, names.currency.clone(), name.span);
                            names.measures.push((name.text.clone(), CovenantExpr::Value(none)));
                            complete = false;
                        }
                    }
                }
                Kind::Test(expr) => test.set(expr, clause.span, &mut self.report),
                Kind::On(dates) => {
                    let days: Vec<Date> = dates.iter().map(|date| self.day(date)).collect();
                    tested.set(days, clause.span, &mut self.report);
                }
                Kind::Every(from, to) => {
                    let (first, last) = self.days_of(from, to);
                    tested.set(self.quarter_ends(party, first, last), clause.span, &mut self.report);
                }
                Kind::Over(count, span) => match u8::try_from(*count).ok().filter(|_| (1..=MOST).contains(count)) {
                    Some(count) => over.set(count, *span, &mut self.report),
                    None => {
                        let message = format!("a covenant looks back on 1 to {MOST} quarters");
                        self.report.error(Code::BadValue, *span, message, "not so many");
                        complete = false;
                    }
                },
            }
        }
        let name = &head.name;
        if test.get().is_none() {
            let help = "add `test EBITDA / INTEREST >= 3`, with the names of measures";
            self.missing(name.span, format!("what does `{}` test?", name.text), help);
        }
        if tested.get().is_none() {
            let help = "add `tested every quarter from DATE to DATE`, or `tested on DATE, …`";
            self.missing(name.span, format!("when is `{}` tested?", name.text), help);
        }
        if over.get().is_none() && complete {
            let help = "add `over 4 quarters` or `over 1 quarter`";
            self.missing(name.span, format!("over which time are the movements of `{}` summed?", name.text), help);
        }
        let tested_at = tested.entry().map(|(_, span)| span);
        let (test, mut tested, over) = (test.take()?, tested.take()?, over.take()?);
        tested.sort_unstable();
        tested.dedup();
        if let Some(span) = tested_at.filter(|_| tested.is_empty()) {
            let message = "no quarter of the party ends in this time";
            self.report.error(Code::BadValue, span, message, "never tested");
        }
        let (compare, left, right) = self.comparison(test)?;
        let (above, below) = match &left.kind {
            ExprKind::Binary(BinaryOp::Div, above, below) => (&**above, Some(&**below)),
            _ => (left, None),
        };
        let numerator = self.covenant_amount(above, &names);
        let denominator = match below {
            Some(below) => Some((said(below), self.covenant_amount(below, &names)?)),
            None => None,
        };
        let unit = if denominator.is_some() { Unit::none() } else { names.currency.clone() };
        let hint = Hint { unit: None, path: &path, scope };
        let threshold = self.value(right, &unit, None, &hint);
        if denominator.is_some() && self.known(&threshold).is_some_and(|threshold| !threshold.is_positive()) {
            self.report.error(Code::BadValue, right.span, "a ratio is tested against more than nothing", "too low");
            complete = false;
        }
        let numerator = (said(above), numerator?);
        let title = head.title.as_ref().map_or_else(|| head.name.text.clone(), |title| title.text.clone());
        complete.then_some(Covenant {
            path,
            title,
            contract: crate::terms::ContractId(0),
            party,
            measures: names.measures,
            numerator,
            denominator,
            compare,
            threshold,
            tested,
            quarters: over,
            support: crate::terms::Support::default(),
            span: head.name.span,
        })
    }

    fn comparison<'e>(&mut self, test: &'e Expr) -> Option<(Compare, &'e Expr, &'e Expr)> {
        if let ExprKind::Paren(inner) | ExprKind::Supported(inner, _) = &test.kind {
            return self.comparison(inner);
        }
        if let ExprKind::Compare(op, left, right) = &test.kind {
            let op = match op {
                CompareOp::AtLeast => Some(Compare::AtLeast),
                CompareOp::Above => Some(Compare::Above),
                CompareOp::AtMost => Some(Compare::AtMost),
                CompareOp::Below => Some(Compare::Below),
                _ => None,
            };
            if let Some(op) = op {
                return Some((op, left, right));
            }
        }
        let message = "a covenant compares one amount or ratio with `>=`, `>`, `<=` or `<`";
        self.report.fail(Code::WrongKind, test.span, message, "such as `ebitda / net_interest >= 3`")
    }

    /// An amount made of figures of the party.
    fn covenant_amount(&mut self, expr: &Expr, names: &Names) -> Option<CovenantExpr> {
        let two = |this: &mut Self, a: &Expr, b: &Expr| {
            let (a, b) = (this.covenant_amount(a, names), this.covenant_amount(b, names));
            Some((Box::new(a?), Box::new(b?)))
        };
        match &expr.kind {
            ExprKind::Paren(inner) | ExprKind::Supported(inner, _) => self.covenant_amount(inner, names),
            ExprKind::Binary(BinaryOp::Add, a, b) => two(self, a, b).map(|(a, b)| CovenantExpr::Add(a, b)),
            ExprKind::Binary(BinaryOp::Sub, a, b) => two(self, a, b).map(|(a, b)| CovenantExpr::Sub(a, b)),
            ExprKind::Binary(BinaryOp::Mul, a, b) => two(self, a, b).map(|(a, b)| CovenantExpr::Mul(a, b)),
            ExprKind::Call(function, args) if matches!(&*function.text, "min" | "max") => match args.as_slice() {
                [a, b] => {
                    let (a, b) = two(self, a, b)?;
                    Some(if &*function.text == "min" { CovenantExpr::Min(a, b) } else { CovenantExpr::Max(a, b) })
                }
                _ => self.report.fail(Code::BadValue, expr.span, "`min` and `max` take two amounts", "two are needed"),
            },
            ExprKind::Path(path) => self.covenant_name(path, names, expr),
            ExprKind::Number(..) | ExprKind::Undisclosed(_) | ExprKind::Neg(_) => {
                let hint = Hint { unit: None, path: &names.path, scope: &names.scope };
                let found = self.typed(expr, &hint)?.formula;
                self.covenant_value(found, expr.span, names)
            }
            _ => {
                let message = "a measure is made of figures of the party with `+`, `-`, `*`, `min` and `max`";
                self.report.fail(Code::WrongKind, expr.span, message, "not an amount of figures")
            }
        }
    }

    fn covenant_value(&mut self, found: crate::terms::Formula, span: Span, names: &Names) -> Option<CovenantExpr> {
        if found.unit == Unit::none() || found.unit == names.currency {
            return Some(CovenantExpr::Value(found));
        }
        let message = format!("an amount in {} is needed here", names.currency);
        self.report.fail(Code::UnitMismatch, span, message, "another unit")
    }

    /// A measure above, a figure of the party, or an assumption.
    fn covenant_name(&mut self, path: &ast::Path, names: &Names, expr: &Expr) -> Option<CovenantExpr> {
        let name: Arc<str> = text(path).into();
        if let Some(at) = names.measures.iter().position(|(known, _)| *known == name) {
            return Some(CovenantExpr::Measure(at));
        }
        if names.known.contains(&name) {
            return Some(CovenantExpr::Figure(name));
        }
        let assumed = |entity| match entity {
            crate::check::symbols::Entity::Assumption(id) => Some(id),
            _ => None,
        };
        if self.symbols.fitting(&name, &names.scope, assumed).is_some() {
            let hint = Hint { unit: None, path: &names.path, scope: &names.scope };
            let found = self.typed(expr, &hint)?.formula;
            return self.covenant_value(found, expr.span, names);
        }
        let known: Vec<&str> =
            names.measures.iter().map(|(name, _)| &**name).chain(names.known.iter().map(|name| &**name)).collect();
        self.report.unknown(Code::UnknownName, (&name, path.span), "figure of the party", known)
    }

    /// Accounts of the party's book, figures that every party has, and what its `reported` lines name.
    fn figures_of(&self, party: PartyId) -> Vec<Arc<str>> {
        let book = self.terms.parties.get(party.index()).and_then(|p| p.book.as_ref());
        let book = book.and_then(|(id, _)| self.terms.books.get(id.index()));
        let accounts = book.into_iter().flat_map(|book| book.accounts.iter().map(|account| account.name.clone()));
        let lines = self.terms.lines.iter().filter_map(|line| match &line.fact {
            Some(Fact::Reported(reported)) if reported.party == party => Some(reported),
            _ => None,
        });
        let reported = lines.flat_map(|reported| reported.amounts.iter().map(|(name, _)| name.clone()));
        let mut found: Vec<Arc<str>> =
            accounts.chain(reported).chain(FIGURES.iter().map(|(name, _)| Arc::from(*name))).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The ends of a party's quarters between two days.
    fn quarter_ends(&self, party: PartyId, from: Date, to: Date) -> Vec<Date> {
        let Some(party) = self.terms.parties.get(party.index()) else { return Vec::new() };
        let (mut year, mut quarter) = party.fiscal.quarter_of(from);
        let mut found = Vec::new();
        while found.len() < crate::base::limits::QUARTERS {
            let end = party.fiscal.quarter(year, quarter).to;
            if end > to {
                break;
            }
            if end >= from {
                found.push(end);
            }
            (year, quarter) = if quarter == 4 { (year.saturating_add(1), 1) } else { (year, quarter + 1) };
        }
        found
    }

    /// `reported PARTY PERIOD { … }`
    pub(super) fn reported_line(&mut self, ast: &ast::Reported, line: &ast::Line) -> Option<Fact> {
        let party = self.symbols.party(&ast.party, &mut self.report)?;
        let terms = self.terms.parties.get(party.index())?;
        let (currency, fiscal) = (Unit::of(&terms.currency), terms.fiscal);
        let (period, balance) = match &ast.when {
            ast::ReportedWhen::Day(date) => {
                let day = self.day(date);
                (Period { from: day, to: day }, true)
            }
            ast::ReportedWhen::Period(name, span) => match fiscal.resolve(name) {
                Some(period) => (period, false),
                None => {
                    let message = format!("there is no period {name}");
                    return self.report.fail(Code::BadValue, *span, message, "not a period");
                }
            },
        };
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut amounts = Vec::new();
        for (name, expr) in &ast.amounts {
            if let Some(first) = seen.insert(name.text.clone(), name.span) {
                let error = Diagnostic::new(Code::ClauseTwice, name.span, format!("`{}` is given twice", name.text));
                self.report.push(error.label("again here").also(first, "first here"));
                continue;
            }
            let hint = Hint { unit: None, path: &name.text, scope: &Scope::default() };
            amounts.push((name.text.clone(), self.value(expr, &currency, None, &hint)));
        }
        if amounts.is_empty() {
            self.missing(
                line.span,
                "nothing is reported here",
                "add a name and an amount, such as `depreciation 7bn USD`",
            );
        }
        Some(Fact::Reported(Arc::new(Reported { party, period, balance, amounts, span: line.span })))
    }
}

/// As written, without brackets around the whole.
fn said(expr: &Expr) -> Arc<str> {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::Supported(inner, _) => said(inner),
        _ => print::expr(expr).into(),
    }
}

//! Tests.

use std::sync::Arc;

use crate::base::{Code, Diagnostic, Span};
use crate::check::Checker;
use crate::check::declare::Program;
use crate::check::report::Once;
use crate::check::symbols::{Entity, Scope, text};
use crate::check::types::{Hint, constant};
use crate::num::Unit;
use crate::syntax::ast::{self, Expr, ExprKind, TestClauseKind as Kind};
use crate::terms::{FactTest, Keep, Kept, Limit, PartyId, ScenarioId, Subject, Tolerance};

/// Words for what is counted: never anything but exact.
const COUNTED: &[&str] = &["shares", "counts", "dates"];

impl Checker<'_> {
    /// Lowers all tests.
    pub(super) fn tests(&mut self, program: &Program) {
        for (ast, _) in &program.tests {
            if let Some(test) = self.fact_test(ast) {
                self.terms.tests.push(test);
            }
        }
    }

    fn fact_test(&mut self, ast: &ast::Test) -> Option<FactTest> {
        let before = self.report.errors();
        let (mut scenarios, mut book, mut known) = (Once::new("scenario"), Once::new("book"), Once::new("known by"));
        let (mut period, mut entities, mut review) = (Once::new("period"), Once::new("entity"), Once::new("review"));
        let (mut keeps, mut tolerances) = (Vec::new(), Vec::new());
        for ast::TestClause { kind, span } in &ast.clauses {
            let span = *span;
            match kind {
                Kind::Scenario(names) => {
                    let found = names.iter().filter_map(|name| self.scenario_of_test(name)).flatten().collect();
                    scenarios.set(found, span, &mut self.report);
                }
                Kind::Book(name) => {
                    self.symbols.books.find(name, "book", &mut self.report);
                    book.set(name.text.clone(), span, &mut self.report);
                }
                Kind::Known(date) => {
                    let date = self.day(date);
                    known.set(date, span, &mut self.report);
                }
                Kind::Period(name) => period.set(*name, span, &mut self.report),
                Kind::Entity(names) => {
                    let found: Vec<PartyId> =
                        names.iter().filter_map(|name| self.symbols.party(name, &mut self.report)).collect();
                    entities.set(found, span, &mut self.report);
                }
                Kind::Keep(what, of) => keeps.extend(self.keep(what, of.as_ref(), span)),
                Kind::Exact(names) => tolerances.extend(names.iter().filter_map(subject).map(|(of, span)| Tolerance {
                    of,
                    limits: vec![],
                    all: true,
                    span,
                })),
                Kind::Within(within, names) => self.within(within, names, span, &mut tolerances),
                Kind::Review(limits) => {
                    let limits: Option<Vec<Limit>> = limits.iter().map(|limit| self.limit_of(limit)).collect();
                    review.set(limits.unwrap_or_default(), span, &mut self.report);
                }
            }
        }
        self.once_each(&tolerances);
        self.facts_have_periods(&keeps, period.get().is_some());
        if keeps.is_empty() && self.report.errors() == before {
            let message = format!("`{}` keeps nothing", ast.name.text);
            self.missing(ast.name.span, message, "add `keep` with measures, such as `keep revenue`, or `keep all`");
        }
        (self.report.errors() == before).then(|| FactTest {
            name: ast.name.text.clone(),
            title: ast.title.as_ref().map(|title| title.text.clone()),
            scenarios: scenarios.take().unwrap_or_default(),
            book: book.take(),
            known_by: known.take(),
            period: period.take(),
            entities: entities.take().unwrap_or_default(),
            keeps,
            tolerances,
            review: review.take().unwrap_or_default(),
            span: ast.name.span,
        })
    }

    /// A scenario; the base is none.
    fn scenario_of_test(&mut self, name: &ast::Name) -> Option<Option<ScenarioId>> {
        // Those that every program has are declared nowhere.
        let known = (0u32..).map(ScenarioId).zip(&self.terms.scenarios).find(|(_, one)| one.name == name.text);
        if let Some((id, _)) = known {
            return Some(Some(id));
        }
        if &*name.text == "base" {
            return Some(None);
        }
        let all: Vec<Arc<str>> = self.terms.scenarios.iter().map(|one| one.name.clone()).collect();
        let known = all.iter().map(|name| &**name).chain(["base"]);
        self.report.unknown(Code::UnknownScenario, (&name.text, name.span), "scenario", known)
    }

    fn keep(&mut self, what: &[ast::Kept], of: Option<&ast::Path>, span: Span) -> Vec<Keep> {
        let of = match of {
            Some(path) => match self.symbols.find(path, &Scope::default(), "contract", item, &mut self.report) {
                Some(()) => Some(Arc::from(text(path))),
                None => return Vec::new(),
            },
            None => None,
        };
        let mut keeps = Vec::new();
        for kept in what {
            let (what, span) = match kept {
                ast::Kept::All(place) => (Some(Kept::All), *place),
                ast::Kept::Measure(name) => (Some(Kept::Measure(name.text.clone())), name.span),
                ast::Kept::Fact(expr) => (self.kept_fact(expr, of.is_some().then_some(span)), expr.span),
            };
            keeps.extend(what.map(|what| Keep { what, of: of.clone(), span }));
        }
        keeps
    }

    fn kept_fact(&mut self, expr: &Expr, of: Option<Span>) -> Option<Kept> {
        if let Some(span) = of {
            let message = "a fact by its name is of one thing already";
            return self.report.fail(Code::WrongKind, span, message, "leave `of` away, or put it on a line of its own");
        }
        let name = match &expr.kind {
            ExprKind::Fact(_) | ExprKind::Path(_) => self.fact_named(expr)?,
            _ => {
                let message = "a test keeps measures and facts";
                return self.report.fail(Code::WrongKind, expr.span, message, "write `PARTY.measure[item] in PERIOD`");
            }
        };
        Some(Kept::Fact(name))
    }

    /// Without a period a fact would be of the latest quarter, which is another one after each new line.
    fn facts_have_periods(&mut self, keeps: &[Keep], period: bool) {
        for keep in keeps {
            if matches!(&keep.what, Kept::Fact(name) if name.period.is_none()) && !period {
                self.missing(
                    keep.span,
                    "a fact of which period?",
                    "write `in 2027-Q3` behind it, or add `period` to the test",
                );
            }
        }
    }

    fn within(&mut self, ast: &ast::Within, names: &[ast::Name], span: Span, into: &mut Vec<Tolerance>) {
        let first = self.limit_of(&ast.first);
        let second = ast.second.as_ref().map(|(_, limit)| self.limit_of(limit));
        let all = ast.second.as_ref().is_some_and(|(all, _)| *all);
        let (Some(first), None | Some(Some(_))) = (first, &second) else { return };
        let limits: Vec<Limit> = std::iter::once(first).chain(second.flatten()).collect();
        for name in names {
            if COUNTED.contains(&&*name.text) {
                let message = format!("{} are always exact", name.text);
                self.report.push(
                    Diagnostic::new(Code::BadValue, name.span, message)
                        .label("no tolerance fits")
                        .help("leave it away; `within` is for `money` and for measures that are amounts"),
                );
                continue;
            }
            let currency =
                |limit: &Limit| matches!(limit, Limit::Relative(_)) || unit(limit).is_some_and(Unit::is_currency);
            if &*name.text == "money"
                && let Some(wrong) = limits.iter().find(|limit| !currency(limit))
            {
                let said = unit(wrong).map(ToString::to_string).filter(|unit| !unit.is_empty());
                let said = said.unwrap_or_else(|| "a plain number".to_owned());
                self.report.push(
                    Diagnostic::new(Code::UnitMismatch, span, format!("money is not counted in {said}"))
                        .label(said)
                        .also(name.span, "amounts of a currency")
                        .help("write an amount of a currency, such as `0.01m USD`, or a part, such as `0.1%`"),
                );
                continue;
            }
            if let Some((of, _)) = subject(name) {
                into.push(Tolerance { of, limits: limits.clone(), all, span });
            }
        }
    }

    /// An amount that is zero or more, or a part.
    fn limit_of(&mut self, expr: &Expr) -> Option<Limit> {
        let scope = Scope::default();
        let typed = self.typed(expr, &Hint { unit: None, path: "within", scope: &scope })?;
        let Some(number) = constant(&typed.formula).filter(|number| !number.is_negative()) else {
            let message = "a limit is a plain amount of zero or more";
            return self.report.fail(Code::BadValue, expr.span, message, "write it as digits, such as `0.01m USD`");
        };
        let percent = matches!(&expr.kind, ExprKind::Number(_, Some(unit)) if &*unit.num.text == "%");
        Some(if percent { Limit::Relative(number) } else { Limit::Absolute(number, typed.formula.unit) })
    }

    /// One tolerance for each measure.
    fn once_each(&mut self, tolerances: &[Tolerance]) {
        for (at, tolerance) in tolerances.iter().enumerate() {
            let before = tolerances.iter().take(at).find(|other| other.of == tolerance.of);
            if let Some(first) = before {
                let what = match &tolerance.of {
                    Subject::Money => "money",
                    Subject::Measure(name) => name,
                };
                self.report.push(
                    Diagnostic::new(
                        Code::ClauseTwice,
                        tolerance.span,
                        format!("a tolerance for `{what}` is given twice"),
                    )
                    .label("again here")
                    .also(first.span, "first here")
                    .help("keep one"),
                );
            }
        }
    }
}

/// What a tolerance is for; nothing for what is exact anyway.
fn subject(name: &ast::Name) -> Option<(Subject, Span)> {
    match &*name.text {
        word if COUNTED.contains(&word) => None,
        "money" => Some((Subject::Money, name.span)),
        _ => Some((Subject::Measure(name.text.clone()), name.span)),
    }
}

const fn unit(limit: &Limit) -> Option<&Unit> {
    if let Limit::Absolute(_, unit) = limit { Some(unit) } else { None }
}

/// What facts can be of.
const fn item(entity: Entity) -> Option<()> {
    match entity {
        Entity::Assumption(_) | Entity::Counter(_) | Entity::Variable(_) => None,
        _ => Some(()),
    }
}

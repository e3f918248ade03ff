//! Values and their units.

use super::Checker;
use super::assume::Assumed;
use super::symbols::{Entity, Scope, as_assumption, text};
use super::units::shown;
use crate::base::{Code, Diagnostic, Span};
use crate::num::{Fault, Number, Unit};
use crate::syntax::ast::{self, BinaryOp, Expr, ExprKind};
use crate::terms::{AssumptionId, Assumptions, ClassId, Formula, FormulaKind, Support, Value};

/// A value with its unit, and the class if it counts shares of one.
pub(super) struct Typed {
    pub formula: Formula,
    pub class: Option<ClassId>,
}

/// What is known where a value is written.
#[derive(Clone)]
pub(super) struct Hint<'h> {
    /// The unit a bare `undisclosed` takes.
    pub unit: Option<Unit>,
    /// Names an undisclosed term in messages.
    pub path: &'h str,
    pub scope: &'h Scope,
}

/// A place that fixes the unit, with what to say of it.
pub(super) type Because = Option<(Span, String)>;

impl Checker<'_> {
    /// A value in a given unit; an undisclosed one after an error.
    pub(super) fn value(&mut self, expr: &Expr, unit: &Unit, because: Because, hint: &Hint) -> Formula {
        let hint = Hint { unit: Some(unit.clone()), ..hint.clone() };
        let found = self.typed(expr, &hint).filter(|found| self.fits(&found.formula.unit, expr.span, unit, because));
        found.map_or_else(|| Formula::undisclosed(hint.path, unit.clone(), expr.span), |found| found.formula)
    }

    /// Whether a unit is the one needed; otherwise an error with both places.
    pub(super) fn fits(&mut self, found: &Unit, span: Span, needed: &Unit, because: Because) -> bool {
        if found == needed {
            return true;
        }
        let message = format!("{} is needed here, not {}", shown(needed), shown(found));
        let mut error = Diagnostic::new(Code::UnitMismatch, span, message).label(shown(found));
        if let Some((span, text)) = because {
            error = error.also(span, text);
        }
        if found.den.is_none() && found.num.is_some() && found.num == needed.num {
            error = error.help(format!("say per what: `{needed}`"));
        }
        self.report.push(error);
        false
    }

    /// A value; `None` after an error.
    pub(super) fn typed(&mut self, expr: &Expr, hint: &Hint) -> Option<Typed> {
        let span = expr.span;
        let bare = Hint { unit: None, ..hint.clone() };
        match &expr.kind {
            ExprKind::Number(number, unit) => {
                let number = self.literal(*number, unit.as_ref());
                let (unit, class) = match unit {
                    Some(unit) => self.unit(unit, hint.scope)?,
                    None => (Unit::none(), None),
                };
                Some(Typed { formula: Formula::literal(number?, unit, span), class })
            }
            ExprKind::Undisclosed(unit) => self.undisclosed(unit.as_ref(), span, hint),
            ExprKind::Path(path) => self.named(path, hint.scope),
            ExprKind::Paren(inner) => self.typed(inner, hint),
            ExprKind::Supported(inner, support) => {
                let mut found = self.typed(inner, hint);
                let support = self.support(support);
                if let Some(found) = &mut found {
                    merge(&mut found.formula.support, support);
                }
                found
            }
            ExprKind::Neg(inner) => {
                let Typed { formula, class } = self.typed(inner, hint)?;
                let unit = formula.unit.clone();
                Some(Typed { formula: made(FormulaKind::Neg(Box::new(formula)), unit, span), class })
            }
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), a, b) => {
                let (a, b) = (self.typed(a, hint), self.typed(b, hint));
                let verb = if *op == BinaryOp::Add { "add" } else { "subtract" };
                let make = if *op == BinaryOp::Add { FormulaKind::Add } else { FormulaKind::Sub };
                self.alike(a?, b?, verb, span, make)
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.typed(a, &bare), self.typed(b, &bare));
                self.product(*op, a?.formula, b?.formula, span)
            }
            ExprKind::Model(..) => {
                let message = "a model value stands in `fair value` or behind `assume NAME =`";
                self.report.fail(Code::WrongKind, span, message, "name it with `assume`, and the name here")
            }
            ExprKind::Call(name, args) => self.call(name, args, span, hint),
            ExprKind::Fact(_) => {
                let message = "a fact of the run cannot be part of the terms";
                self.report.fail(Code::WrongKind, span, message, "facts can be named in `assert` and in commands")
            }
            ExprKind::Date(_) | ExprKind::OnOrAfter(_) | ExprKind::AtSigning => self.not_a_value(span, "a date"),
            ExprKind::Text(_) => self.not_a_value(span, "a text"),
            ExprKind::Field(..) => self.not_a_value(span, "a field of an event"),
            ExprKind::Compare(..)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Latched(..)
            | ExprKind::Concurrent(_)
            | ExprKind::Attested(_)
            | ExprKind::Reached(..) => self.not_a_value(span, "a condition"),
        }
    }

    fn not_a_value<T>(&mut self, span: Span, what: &str) -> Option<T> {
        self.report.fail(Code::WrongKind, span, format!("a value is needed, not {what}"), format!("{what} stands here"))
    }

    fn undisclosed(&mut self, unit: Option<&ast::UnitLit>, span: Span, hint: &Hint) -> Option<Typed> {
        let (unit, class) = match (unit, &hint.unit) {
            (Some(unit), _) => self.unit(unit, hint.scope)?,
            (None, Some(unit)) => (unit.clone(), None),
            (None, None) => {
                self.report.push(
                    Diagnostic::new(Code::MissingClause, span, "undisclosed in which unit?")
                        .label("the unit is missing")
                        .help("write it behind the word, such as `undisclosed USD/GW`"),
                );
                return None;
            }
        };
        Some(Typed { formula: Formula::undisclosed(hint.path, unit, span), class })
    }

    /// An assumption, or the total of a warrant.
    fn named(&mut self, path: &ast::Path, scope: &Scope) -> Option<Typed> {
        let name = text(path);
        if self.symbols.entity(&name, scope).is_none()
            && let Some(outer) = name.strip_suffix(".total")
            && let Some(Entity::Warrant(id)) = self.symbols.entity(outer, scope)
        {
            return self.total(id, path.span);
        }
        let id = self.symbols.find(path, scope, "value", as_assumption, &mut self.report)?;
        match self.assumed.get(id.index()) {
            Some(Assumed::Value(known)) => {
                let (unit, class) = (known.unit.clone(), known.class);
                Some(Typed { formula: made(FormulaKind::Assumption(id), unit, path.span), class })
            }
            Some(Assumed::Words(declared)) => {
                self.report.push(
                    Diagnostic::new(
                        Code::WrongKind,
                        path.span,
                        format!("`{name}` is an assumption in words, not a value"),
                    )
                    .label("a value is needed here")
                    .also(*declared, "declared without a value")
                    .help(format!("give it one: `assume {name} = …`")),
                );
                None
            }
            Some(Assumed::Failed) | None => None,
        }
    }

    fn total(&mut self, id: crate::terms::WarrantId, span: Span) -> Option<Typed> {
        let Some(warrant) = self.terms.warrants.get(id.index()) else {
            return self.report.fail(
                Code::WrongKind,
                span,
                "a total can be used only in `assert`",
                "not known here yet",
            );
        };
        let sizes = warrant.tranches.iter().filter_map(|t| self.terms.tranches.get(t.index())).map(|t| t.size);
        let sum = Number::sum(sizes).ok()?;
        Some(Typed { formula: Formula::literal(sum, Unit::of("shares"), span), class: Some(warrant.class) })
    }

    /// Both sides in one unit, joined by `make`.
    fn alike(
        &mut self,
        a: Typed,
        b: Typed,
        verb: &str,
        span: Span,
        make: impl FnOnce(Box<Formula>, Box<Formula>) -> FormulaKind,
    ) -> Option<Typed> {
        self.same_unit(&a, &b, verb)?;
        let unit = a.formula.unit.clone();
        let class = a.class.or(b.class);
        Some(Typed { formula: made(make(Box::new(a.formula), Box::new(b.formula)), unit, span), class })
    }

    /// An error with both places unless the units are the same and no two classes of shares are mixed.
    pub(super) fn same_unit(&mut self, a: &Typed, b: &Typed, verb: &str) -> Option<()> {
        let mixed = matches!((a.class, b.class), (Some(x), Some(y)) if x != y);
        if a.formula.unit == b.formula.unit && !mixed {
            return Some(());
        }
        let words = |side: &Typed| if mixed { "shares of one class".to_owned() } else { shown(&side.formula.unit) };
        let (left, right) = (words(a), words(b));
        let message = match mixed {
            true => format!("shares of two classes do not {verb}"),
            false => format!("{left} and {right} do not {verb}"),
        };
        let error =
            Diagnostic::new(Code::UnitMismatch, b.formula.span, message).label(right).also(a.formula.span, left);
        self.report.push(error);
        None
    }

    fn product(&mut self, op: BinaryOp, a: Formula, b: Formula, span: Span) -> Option<Typed> {
        let divides = op == BinaryOp::Div;
        let unit = if divides { a.unit.over(&b.unit) } else { a.unit.times(&b.unit) };
        let Some(unit) = unit else {
            let sign = if divides { "divided by" } else { "times" };
            let message = format!("{} {sign} {} has no unit", shown(&a.unit), shown(&b.unit));
            let error = Diagnostic::new(Code::UnitMismatch, b.span, message).label(shown(&b.unit));
            self.report.push(error.also(a.span, shown(&a.unit)));
            return None;
        };
        let make = if divides { FormulaKind::Div } else { FormulaKind::Mul };
        Some(Typed { formula: made(make(Box::new(a), Box::new(b)), unit, span), class: None })
    }

    fn call(&mut self, name: &ast::Name, args: &[Expr], span: Span, hint: &Hint) -> Option<Typed> {
        let make = match &*name.text {
            "min" => FormulaKind::Min,
            "max" => FormulaKind::Max,
            "close" | "average" => {
                let message = "a price is tested in conditions; it is not a value of the terms";
                return self.report.fail(Code::WrongKind, span, message, "a value is needed here");
            }
            other => return self.report.unknown(Code::UnknownName, (other, name.span), "function", ["min", "max"]),
        };
        let found: Vec<Option<Typed>> = args.iter().map(|arg| self.typed(arg, hint)).collect();
        let mut found = found.into_iter();
        let Some(first) = found.next() else {
            return self.report.fail(Code::BadValue, span, format!("`{}` of nothing", name.text), "give two values");
        };
        found.fold(first, |a, b| self.alike(a?, b?, "compare", span, make))
    }

    /// What a clause or value rests on.
    pub(super) fn support(&mut self, support: &ast::Support) -> Support {
        let mut found = Support::default();
        for citation in &support.citations {
            if let Some(id) = self.symbols.sources.find(&citation.source, "source", &mut self.report) {
                found.citations.push((id, citation.place.as_ref().map(|place| place.text.clone())));
            }
        }
        for name in &support.assumed {
            found.assumed.extend(self.symbols.name(name, "assumption", as_assumption, &mut self.report));
        }
        found
    }

    /// An error if a value is a number below zero.
    pub(super) fn not_negative(&mut self, formula: &Formula, span: Span) {
        if constant(formula).is_some_and(Number::is_negative) {
            self.report.error(Code::BadValue, span, "a price cannot be negative", "below zero");
        }
    }

    /// The value in the base, if it is known.
    pub(super) fn known(&self, formula: &Formula) -> Option<Number> {
        formula.value(&Base(&self.assumed)).ok().and_then(|value| value.known())
    }
}

/// A formula that rests on nothing of its own.
pub(super) fn made(kind: FormulaKind, unit: Unit, span: Span) -> Formula {
    Formula { kind, unit, support: Support::default(), span }
}

/// Adds what is new.
pub(super) fn merge(into: &mut Support, other: Support) {
    into.citations.extend(other.citations.into_iter().filter(|c| !into.citations.contains(c)).collect::<Vec<_>>());
    into.assumed.extend(other.assumed.into_iter().filter(|a| !into.assumed.contains(a)).collect::<Vec<_>>());
}

/// Assumptions with their values in the base.
struct Base<'t>(&'t [Assumed]);

impl Assumptions for Base<'_> {
    fn assumption(&self, id: AssumptionId) -> Result<Value, Fault> {
        let number = match self.0.get(id.index()) {
            Some(Assumed::Value(known)) => known.number,
            _ => None,
        };
        Ok(number.map_or_else(|| Value::missing("?"), Value::Known))
    }

    fn simulates(&self) -> bool {
        false
    }
}

/// Assumptions whose values a formula needs, by position.
pub(super) fn reads(formula: &Formula) -> Vec<usize> {
    let mut found = Vec::new();
    let mut rest: Vec<&Formula> = vec![formula];
    while let Some(formula) = rest.pop() {
        if let FormulaKind::Assumption(id) = formula.kind {
            found.push(id.index());
        }
        rest.extend(operands(formula));
    }
    found
}

/// How deeply a formula is nested, not counting what its assumptions are defined by.
pub(super) fn nesting(formula: &Formula) -> usize {
    1 + operands(formula).into_iter().map(nesting).max().unwrap_or(0)
}

fn operands(formula: &Formula) -> Vec<&Formula> {
    match &formula.kind {
        FormulaKind::Literal(_) | FormulaKind::Undisclosed(_) | FormulaKind::Assumption(_) => Vec::new(),
        FormulaKind::Neg(a) => vec![a],
        FormulaKind::Add(a, b)
        | FormulaKind::Sub(a, b)
        | FormulaKind::Mul(a, b)
        | FormulaKind::Div(a, b)
        | FormulaKind::Min(a, b)
        | FormulaKind::Max(a, b) => vec![a, b],
        FormulaKind::Model(model) => model.inputs.iter().map(|(_, input)| input).collect(),
    }
}

/// The value of a formula that names no assumption.
pub(super) fn constant(formula: &Formula) -> Option<Number> {
    formula.value(&Base(&[])).ok().and_then(|value| value.known())
}

//! Terms that are values: literals, assumptions, undisclosed terms and arithmetic on them.

use std::sync::Arc;

use super::{AssumptionId, Model, Support, Value};
use crate::base::Span;
use crate::num::{Fault, Number, Rounding, Unit};
use crate::time::Date;

/// A value written in a contract. Its units were checked; `unit` is the unit of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// Which.
    pub kind: FormulaKind,
    /// Unit of the result.
    pub unit: Unit,
    /// What it rests on.
    pub support: Support,
    /// Where it is written.
    pub span: Span,
}

/// Kinds of formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormulaKind {
    /// A number as written.
    Literal(Number),
    /// Not public. The path names the term in messages: `amd_openai.penny.T2.price`.
    Undisclosed(Arc<str>),
    /// A named assumption.
    Assumption(AssumptionId),
    /// `-a`
    Neg(Box<Formula>),
    /// `a + b`
    Add(Box<Formula>, Box<Formula>),
    /// `a - b`
    Sub(Box<Formula>, Box<Formula>),
    /// `a * b`
    Mul(Box<Formula>, Box<Formula>),
    /// `a / b`, rounded to 10 places
    Div(Box<Formula>, Box<Formula>),
    /// `min(a, b)`
    Min(Box<Formula>, Box<Formula>),
    /// `max(a, b)`
    Max(Box<Formula>, Box<Formula>),
    /// `black_scholes(spot 11.12 USD/share, …)`
    Model(Box<Model>),
}

/// Where assumption values come from; reading one is how a run learns what it rests on.
pub trait Assumptions {
    /// The value of an assumption in this scenario.
    ///
    /// # Errors
    /// Arithmetic of the assumption's own formula.
    fn assumption(&self, id: AssumptionId) -> Result<Value, Fault>;

    /// Whether models that take long are run.
    fn simulates(&self) -> bool {
        true
    }

    /// An amount in another currency at the rate of the day; missing when there is none.
    ///
    /// # Errors
    /// Overflow.
    fn convert(&self, amount: Number, from: &str, to: &str, date: Date) -> Result<Value, Fault> {
        let same = from == to;
        Ok(if same { Value::Known(amount) } else { Value::missing(format!("rate({from} in {to}) on {date}")) })
    }
}

/// How a division written in a contract is rounded when the clause says nothing.
pub const DIVISION: Rounding = Rounding { places: 10, mode: crate::num::Mode::HalfUp };

impl Formula {
    /// A literal that rests on nothing, for terms made in code.
    #[must_use]
    pub fn literal(number: Number, unit: Unit, span: Span) -> Self {
        Self { kind: FormulaKind::Literal(number), unit, support: Support::default(), span }
    }

    /// An undisclosed term.
    #[must_use]
    pub fn undisclosed(path: impl Into<Arc<str>>, unit: Unit, span: Span) -> Self {
        Self { kind: FormulaKind::Undisclosed(path.into()), unit, support: Support::default(), span }
    }

    /// Its value.
    ///
    /// # Errors
    /// Overflow, an inexact product, or a division by zero.
    pub fn value(&self, assumptions: &impl Assumptions) -> Result<Value, Fault> {
        match &self.kind {
            FormulaKind::Literal(number) => Ok(Value::Known(*number)),
            FormulaKind::Undisclosed(path) => Ok(Value::missing(Arc::clone(path))),
            FormulaKind::Assumption(id) => assumptions.assumption(*id),
            FormulaKind::Neg(a) => a.value(assumptions)?.map(|a| Ok(a.neg())),
            FormulaKind::Add(a, b) => a.value(assumptions)?.plus(b.value(assumptions)?),
            FormulaKind::Sub(a, b) => a.value(assumptions)?.minus(b.value(assumptions)?),
            FormulaKind::Mul(a, b) => a.value(assumptions)?.times(b.value(assumptions)?),
            FormulaKind::Div(a, b) => a.value(assumptions)?.join(b.value(assumptions)?, |a, b| a.over(b, DIVISION)),
            FormulaKind::Min(a, b) => a.value(assumptions)?.join(b.value(assumptions)?, |a, b| Ok(a.min(b))),
            FormulaKind::Max(a, b) => a.value(assumptions)?.join(b.value(assumptions)?, |a, b| Ok(a.max(b))),
            FormulaKind::Model(model) => model.value(assumptions),
        }
    }

    /// Every assumption it names directly, as a value or as what it rests on.
    #[must_use]
    pub fn assumptions(&self) -> Vec<AssumptionId> {
        let mut found = Vec::new();
        self.each(&mut |formula| {
            found.extend(&formula.support.assumed);
            found.extend(formula.named());
        });
        found
    }

    /// Every assumption whose value it needs directly.
    #[must_use]
    pub fn values(&self) -> Vec<AssumptionId> {
        let mut found = Vec::new();
        self.each(&mut |formula| found.extend(formula.named()));
        found
    }

    const fn named(&self) -> Option<AssumptionId> {
        if let FormulaKind::Assumption(id) = self.kind { Some(id) } else { None }
    }

    /// Visits it and all its parts.
    fn each(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        match &self.kind {
            FormulaKind::Literal(_) | FormulaKind::Undisclosed(_) | FormulaKind::Assumption(_) => {}
            FormulaKind::Neg(a) => a.each(visit),
            FormulaKind::Add(a, b)
            | FormulaKind::Sub(a, b)
            | FormulaKind::Mul(a, b)
            | FormulaKind::Div(a, b)
            | FormulaKind::Min(a, b)
            | FormulaKind::Max(a, b) => {
                a.each(visit);
                b.each(visit);
            }
            FormulaKind::Model(model) => model.inputs.iter().for_each(|(_, input)| input.each(visit)),
        }
    }
}

//! Tests: which facts of which run are compared with what was accepted, and how closely.

use std::sync::Arc;

use super::{FactName, PartyId, ScenarioId};
use crate::base::Span;
use crate::num::{Number, Unit};
use crate::time::{Date, PeriodName};

/// A test.
#[derive(Clone, Debug)]
pub struct FactTest {
    /// Its name, and that of its accepted result.
    pub name: Arc<str>,
    /// In words.
    pub title: Option<Arc<str>>,
    /// From left to right; none is the base.
    pub scenarios: Vec<ScenarioId>,
    /// The book all parties keep; `None` is each party's own.
    pub book: Option<Arc<str>>,
    /// What was known by then.
    pub known_by: Option<Date>,
    /// The quarters that touch it; `None` is the whole run.
    pub period: Option<PeriodName>,
    /// Whose; none is everybody's.
    pub entities: Vec<PartyId>,
    /// At least one.
    pub keeps: Vec<Keep>,
    /// How far facts may be from what was accepted; facts of none of them not at all.
    pub tolerances: Vec<Tolerance>,
    /// From which change on a reason is asked for; none is from any.
    pub review: Vec<Limit>,
    /// Its name in the text.
    pub span: Span,
}

/// A part of what is kept.
#[derive(Clone, Debug)]
pub struct Keep {
    /// Which facts.
    pub what: Kept,
    /// Of this contract, or of something in one.
    pub of: Option<Arc<str>>,
    /// Where.
    pub span: Span,
}

/// Which facts are kept.
#[derive(Clone, Debug)]
pub enum Kept {
    /// Every one.
    All,
    /// Those of a measure.
    Measure(Arc<str>),
    /// One, by its name.
    Fact(FactName),
}

/// How far some facts may be from what was accepted.
#[derive(Clone, Debug)]
pub struct Tolerance {
    /// Which facts.
    pub of: Subject,
    /// None at all is exact.
    pub limits: Vec<Limit>,
    /// Whether all limits must be kept; else one is enough.
    pub all: bool,
    /// Where.
    pub span: Span,
}

/// What a tolerance is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Amounts of a currency.
    Money,
    /// Facts of a measure.
    Measure(Arc<str>),
}

/// A limit of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// An amount, in its unit.
    Absolute(Number, Unit),
    /// A part of what was accepted.
    Relative(Number),
}

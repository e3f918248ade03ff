//! Tests: which facts of which run are compared with what was accepted.

use super::{DateLit, Expr, Name, Path, Text};
use crate::base::Span;
use crate::time::PeriodName;

/// `test NAME "title" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// In order of the text.
    pub clauses: Vec<TestClause>,
}

/// A clause of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct TestClause {
    /// Which.
    pub kind: TestClauseKind,
    /// Where.
    pub span: Span,
}

/// The clauses of a test.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "built once, walked in place")]
pub enum TestClauseKind {
    /// `scenario late, strong`
    Scenario(Vec<Name>),
    /// `book us_gaap`
    Book(Name),
    /// `known by 2027-10-20`
    Known(DateLit),
    /// `period 2027-Q3`
    Period(PeriodName),
    /// `entity AMD, OpenAI`
    Entity(Vec<Name>),
    /// `keep revenue, contra_revenue of amd_openai`
    Keep(Vec<Kept>, Option<Path>),
    /// `exact shares`
    Exact(Vec<Name>),
    /// `within 0.01m USD or 0.1% for money`
    Within(Within, Vec<Name>),
    /// `review if change > 5m USD or > 1%`
    Review(Vec<Expr>),
}

/// What is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// `all`: every fact.
    All(Span),
    /// Every fact of a measure.
    Measure(Name),
    /// One fact: `AMD.net_revenue in 2027`.
    Fact(Expr),
}

/// How far a fact may be from what was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Within {
    /// An amount, or a part such as `0.1%`.
    pub first: Expr,
    /// The other of the two, and whether both must hold (`and`) or one is enough (`or`).
    pub second: Option<(bool, Expr)>,
}

//! Covenants, and what a party reports of itself for them.

use super::{DateLit, Expr, Name, Support, Text};
use crate::base::Span;

/// `covenant NAME "title" of PARTY { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Covenant {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// Whose figures are tested.
    pub party: Name,
    /// In order of the text.
    pub clauses: Vec<CovenantClause>,
}

/// A clause of a covenant.
#[derive(Clone, Debug, PartialEq)]
pub struct CovenantClause {
    /// Which.
    pub kind: CovenantClauseKind,
    /// At its end.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// The clauses of a covenant.
#[derive(Clone, Debug, PartialEq)]
pub enum CovenantClauseKind {
    /// `measure ebitda = operating_income + depreciation`
    Measure(Name, Expr),
    /// `test ebitda / net_interest >= 3.0`
    Test(Expr),
    /// `tested on 2026-05-31, 2026-08-31`
    On(Vec<DateLit>),
    /// `tested every quarter from 2026-05-31 to 2031-05-31`
    Every(DateLit, DateLit),
    /// `over 4 quarters`
    Over(i64, Span),
}

/// `reported PARTY PERIOD { … }`, `reported PARTY on DATE { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// Whose.
    pub party: Name,
    /// Movements of a period, or balances of a day.
    pub when: ReportedWhen,
    /// Name and amount, with what they rest on.
    pub amounts: Vec<(Name, Expr)>,
}

/// What a report of a party is about.
#[derive(Clone, Debug, PartialEq)]
pub enum ReportedWhen {
    /// Movements.
    Period(crate::time::PeriodName, Span),
    /// Balances.
    Day(DateLit),
}

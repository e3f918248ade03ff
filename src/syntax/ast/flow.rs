//! Operating lines: what a party receives and pays outside its contracts.

use super::{DateLit, Expr, Name, Standing, Support, Text};
use crate::base::Span;
use crate::time::PeriodName;

/// `flow NAME "title" from PARTY to PARTY { … }`; one of the two may be `others`
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Text,
    /// Who pays.
    pub from: Name,
    /// Who receives.
    pub to: Name,
    /// In order of the text.
    pub clauses: Vec<FlowClause>,
    /// Behind the block.
    pub support: Support,
}

/// A clause of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowClause {
    /// Which.
    pub kind: FlowClauseKind,
    /// At its end.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// The clauses of a flow.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "built once, walked in place")]
pub enum FlowClauseKind {
    /// `2027-Q1 11bn USD`
    Period(PeriodName, Span, Expr),
    /// `5bn USD every month from DATE to DATE growing 2% every quarter`
    Every(Every),
    /// `paid on …`
    Paid(PayDay),
    /// `standing letter of intent`
    Standing(Standing),
    /// `financing`: no receipt or cost of operations
    Financing,
    /// `known DATE`
    Known(DateLit),
    /// `series NAME ["words"] { … }`
    Series(FlowSeries),
}

/// A level that is paid again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Every {
    /// The amount of each payment.
    pub amount: Expr,
    /// `week`, `month`, `quarter`, `year`
    pub step: Name,
    /// First payment.
    pub from: DateLit,
    /// Last day on which one can fall.
    pub to: Option<DateLit>,
    /// `growing 2% every quarter`
    pub growth: Option<(Expr, Name)>,
}

/// The days within a period on which its amount is paid.
#[derive(Clone, Debug, PartialEq)]
pub enum PayDay {
    /// `paid on first day`
    First,
    /// `paid on last day`
    Last,
    /// `paid on day 8 of each month`
    Each(i64, Span),
    /// `paid on day 8 of month 2`: of the second such day in the period
    Of(i64, i64, Span),
}

/// One of several versions of the amounts.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowSeries {
    /// Its name.
    pub name: Name,
    /// In words.
    pub title: Option<Text>,
    /// Amounts, and `known`.
    pub clauses: Vec<FlowClause>,
}

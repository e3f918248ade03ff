//! What a party states about the earnings of a period.

use super::{DateLit, Expr, Name, Path, Support};
use crate::base::Span;

/// `earnings PARTY PERIOD { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Earnings {
    /// A party, or one of its classes.
    pub of: Path,
    /// Which period of the party.
    pub period: crate::time::PeriodName,
    /// Of the period.
    pub span: Span,
    /// In order of the text.
    pub clauses: Vec<EarningsClause>,
}

/// A clause of `earnings`.
#[derive(Clone, Debug, PartialEq)]
pub struct EarningsClause {
    /// Which.
    pub kind: EarningsClauseKind,
    /// Sources and assumptions.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// Kinds of clause of `earnings`.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "built once, walked in place")]
pub enum EarningsClauseKind {
    /// `continuing 49_796k USD`, `net_income …`, `preferred …`, `weighted …`, `average …`: the word and its value
    Stated(&'static str, Expr),
    /// `options NAME 10m shares at 30 USD/share, unrecognised 60m USD from DATE until DATE`, and its relatives
    Security(Security),
    /// `participating NAME 5m shares, dividends 2m USD and losses`
    Participating(Participating),
    /// `gain CONTRACT.WARRANT 5m USD, basic 2m USD`
    Gain(Path, Expr, Option<Expr>),
}

/// A security that takes part in dividends.
#[derive(Clone, Debug, PartialEq)]
pub struct Participating {
    /// Its name.
    pub name: Name,
    /// As how many shares.
    pub shares: Expr,
    /// What was paid on it.
    pub dividends: Option<Expr>,
    /// Whether it shares losses too.
    pub losses: bool,
}

/// A potential share that no contract here describes.
#[derive(Clone, Debug, PartialEq)]
pub struct Security {
    /// `options`, `convertible`, `increment`
    pub kind: &'static str,
    /// Its name.
    pub name: Name,
    /// How many shares.
    pub shares: Expr,
    /// `at STRIKE`
    pub strike: Option<Expr>,
    /// The word and the amount: `unrecognised`, `interest`, `dividends`, `numerator`
    pub amount: Option<(Name, Expr)>,
    /// `principal AMOUNT in cash` or `in either`
    pub principal: Option<(Expr, Name)>,
    /// `from DATE`
    pub from: Option<DateLit>,
    /// `until DATE`
    pub until: Option<DateLit>,
}

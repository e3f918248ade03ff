//! Values and conditions.

use super::{Name, Path, Support, Text};
use crate::base::Span;

/// A value or condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// A unit as written: `USD`, `USD/share`, `days`, `trading days`, `%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLit {
    /// `USD`; `trading days` is the one name of two words, joined by a space; `%` is itself.
    pub num: Name,
    /// `share` of `USD/share`.
    pub den: Option<Name>,
    /// `of AMD.common` after shares.
    pub of: Option<Path>,
}

/// A date as written. The lexer has checked that it is in the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateLit {
    /// `2027-08-20`, or the last day of the month for `~2027-08` and `2027-08`.
    pub date: crate::time::Date,
    /// `~2027-08`: known to the month only.
    pub approximate: bool,
    /// Where.
    pub span: Span,
}

/// Kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `20bn USD/GW`, `20%`, `30 trading days`, `4`. The number is the plain decimal text with `_` removed and
    /// k, m, bn, tn already multiplied out.
    Number(crate::num::Number, Option<UnitLit>),
    /// `undisclosed` or `undisclosed USD/share`
    Undisclosed(Option<UnitLit>),
    /// `2027-08-20`
    Date(DateLit),
    /// `"text"`
    Text(Text),
    /// `gw_price`, `amd_openai.penny.total`, `AMD.common`
    Path(Path),
    /// `close(AMD.common)`, `average(close(AMD.common), 30 trading days)`, `max(a, b)`, `probable(t)`
    Call(Name, Vec<Expr>),
    /// `black_scholes(spot 11.12 USD/share, volatility 66.46%)`: a model with named inputs
    Model(Name, Vec<(Name, Expr)>),
    /// `x.field` after a call or another field, as in `award(x.tranche).carrying`
    Field(Box<Expr>, Name),
    /// `AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap`; `on DATE` gives a one-day period
    Fact(FactPath),
    /// `-x`
    Neg(Box<Expr>),
    /// `a + b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a >= b`
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `a and b and c`
    And(Vec<Expr>),
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `COND latched [since DATE | since signed]`
    Latched(Box<Expr>, Option<Since>),
    /// `COND concurrent`
    Concurrent(Box<Expr>),
    /// `attested technical_commercial`
    Attested(Name),
    /// `on or after 2027-01-01`
    OnOrAfter(DateLit),
    /// `at signing`
    AtSigning,
    /// `T1 vested`, `T1 exercised`: another tranche has reached a stage
    Reached(Path, Name),
    /// A value with what it rests on: `0.01 USD/share @ amd_8k`, `600 USD/share assumed ladder`
    Supported(Box<Expr>, Support),
    /// Parentheses, kept so that text prints back as written
    Paren(Box<Expr>),
}

/// `AMD.contra_revenue[amd_openai.penny.T2] in 2027-Q3 under us_gaap`
#[derive(Clone, Debug, PartialEq)]
pub struct FactPath {
    /// Entity and measure: `AMD.contra_revenue`
    pub head: Path,
    /// `[amd_openai.penny.T2]`
    pub item: Option<Path>,
    /// `in 2027-Q3`, `on 2027-08-20`
    pub period: Option<(crate::time::PeriodName, Span)>,
    /// `under us_gaap`
    pub book: Option<Name>,
}

/// From when a counter counts or a latch listens.
#[derive(Clone, Debug, PartialEq)]
pub enum Since {
    /// `since signed`
    Signed(Span),
    /// `since 2026-01-01`
    Date(DateLit),
}

/// Arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}

/// Comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
}

//! Covenants: named ratios of a party's figures, tested on days against a threshold.

use std::sync::Arc;

use super::{Compare, ContractId, Formula, PartyId, Support};
use crate::base::Span;
use crate::time::{Date, Period};

/// A covenant of a contract.
#[derive(Clone, Debug)]
pub struct Covenant {
    /// `facility.coverage`
    pub path: Arc<str>,
    /// In words.
    pub title: Arc<str>,
    /// Of which contract.
    pub contract: ContractId,
    /// Whose figures are tested.
    pub party: PartyId,
    /// Named sums, each after those it uses.
    pub measures: Vec<(Arc<str>, CovenantExpr)>,
    /// What is tested, or the upper part of a ratio.
    pub numerator: (Arc<str>, CovenantExpr),
    /// The lower part of a ratio.
    pub denominator: Option<(Arc<str>, CovenantExpr)>,
    /// At least, above, at most, below.
    pub compare: Compare,
    /// What it must be: a plain number of a ratio, else an amount.
    pub threshold: Formula,
    /// On which days, in order.
    pub tested: Vec<Date>,
    /// Movements of so many quarters that end by then.
    pub quarters: u8,
    /// What it rests on.
    pub support: Support,
    /// Where.
    pub span: Span,
}

/// An amount made of a party's figures.
#[derive(Clone, Debug)]
pub enum CovenantExpr {
    /// A stated amount or number.
    Value(Formula),
    /// An account of the party's book, a figure it reports, or one of [`FIGURES`].
    Figure(Arc<str>),
    /// A measure of the covenant, by position.
    Measure(usize),
    /// Sum.
    Add(Box<CovenantExpr>, Box<CovenantExpr>),
    /// Difference.
    Sub(Box<CovenantExpr>, Box<CovenantExpr>),
    /// Product.
    Mul(Box<CovenantExpr>, Box<CovenantExpr>),
    /// The smaller of two.
    Min(Box<CovenantExpr>, Box<CovenantExpr>),
    /// The greater of two.
    Max(Box<CovenantExpr>, Box<CovenantExpr>),
}

/// Figures of a party that no book needs to have as an account; whether they are balances.
pub const FIGURES: &[(&str, bool)] = &[
    ("net_income", false),
    ("total_assets", true),
    ("total_liabilities", true),
    ("total_equity", true),
    ("closing_cash", true),
    ("debt_principal", true),
    ("debt_undrawn", true),
    ("debt_carried", true),
    ("lent_principal", true),
];

/// What a party reports of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// Whose.
    pub party: PartyId,
    /// Which days; of balances one day.
    pub period: Period,
    /// Balances, not movements.
    pub balance: bool,
    /// Each by its name.
    pub amounts: Vec<(Arc<str>, Formula)>,
    /// Where.
    pub span: Span,
}

impl CovenantExpr {
    /// The names of figures it reads.
    pub fn figures<'a>(&'a self, found: &mut Vec<&'a Arc<str>>) {
        match self {
            Self::Figure(name) => found.push(name),
            Self::Value(_) | Self::Measure(_) => {}
            Self::Add(a, b) | Self::Sub(a, b) | Self::Mul(a, b) | Self::Min(a, b) | Self::Max(a, b) => {
                a.figures(found);
                b.figures(found);
            }
        }
    }
}

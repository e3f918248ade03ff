//! Earnings of a period as a party states them, and potential shares that no contract describes.

use std::sync::Arc;

use super::{ClassId, Formula};
use crate::base::Span;
use crate::time::{Date, Period};

/// What a party states about a period. All amounts are in its currency and net of tax.
#[derive(Clone, Debug, PartialEq)]
pub struct Earnings {
    /// Per share of which class.
    pub class: ClassId,
    /// Of which days.
    pub period: Period,
    /// Income from continuing operations, the control number of the test for dilution.
    pub continuing: Option<Formula>,
    /// Net income.
    pub net_income: Option<Formula>,
    /// Preferred dividends, declared or accumulated, and what else goes before common shares.
    pub preferred: Option<Formula>,
    /// The basic denominator as reported, shares issuable for little or no consideration included.
    pub weighted: Option<Formula>,
    /// The average price as reported.
    pub average: Option<Formula>,
    /// Potential shares outside the contracts here.
    pub securities: Vec<Security>,
    /// Securities outside the contracts that take part in dividends.
    pub participating: Vec<Participating>,
    /// Gains (losses below zero) from remeasuring liabilities that can be settled in shares.
    pub gains: Vec<Gain>,
    /// Where.
    pub span: Span,
}

/// A gain from remeasurement that is in income.
#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    /// A warrant, a tranche, or the name of a security.
    pub of: Arc<str>,
    /// Of the whole period.
    pub amount: Formula,
    /// The part of it since the shares count in basic.
    pub basic: Option<Formula>,
}

/// A security that takes part in dividends.
#[derive(Clone, Debug, PartialEq)]
pub struct Participating {
    /// Its name.
    pub name: Arc<str>,
    /// As how many shares.
    pub shares: Formula,
    /// What was paid on it, as far as it is not among the preferred dividends.
    pub dividends: Option<Formula>,
    /// Whether it shares losses too.
    pub losses: bool,
}

/// A potential share.
#[derive(Clone, Debug, PartialEq)]
pub struct Security {
    /// Its name.
    pub name: Arc<str>,
    /// How many shares.
    pub shares: Formula,
    /// What becomes of it on conversion.
    pub kind: SecurityKind,
    /// First day outstanding in the period.
    pub from: Option<Date>,
    /// Last day outstanding in the period.
    pub until: Option<Date>,
    /// Where.
    pub span: Span,
}

/// Kinds of potential share, by how they are counted.
#[derive(Clone, Debug, PartialEq)]
pub enum SecurityKind {
    /// Options, warrants and awards: the treasury stock method.
    Options {
        /// Exercise price per share.
        strike: Formula,
        /// Average cost not yet recognised: proceeds as well.
        unrecognised: Option<Formula>,
    },
    /// Convertible debt or preferred shares: the if-converted method.
    Convertible {
        /// Interest net of tax, or dividends: what conversion adds to income.
        saved: Option<Formula>,
        /// Principal that is, or may be, paid in cash.
        principal: Option<(Formula, bool)>,
    },
    /// Incremental shares as reported.
    Increment {
        /// What they add to income.
        numerator: Option<Formula>,
    },
}

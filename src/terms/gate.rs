//! Conditions: what must hold before a tranche is released or cleared.

use std::sync::Arc;

use super::{ClassId, CounterId, Formula, LatchId, PriceMeasureId, TrancheId};
use crate::base::Span;
use crate::time::Date;

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Gate {
    /// All must be met.
    All(Vec<Gate>),
    /// One must be met.
    Any(Vec<Gate>),
    /// Once met on or after `since`, met for ever. Exactly the bracketed or preceding condition is latched.
    Latched {
        /// Its number in the run.
        id: LatchId,
        /// What is latched.
        inner: Box<Gate>,
        /// First day on which meeting it counts.
        since: Option<Date>,
        /// Where.
        span: Span,
    },
    /// A single test.
    Leaf(Leaf),
}

/// A single test.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Which.
    pub test: Test,
    /// As written, on one line.
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// Kinds of test.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A counter against a threshold in its unit.
    Counter(CounterId, Compare, Formula),
    /// A price against a threshold in currency per share.
    Price(PriceMeasureId, Compare, Formula),
    /// The day has come.
    Date(Date),
    /// Someone attested it: `attest TRANCHE NAME`.
    Attested(Arc<str>),
    /// Another tranche has reached a stage.
    Reached(TrancheId, Stage),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
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

impl Compare {
    /// Whether `left op right`, given how they are ordered.
    #[must_use]
    pub const fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::AtLeast => order.is_ge(),
            Self::Above => order.is_gt(),
            Self::AtMost => order.is_le(),
            Self::Below => order.is_lt(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
        }
    }

    /// As written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::Above => ">",
            Self::AtMost => "<=",
            Self::Below => "<",
            Self::Equal => "=",
            Self::NotEqual => "!=",
        }
    }
}

/// What a price test reads: a close, or the average of the last `window` trading days' closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceMeasure {
    /// Of which shares.
    pub class: ClassId,
    /// Trading days; 1 is the close itself.
    pub window: u32,
    /// Whether thresholds move with splits (the instrument `adjusts for splits`).
    pub adjusts: bool,
}

/// Stages of a tranche: *locked → released → cleared → used*, the rest *lapsed*. Each is a quantity in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Not yet released.
    Locked,
    /// Vested (a warrant's word for released).
    Released,
    /// Exercisable.
    Cleared,
    /// Exercised.
    Used,
    /// Gone.
    Lapsed,
}

impl Gate {
    /// Every leaf, from left to right.
    pub fn leaves<'a>(&'a self, into: &mut Vec<&'a Leaf>) {
        match self {
            Self::All(gates) | Self::Any(gates) => gates.iter().for_each(|g| g.leaves(into)),
            Self::Latched { inner, .. } => inner.leaves(into),
            Self::Leaf(leaf) => into.push(leaf),
        }
    }
}

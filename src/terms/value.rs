//! Known or undisclosed, through all arithmetic.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::num::{Fault, Number};

/// A number, or the names of the undisclosed terms it would need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Stated or assumed, and everything it needs is too.
    Known(Number),
    /// What is missing, by path.
    Missing(Arc<BTreeSet<Arc<str>>>),
}

impl Value {
    /// Nothing.
    pub const ZERO: Self = Self::Known(Number::ZERO);

    /// Missing one term.
    #[must_use]
    pub fn missing(path: impl Into<Arc<str>>) -> Self {
        Self::Missing(Arc::new(BTreeSet::from([path.into()])))
    }

    /// The number, if it is known.
    #[must_use]
    pub const fn known(&self) -> Option<Number> {
        match self {
            Self::Known(number) => Some(*number),
            Self::Missing(_) => None,
        }
    }

    /// The known number changed by `f`.
    ///
    /// # Errors
    /// What `f` reports.
    pub fn map(self, f: impl FnOnce(Number) -> Result<Number, Fault>) -> Result<Self, Fault> {
        match self {
            Self::Known(number) => f(number).map(Self::Known),
            missing @ Self::Missing(_) => Ok(missing),
        }
    }

    /// Both numbers joined by `f`; what is missing on either side is missing in the result.
    ///
    /// # Errors
    /// What `f` reports.
    pub fn join(self, other: Self, f: impl FnOnce(Number, Number) -> Result<Number, Fault>) -> Result<Self, Fault> {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) => f(a, b).map(Self::Known),
            (Self::Missing(a), Self::Missing(b)) => Ok(Self::Missing(Arc::new(a.union(&b).cloned().collect()))),
            (missing @ Self::Missing(_), _) | (_, missing @ Self::Missing(_)) => Ok(missing),
        }
    }

    /// Product. Nothing times something undisclosed is nothing.
    ///
    /// # Errors
    /// Overflow or an inexact product.
    pub fn times(self, other: Self) -> Result<Self, Fault> {
        if self == Self::ZERO || other == Self::ZERO {
            return Ok(Self::ZERO);
        }
        self.join(other, Number::times)
    }

    /// Sum.
    ///
    /// # Errors
    /// Overflow.
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        self.join(other, Number::plus)
    }

    /// Difference.
    ///
    /// # Errors
    /// Overflow.
    pub fn minus(self, other: Self) -> Result<Self, Fault> {
        self.join(other, Number::minus)
    }
}

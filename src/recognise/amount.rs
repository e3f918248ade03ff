//! Exact amounts: fractions until the one rounding at the posting.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::num::{Fault, Number, Ratio, Rounding};
use crate::terms::Value;

/// A known fraction, or the undisclosed terms it would need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exact {
    /// Known.
    Known(Ratio),
    /// Missing terms, by path.
    Missing(Arc<BTreeSet<Arc<str>>>),
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self::Known(Ratio::ZERO);
    /// One.
    pub const ONE: Self = Self::Known(Ratio::ONE);

    /// A whole number or decimal.
    ///
    /// # Errors
    /// Overflow.
    pub fn of(number: Number) -> Result<Self, Fault> {
        Ratio::new(number, Number::ONE).map(Self::Known)
    }

    /// From a value of the terms.
    ///
    /// # Errors
    /// Overflow.
    pub fn from_value(value: &Value) -> Result<Self, Fault> {
        match value {
            Value::Known(number) => Self::of(*number),
            Value::Missing(names) => Ok(Self::Missing(names.clone())),
        }
    }

    /// Rounded once.
    ///
    /// # Errors
    /// Overflow.
    pub fn rounded(&self, rounding: Rounding) -> Result<Value, Fault> {
        match self {
            Self::Known(ratio) => ratio.numerator().over(ratio.denominator(), rounding).map(Value::Known),
            Self::Missing(names) => Ok(Value::Missing(names.clone())),
        }
    }

    /// Product; nothing times something undisclosed is nothing.
    ///
    /// # Errors
    /// Overflow.
    pub fn times(self, other: Self) -> Result<Self, Fault> {
        if self == Self::ZERO || other == Self::ZERO {
            return Ok(Self::ZERO);
        }
        self.join(other, Ratio::times)
    }

    /// Sum.
    ///
    /// # Errors
    /// Overflow.
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        self.join(other, |a, b| {
            if a.denominator() == b.denominator() {
                return Ratio::new(a.numerator().plus(b.numerator())?, a.denominator());
            }
            let left = a.numerator().times(b.denominator())?;
            let right = b.numerator().times(a.denominator())?;
            Ratio::new(left.plus(right)?, a.denominator().times(b.denominator())?)
        })
    }

    /// Difference.
    ///
    /// # Errors
    /// Overflow.
    pub fn minus(self, other: Self) -> Result<Self, Fault> {
        let minus_one = Ratio::new(Number::ONE.neg(), Number::ONE)?;
        self.plus(other.times(Self::Known(minus_one))?)
    }

    /// The smaller.
    ///
    /// # Errors
    /// Overflow.
    pub fn min(self, other: Self) -> Result<Self, Fault> {
        self.join(other, |a, b| Ok(a.min(b)))
    }

    /// The larger.
    ///
    /// # Errors
    /// Overflow.
    pub fn max(self, other: Self) -> Result<Self, Fault> {
        self.join(other, |a, b| Ok(a.max(b)))
    }

    fn join(self, other: Self, f: impl FnOnce(Ratio, Ratio) -> Result<Ratio, Fault>) -> Result<Self, Fault> {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) => f(a, b).map(Self::Known),
            (Self::Missing(a), Self::Missing(b)) => Ok(Self::Missing(Arc::new(a.union(&b).cloned().collect()))),
            (missing @ Self::Missing(_), _) | (_, missing @ Self::Missing(_)) => Ok(missing),
        }
    }
}

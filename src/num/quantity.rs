//! Numbers with their units.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Fault, Number, Rounding, Unit};

/// A number of something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quantity {
    /// How many.
    pub number: Number,
    /// Of what.
    pub unit: Unit,
}

/// Why two quantities do not combine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// The units do not add, compare, or combine into a unit.
    UnlikeUnits {
        /// Of the first quantity.
        left: Unit,
        /// Of the second.
        right: Unit,
    },
    /// The numbers have no exact result.
    Fault(Fault),
}

impl Quantity {
    /// A number of something.
    #[must_use]
    pub const fn new(number: Number, unit: Unit) -> Self {
        Self { number, unit }
    }

    /// Sum of like units.
    ///
    /// # Errors
    /// Unlike units, or a fault.
    pub fn plus(&self, other: &Self) -> Result<Self, QuantityError> {
        self.like(other)?;
        Ok(Self::new(self.number.plus(other.number)?, self.unit.clone()))
    }

    /// Difference of like units.
    ///
    /// # Errors
    /// Unlike units, or a fault.
    pub fn minus(&self, other: &Self) -> Result<Self, QuantityError> {
        self.like(other)?;
        Ok(Self::new(self.number.minus(other.number)?, self.unit.clone()))
    }

    /// Product: `3 GW * 20 USD/GW` is `60 USD`.
    ///
    /// # Errors
    /// Units without a product, or a fault.
    pub fn times(&self, other: &Self) -> Result<Self, QuantityError> {
        let unit = self.unit.times(&other.unit).ok_or_else(|| self.unlike(other))?;
        Ok(Self::new(self.number.times(other.number)?, unit))
    }

    /// Quotient: `60 USD over 3 GW` is `20 USD/GW`.
    ///
    /// # Errors
    /// Units without a quotient, or a fault.
    pub fn over(&self, other: &Self, rounding: Rounding) -> Result<Self, QuantityError> {
        let unit = self.unit.over(&other.unit).ok_or_else(|| self.unlike(other))?;
        Ok(Self::new(self.number.over(other.number, rounding)?, unit))
    }

    /// Order of like units.
    ///
    /// # Errors
    /// Unlike units.
    pub fn compare(&self, other: &Self) -> Result<Ordering, QuantityError> {
        self.like(other)?;
        Ok(self.number.cmp(&other.number))
    }

    fn like(&self, other: &Self) -> Result<(), QuantityError> {
        if self.unit == other.unit { Ok(()) } else { Err(self.unlike(other)) }
    }

    fn unlike(&self, other: &Self) -> QuantityError {
        QuantityError::UnlikeUnits { left: self.unit.clone(), right: other.unit.clone() }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unit.is_none() { write!(f, "{}", self.number) } else { write!(f, "{} {}", self.number, self.unit) }
    }
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |unit: &Unit| {
            if unit.is_none() { "a plain number".to_owned() } else { format!("`{unit}`") }
        };
        match self {
            Self::UnlikeUnits { left, right } => {
                write!(f, "{} and {} do not combine", word(left), word(right))
            }
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for QuantityError {}

impl From<Fault> for QuantityError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(number: &str, unit: &str) -> Quantity {
        Quantity::new(Number::parse(number).unwrap(), Unit::parse(unit).unwrap())
    }

    #[test]
    fn money_for_gigawatts() {
        // 0.45 GW at 20bn USD/GW is 9bn USD, and back.
        let price = q("20000000000", "USD/GW");
        assert_eq!(price.to_string(), "20000000000 USD/GW");
        let due = q("0.45", "GW").times(&price).unwrap();
        assert_eq!(due, q("9000000000", "USD"));
        assert_eq!(due.over(&price, Rounding::CENTS), Ok(q("0.45", "GW")));
        assert_eq!(due.plus(&q("1", "USD")), Ok(q("9000000001", "USD")));
        assert_eq!(due.minus(&due), Ok(q("0", "USD")));
        assert_eq!(q("1", "GW").compare(&q("0.99", "GW")), Ok(Ordering::Greater));
        assert_eq!(q("7", "").to_string(), "7");
    }

    #[test]
    fn unlike_units_and_faults() {
        let error = q("1", "USD").plus(&q("1", "EUR")).unwrap_err();
        assert_eq!(error.to_string(), "`USD` and `EUR` do not combine");
        let error = q("1", "USD").compare(&q("1", "")).unwrap_err();
        assert_eq!(error.to_string(), "`USD` and a plain number do not combine");
        assert!(matches!(q("1", "USD").times(&q("1", "GW")), Err(QuantityError::UnlikeUnits { .. })));
        let error = q("1", "USD").over(&q("0", "shares"), Rounding::CENTS).unwrap_err();
        assert_eq!(error, QuantityError::Fault(Fault::DivisionByZero));
    }
}

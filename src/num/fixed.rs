//! Decimals with the places they were written with.

use std::cmp::Ordering;
use std::fmt;

use super::{Fault, Number};

/// Most digits a written number may have, as for [`Number`].
pub const FIXED_DIGITS: usize = 28;

/// An integer over a power of ten that keeps its places: `1.00` and `1` are equal, and print as they were written.
///
/// Accounting programs read precision off the way an amount is written, which [`Number`] forgets. Arithmetic is exact
/// or a [`Fault`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Fixed {
    digits: i128,
    places: u32,
}

impl Fixed {
    /// Nothing, without places.
    pub const ZERO: Self = Self { digits: 0, places: 0 };

    /// `digits / 10^places`.
    #[must_use]
    pub const fn new(digits: i128, places: u32) -> Self {
        Self { digits, places }
    }

    /// Digits after the point.
    #[must_use]
    pub const fn places(self) -> u32 {
        self.places
    }

    /// Whether it is 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Whether it is below 0.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// With its sign changed. A written number has at most 28 digits, so this never overflows.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { digits: self.digits.wrapping_neg(), places: self.places }
    }

    /// Without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        if self.digits < 0 { self.negated() } else { self }
    }

    /// As many tenths of tenths as `places` says.
    fn lifted(self, places: u32) -> Result<i128, Fault> {
        let lift = 10_i128.checked_pow(places.saturating_sub(self.places)).ok_or(Fault::Overflow)?;
        self.digits.checked_mul(lift).ok_or(Fault::Overflow)
    }

    /// Sum, with the places of the finer one.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        let places = self.places.max(other.places);
        let (a, b) = match self.places == other.places {
            true => (self.digits, other.digits),
            false => (self.lifted(places)?, other.lifted(places)?),
        };
        Ok(Self { digits: a.checked_add(b).ok_or(Fault::Overflow)?, places })
    }

    /// Difference, with the places of the finer one.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn minus(self, other: Self) -> Result<Self, Fault> {
        self.plus(other.negated())
    }

    /// Product, with the places of both.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn times(self, other: Self) -> Result<Self, Fault> {
        let digits = self.digits.checked_mul(other.digits).ok_or(Fault::Overflow)?;
        Ok(Self { digits, places: self.places + other.places })
    }

    /// Quotient with so many places, halves to the even neighbour.
    ///
    /// # Errors
    /// `Overflow` or `DivisionByZero`.
    pub fn over(self, other: Self, places: u32) -> Result<Self, Fault> {
        if other.is_zero() {
            return Err(Fault::DivisionByZero);
        }
        let top = Self { digits: self.digits, places: 0 }.lifted(places + other.places)?;
        let bottom = Self { digits: other.digits, places: 0 }.lifted(self.places)?;
        Ok(Self { digits: half_even(top, bottom), places })
    }

    /// With no more than so many places, halves to the even neighbour.
    #[must_use]
    pub fn rounded(self, places: u32) -> Self {
        match 10_i128.checked_pow(self.places.saturating_sub(places)) {
            Some(1) => self,
            Some(unit) => Self { digits: half_even(self.digits, unit), places },
            None => Self { digits: 0, places },
        }
    }

    /// Without zeros at the end of the fraction.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        while self.places > 0 && self.digits % 10 == 0 {
            self = Self { digits: self.digits / 10, places: self.places - 1 };
        }
        self
    }

    /// As a plain number.
    ///
    /// # Errors
    /// `Overflow` or `Inexact` when it does not fit.
    pub fn number(self) -> Result<Number, Fault> {
        Number::from_parts(self.digits, self.places)
    }
}

fn half_even(top: i128, bottom: i128) -> i128 {
    let (whole, rest) = (top / bottom, top % bottom);
    let twice = rest.unsigned_abs().saturating_mul(2);
    let up = match twice.cmp(&bottom.unsigned_abs()) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => whole % 2 != 0,
    };
    match (up, (top < 0) != (bottom < 0)) {
        (false, _) => whole,
        (true, false) => whole + 1,
        (true, true) => whole - 1,
    }
}

impl Ord for Fixed {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.places.max(other.places);
        match (self.lifted(places), other.lifted(places)) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            // The one that does not fit is the larger in size.
            (Err(_), Ok(_)) => self.digits.cmp(&0),
            (Ok(_), Err(_)) => 0.cmp(&other.digits),
            (Err(_), Err(_)) => self.digits.cmp(&other.digits),
        }
    }
}

impl PartialOrd for Fixed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fixed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fixed {}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let size = self.digits.unsigned_abs();
        match 10_u128.checked_pow(self.places) {
            Some(1) => write!(f, "{sign}{size}"),
            Some(unit) => write!(f, "{sign}{}.{:0width$}", size / unit, size % unit, width = self.places as usize),
            None => write!(f, "{sign}{size}e-{}", self.places),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn f(digits: i128, places: u32) -> Fixed {
        Fixed::new(digits, places)
    }

    #[test]
    fn places_are_kept_and_values_compared() {
        assert_eq!(f(100, 2), f(1, 0));
        assert_eq!(f(100, 2).to_string(), "1.00");
        assert_eq!(f(-5, 2).to_string(), "-0.05");
        assert_eq!(f(100, 2).plus(f(5, 1)).unwrap().to_string(), "1.50");
        assert_eq!(f(15, 1).times(f(-20, 1)).unwrap().to_string(), "-3.00");
        assert_eq!(f(1500, 3).trimmed().to_string(), "1.5");
        assert!(f(-1, 0) < f(1, 28) && f(2, 0) > f(19, 1));
        assert_eq!(f(1, 2).number().unwrap(), Number::parse("0.01").unwrap());
        assert_eq!(f(i128::MAX, 0).plus(f(1, 0)), Err(Fault::Overflow));
        assert!(f(i128::MAX / 10, 0) > f(1, 28) && f(i128::MIN / 10, 0) < f(1, 28));
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (digits, rounded) in [(25, "2"), (35, "4"), (-25, "-2"), (-35, "-4"), (26, "3"), (-24, "-2")] {
            assert_eq!(f(digits, 1).rounded(0).to_string(), rounded);
        }
        assert_eq!(f(100, 0).over(f(3, 0), 4).unwrap().to_string(), "33.3333");
        assert_eq!(f(-1, 0).over(f(8, 1), 1).unwrap().to_string(), "-1.2");
        assert_eq!(f(1, 0).over(Fixed::ZERO, 1), Err(Fault::DivisionByZero));
        assert_eq!(f(1, 40).rounded(0), Fixed::ZERO);
    }
}

//! Exact fractions.

use std::cmp::Ordering;
use std::fmt;

use super::wide::Wide;
use super::{Fault, Number, Rounding};

/// An exact fraction, such as a split of 3 for 2 or a third of a tranche.
///
/// Kept in lowest terms: coprime whole numbers, the denominator positive. So equal fractions are equal values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    num: Number,
    den: Number,
}

impl Ratio {
    /// 1/1.
    pub const ONE: Self = Self { num: Number::ONE, den: Number::ONE };
    /// 0/1.
    pub const ZERO: Self = Self { num: Number::ZERO, den: Number::ONE };

    /// `num / den`; decimals are cleared, so 0.5 over 1.5 is 1/3.
    ///
    /// # Errors
    /// Division by zero; `Overflow` when clearing decimals needs more digits than a number has.
    pub fn new(num: Number, den: Number) -> Result<Self, Fault> {
        if den.is_zero() {
            return Err(Fault::DivisionByZero);
        }
        if den == Number::ONE && num.is_integer() {
            return Ok(Self { num, den });
        }
        let whole = |n: Number| {
            let lift = 10_u128.checked_pow(num.scale().max(den.scale()) - n.scale())?;
            n.magnitude().checked_mul(lift)
        };
        let (top, bottom) = whole(num).zip(whole(den)).ok_or(Fault::Overflow)?;
        let common = gcd(top, bottom);
        let negative = num.is_negative() ^ den.is_negative();
        let number = |magnitude: u128, negative: bool| {
            let reduced = magnitude.checked_div(common).unwrap_or(magnitude);
            Number::from_wide(negative, Wide::from(reduced), 0)
        };
        Ok(Self { num: number(top, negative)?, den: number(bottom, false)? })
    }

    /// Above the line; carries the sign.
    #[must_use]
    pub fn numerator(self) -> Number {
        self.num
    }

    /// Below the line; positive.
    #[must_use]
    pub fn denominator(self) -> Number {
        self.den
    }

    /// Product.
    ///
    /// # Errors
    /// `Overflow` when the reduced product does not fit.
    pub fn times(self, other: Self) -> Result<Self, Fault> {
        if self.den == Number::ONE && other.den == Number::ONE {
            return Ok(Self { num: self.num.times(other.num)?, den: Number::ONE });
        }
        // Reduce crosswise first: then the products are already in lowest terms.
        let left = Self::new(self.num, other.den)?;
        let right = Self::new(other.num, self.den)?;
        Ok(Self { num: left.num.times(right.num)?, den: left.den.times(right.den)? })
    }

    /// Quotient.
    ///
    /// # Errors
    /// Division by zero; `Overflow` when the reduced quotient does not fit.
    pub fn over(self, other: Self) -> Result<Self, Fault> {
        Self::new(self.num.times(other.den)?, self.den.times(other.num)?)
    }

    /// `number * self`, rounded once.
    ///
    /// # Errors
    /// As for [`Number::ratio_of`].
    pub fn apply(self, number: Number, rounding: Rounding) -> Result<Number, Fault> {
        number.ratio_of(self.num, self.den, rounding)
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let (negative, other_negative) = (self.num.is_negative(), other.num.is_negative());
        if negative != other_negative {
            return other_negative.cmp(&negative);
        }
        let left = Wide::product(self.num.magnitude(), other.den.magnitude());
        let right = Wide::product(other.num.magnitude(), self.den.magnitude());
        if negative { right.cmp(&left) } else { left.cmp(&right) }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        // Half as wide is many times as fast, and nearly always enough.
        if let (Ok(low), Ok(high)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(gcd_u64(low, high));
        }
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a
}

fn gcd_u64(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r(num: &str, den: &str) -> Ratio {
        Ratio::new(Number::parse(num).unwrap(), Number::parse(den).unwrap()).unwrap()
    }

    #[test]
    fn lowest_terms() {
        assert_eq!(r("6", "-4").to_string(), "-3/2");
        assert_eq!(r("0.5", "1.5"), r("1", "3"));
        assert_eq!(r("0", "-7"), Ratio::ZERO);
        assert_eq!(Ratio::new(Number::ONE, Number::ZERO), Err(Fault::DivisionByZero));
    }

    #[test]
    fn products_and_use() {
        // A third three times is the whole, which decimals cannot say.
        let third = r("1", "3");
        assert_eq!(third.times(r("3", "1")), Ok(Ratio::ONE));
        assert_eq!(
            third.apply(Number::from_int(100), Rounding::CENTS),
            Number::parse("33.33").map_err(|_| Fault::Inexact)
        );
        // 10-for-1 then 4-for-1 is 40-for-1.
        assert_eq!(r("10", "1").times(r("4", "1")), Ok(r("40", "1")));
        let big = "9999999999999999999999999999";
        assert_eq!(r(big, "7").times(r("7", big)), Ok(Ratio::ONE));
    }

    #[test]
    fn order_by_cross_multiplication() {
        assert!(r("1", "3") > r("0.3333333333333333333333333333", "1"));
        assert!(r("-1", "3") < r("-1", "4"));
        assert!(r("-1", "3") < Ratio::ZERO && Ratio::ZERO < r("1", "9"));
        assert_eq!(r("2", "6").cmp(&r("1", "3")), Ordering::Equal);
    }
}

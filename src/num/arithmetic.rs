//! Sums and products: exact, or a fault.

use super::Fault;
use super::number::Number;
use super::wide::Wide;

impl Number {
    /// Sum.
    ///
    /// # Errors
    /// `Overflow`, or `Inexact` when the sum has too many digits.
    pub fn plus(self, other: Self) -> Result<Self, Fault> {
        let (a, b) = if self.scale() <= other.scale() { (self, other) } else { (other, self) };
        let aligned = 10_i128
            .checked_pow(b.scale() - a.scale())
            .and_then(|lift| a.mantissa().checked_mul(lift))
            .and_then(|mantissa| mantissa.checked_add(b.mantissa()));
        // Past 127 bits nothing cancels: the last digit of the finer number stands, and `a` alone is too long.
        aligned.map_or(Err(Fault::Inexact), |sum| Self::from_parts(sum, b.scale()))
    }

    /// Difference.
    ///
    /// # Errors
    /// As for [`Number::plus`].
    pub fn minus(self, other: Self) -> Result<Self, Fault> {
        self.plus(other.neg())
    }

    /// Product.
    ///
    /// # Errors
    /// `Overflow`, or `Inexact` when the product has too many digits.
    pub fn times(self, other: Self) -> Result<Self, Fault> {
        let scale = self.scale() + other.scale();
        match self.mantissa().checked_mul(other.mantissa()) {
            Some(product) => Self::from_parts(product, scale),
            None => {
                let negative = self.is_negative() ^ other.is_negative();
                Self::from_wide(negative, Wide::product(self.magnitude(), other.magnitude()), scale)
            }
        }
    }

    /// The sum of many; 0 for none.
    ///
    /// # Errors
    /// As for [`Number::plus`].
    pub fn sum(numbers: impl IntoIterator<Item = Self>) -> Result<Self, Fault> {
        numbers.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    const MAX: &str = "79228162514264337593543950335";

    fn max() -> Number {
        Number::from_parts(MAX.parse().unwrap(), 0).unwrap()
    }

    #[test]
    fn sums_are_exact_or_a_fault() {
        assert_eq!(n("0.1").plus(n("0.2")), Ok(n("0.3")));
        assert_eq!(max().plus(Number::ONE), Err(Fault::Overflow));
        assert_eq!(max().neg().minus(Number::ONE), Err(Fault::Overflow));
        // rust_decimal drops the 0.4 and the 1e-28 in silence.
        assert_eq!(max().plus(n("0.4")), Err(Fault::Inexact));
        assert_eq!(max().plus(n("0.0000000000000000000000000001")), Err(Fault::Inexact));
        // 2^96 - 1 tenths plus 1 tenth is 2^96 tenths, which ends in 6; plus 5 tenths ends in 0 and fits again.
        let tenths = Number::from_parts(MAX.parse().unwrap(), 1).unwrap();
        assert_eq!(tenths.plus(n("0.1")), Err(Fault::Inexact));
        assert_eq!(tenths.plus(n("0.5")).unwrap().to_string(), "7922816251426433759354395034");
        assert_eq!(Number::sum([n("1"), n("0.5"), n("-2")]), Ok(n("-0.5")));
    }

    #[test]
    fn products_are_exact_or_a_fault() {
        assert_eq!(n("1711.35").times(n("-2")), Ok(n("-3422.7")));
        let tiny = n("0.0000000000000000000000000001");
        assert_eq!(tiny.times(n("0.1")), Err(Fault::Inexact));
        assert_eq!(tiny.times(tiny), Err(Fault::Inexact));
        assert_eq!(max().times(n("0.5")), Err(Fault::Inexact));
        assert_eq!(max().times(n("2")), Err(Fault::Overflow));
        assert_eq!(max().times(max()), Err(Fault::Overflow));
        assert_eq!(n("-5000000000000000000000000000").times(n("0.0000000000000000000000000002")), Ok(n("-1")));
        // Products past 128 bits: those that end in zeros fit again, the others do not.
        assert_eq!(n("1000000000000000000000000000").times(n("0.000000000000000000000000001")), Ok(Number::ONE));
        assert_eq!(n("1234567890123456789000000000").times(n("0.1000000000000000001")).unwrap_err(), Fault::Inexact);
        assert_eq!(
            n("1000000000000000000000000000").times(n("1.00000000000001")).unwrap().to_string(),
            "1000000000000010000000000000"
        );
    }
}

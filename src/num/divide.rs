//! The one division: the true quotient, rounded once.

use super::number::{MAX_PLACES, Number};
use super::rounding::Rest;
use super::wide::Wide;
use super::{Fault, Rounding};

impl Number {
    /// `self / divisor`, rounded once from the true quotient.
    ///
    /// # Errors
    /// Division by zero; `Inexact` when so many places do not fit; `Overflow`.
    pub fn over(self, divisor: Self, rounding: Rounding) -> Result<Self, Fault> {
        self.ratio_of(Self::ONE, divisor, rounding)
    }

    /// `self * numerator / denominator`, rounded once from the true value.
    ///
    /// # Errors
    /// As for [`Number::over`].
    pub fn ratio_of(self, numerator: Self, denominator: Self, rounding: Rounding) -> Result<Self, Fault> {
        if denominator.is_zero() {
            return Err(Fault::DivisionByZero);
        }
        let places = rounding.places.min(MAX_PLACES);
        let negative = self.is_negative() ^ numerator.is_negative() ^ denominator.is_negative();
        let product = Wide::product(self.magnitude(), numerator.magnitude());
        let divisor = Wide::from(denominator.magnitude());
        // Scale so that the integer quotient counts units of the last kept place.
        let gain = places + denominator.scale();
        let loss = self.scale() + numerator.scale();
        let dividend = product.times_ten_to(gain.saturating_sub(loss)).ok_or(Fault::Overflow)?;
        let (quotient, rest) = match divisor.times_ten_to(loss.saturating_sub(gain)) {
            Some(divisor) => divided(dividend, divisor)?,
            // The divisor passes 2^256 and the dividend is below 2^192: nearly nothing is left.
            None if dividend == Wide::ZERO => (Wide::ZERO, Rest::Nothing),
            None => (Wide::ZERO, Rest::BelowHalf),
        };
        let rounded = if rounding.mode.away_from_zero(negative, quotient.is_odd(), rest) {
            quotient.plus_one().ok_or(Fault::Overflow)?
        } else {
            quotient
        };
        Self::from_wide(negative, rounded, places)
    }
}

fn divided(dividend: Wide, divisor: Wide) -> Result<(Wide, Rest), Fault> {
    let (quotient, rest) = dividend.div_rem(divisor).ok_or(Fault::DivisionByZero)?;
    if rest == Wide::ZERO {
        return Ok((quotient, Rest::Nothing));
    }
    let rest = match rest.cmp(&divisor.minus(rest)) {
        std::cmp::Ordering::Less => Rest::BelowHalf,
        std::cmp::Ordering::Equal => Rest::Half,
        std::cmp::Ordering::Greater => Rest::AboveHalf,
    };
    Ok((quotient, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::Mode;
    use proptest::prelude::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    fn over(a: &str, b: &str, places: u32, mode: Mode) -> String {
        n(a).over(n(b), Rounding { places, mode }).unwrap().to_string()
    }

    #[test]
    fn division_rounds_as_told() {
        assert_eq!(over("2", "3", 2, Mode::HalfUp), "0.67");
        assert_eq!(over("2", "3", 2, Mode::Down), "0.66");
        assert_eq!(over("-2", "3", 2, Mode::Down), "-0.66");
        assert_eq!(over("-2", "3", 2, Mode::Floor), "-0.67");
        assert_eq!(over("-2", "3", 2, Mode::Ceiling), "-0.66");
        assert_eq!(over("1", "3", 2, Mode::Up), "0.34");
        // 0.125 and 0.375 lie half way: away from zero, or to the even digit.
        assert_eq!(over("1", "8", 2, Mode::HalfUp), "0.13");
        assert_eq!(over("1", "8", 2, Mode::HalfEven), "0.12");
        assert_eq!(over("3", "8", 2, Mode::HalfEven), "0.38");
        assert_eq!(over("-1", "8", 2, Mode::HalfUp), "-0.13");
        assert_eq!(over("1", "0.01", 0, Mode::Down), "100");
        assert_eq!(over("-1", "1000", 2, Mode::HalfUp), "0");
        assert_eq!(over("1", "3", 99, Mode::Down), "0.3333333333333333333333333333");
    }

    #[test]
    fn the_true_quotient_is_rounded_not_a_prerounded_one() {
        // 1 / 1.999...9 (28 nines) = 0.5 + 2.5e-29: above half, while a quotient of 28 places is half and goes to 0.
        let nearly_two = Number::from_parts(19_999_999_999_999_999_999_999_999_999, 28).unwrap();
        let half_even = Rounding::new(0, Mode::HalfEven);
        assert_eq!(Number::ONE.over(nearly_two, half_even), Ok(Number::ONE));
        // 0.4999... with 28 nines stays below half.
        assert_eq!(over("0.4999999999999999999999999999", "1", 0, Mode::HalfUp), "0");
        // Tiny over huge is nearly nothing, yet not nothing.
        assert_eq!(
            over("0.0000000000000000000000000001", "9999999999999999999999999999", 28, Mode::Up),
            "0.0000000000000000000000000001"
        );
    }

    #[test]
    fn a_ratio_is_rounded_once() {
        // 100 * 2/3 = 66.67; a third rounded first would give 66.66.
        let third = n("100").ratio_of(n("2"), n("3"), Rounding::CENTS);
        assert_eq!(third, Ok(n("66.67")));
        // Product of 40 digits over its own factor is exact again.
        let big = n("12345678901234567890.12345678");
        assert_eq!(big.ratio_of(big, big, Rounding { places: 8, mode: Mode::Down }), Ok(big));
        // The scaled divisor passes 2^256: (1e-28 * 1e-28) / 1e28, rounded up to the last place.
        let tiny = n("0.0000000000000000000000000001");
        let huge = n("9999999999999999999999999999");
        assert_eq!(tiny.ratio_of(tiny, huge, Rounding { places: 0, mode: Mode::Up }), Ok(Number::ONE));
        assert_eq!(tiny.ratio_of(Number::ZERO, huge, Rounding { places: 0, mode: Mode::Up }), Ok(Number::ZERO));
    }

    #[test]
    fn faults_of_division() {
        assert_eq!(n("1").over(Number::ZERO, Rounding::CENTS), Err(Fault::DivisionByZero));
        let tiny = n("0.0000000000000000000000000001");
        let huge = n("9999999999999999999999999999");
        assert_eq!(huge.over(tiny, Rounding::CENTS), Err(Fault::Overflow));
        assert_eq!(huge.ratio_of(huge, tiny, Rounding::CENTS), Err(Fault::Overflow));
        // 20 digits before the point leave room for 8 behind it.
        let wide = n("99999999999999999999").over(n("7"), Rounding { places: 28, mode: Mode::Down });
        assert_eq!(wide, Err(Fault::Inexact));
        // An exact quotient fits whatever places are asked for.
        let even = n("99999999999999999998").over(n("2"), Rounding { places: 28, mode: Mode::Down });
        assert_eq!(even, Ok(n("49999999999999999999")));
    }

    proptest! {
        #[test]
        fn floor_and_ceiling_enclose(a in any::<i32>(), b in 1..i32::MAX, places in 0..6_u32) {
            let (a, b) = (Number::from_int(a.into()), Number::from_int(b.into()));
            let low = a.over(b, Rounding { places, mode: Mode::Floor }).unwrap();
            let high = a.over(b, Rounding { places, mode: Mode::Ceiling }).unwrap();
            prop_assert!(low.times(b).unwrap() <= a && a <= high.times(b).unwrap());
            let near = a.over(b, Rounding { places, mode: Mode::HalfUp }).unwrap();
            prop_assert!(near == low || near == high);
        }

        #[test]
        fn dividing_by_one_is_rounding(m in any::<i64>(), scale in 0..12_u32, places in 0..12_u32) {
            let number = Number::from_parts(m.into(), scale).unwrap();
            for mode in [Mode::HalfUp, Mode::HalfEven, Mode::Down, Mode::Up, Mode::Floor, Mode::Ceiling] {
                let rounding = Rounding { places, mode };
                prop_assert_eq!(number.over(Number::ONE, rounding), Ok(number.round(rounding)));
            }
        }
    }
}

//! Exact decimal numbers.

use std::fmt;

use rust_decimal::Decimal;

use super::Fault;
use super::wide::Wide;

/// Most decimal places a number has.
pub(super) const MAX_PLACES: u32 = Decimal::MAX_SCALE;
const MAX_MAGNITUDE: u128 = (1 << 96) - 1;

/// An exact decimal number: 96 bits of digits, up to 28 of them after the point.
///
/// Always normalised (`1.00` is `1`, there is no `-0`), so equal numbers print alike. Arithmetic is exact or a
/// [`Fault`]; only [`Number::over`], [`Number::ratio_of`] and [`Number::round`] drop digits, as told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(pub(super) Decimal);

impl Number {
    /// 0.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// 1.
    pub const ONE: Self = Self(Decimal::ONE);

    /// A whole number.
    #[must_use]
    pub fn from_int(whole: i64) -> Self {
        Self(Decimal::from(whole))
    }

    /// `mantissa / 10^scale`.
    ///
    /// # Errors
    /// `Overflow` or `Inexact` when it does not fit.
    pub fn from_parts(mantissa: i128, scale: u32) -> Result<Self, Fault> {
        Decimal::try_from_i128_with_scale(mantissa, scale).map_or_else(
            |_| Self::from_wide(mantissa < 0, Wide::from(mantissa.unsigned_abs()), scale),
            |decimal| Ok(Self(decimal.normalize())),
        )
    }

    /// `magnitude / 10^scale` with its sign, dropping zeros at the end until it fits.
    pub(super) fn from_wide(negative: bool, magnitude: Wide, scale: u32) -> Result<Self, Fault> {
        if magnitude == Wide::ZERO {
            return Ok(Self::ZERO);
        }
        let (mut digits, mut places) = (magnitude, scale);
        let limit = Wide::from(MAX_MAGNITUDE);
        while places > 0 && (digits > limit || places > MAX_PLACES) {
            let Some((tenth, Wide::ZERO)) = digits.div_rem(Wide::from(10)) else {
                break;
            };
            (digits, places) = (tenth, places - 1);
        }
        let fitting = digits.to_u128().and_then(|d| i128::try_from(d).ok());
        let fitting = fitting.map(|d| if negative { -d } else { d });
        match fitting.and_then(|d| Decimal::try_from_i128_with_scale(d, places).ok()) {
            Some(decimal) => Ok(Self(decimal.normalize())),
            None => Err(misfit(digits, places)),
        }
    }

    /// The number with its sign changed.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "arithmetic here is by named methods, never by operator")]
    pub fn neg(self) -> Self {
        if self.is_zero() { self } else { Self(-self.0) }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The number, or 0 if it is negative.
    #[must_use]
    pub fn clamp_zero(self) -> Self {
        self.max(Self::ZERO)
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is below 0.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() // there is no -0
    }

    /// Whether it is above 0.
    #[must_use]
    pub fn is_positive(self) -> bool {
        !self.is_zero() && !self.is_negative()
    }

    /// Whether nothing stands after the point.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.scale() == 0
    }

    /// The value as an integer, if it is one and fits.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        self.is_integer().then(|| i64::try_from(self.mantissa()).ok())?
    }

    /// Decimal places in use: 2 for `1711.35`, 0 for `1.00`.
    #[must_use]
    pub fn scale(self) -> u32 {
        self.0.scale()
    }

    /// With commas between groups of three digits before the point: `-1,234.5`, for sentences.
    #[must_use]
    pub fn grouped(self) -> String {
        let text = self.abs().to_string();
        let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
        let mut out = String::from(if self.is_negative() { "-" } else { "" });
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        if let Some(fraction) = fraction {
            out.push('.');
            out.push_str(fraction);
        }
        out
    }

    pub(super) fn mantissa(self) -> i128 {
        self.0.mantissa()
    }

    pub(super) fn magnitude(self) -> u128 {
        self.mantissa().unsigned_abs()
    }
}

/// Which fault it is that these digits do not fit: too large, or too fine.
fn misfit(digits: Wide, places: u32) -> Fault {
    let too_large = Wide::from(MAX_MAGNITUDE + 1).times_ten_to(places);
    if too_large.is_some_and(|limit| digits >= limit) { Fault::Overflow } else { Fault::Inexact }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self::from_int(whole)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::{Mode, Rounding};
    use proptest::prelude::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    const MAX: &str = "79228162514264337593543950335";

    fn max() -> Number {
        Number::from_parts(MAX.parse().unwrap(), 0).unwrap()
    }

    #[test]
    fn numbers_are_normalised() {
        assert_eq!(n("1.00"), Number::ONE);
        assert_eq!(n("1.00").to_string(), "1");
        assert_eq!(n("1.5").minus(n("1.5")).unwrap().to_string(), "0");
        assert_eq!(Number::ZERO.neg().to_string(), "0");
        assert_eq!(n("-0.004").round(Rounding::CENTS).to_string(), "0");
        assert_eq!(n("2.5").times(n("0.4")).unwrap().scale(), 0);
        assert_eq!(Number::default(), Number::ZERO);
        assert!(!n("-0").is_negative());
        assert_eq!(Number::from_parts(0, u32::MAX), Ok(Number::ZERO));
        assert_eq!(Number::from_parts(10_i128.pow(30), 30), Ok(Number::ONE));
        assert_eq!(Number::from_parts(1, 29), Err(Fault::Inexact));
    }

    #[test]
    fn digits_in_groups() {
        for (number, shown) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("-1234567.1234", "-1,234,567.1234"),
            ("-100", "-100"),
            ("0.00001", "0.00001"),
        ] {
            assert_eq!(n(number).grouped(), shown);
        }
    }

    #[test]
    fn integers_and_signs() {
        assert_eq!(n("7.0").to_i64(), Some(7));
        assert_eq!(n("7.1").to_i64(), None);
        assert_eq!(max().to_i64(), None);
        assert_eq!(Number::from_int(i64::MIN).to_i64(), Some(i64::MIN));
        assert_eq!(n("-3").abs(), n("3"));
        assert_eq!(n("-3").clamp_zero(), Number::ZERO);
        assert!(n("-3") < n("-2.99") && n("0.1").is_positive());
        assert_eq!(n("2").max(n("10")), n("10"));
    }

    proptest! {
        #[test]
        fn order_is_exact(a in 0..=i128::MAX, b in 0..=i128::MAX, s in 0..=28_u32, t in 0..=28_u32, near in any::<bool>()) {
            // 128-bit draws are cut to the 95 bits that always fit.
            let a = Number::from_parts(a >> 32, s).unwrap();
            let b = if near { a.round(Rounding::new(s / 2, Mode::Up)) } else { Number::from_parts(b >> 32, t).unwrap() };
            let digits = |n: Number| Wide::from(n.magnitude()).times_ten_to(MAX_PLACES - n.scale()).unwrap();
            prop_assert_eq!(a.cmp(&b), digits(a).cmp(&digits(b)));
            prop_assert_eq!(a.neg().cmp(&b.neg()), digits(b).cmp(&digits(a)));
        }
    }
}

//! Dropping digits as told.

use rust_decimal::RoundingStrategy;

use super::number::Number;
use super::{Mode, Rounding};

impl Number {
    /// The largest whole number not above it.
    #[must_use]
    pub fn floor(self) -> Self {
        self.round(Rounding::new(0, Mode::Floor))
    }

    /// The number with no more than so many places.
    #[must_use]
    pub fn round(self, rounding: Rounding) -> Self {
        let strategy = match rounding.mode {
            Mode::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Mode::HalfEven => RoundingStrategy::MidpointNearestEven,
            Mode::Down => RoundingStrategy::ToZero,
            Mode::Up => RoundingStrategy::AwayFromZero,
            Mode::Floor => RoundingStrategy::ToNegativeInfinity,
            Mode::Ceiling => RoundingStrategy::ToPositiveInfinity,
        };
        Self(self.0.round_dp_with_strategy(rounding.places, strategy).normalize())
    }

    /// The number printed with exactly so many places, halves away from zero; for display only.
    #[must_use]
    pub fn to_fixed(self, places: u32) -> String {
        let rounded = self.round(Rounding::new(places, Mode::HalfUp));
        let point = if rounded.is_integer() && places > 0 { "." } else { "" };
        let zeros = "0".repeat(places.saturating_sub(rounded.scale()) as usize);
        format!("{rounded}{point}{zeros}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn rounding_by_mode() {
        let modes = [Mode::HalfUp, Mode::HalfEven, Mode::Down, Mode::Up, Mode::Floor, Mode::Ceiling];
        let row = |text: &str| modes.map(|mode| n(text).round(Rounding { places: 2, mode }).to_string());
        assert_eq!(row("2.345"), ["2.35", "2.34", "2.34", "2.35", "2.34", "2.35"]);
        assert_eq!(row("-2.345"), ["-2.35", "-2.34", "-2.34", "-2.35", "-2.35", "-2.34"]);
        assert_eq!(row("2.3"), ["2.3"; 6]);
        assert_eq!(n("-0.5").floor(), n("-1"));
        assert_eq!(n("26666666.67").round(Rounding::WHOLE_DOWN), n("26666666"));
        assert_eq!(n("0.5").round(Rounding::WHOLE_HALF_UP), Number::ONE);
    }

    #[test]
    fn fixed_places_for_display() {
        assert_eq!(n("1711.345").to_fixed(2), "1711.35");
        assert_eq!(n("5").to_fixed(2), "5.00");
        assert_eq!(n("-0.5").to_fixed(2), "-0.50");
        assert_eq!(n("-0.001").to_fixed(2), "0.00");
        assert_eq!(n("2.5").to_fixed(0), "3");
    }
}

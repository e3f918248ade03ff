//! Days as fractions of a year.

use crate::num::{Fault, Mode, Number, Rounding};
use crate::time::Date;

/// How days become years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearBasis {
    /// Actual days over 365, leap years or not: "Actual/365 (Fixed)" of the ISDA Definitions.
    Act365,
    /// Actual days over 365.25: the terms that companies publish.
    Act36525,
}

impl YearBasis {
    /// All, as they are written.
    pub const ALL: &'static [(Self, &'static str)] = &[(Self::Act365, "act_365"), (Self::Act36525, "act_365_25")];

    /// Years from one day to another, to ten places; negative if it is earlier.
    ///
    /// # Errors
    /// None that days of the calendar can cause.
    pub fn years(self, from: Date, to: Date) -> Result<Number, Fault> {
        let hundredths = if self == Self::Act365 { 36_500 } else { 36_525 };
        let days = Number::from_int(from.days_until(to)).times(Number::from_int(100))?;
        days.over(Number::from_int(hundredths), Rounding::new(10, Mode::HalfUp))
    }
}

#[cfg(test)]
mod tests {
    use super::YearBasis;
    use crate::num::{Number, Rounding};
    use crate::time::Date;

    fn years(basis: YearBasis, from: &str, to: &str) -> Number {
        basis.years(Date::parse(from).unwrap(), Date::parse(to).unwrap()).unwrap()
    }

    /// Plug Power's warrant of 4 April 2017 runs ten years. Its reports for 30 September 2017 and 31 March 2018 state remaining
    /// terms of 9.51 and 9.01, and 9.30 for the warrant of 20 July 2017: 3,473, 3,291 and 3,398 days.
    #[test]
    fn published_terms() {
        for (from, to, term) in [
            ("2017-09-30", "2027-04-04", "9.51"),
            ("2018-03-31", "2027-04-04", "9.01"),
            ("2018-03-31", "2027-07-20", "9.3"),
        ] {
            assert_eq!(years(YearBasis::Act36525, from, to).round(Rounding::CENTS).to_string(), term, "{from} to {to}");
        }
        // 3,398 / 365 = 9.3096 would be 9.31.
        let fixed = years(YearBasis::Act365, "2018-03-31", "2027-07-20");
        assert_eq!(fixed.to_string(), "9.3095890411");
        assert_eq!(years(YearBasis::Act365, "2026-01-01", "2027-01-01"), Number::ONE);
        assert_eq!(years(YearBasis::Act36525, "2024-01-01", "2028-01-01"), Number::from_int(4));
        assert_eq!(years(YearBasis::Act365, "2027-01-01", "2026-01-01"), Number::ONE.neg());
    }
}

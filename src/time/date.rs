//! Civil dates.

use std::fmt;

use jiff::{Span, civil};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Weekday;

/// A day of the Gregorian calendar, from 0001-01-01 to 9999-12-31.
///
/// Arithmetic stops at the ends of that range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// The first day there is: 0001-01-01.
    pub const MIN: Self = Self(civil::date(1, 1, 1));
    /// The last day there is: 9999-12-31.
    pub const MAX: Self = Self(civil::date(9999, 12, 31));

    /// The date, if there is such a day.
    #[must_use]
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let date = Self(civil::Date::new(year, month, day).ok()?);
        (Self::MIN <= date && date <= Self::MAX).then_some(date)
    }

    /// The date written `2027-08-20`, and only so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-')?;
        let (month, day) = rest.split_once('-')?;
        Self::new(digits(year, 4)?, digits(month, 2)?.try_into().ok()?, digits(day, 2)?.try_into().ok()?)
    }

    /// Year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.0.month().unsigned_abs()
    }

    /// Day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.0.day().unsigned_abs()
    }

    /// Day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        match self.0.weekday() {
            civil::Weekday::Monday => Weekday::Mon,
            civil::Weekday::Tuesday => Weekday::Tue,
            civil::Weekday::Wednesday => Weekday::Wed,
            civil::Weekday::Thursday => Weekday::Thu,
            civil::Weekday::Friday => Weekday::Fri,
            civil::Weekday::Saturday => Weekday::Sat,
            civil::Weekday::Sunday => Weekday::Sun,
        }
    }

    /// So many days later, or earlier if negative.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.shifted(Span::new().try_days(days), days)
    }

    /// The same day so many months later; the last day of the month if it has no such day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        self.shifted(Span::new().try_months(months), months.into())
    }

    /// The same day so many years later; 28 February for 29 February if need be.
    #[must_use]
    pub fn plus_years(self, years: i32) -> Self {
        self.shifted(Span::new().try_years(years), years.into())
    }

    fn shifted(self, span: Result<Span, jiff::Error>, direction: i64) -> Self {
        let end = if direction < 0 { Self::MIN } else { Self::MAX };
        let shifted = span.and_then(|span| self.0.checked_add(span));
        shifted.map_or(end, |date| Self(date).clamp(Self::MIN, Self::MAX))
    }

    /// Days from this date to `other`, negative if that is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        other.ordinal() - self.ordinal()
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        self.0.tomorrow().map_or(Self::MAX, |date| Self(date).min(Self::MAX))
    }

    /// The day before.
    #[must_use]
    pub fn prev(self) -> Self {
        self.0.yesterday().map_or(Self::MIN, |date| Self(date).max(Self::MIN))
    }

    /// The last day of its month.
    #[must_use]
    pub fn month_end(self) -> Self {
        Self(self.0.last_of_month())
    }

    /// The first day of its month.
    #[must_use]
    pub fn month_start(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// Days since [`Date::MIN`].
    fn ordinal(self) -> i64 {
        let past_years = i64::from(self.year()) - 1;
        let leap_days = past_years / 4 - past_years / 100 + past_years / 400;
        past_years * 365 + leap_days + i64::from(self.0.day_of_year()) - 1
    }
}

/// The number written with exactly so many digits.
pub(super) fn digits(text: &str, count: usize) -> Option<i16> {
    let plain = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not a date, such as 2027-08-20"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn text_in_text_out() {
        for text in ["2027-08-20", "0001-01-01", "9999-12-31", "2024-02-29"] {
            assert_eq!(d(text).to_string(), text);
        }
        for text in [
            "2027-8-20",
            "2027-02-29",
            "2027-13-01",
            "20270820",
            "2027-08-20T00:00",
            "0000-01-01",
            "+027-01-01",
            "2027-00-10",
            "",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert_eq!(serde_json::to_string(&d("2027-08-20")).unwrap(), "\"2027-08-20\"");
        assert!(serde_json::from_str::<Date>("\"2027-08-32\"").is_err());
    }

    #[test]
    fn parts() {
        // The AMD 8-K of Monday 6 October 2025.
        let date = d("2025-10-06");
        assert_eq!((date.year(), date.month(), date.day()), (2025, 10, 6));
        assert_eq!(date.weekday(), Weekday::Mon);
        assert_eq!(d("2024-02-10").month_end(), d("2024-02-29"));
        assert_eq!(d("2024-02-10").month_start(), d("2024-02-01"));
    }

    #[test]
    fn shifting() {
        // Open Cap Format, vesting date sums: month ends clamp.
        assert_eq!(d("2024-01-31").plus_months(1), d("2024-02-29"));
        assert_eq!(d("2025-01-31").plus_months(3), d("2025-04-30"));
        assert_eq!(d("2025-01-01").plus_years(4), d("2029-01-01"));
        assert_eq!(d("2025-01-01").plus_days(365), d("2026-01-01"));
        assert_eq!(d("2025-03-31").plus_months(-1), d("2025-02-28"));
        assert_eq!(d("2024-02-29").plus_years(1), d("2025-02-28"));
        assert_eq!(d("2025-12-31").next(), d("2026-01-01"));
        assert_eq!(d("2024-03-01").prev(), d("2024-02-29"));
    }

    #[test]
    fn shifting_stops_at_the_ends() {
        for (days, end) in [(1, Date::MAX), (i64::MAX, Date::MAX), (-1, Date::MIN), (i64::MIN, Date::MIN)] {
            assert_eq!(end.plus_days(days), end);
        }
        assert_eq!(Date::MAX.plus_months(i32::MAX), Date::MAX);
        assert_eq!(d("2025-01-01").plus_years(i32::MIN), Date::MIN);
        assert_eq!(d("2025-01-01").plus_months(-12 * 2025), Date::MIN);
        assert_eq!(Date::MAX.next(), Date::MAX);
        assert_eq!(Date::MIN.prev(), Date::MIN);
        assert_eq!(Date::MAX.month_end(), Date::MAX);
    }

    #[test]
    fn distances() {
        assert_eq!(d("2024-01-01").days_until(d("2025-01-01")), 366);
        assert_eq!(d("2025-03-01").days_until(d("2025-02-28")), -1);
        // 9,999 years of 365 days, 2499 - 99 + 24 leap days, less one: 3,652,058.
        assert_eq!(Date::MIN.days_until(Date::MAX), 3_652_058);
        assert_eq!(Date::MIN.plus_days(3_652_058), Date::MAX);
        let start = d("1999-12-25");
        for days in 0..1500 {
            assert_eq!(start.days_until(start.plus_days(days)), days);
        }
    }
}

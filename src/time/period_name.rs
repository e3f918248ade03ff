//! How people write periods.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Date;
use super::date::digits;

/// A period as written. What days a year or quarter has depends on whose it is:
/// [`FiscalYearEnd::resolve`](super::FiscalYearEnd::resolve).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodName {
    /// `2027`, a fiscal year.
    Year(i16),
    /// `2027-Q3`, a fiscal quarter.
    Quarter(i16, u8),
    /// `2027-08`, a calendar month.
    Month(i16, u8),
    /// `2027-08-20`.
    Day(Date),
    /// `2027-08-20..2027-09-30`, both ends included.
    Range(Date, Date),
}

impl PeriodName {
    /// The period of this name; the examples of the variants show all forms.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (Date::parse(from)?, Date::parse(to)?);
            return (from <= to).then_some(Self::Range(from, to));
        }
        let Some((year, rest)) = text.split_once('-') else {
            return year(text).map(Self::Year);
        };
        if rest.contains('-') {
            return Date::parse(text).map(Self::Day);
        }
        let within = |text: &str, count, last| {
            let number = u8::try_from(digits(text, count)?).ok()?;
            (1..=last).contains(&number).then_some(number)
        };
        let named = self::year(year)?;
        match rest.strip_prefix('Q') {
            Some(quarter) => within(quarter, 1, 4).map(|q| Self::Quarter(named, q)),
            None => within(rest, 2, 12).map(|m| Self::Month(named, m)),
        }
    }
}

fn year(text: &str) -> Option<i16> {
    digits(text, 4).filter(|year| *year > 0)
}

impl fmt::Display for PeriodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => write!(f, "{date}"),
            Self::Range(from, to) => write!(f, "{from}..{to}"),
        }
    }
}

impl Serialize for PeriodName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        let day = Date::parse("2027-08-20").unwrap();
        let cases = [
            ("2027", PeriodName::Year(2027)),
            ("2027-Q3", PeriodName::Quarter(2027, 3)),
            ("2027-08", PeriodName::Month(2027, 8)),
            ("2027-08-20", PeriodName::Day(day)),
            ("2027-08-20..2027-08-20", PeriodName::Range(day, day)),
        ];
        for (text, name) in cases {
            assert_eq!(PeriodName::parse(text), Some(name));
            assert_eq!(name.to_string(), text);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "27",
            "0000",
            "2027-Q5",
            "2027-Q0",
            "2027-q3",
            "2027-13",
            "2027-8",
            "2027-02-30",
            "2027-08-20..2027-08-19",
            "2027..2028",
            "-2027",
            "2027-Q+3",
        ] {
            assert_eq!(PeriodName::parse(text), None, "{text}");
        }
    }
}

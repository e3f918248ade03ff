//! The days of the week.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A day of the week; weeks begin on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The weekday of this English name, `Saturday` or `saturday`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.name().eq_ignore_ascii_case(name))
    }

    /// `Monday` and so on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mon => "Monday",
            Self::Tue => "Tuesday",
            Self::Wed => "Wednesday",
            Self::Thu => "Thursday",
            Self::Fri => "Friday",
            Self::Sat => "Saturday",
            Self::Sun => "Sunday",
        }
    }

    /// Days since Monday: 0 to 6.
    #[must_use]
    pub fn index(self) -> u8 {
        self as u8
    }

    /// Whether it is Saturday or Sunday.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        self >= Self::Sat
    }

    /// Days from this weekday on to the next `other`: 0 to 6.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        (i64::from(other.index()) - i64::from(self.index())).rem_euclid(7)
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Weekday;

    #[test]
    fn names_and_distances() {
        for day in Weekday::ALL {
            assert_eq!(Weekday::parse(day.name()), Some(day));
        }
        assert_eq!(Weekday::parse("saturday"), Some(Weekday::Sat));
        assert_eq!(Weekday::parse("Sat"), None);
        assert_eq!(Weekday::Fri.days_until(Weekday::Mon), 3);
        assert_eq!(Weekday::Mon.days_until(Weekday::Mon), 0);
        assert!(Weekday::Sun.is_weekend() && !Weekday::Fri.is_weekend());
    }
}

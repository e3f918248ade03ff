//! Stretches of days.

use std::fmt;

use serde::Serialize;

use super::Date;

/// A stretch of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Period {
    /// The days from `from` to `to`; none if that is backwards.
    #[must_use]
    pub fn new(from: Date, to: Date) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// Whether the day lies in it.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i64 {
        self.from.days_until(self.to) + 1
    }

    /// The days in both; none if there are none.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(from: &str, to: &str) -> Period {
        Period::new(Date::parse(from).unwrap(), Date::parse(to).unwrap()).unwrap()
    }

    #[test]
    fn both_ends_count() {
        let quarter = p("2027-06-27", "2027-09-25");
        assert_eq!(quarter.days(), 91);
        assert!(quarter.contains(quarter.from) && quarter.contains(quarter.to));
        assert!(!quarter.contains(quarter.to.next()));
        assert_eq!(quarter.to_string(), "2027-06-27..2027-09-25");
        assert_eq!(Period::new(quarter.to, quarter.from), None);
    }

    #[test]
    fn common_days() {
        let (august, quarter) = (p("2027-08-01", "2027-08-31"), p("2027-08-20", "2027-09-25"));
        assert_eq!(august.intersect(&quarter), Some(p("2027-08-20", "2027-08-31")));
        assert_eq!(august.intersect(&p("2027-09-01", "2027-09-02")), None);
        assert_eq!(august.intersect(&p("2027-08-31", "2027-09-02")).map(|p| p.days()), Some(1));
    }
}

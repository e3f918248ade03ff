//! Fractions of a year between two days.

use super::Date;

/// How the days of interest are counted (2006 ISDA Definitions, 4.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayCount {
    /// Actual days over 360.
    Act360,
    /// Actual days over 365, in leap years too.
    Act365,
    /// Months of 30 days over 360.
    Thirty360,
    /// Actual days over 365 or, as far as they lie in a leap year, 366.
    ActAct,
}

impl DayCount {
    /// As written.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Act360, "act_360"),
        (Self::Act365, "act_365"),
        (Self::Thirty360, "thirty_360"),
        (Self::ActAct, "act_act"),
    ];

    /// The part of a year from a day, included, to another, excluded: so much of so much.
    #[must_use]
    pub fn fraction(self, from: Date, to: Date) -> (i64, i64) {
        match self {
            Self::Act360 => (from.days_until(to), 360),
            Self::Act365 => (from.days_until(to), 365),
            Self::Thirty360 => (thirty(from, to), 360),
            Self::ActAct => act_act(from, to),
        }
    }
}

/// ISDA 4.16(f): a 31st counts as a 30th, at the end only if the beginning is one of these two.
fn thirty(from: Date, to: Date) -> i64 {
    let first = i64::from(from.day()).min(30);
    let last = if first == 30 { i64::from(to.day()).min(30) } else { i64::from(to.day()) };
    let years = i64::from(to.year()) - i64::from(from.year());
    let months = i64::from(to.month()) - i64::from(from.month());
    360 * years + 30 * months + last - first
}

fn act_act(from: Date, to: Date) -> (i64, i64) {
    let (mut day, mut common, mut leap) = (from, 0, 0);
    while day < to {
        let year = Date::new(day.year().saturating_add(1), 1, 1).unwrap_or(to).min(to);
        let days = day.days_until(year);
        if Date::new(day.year(), 2, 29).is_some() {
            leap += days
        } else {
            common += days
        }
        if year <= day {
            break;
        }
        day = year;
    }
    (common * 366 + leap * 365, 365 * 366)
}

//! The days the New York Stock Exchange does not open, by rule.
//!
//! Source: NYSE Rule 7.2 and the exchange's published calendars. Early closes are trading days.

use std::collections::BTreeSet;

use super::{Date, Weekday};

/// Closures outside the rules: 11 September 2001, mourning for presidents Reagan, Ford, G. H. W. Bush and Carter,
/// hurricane Sandy.
const ONE_OFF: [(i16, u8, u8); 10] = [
    (2001, 9, 11),
    (2001, 9, 12),
    (2001, 9, 13),
    (2001, 9, 14),
    (2004, 6, 11),
    (2007, 1, 2),
    (2012, 10, 29),
    (2012, 10, 30),
    (2018, 12, 5),
    (2025, 1, 9),
];

/// All full-day closures on weekdays from 2000 to 2100.
pub(super) fn closures() -> BTreeSet<Date> {
    let one_off = ONE_OFF.iter().filter_map(|(year, month, day)| Date::new(*year, *month, *day));
    (2000..=2100).flat_map(holidays).chain(one_off).collect()
}

fn holidays(year: i16) -> impl Iterator<Item = Date> {
    let juneteenth = if year >= 2022 { observed(year, 6, 19) } else { None };
    let fixed = [new_year(year), juneteenth, observed(year, 7, 4), observed(year, 12, 25)];
    let floating = [
        nth(year, 1, 3, Weekday::Mon), // Martin Luther King Jr.
        nth(year, 2, 3, Weekday::Mon), // Washington
        good_friday(year),
        last_monday_of_may(year),       // Memorial Day
        nth(year, 9, 1, Weekday::Mon),  // Labor Day
        nth(year, 11, 4, Weekday::Thu), // Thanksgiving
    ];
    fixed.into_iter().chain(floating).flatten()
}

/// A Saturday holiday is kept on Friday, a Sunday holiday on Monday.
fn observed(year: i16, month: u8, day: u8) -> Option<Date> {
    let date = Date::new(year, month, day)?;
    Some(match date.weekday() {
        Weekday::Sat => date.prev(),
        Weekday::Sun => date.next(),
        _ => date,
    })
}

/// Not kept on a Friday: that is the last trading day of the old year, when books close.
fn new_year(year: i16) -> Option<Date> {
    observed(year, 1, 1).filter(|date| date.year() == year)
}

fn nth(year: i16, month: u8, nth: i64, weekday: Weekday) -> Option<Date> {
    let first = Date::new(year, month, 1)?;
    Some(first.plus_days(first.weekday().days_until(weekday) + 7 * (nth - 1)))
}

fn last_monday_of_may(year: i16) -> Option<Date> {
    let end = Date::new(year, 5, 31)?;
    Some(end.plus_days(-Weekday::Mon.days_until(end.weekday())))
}

fn good_friday(year: i16) -> Option<Date> {
    easter(year).map(|sunday| sunday.plus_days(-2))
}

/// Easter Sunday by the anonymous Gregorian algorithm (Nature, 1876; Meeus, Astronomical Algorithms, ch. 8).
fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let (a, b, c) = (year_number % 19, year_number / 100, year_number % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m + 114;
    Date::new(year, u8::try_from(days / 31).ok()?, u8::try_from(days % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed_in(year: i16) -> String {
        let days = closures().into_iter().filter(|d| d.year() == year);
        days.map(|d| d.to_string()[5..].to_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn published_calendars() {
        // NYSE holiday pages. 1 January 2022 was a Saturday: no closure. 9 January 2025: President Carter.
        assert_eq!(closed_in(2012), "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25");
        assert_eq!(closed_in(2020), "01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25");
        assert_eq!(closed_in(2021), "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24");
        assert_eq!(closed_in(2022), "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26");
        assert_eq!(closed_in(2023), "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25");
        assert_eq!(closed_in(2024), "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25");
        assert_eq!(closed_in(2025), "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25");
        assert_eq!(closed_in(2026), "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25");
        assert_eq!(closed_in(2027), "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24");
    }

    #[test]
    fn easter_sundays() {
        // Known dates, with the extremes 23 April 2000 and 25 April 2038.
        let known = [(2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)];
        for (year, month, day) in known {
            assert_eq!(easter(year), Date::new(year, month, day));
        }
    }

    #[test]
    fn closures_fall_on_weekdays() {
        assert!(closures().iter().all(|date| !date.weekday().is_weekend()));
    }
}

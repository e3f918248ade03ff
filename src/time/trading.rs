//! Trading days.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Date, nyse};

/// The days on which a market trades: Monday to Friday without holidays. Early closes are trading days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradingCalendar {
    name: Arc<str>,
    holidays: BTreeSet<Date>, // weekdays only, so that counting may subtract them
}

impl TradingCalendar {
    /// The New York Stock Exchange: its holiday rules from 2000 to 2100, and every weekday outside those years.
    #[must_use]
    pub fn nyse() -> Self {
        Self { name: "NYSE".into(), holidays: nyse::closures() }
    }

    /// Every Monday to Friday.
    #[must_use]
    pub fn weekdays() -> Self {
        Self { name: "weekdays".into(), holidays: BTreeSet::new() }
    }

    /// A calendar with more closed days.
    #[must_use]
    pub fn custom(name: &str, base: &Self, closed: impl IntoIterator<Item = Date>) -> Self {
        let closed = closed.into_iter().filter(|date| !date.weekday().is_weekend());
        Self { name: name.into(), holidays: base.holidays.iter().copied().chain(closed).collect() }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the market trades on this day.
    #[must_use]
    pub fn is_trading(&self, date: Date) -> bool {
        !date.weekday().is_weekend() && !self.holidays.contains(&date)
    }

    /// The day itself if it is a trading day, else the last one before.
    #[must_use]
    pub fn on_or_before(&self, date: Date) -> Date {
        let mut day = date;
        while !self.is_trading(day) && day > Date::MIN {
            day = day.prev();
        }
        day
    }

    /// The first trading day after this day.
    #[must_use]
    pub fn next_after(&self, date: Date) -> Date {
        let mut day = date.next();
        while !self.is_trading(day) && day < Date::MAX {
            day = day.next();
        }
        day
    }

    /// Trading days from `from` to `to`, both included; 0 if that is backwards.
    #[must_use]
    pub fn count(&self, from: Date, to: Date) -> i64 {
        if from > to {
            return 0;
        }
        let holidays = i64::try_from(self.holidays.range(from..=to).count()).unwrap_or(i64::MAX);
        weekdays_before(to) + i64::from(!to.weekday().is_weekend()) - weekdays_before(from) - holidays
    }

    /// The first day of the window of `n` trading days that ends on `date`, or on the last trading day before it.
    ///
    /// A window of no days counts as one of one day.
    #[must_use]
    pub fn back(&self, date: Date, n: u32) -> Date {
        let mut day = self.on_or_before(date);
        for _ in 1..n {
            if day == Date::MIN {
                break;
            }
            day = self.on_or_before(day.prev());
        }
        day
    }
}

/// Mondays to Fridays from the first date there is, a Monday, up to the day before `date`.
fn weekdays_before(date: Date) -> i64 {
    let days = Date::MIN.days_until(date);
    days / 7 * 5 + (days % 7).min(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn year(calendar: &TradingCalendar, year: i16) -> i64 {
        calendar.count(Date::new(year, 1, 1).unwrap(), Date::new(year, 12, 31).unwrap())
    }

    #[test]
    fn trading_days_a_year() {
        // As the exchange counted them: 2001 lost four days in September, 2012 two in October.
        let known = [
            (2000, 252),
            (2001, 248),
            (2004, 252),
            (2007, 251),
            (2012, 250),
            (2018, 251),
            (2019, 252),
            (2020, 253),
            (2021, 252),
            (2022, 251),
            (2023, 250),
            (2024, 252),
            (2025, 250),
            (2026, 251),
        ];
        let nyse = TradingCalendar::nyse();
        for (number, days) in known {
            assert_eq!(year(&nyse, number), days, "{number}");
        }
    }

    #[test]
    fn counting_agrees_with_walking() {
        let nyse = TradingCalendar::nyse();
        let start = d("2026-06-17");
        let (mut day, mut walked) = (start, 0);
        for _ in 0..900 {
            walked += i64::from(nyse.is_trading(day));
            assert_eq!(nyse.count(start, day), walked, "{day}");
            day = day.next();
        }
        assert_eq!(nyse.count(day, start), 0);
        assert_eq!(nyse.count(d("2027-07-04"), d("2027-07-05")), 0);
    }

    #[test]
    fn neighbours() {
        let nyse = TradingCalendar::nyse();
        // Friday 3 July 2026 is kept for Saturday the 4th.
        assert_eq!(nyse.on_or_before(d("2026-07-05")), d("2026-07-02"));
        assert_eq!(nyse.next_after(d("2026-07-02")), d("2026-07-06"));
        assert_eq!(nyse.on_or_before(d("2026-07-02")), d("2026-07-02"));
        // The day after Thanksgiving closes early and trades.
        assert!(nyse.is_trading(d("2026-11-27")));
    }

    #[test]
    fn windows() {
        let nyse = TradingCalendar::nyse();
        // Five trading days ending Sunday 5 July 2026: 26, 29, 30 June, 1, 2 July.
        assert_eq!(nyse.back(d("2026-07-05"), 5), d("2026-06-26"));
        assert_eq!(nyse.back(d("2026-07-02"), 1), d("2026-07-02"));
        let from = nyse.back(d("2027-12-31"), 30);
        assert_eq!(nyse.count(from, d("2027-12-31")), 30);
        // December 2027 has 22 trading days (23 weekdays, the 24th closed); eight more from 30 November back over
        // Thanksgiving the 25th: 30, 29, 26, 24, 23, 22, 19, 18.
        assert_eq!(from, d("2027-11-18"));
    }

    #[test]
    fn calendars_of_ones_own() {
        let weekdays = TradingCalendar::weekdays();
        assert_eq!(year(&weekdays, 2026), 261);
        let closed = [d("2026-07-06"), d("2026-07-04")];
        let custom = TradingCalendar::custom("house", &TradingCalendar::nyse(), closed);
        assert_eq!(custom.name(), "house");
        assert_eq!(custom.next_after(d("2026-07-02")), d("2026-07-07"));
        assert_eq!(year(&custom, 2026), 250);
    }

    #[test]
    fn the_ends_of_time() {
        let weekdays = TradingCalendar::weekdays();
        assert_eq!(weekdays.back(d("0001-01-03"), 100), Date::MIN);
        assert_eq!(weekdays.next_after(Date::MAX), Date::MAX);
        assert_eq!(weekdays.count(Date::MIN, Date::MAX), 3_652_059 / 7 * 5 + 5);
    }
}

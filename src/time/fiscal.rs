//! Fiscal years: when they end, and the periods that follow from it.

use serde::{Deserialize, Serialize};

use super::{Date, Period, PeriodName, Weekday};

/// Days of a quarter of 13 weeks.
const QUARTER_DAYS: i64 = 91;

/// The rule by which a party's fiscal year ends.
///
/// A fiscal year is named by the calendar year whose month the rule looks at: NVIDIA's 2026 ended on 2026-01-25.
/// Months outside 1 to 12 count as the nearest of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FiscalYearEnd {
    /// A fixed day. A day at or past the end of its month in a common year means the last day: 28 February is the
    /// 29th in leap years.
    MonthDay {
        /// Month, 1 to 12.
        month: u8,
        /// Day, 1 to 31.
        day: u8,
    },
    /// The last such weekday of the month; years have 52 or 53 weeks.
    LastWeekday {
        /// The weekday on which years end.
        weekday: Weekday,
        /// Month, 1 to 12.
        month: u8,
    },
    /// The such weekday nearest to the last day of the month, before or after it; years have 52 or 53 weeks.
    NearestWeekday {
        /// The weekday on which years end.
        weekday: Weekday,
        /// Month, 1 to 12.
        month: u8,
    },
}

impl Default for FiscalYearEnd {
    /// 31 December.
    fn default() -> Self {
        Self::MonthDay { month: 12, day: 31 }
    }
}

impl FiscalYearEnd {
    /// The last day of the fiscal year.
    #[must_use]
    pub fn year_end(&self, year: i16) -> Date {
        match *self {
            Self::MonthDay { month, day } => {
                let end = month_end(year, month);
                if self.ends_with_month() { end } else { end.month_start().plus_days(i64::from(day.max(1)) - 1) }
            }
            Self::LastWeekday { weekday, month } => {
                let end = month_end(year, month);
                end.plus_days(-weekday.days_until(end.weekday()))
            }
            Self::NearestWeekday { weekday, month } => {
                let end = month_end(year, month);
                let after = end.weekday().days_until(weekday);
                end.plus_days(if after <= 3 { after } else { after - 7 })
            }
        }
    }

    /// The days of the fiscal year.
    #[must_use]
    pub fn year(&self, year: i16) -> Period {
        let before = self.year_end(year.saturating_sub(1));
        let from = if year <= 1 { Date::MIN } else { before.next() };
        Period { from, to: self.year_end(year) }
    }

    /// The days of the fiscal quarter; a `quarter` outside 1 to 4 counts as the nearest of these.
    ///
    /// With a fixed year end, quarters are three calendar months counted back from it. With a weekday rule they are
    /// 13 weeks, and the fourth takes the rest of the year.
    #[must_use]
    pub fn quarter(&self, year: i16, quarter: u8) -> Period {
        let quarter = quarter.clamp(1, 4);
        let whole = self.year(year);
        let from = if quarter == 1 { whole.from } else { self.quarter_end(&whole, quarter - 1).next() };
        Period { from, to: self.quarter_end(&whole, quarter) }
    }

    fn quarter_end(&self, year: &Period, quarter: u8) -> Date {
        match self {
            _ if quarter >= 4 => year.to,
            Self::MonthDay { .. } => {
                let end = year.to.plus_months(3 * (i32::from(quarter) - 4));
                // From 30 June, three months back is 31 March, not the 30th.
                if self.ends_with_month() { end.month_end() } else { end }
            }
            _ => year.from.plus_days(QUARTER_DAYS * i64::from(quarter) - 1),
        }
    }

    /// The fiscal year and quarter a day falls in.
    #[must_use]
    pub fn quarter_of(&self, date: Date) -> (i16, u8) {
        let near = (date.year() - 1).max(1)..=date.year() + 1;
        let year = near.into_iter().find(|y| self.year(*y).contains(date)).unwrap_or(date.year());
        let whole = self.year(year);
        let quarter = (1..4).find(|q| date <= self.quarter_end(&whole, *q)).unwrap_or(4);
        (year, quarter)
    }

    /// The days a written period means for this party: years and quarters are fiscal, months are calendar months.
    /// None for a period that does not exist.
    #[must_use]
    pub fn resolve(&self, name: &PeriodName) -> Option<Period> {
        match *name {
            PeriodName::Year(year) => (year >= 1).then(|| self.year(year)),
            PeriodName::Quarter(year, quarter) => {
                (year >= 1 && (1..=4).contains(&quarter)).then(|| self.quarter(year, quarter))
            }
            PeriodName::Month(year, month) => {
                let from = Date::new(year, month, 1)?;
                Some(Period { from, to: from.month_end() })
            }
            PeriodName::Day(date) => Some(Period { from: date, to: date }),
            PeriodName::Range(from, to) => Period::new(from, to),
        }
    }

    fn ends_with_month(&self) -> bool {
        // 2023 is a common year.
        matches!(*self, Self::MonthDay { month, day } if day >= month_end(2023, month).day())
    }
}

fn month_end(year: i16, month: u8) -> Date {
    let end = if year < 1 { Date::MIN } else { Date::MAX };
    Date::new(year, month.clamp(1, 12), 1).map_or(end, Date::month_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMD: FiscalYearEnd = FiscalYearEnd::LastWeekday { weekday: Weekday::Sat, month: 12 };
    const NVIDIA: FiscalYearEnd = FiscalYearEnd::LastWeekday { weekday: Weekday::Sun, month: 1 };
    const JNJ: FiscalYearEnd = FiscalYearEnd::NearestWeekday { weekday: Weekday::Sun, month: 12 };
    const MICROSOFT: FiscalYearEnd = FiscalYearEnd::MonthDay { month: 6, day: 30 };

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn quarters(rule: FiscalYearEnd, year: i16) -> [String; 4] {
        [1, 2, 3, 4].map(|q| rule.quarter(year, q).to_string())
    }

    #[test]
    fn amd_ends_on_the_last_saturday_of_december() {
        // Published year ends: 28 December 2024, 27 December 2025.
        assert_eq!(AMD.year_end(2024), d("2024-12-28"));
        assert_eq!(AMD.year_end(2025), d("2025-12-27"));
        assert_eq!(AMD.year_end(2026), d("2026-12-26"));
        // 26 December 2026 plus 1, then 91 days at a time.
        assert_eq!(
            quarters(AMD, 2027),
            ["2026-12-27..2027-03-27", "2027-03-28..2027-06-26", "2027-06-27..2027-09-25", "2027-09-26..2027-12-25"]
        );
        // 31 December 2022 was a Saturday: that year had 53 weeks and its last quarter 14.
        assert_eq!(AMD.year(2022).days(), 371);
        assert_eq!(AMD.quarter(2022, 4).days(), 98);
    }

    #[test]
    fn nvidia_ends_on_the_last_sunday_of_january() {
        // Published: 2024-01-28, 2025-01-26, 2026-01-25; quarters of 2026 ended 27 April, 27 July, 26 October 2025.
        assert_eq!([2024, 2025, 2026].map(|y| NVIDIA.year_end(y)), ["2024-01-28", "2025-01-26", "2026-01-25"].map(d));
        let ends = [1, 2, 3].map(|q| NVIDIA.quarter(2026, q).to);
        assert_eq!(ends, ["2025-04-27", "2025-07-27", "2025-10-26"].map(d));
        assert_eq!(NVIDIA.quarter_of(d("2026-01-25")), (2026, 4));
        assert_eq!(NVIDIA.quarter_of(d("2026-01-26")), (2027, 1));
    }

    #[test]
    fn johnson_and_johnson_ends_on_the_sunday_nearest_new_year() {
        // Published: fiscal 2020 ended 2021-01-03, 2021 on 2022-01-02, 2022 on 2023-01-01, 2023 on 2023-12-31.
        let ends = ["2021-01-03", "2022-01-02", "2023-01-01", "2023-12-31"].map(d);
        assert_eq!([2020, 2021, 2022, 2023].map(|y| JNJ.year_end(y)), ends);
        assert_eq!(JNJ.quarter_of(d("2021-01-03")), (2020, 4));
        assert_eq!(JNJ.year(2020).days(), 371);
    }

    #[test]
    fn month_ends_stay_month_ends() {
        assert_eq!(
            quarters(MICROSOFT, 2026),
            ["2025-07-01..2025-09-30", "2025-10-01..2025-12-31", "2026-01-01..2026-03-31", "2026-04-01..2026-06-30"]
        );
        let february = FiscalYearEnd::MonthDay { month: 2, day: 28 };
        assert_eq!(february.year(2024).to_string(), "2023-03-01..2024-02-29");
        // SoftBank and most Japanese companies.
        let march = FiscalYearEnd::MonthDay { month: 3, day: 31 };
        assert_eq!(march.quarter(2026, 1).to_string(), "2025-04-01..2025-06-30");
        // British tax years end on 5 April.
        let tax = FiscalYearEnd::MonthDay { month: 4, day: 5 };
        assert_eq!(tax.quarter(2026, 1).to_string(), "2025-04-06..2025-07-05");
    }

    #[test]
    fn quarters_tile_the_days() {
        for rule in [AMD, NVIDIA, JNJ, MICROSOFT, FiscalYearEnd::default()] {
            let mut day = d("2019-06-01");
            let mut last = rule.quarter_of(day);
            while day < d("2031-01-01") {
                day = day.next();
                let (year, quarter) = rule.quarter_of(day);
                assert!(rule.quarter(year, quarter).contains(day), "{rule:?} {day}");
                let following = if last.1 == 4 { (last.0 + 1, 1) } else { (last.0, last.1 + 1) };
                assert!((year, quarter) == last || (year, quarter) == following);
                last = (year, quarter);
            }
        }
    }

    #[test]
    fn names_resolve() {
        let days = |text: &str| AMD.resolve(&PeriodName::parse(text).unwrap()).unwrap().to_string();
        assert_eq!(days("2027"), "2026-12-27..2027-12-25");
        assert_eq!(days("2027-Q3"), "2027-06-27..2027-09-25");
        assert_eq!(days("2028-02"), "2028-02-01..2028-02-29");
        assert_eq!(days("2027-08-20"), "2027-08-20..2027-08-20");
        assert_eq!(days("2027-08-20..2027-09-30"), "2027-08-20..2027-09-30");
        assert_eq!(AMD.resolve(&PeriodName::Quarter(2027, 5)), None);
        assert_eq!(AMD.resolve(&PeriodName::Month(2027, 0)), None);
    }

    #[test]
    fn the_ends_of_time() {
        for rule in [AMD, NVIDIA, JNJ, MICROSOFT] {
            assert!(rule.year(1).from == Date::MIN);
            assert!(rule.year(i16::MIN).from <= rule.year(i16::MAX).to);
            assert_eq!(rule.quarter_of(Date::MIN).0, 1);
            assert!(rule.quarter_of(Date::MAX).0 >= 9999);
        }
    }
}

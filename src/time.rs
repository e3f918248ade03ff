//! Civil dates: days, periods, fiscal years and trading days. No clock and no time zone.
//!
//! Every period includes both ends. No other folder names the date library.

mod date;
mod day_count;
mod fiscal;
mod nyse;
mod period;
mod period_name;
mod trading;
mod weekday;

pub use date::Date;
pub use day_count::DayCount;
pub use fiscal::FiscalYearEnd;
pub use period::Period;
pub use period_name::PeriodName;
pub use trading::TradingCalendar;
pub use weekday::Weekday;

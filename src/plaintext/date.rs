//! Dates as the three programs write them.

use super::line::Line;
use crate::time::Date;

/// A day as written: `2026-01-05`, `2026/1/5`, `2026.1.5`; `1/5` in the default year, if there is one.
///
/// # Errors
/// Whether anything that looks like a date stands here.
pub(super) fn date(line: &mut Line<'_>, year: Option<i16>) -> Result<Date, bool> {
    let from = line.at();
    let first = line.while_byte(|b| b.is_ascii_digit());
    let mark = line.peek();
    if first.is_empty() || !matches!(mark, b'-' | b'/' | b'.') {
        return Err(line.at() > from);
    }
    line.take(1);
    let second = line.while_byte(|b| b.is_ascii_digit());
    let number = |text: &str| if text.len() > 4 { None } else { text.parse::<i16>().ok() };
    let (year, month, day) = if line.peek() == mark && line.second().is_ascii_digit() {
        line.take(1);
        (number(first), second, line.while_byte(|b| b.is_ascii_digit()))
    } else {
        (year, first, second)
    };
    let small = |text: &str| number(text).and_then(|n| u8::try_from(n).ok());
    let day = year.zip(small(month)).zip(small(day)).and_then(|((y, m), d)| Date::new(y, m, d));
    day.ok_or(true)
}

//! Columns of days: a period cut into days, weeks, months, quarters or years.

use crate::terms::Party;
use crate::time::{Date, Period, PeriodName};

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A day.
    Day,
    /// Seven days, counted from the first day of the report.
    Week,
    /// A calendar month.
    Month,
    /// A fiscal quarter.
    Quarter,
    /// A fiscal year.
    Year,
}

/// Columns a report shows at most.
pub const MOST: usize = 400;

/// A column: its heading and its days.
pub type Days = (String, Period);

/// The columns of a period, the first and last cut to it; at most [`MOST`].
#[must_use]
pub fn columns(party: &Party, period: Period, step: Step) -> Vec<Days> {
    let mut found: Vec<Days> = Vec::new();
    let mut from = period.from;
    while from <= period.to && found.len() < MOST {
        let (name, whole) = around(party, from, step, period.from);
        let days = Period { from, to: whole.to.min(period.to) };
        let cut = days != whole && step != Step::Week;
        let name = if cut { PeriodName::Range(days.from, days.to) } else { name };
        found.push((heading(&name), days));
        if days.to >= period.to || days.to < from {
            break;
        }
        from = days.to.next();
    }
    found
}

fn around(party: &Party, date: Date, step: Step, first: Date) -> (PeriodName, Period) {
    match step {
        Step::Day => (PeriodName::Day(date), Period { from: date, to: date }),
        Step::Week => {
            let into = first.days_until(date) % 7;
            let from = date.plus_days(-into);
            let to = from.plus_days(6);
            (PeriodName::Range(from, to), Period { from, to })
        }
        Step::Month => {
            let (from, to) = (date.month_start(), date.month_end());
            (PeriodName::Month(date.year(), date.month()), Period { from, to })
        }
        Step::Quarter => {
            let (year, quarter) = party.fiscal.quarter_of(date);
            (PeriodName::Quarter(year, quarter), party.fiscal.quarter(year, quarter))
        }
        Step::Year => {
            let (year, _) = party.fiscal.quarter_of(date);
            (PeriodName::Year(year), party.fiscal.year(year))
        }
    }
}

/// A range is written on two lines.
pub(super) fn heading(name: &PeriodName) -> String {
    match name {
        PeriodName::Range(from, to) if from.year() == to.year() => {
            format!("{from}\n..{:02}-{:02}", to.month(), to.day())
        }
        PeriodName::Range(from, to) => format!("{from}\n..{to}"),
        other => other.to_string(),
    }
}

//! What is drawn, compared with the mock-ups by hand.

mod amounts;
mod derivations;
mod diagnostics;
mod machines;
mod page;
mod tables;
mod timelines;

use super::Style;
use crate::num::{Number, Unit};
use crate::report::{Bases, Cell, Column, Figure, Origin, Row, Scale};
use crate::terms::{Basis, Value};
use crate::time::{Date, Period};

const WIDE: Style = Style { width: Some(160), color: false };
const NARROW: Style = Style { width: Some(80), color: false };

fn d(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn days(from: &str, to: &str) -> Period {
    Period::new(d(from), d(to)).unwrap()
}

fn known(text: &str) -> Value {
    Value::Known(Number::parse(text).unwrap())
}

fn amount(value: Value, unit: &str, certainty: Basis) -> Figure {
    Bases::default().figure(value, Unit::parse(unit).unwrap(), certainty, Origin::Term("t".into()))
}

fn figure(text: &str) -> Figure {
    amount(known(text), "USD", Basis::Actual)
}

/// A cell as in the mock-ups: empty, `—`, `n/a`, a number, or words after a quote mark.
fn cell(text: &str) -> Cell {
    match text {
        "" => Cell::Empty,
        "—" => Cell::Figure(figure("0")),
        "n/a" => Cell::Figure(amount(Value::missing("meta.m1.fair_value"), "USD", Basis::Actual)),
        words if words.starts_with('\'') => Cell::Text(words[1..].to_owned()),
        forecast if forecast.ends_with('F') => {
            Cell::Figure(amount(known(forecast.trim_end_matches('F')), "USD", Basis::Forecast))
        }
        number => Cell::Figure(figure(number)),
    }
}

/// A row; the first cell is words.
fn row(indent: u8, cells: &[&str]) -> Row {
    let first = Cell::Text(cells[0].to_owned());
    Row::under(indent, std::iter::once(first).chain(cells[1..].iter().map(|c| cell(c))).collect())
}

fn columns(first: &str, headings: &[&str], scale: Scale) -> Vec<Column> {
    std::iter::once(Column::text(first)).chain(headings.iter().map(|h| Column::figures(*h, scale))).collect()
}

/// The text of a test: the first line break and the indentation of the source are no part of it.
fn text(expected: &str) -> String {
    let lines: Vec<&str> = expected.trim_start_matches('\n').lines().collect();
    let filled = || lines.iter().filter(|l| !l.trim().is_empty());
    let margin = filled().map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
    let body: Vec<&str> = lines.iter().map(|l| l.get(margin..).unwrap_or("").trim_end()).collect();
    format!("{}\n", body.join("\n").trim_end_matches('\n'))
}

#[track_caller]
fn same(actual: &str, expected: &str) {
    let expected = text(expected);
    assert!(actual == expected, "got:\n{actual}\nexpected:\n{expected}");
}

//! Facts over one or two inputs that are varied: tables of what comes out, and of which input holds a cell down; and the
//! place where an answer turns.

use super::build::Reporter;
use super::compare::Key;
use super::measure::Measured;
use super::{Cell, Column, Origin, Report, Row, Scale, Scope, Table};
use crate::num::Unit;
use crate::run::Replay;
use crate::terms::Value;

/// An input that is varied: what it is called, and its values as shown.
#[derive(Clone, Debug)]
pub struct Axis {
    /// `close(AMD.common)`.
    pub what: String,
    /// `200`, `250`, …
    pub values: Vec<String>,
}

/// A fact at every combination.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Which.
    pub key: Key,
    /// A row for each value of the second input, of the first input's values each.
    pub rows: Vec<Vec<Measured>>,
}

/// The tables of some facts over one or two inputs.
#[must_use]
pub fn grids(
    replay: &Replay<'_>,
    scope: &Scope,
    (x, y): (&Axis, Option<&Axis>),
    grids: &[Grid],
    refused: &[Refused],
) -> Report {
    let mut reporter = Reporter::new(replay, scope);
    let over = y.map_or_else(|| x.what.clone(), |y| format!("{} and {}", x.what, y.what));
    let mut report = reporter.report("grid", format!("Facts over {over}"));
    report.header.units = "each fact in its own unit, exact".into();
    report.brief = true;
    for grid in grids {
        let tables = reporter.grid((x, y), grid);
        report.tables.extend(tables);
    }
    report.notes.extend(refused.iter().map(|refused| refusal(refused, (x, y))));
    report.bases = reporter.bases;
    report
}

/// A cell whose run refused lines that the base takes.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Its place across and down.
    pub at: (usize, usize),
    /// The first of them, in words, and how many.
    pub first: String,
    /// How many.
    pub count: usize,
}

fn refusal(refused: &Refused, (x, y): (&Axis, Option<&Axis>)) -> String {
    let across = x.values.get(refused.at.0).cloned().unwrap_or_default();
    let down = y.and_then(|y| y.values.get(refused.at.1)).map_or_else(String::new, |down| format!(", {down}"));
    let more = refused.count.saturating_sub(1);
    let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    format!("at {across}{down} the run refuses what the base takes: {}{more}.", refused.first)
}

impl Reporter<'_, '_> {
    fn grid(&mut self, (x, y): (&Axis, Option<&Axis>), grid: &Grid) -> Vec<Table> {
        let unit = grid.rows.iter().flatten().map(|found| &found.unit).find(|unit| **unit != Unit::none());
        let unit = unit.cloned().unwrap_or_else(Unit::none);
        let whole = grid.rows.iter().flatten().filter_map(|found| found.value.known()).all(|n| n.is_integer());
        let scale = if whole { Scale::WHOLE } else { Scale::CENTS };
        let heading = y.map_or_else(String::new, |y| y.what.clone());
        let mut columns = vec![Column::text(heading).named("y")];
        columns.extend(x.values.iter().map(|value| Column::figures(value.clone(), scale)));
        let label = |at: usize| Cell::Text(y.and_then(|y| y.values.get(at).cloned()).unwrap_or_default());
        let mut values = Table {
            title: format!("{} over {}", grid.key.name(), x.what),
            units: unit.to_string(),
            columns,
            ..Table::default()
        };
        let days = unit == Unit::of("date");
        for (at, row) in grid.rows.iter().enumerate() {
            let mut cells = vec![label(at)];
            for found in row {
                cells.push(match (days, found.value.known()) {
                    (true, Some(day)) if day.is_zero() => Cell::Never,
                    (true, Some(day)) => Cell::Text(super::rows::day(day)),
                    _ => {
                        let origin = Origin::Made("a run of its own", Vec::new());
                        Cell::Figure(self.bases.figure(found.value.clone(), unit.clone(), found.certainty, origin))
                    }
                });
            }
            values.rows.push(Row::of(cells));
        }
        let mut tables = vec![values];
        tables.extend(y.and_then(|y| bound((x, y), grid)));
        tables
    }
}

/// Which input holds a cell down: the one whose next value alone changes it.
fn bound((x, y): (&Axis, &Axis), grid: &Grid) -> Option<Table> {
    if x.values.len() < 2 || y.values.len() < 2 {
        return None;
    }
    let value =
        |row: usize, column: usize| grid.rows.get(row).and_then(|row| row.get(column)).map(|found| &found.value);
    let mut columns = vec![Column::text(y.what.clone()).named("y")];
    columns.extend(x.values.iter().map(|value| Column::text(value.clone())));
    let mut table =
        Table { title: format!("What the next step alone changes: {}", grid.key.name()), columns, ..Table::default() };
    for (at, named) in y.values.iter().enumerate() {
        let mut cells = vec![Cell::Text(named.clone())];
        for column in 0..x.values.len() {
            let here = value(at, column);
            let moves = |next: Option<&Value>| next.is_some_and(|next| Some(next) != here);
            let word = match (moves(value(at, column + 1)), moves(value(at + 1, column))) {
                (true, true) => "either",
                (true, false) => "across",
                (false, true) => "down",
                (false, false) => match moves(value(at + 1, column + 1)) {
                    true => "both",
                    false => "—",
                },
            };
            cells.push(Cell::Text(word.into()));
        }
        table.rows.push(Row::of(cells));
    }
    table.footnotes.push(format!(
        "across: the next value of {}; down: the next of {}; either: each alone; both: only together; —: neither.",
        x.what, y.what
    ));
    Some(table)
}

/// Where an answer turns: neighbouring values of an input, with the fact at each.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The claim, as it was asked.
    pub claim: String,
    /// What is varied, and the values tried, in order.
    pub axis: Axis,
    /// The values tried: position, the fact, whether the claim held.
    pub tried: Vec<(usize, Measured, bool)>,
    /// The last value before the answer turns and the first after, as positions.
    pub bracket: Option<(usize, usize)>,
    /// How it was looked for.
    pub how: String,
}

/// The report of a search.
#[must_use]
pub fn turn(replay: &Replay<'_>, scope: &Scope, key: &Key, turn: &Turn) -> Report {
    let mut reporter = Reporter::new(replay, scope);
    let mut report = reporter.report("solve", format!("When {}", turn.claim));
    report.header.units = "the fact in its own unit, exact".into();
    report.brief = true;
    let whole = turn.tried.iter().filter_map(|(_, found, _)| found.value.known()).all(|n| n.is_integer());
    let scale = if whole { Scale::WHOLE } else { Scale::CENTS };
    let shown = |at: usize| turn.axis.values.get(at).cloned().unwrap_or_default();
    let mut table = Table {
        title: format!("{} as {} is varied", key.name(), turn.axis.what),
        columns: vec![
            Column::text(turn.axis.what.clone()).named("value"),
            Column::text("Unit"),
            Column::figures("Fact", scale).named("fact"),
            Column::text("Holds").named("holds"),
        ],
        ..Table::default()
    };
    let mut tried = turn.tried.clone();
    tried.sort_by_key(|(at, ..)| *at);
    for (at, found, holds) in tried {
        let day = (found.unit == Unit::of("date")).then(|| found.value.known()).flatten();
        let fact = match day {
            Some(day) if day.is_zero() => Cell::Never,
            Some(day) => Cell::Text(super::rows::day(day)),
            None => Cell::Figure(reporter.bases.figure(
                found.value.clone(),
                found.unit.clone(),
                found.certainty,
                Origin::Made("a run of its own", Vec::new()),
            )),
        };
        let unit = if day.is_some() { String::new() } else { found.unit.to_string() };
        let holds = if holds { "yes" } else { "no" };
        table.rows.push(Row::of(vec![Cell::Text(shown(at)), Cell::Text(unit), fact, Cell::Text(holds.into())]));
    }
    report.tables.push(table);
    report.notes.push(match turn.bracket {
        Some((before, after)) => format!("the answer turns between {} and {}.", shown(before), shown(after)),
        None => "the answer is the same at every value tried.".into(),
    });
    report.notes.push(turn.how.clone());
    report.bases = reporter.bases;
    report
}

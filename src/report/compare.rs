//! Two runs of the same contracts: under two scenarios, or as known on two days. What was read differently, and every fact
//! that came out otherwise.

use std::collections::BTreeMap;

use super::build::Reporter;
use super::fact::find;
use super::measure::{Measured, Measures, nothing};
use super::rows::located;
use super::scope::Scope;
use super::{Bases, Cell, Column, Origin, Report, Row, Scale, Table};
use crate::num::{Fault, Unit};
use crate::run::Replay;
use crate::terms::{PartyId, Value};
use crate::time::Period;

/// Entity, measure, item, period as named, and its days.
type Key = (String, String, String, Period, String);

/// An input that only one side reads: which side, and as it is written.
pub type Changed = (String, String);

/// What two runs differ in.
///
/// # Errors
/// Arithmetic, in words.
pub fn compare(
    (left, right): (&Replay<'_>, &Replay<'_>),
    scope: &Scope,
    (a, b): (&str, &str),
    changed: Vec<Changed>,
) -> Result<Report, String> {
    let mut reporter = Reporter { replay: left, scope, bases: Bases::default() };
    let mut report = reporter.report("comparison", format!("Compared: {a} and {b}"));
    report.header.units = "each party in its own currency, exact".into();
    if !changed.is_empty() {
        let mut inputs = Table {
            title: "Inputs changed".into(),
            columns: vec![Column::text("Read by").named("side"), Column::text("").named("input")],
            ..Table::default()
        };
        let row = |(side, text)| Row::of(vec![Cell::Text(side), Cell::Text(text)]);
        inputs.rows.extend(changed.into_iter().map(row));
        report.tables.push(inputs);
    }
    let moved = reporter.outcomes((left, right), (a, b)).map_err(|fault| fault.to_string())?;
    match moved.rows.is_empty() {
        true => report.notes.push("nothing differs: every fact is the same in every quarter.".into()),
        false => report.tables.push(moved),
    }
    report.bases = reporter.bases;
    Ok(report)
}

/// Whether a comparison found a fact that differs.
#[must_use]
pub fn differ(report: &Report) -> bool {
    report.tables.iter().any(|table| table.title == MOVED)
}

const MOVED: &str = "Outcomes changed";

impl Reporter<'_, '_> {
    fn outcomes(&mut self, (left, right): (&Replay<'_>, &Replay<'_>), (a, b): (&str, &str)) -> Result<Table, Fault> {
        let mut keys: BTreeMap<Key, PartyId> = BTreeMap::new();
        for (row, party, days) in [left, right].into_iter().flat_map(|replay| located(replay, self.scope)) {
            keys.insert((row.entity, row.measure, row.item, days, row.period), party);
        }
        let mut table = Table {
            title: MOVED.into(),
            columns: vec![
                Column::text("Party"),
                Column::text("Fact"),
                Column::text("Of"),
                Column::text("Quarter"),
                Column::figures(a, Scale::CENTS).named("left"),
                Column::figures(b, Scale::CENTS).named("right"),
                Column::figures("Difference", Scale::CENTS),
                Column::text("").named("unit"),
            ],
            ..Table::default()
        };
        for ((entity, measure, item, days, period), party) in keys {
            let read = |replay| -> Result<Measured, Fault> {
                let found = find(Measures { replay }, party, &measure, Some(&item), days)?;
                Ok(found.unwrap_or_else(|| nothing(Unit::none())))
            };
            let (one, other) = (read(left)?, read(right)?);
            if one.value == other.value {
                continue;
            }
            let unit = if one.unit == Unit::none() { other.unit.clone() } else { one.unit.clone() };
            let mut cells = vec![Cell::Text(entity), Cell::Text(measure), Cell::Text(item), Cell::Text(period)];
            if unit == Unit::of("date") {
                let day = |found: &Measured| found.value.known().filter(|n| !n.is_zero()).map(super::rows::day);
                let text = |found: &Measured| Cell::Text(day(found).unwrap_or_else(|| "never".into()));
                cells.extend([text(&one), text(&other), Cell::Empty, Cell::Empty]);
                table.rows.push(Row::of(cells));
                continue;
            }
            let gap = match (&one.value, &other.value) {
                (Value::Known(_), Value::Known(_)) => other.value.clone().minus(one.value.clone())?,
                (Value::Missing(_), _) => one.value.clone(),
                (_, Value::Missing(_)) => other.value.clone(),
            };
            let certainty = one.certainty.max(other.certainty);
            let (one, other) = (
                self.figure(&Measured { unit: unit.clone(), ..one }),
                self.figure(&Measured { unit: unit.clone(), ..other }),
            );
            let origin = Origin::Made("difference", vec![one.basis, other.basis]);
            let gap = self.bases.figure(gap, unit.clone(), certainty, origin);
            cells.extend([Cell::Figure(one), Cell::Figure(other), Cell::Figure(gap), Cell::Text(unit.to_string())]);
            table.rows.push(Row::of(cells));
        }
        Ok(table)
    }
}
